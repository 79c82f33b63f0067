//! FERPlus: grey 48x48 faces of FER2013 with ten votes each.
//!
//! Three layouts are read. FERPlus's table of votes beside FER2013's table of pixels, see [`ferplus_rows`]. What FERPlus's own
//! generator makes of the two, a folder a split, each with its `label.csv`:
//! ```text
//! DIR/FER2013Train/label.csv          fer0000000.png,"(0, 0, 48, 48)",4,0,0,1,3,2,0,0,0,0   (no header)
//! DIR/FER2013Train/fer0000000.png
//! ```
//! The packed layout has one table for all splits, and the folders either unpacked or in one archive:
//! ```text
//! DIR/labels.csv                      usage,image,neutral,happiness,...,unknown,nf
//! DIR/anything.tar.gz                 FER2013Train/fer0000000.webp, ...
//! ```
//! Labels are made by the majority protocol with seven classes, and the shares of the votes are kept beside them. The box in
//! `label.csv` is always the whole picture and is not used.

use std::{collections::HashSet, path::Path};

use super::{
    DataError, LeftOut, LoadOptions, Split, SplitName,
    decode::Tone,
    fer2013::{find_table, with_split},
    ferplus_rows,
    picture_source::{Listed, PictureSource},
    table::{Row, Table},
    votes::{VOTE_COLUMNS, majority, shares},
};

/// The folder that FERPlus's generator makes for a split.
fn folder_of(split: SplitName) -> &'static str {
    match split {
        SplitName::Train => "FER2013Train",
        SplitName::Valid => "FER2013Valid",
        SplitName::Test => "FER2013Test",
    }
}

/// Reads one split.
pub(super) fn load(dir: &Path, split: SplitName, options: &LoadOptions) -> Result<Split, DataError> {
    let own_table = dir.join(folder_of(split)).join("label.csv");
    let common_table = dir.join("labels.csv");
    let vote_table = dir.join("fer2013new.csv");
    let mut selection = Selection::new(split, options);
    let table = if own_table.is_file() {
        selection.read_own_table(&own_table)?;
        own_table
    } else if common_table.is_file() {
        selection.read_common_table(&common_table)?;
        common_table
    } else if vote_table.is_file() {
        return ferplus_rows::load(&vote_table, &find_table(dir)?, split, options);
    } else {
        return Err(DataError::Missing {
            path: own_table,
            needed: format!(
                "a FERPlus folder has a label.csv in {}, as its generator writes it, or one labels.csv for all splits, or \
                 fer2013new.csv and fer2013.csv.",
                folder_of(split)
            ),
        });
    };
    let Selection { listed, mut left_out, .. } = selection;
    let samples = PictureSource::find_and_load(dir, listed, Tone::Grey, &table, options, &mut left_out)?;
    Ok(Split::of_crops(samples, left_out))
}

/// The pictures of a split that have a label, collected row by row.
struct Selection<'a> {
    split: SplitName,
    options: &'a LoadOptions,
    listed: Vec<Listed>,
    left_out: LeftOut,
    seen: HashSet<String>,
}

impl<'a> Selection<'a> {
    fn new(split: SplitName, options: &'a LoadOptions) -> Self {
        Self { split, options, listed: Vec::new(), left_out: LeftOut::default(), seen: HashSet::new() }
    }

    /// The generator's `label.csv`: name, box, ten votes.
    fn read_own_table(&mut self, path: &Path) -> Result<(), DataError> {
        let mut table = Table::without_header(path, 12)?;
        for row in table.rows() {
            let added = row.and_then(|row| self.add(&row, 0, &std::array::from_fn(|i| i + 2)));
            self.options.unless_bad(added, &mut self.left_out)?;
        }
        Ok(())
    }

    /// The table of all splits: usage, image and ten votes, found by their column names.
    fn read_common_table(&mut self, path: &Path) -> Result<(), DataError> {
        let mut wanted = vec!["usage", "image"];
        wanted.extend(VOTE_COLUMNS);
        let (mut table, places) = Table::with_header(path, &wanted)?;
        for row in table.rows() {
            let (row, ours) = with_split(row, places[0], self.split);
            let added = row.and_then(|row| match ours {
                true => self.add(&row, places[1], &std::array::from_fn(|i| places[i + 2])),
                false => Ok(()),
            });
            self.options.unless_bad_line(added, ours, &mut self.left_out)?;
        }
        Ok(())
    }

    fn add(&mut self, row: &Row<'_>, name_column: usize, vote_columns: &[usize; 10]) -> Result<(), DataError> {
        let name = format!("{}/{}", folder_of(self.split), row.picture_name(name_column)?);
        let votes = read_votes(row, vote_columns)?;
        if !self.seen.insert(name.clone()) {
            return Err(row.error(format!("the picture {name} is listed twice")));
        }
        match majority(&votes) {
            Ok(label) => {
                self.listed.push(Listed { votes: Some(shares(&votes)), ..Listed::new(name, label).on_line(row.line()) })
            }
            Err(reason) => self.left_out.add(reason),
        }
        Ok(())
    }
}

/// The ten votes of a row.
pub(super) fn read_votes(row: &Row<'_>, columns: &[usize; 10]) -> Result<[u16; 10], DataError> {
    let mut votes = [0; 10];
    for ((vote, column), class) in votes.iter_mut().zip(columns).zip(VOTE_COLUMNS) {
        let text = row.text(*column);
        *vote =
            text.parse().map_err(|_| row.error(format!("the vote \"{text}\" for {class} is not a whole number")))?;
    }
    Ok(votes)
}
