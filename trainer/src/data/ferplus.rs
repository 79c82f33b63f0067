//! FERPlus: grey 48x48 faces of FER2013 with ten votes each.
//!
//! Two layouts are read. FERPlus's own generator writes a folder a split, each with its `label.csv`:
//! ```text
//! DIR/FER2013Train/label.csv          fer0000000.png,"(0, 0, 48, 48)",4,0,0,1,3,2,0,0,0,0   (no header)
//! DIR/FER2013Train/fer0000000.png
//! ```
//! The packed layout has one table for all splits, and the folders either unpacked or in one archive:
//! ```text
//! DIR/labels.csv                      usage,image,neutral,happiness,...,unknown,nf
//! DIR/anything.tar.gz                 FER2013Train/fer0000000.webp, ...
//! ```
//! Labels are made by the majority protocol with seven classes, and the shares of the votes are kept beside them. The box in `label.csv` is always the
//! whole picture and is not used.

use std::{collections::HashSet, path::Path};

use super::{
    DataError, LeftOut, Split, SplitName, class_names,
    decode::Tone,
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

/// The split of a FER2013 usage.
fn split_of(usage: &str) -> Option<SplitName> {
    match usage.to_ascii_lowercase().as_str() {
        "training" => Some(SplitName::Train),
        "publictest" => Some(SplitName::Valid),
        "privatetest" => Some(SplitName::Test),
        _ => None,
    }
}

/// Reads one split.
pub(super) fn load(dir: &Path, split: SplitName) -> Result<Split, DataError> {
    let own_table = dir.join(folder_of(split)).join("label.csv");
    let common_table = dir.join("labels.csv");
    let mut selection = Selection::new(split);
    let table = if own_table.is_file() {
        selection.read_own_table(&own_table)?;
        own_table
    } else if common_table.is_file() {
        selection.read_common_table(&common_table)?;
        common_table
    } else {
        return Err(DataError::Missing {
            path: own_table,
            needed: format!(
                "a FERPlus folder has either a label.csv in {}, as its generator writes it, or one labels.csv for all splits.",
                folder_of(split)
            ),
        });
    };
    let Some(first) = selection.listed.first() else {
        return Err(DataError::EmptySplit { place: table.display().to_string(), split, left_out: selection.left_out });
    };
    let source = PictureSource::find(dir, &first.name)?;
    Ok(Split {
        samples: source.load(selection.listed, Tone::Grey, &table)?,
        classes: class_names(),
        whole_photographs: false,
        left_out: selection.left_out,
    })
}

/// The pictures of a split that have a label, collected row by row.
struct Selection {
    split: SplitName,
    listed: Vec<Listed>,
    left_out: LeftOut,
    seen: HashSet<String>,
}

impl Selection {
    fn new(split: SplitName) -> Self {
        Self { split, listed: Vec::new(), left_out: LeftOut::default(), seen: HashSet::new() }
    }

    /// The generator's `label.csv`: name, box, ten votes.
    fn read_own_table(&mut self, path: &Path) -> Result<(), DataError> {
        let table = Table::without_header(path, 12)?;
        for row in table.rows() {
            let row = row?;
            self.add(&row, 0, &std::array::from_fn(|i| i + 2))?;
        }
        Ok(())
    }

    /// The table of all splits: usage, image and ten votes, found by their column names.
    fn read_common_table(&mut self, path: &Path) -> Result<(), DataError> {
        let mut wanted = vec!["usage", "image"];
        wanted.extend(VOTE_COLUMNS);
        let (table, places) = Table::with_header(path, &wanted)?;
        for row in table.rows() {
            let row = row?;
            let usage = row.text(places[0]);
            let split = split_of(usage).ok_or_else(|| {
                row.error(format!("the usage \"{usage}\" is none of Training, PublicTest and PrivateTest"))
            })?;
            if split == self.split {
                self.add(&row, places[1], &std::array::from_fn(|i| places[i + 2]))?;
            }
        }
        Ok(())
    }

    fn add(&mut self, row: &Row<'_>, name_column: usize, vote_columns: &[usize; 10]) -> Result<(), DataError> {
        let name = format!("{}/{}", folder_of(self.split), row.picture_name(name_column)?);
        let mut votes = [0; 10];
        for ((vote, column), class) in votes.iter_mut().zip(vote_columns).zip(VOTE_COLUMNS) {
            let text = row.text(*column);
            *vote = text
                .parse()
                .map_err(|_| row.error(format!("the vote \"{text}\" for {class} is not a whole number")))?;
        }
        if !self.seen.insert(name.clone()) {
            return Err(row.error(format!("the picture {name} is listed twice")));
        }
        match majority(&votes) {
            Ok(label) => self.listed.push(Listed { name, label, votes: Some(shares(&votes)) }),
            Err(reason) => self.left_out.add(reason),
        }
        Ok(())
    }
}
