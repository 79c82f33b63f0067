//! FERPlus as it is given out: its table of votes, which belongs row by row to FER2013's table of pixels.
//!
//! ```text
//! DIR/fer2013new.csv   Usage,Image name,neutral,happiness,...,unknown,NF
//! DIR/fer2013.csv      emotion,pixels,Usage
//! ```
//! Nothing but the order of the rows joins the two. So their usages are compared, and the name `fer0000000.png` in the first,
//! which counts the rows, is checked: a table that was sorted or filtered would give every picture another one's label.

use std::path::Path;

use super::{
    DataError, LeftOut, LoadOptions, Reason, Sample, Split, SplitName,
    fer2013::{picture_name, pixels, split_of_usage, with_split},
    ferplus::read_votes,
    table::{Row, Table, read_rows},
    votes::{VOTE_COLUMNS, majority, shares},
};

/// Reads one split.
pub(super) fn load(
    votes_path: &Path,
    pixels_path: &Path,
    split: SplitName,
    options: &LoadOptions,
) -> Result<Split, DataError> {
    let mut wanted = vec!["Usage", "Image name"];
    wanted.extend(VOTE_COLUMNS);
    let (mut votes, vote_places) = Table::with_header(votes_path, &wanted)?;
    let (mut pictures, picture_places) = Table::with_header(pixels_path, &["pixels", "Usage"])?;
    let mut picture_rows = pictures.rows();
    let mut left_out = LeftOut::default();
    let mut samples = Vec::new();
    let of_other_length = |rows: usize| DataError::Row {
        path: votes_path.to_owned(),
        // The header is the first line.
        line: rows as u64 + 2,
        problem: format!("{} has not as many rows: the two do not belong together", pixels_path.display()),
    };
    let mut rows = 0;
    let read = |index, (vote_row, picture_row): (_, Option<Result<Row<'_>, DataError>>)| {
        // Not to be skipped: which votes belong to which picture is not known any more.
        let picture_row = picture_row.ok_or_else(|| of_other_length(index))?;
        let (vote_row, ours) = with_split(vote_row, vote_places[0], split);
        let read = vote_row.and_then(|votes| {
            let pair =
                RowPair { votes, vote_places: &vote_places, picture: picture_row?, picture_places: &picture_places };
            pair.read(index, ours, options)
        });
        Ok((read, ours))
    };
    let pairs = votes.rows().map(|vote_row| (vote_row, picture_rows.next()));
    read_rows(pairs, read, |pair: Result<_, DataError>| {
        let (read, ours) = pair?;
        match options.unless_bad_line(read, ours, &mut left_out)?.flatten() {
            Some(Ok(sample)) => samples.push(sample),
            Some(Err(reason)) => left_out.add(reason),
            None => {}
        }
        rows += 1;
        Ok(())
    })?;
    if picture_rows.next().is_some() {
        return Err(of_other_length(rows));
    }
    Ok(Split::of_crops(samples, left_out))
}

/// The rows of one picture in both tables.
struct RowPair<'a> {
    votes: Row<'a>,
    vote_places: &'a [usize],
    picture: Row<'a>,
    picture_places: &'a [usize],
}

impl RowPair<'_> {
    /// The picture, or why it is left out; nothing if it is not `ours` but of another split.
    fn read(
        &self,
        index: usize,
        ours: bool,
        options: &LoadOptions,
    ) -> Result<Option<Result<Sample, Reason>>, DataError> {
        let usage = split_of_usage(&self.votes, self.vote_places[0])?;
        let name = self.votes.text(self.vote_places[1]);
        let expected = picture_name(index);
        let named = name.is_empty() || name.split('.').next() == Some(expected.as_str());
        if !named || usage != split_of_usage(&self.picture, self.picture_places[1])? {
            return Err(self.votes.disagreement(format!(
                "the picture \"{name}\" of the usage {} is not the one in the same row of FER2013's table, {expected} of the \
                 usage {}: one of the tables was sorted or filtered",
                self.votes.text(self.vote_places[0]),
                self.picture.text(self.picture_places[1]),
            )));
        }
        if !ours {
            return Ok(None);
        }
        if name.is_empty() {
            return Ok(Some(Err(Reason::NotAFace)));
        }
        let votes = read_votes(&self.votes, &std::array::from_fn(|i| self.vote_places[i + 2]))?;
        let label = match majority(&votes) {
            Ok(label) => label,
            Err(reason) => return Ok(Some(Err(reason))),
        };
        let picture = pixels(&self.picture, self.picture_places[0])?;
        Ok(Some(Ok(Sample { votes: Some(shares(&votes)), ..Sample::of_pixels(expected, picture, label, options) })))
    }
}
