//! FER2013: grey 48x48 faces, all of them in one table.
//!
//! ```text
//! DIR/fer2013.csv      emotion,pixels,Usage
//!                      0,70 80 82 72 58 ... (2304 numbers, row by row),Training
//! ```
//! The copy `icml_face_data.csv` has its columns in another order and spaces in their names; it is read as well. Training is
//! `train`, PublicTest `valid`, PrivateTest `test`.

use std::path::{Path, PathBuf};

use image::GrayImage;

use super::{
    DataError, LeftOut, LoadOptions, Sample, Split, SplitName,
    classes::{Named, named},
    table::{Row, Table, read_rows},
};

/// Width and height of every picture.
const SIDE: u32 = 48;

/// The names of FER2013's labels, in its own order.
const LABELS: [&str; 7] = ["anger", "disgust", "fear", "happy", "sad", "surprise", "neutral"];

/// The split of a line by its usage.
pub(super) fn split_of_usage(row: &Row<'_>, column: usize) -> Result<SplitName, DataError> {
    let usage = row.text(column);
    match usage.to_ascii_lowercase().as_str() {
        "training" => Ok(SplitName::Train),
        "publictest" => Ok(SplitName::Valid),
        "privatetest" => Ok(SplitName::Test),
        _ => Err(row.error(format!("the usage \"{usage}\" is none of Training, PublicTest and PrivateTest"))),
    }
}

/// A row, and whether it is of `split`. A row that does not say its own is an error of train, where it is counted once.
pub(super) fn with_split<'a>(
    row: Result<Row<'a>, DataError>,
    column: usize,
    split: SplitName,
) -> (Result<Row<'a>, DataError>, bool) {
    let read = row.and_then(|row| Ok((split_of_usage(&row, column)?, row)));
    match read {
        Ok((usage, row)) => (Ok(row), usage == split),
        Err(error) => (Err(error), split == SplitName::Train),
    }
}

/// Reads one split from a folder that holds the table, or from the table itself.
pub(super) fn load(place: &Path, split: SplitName, options: &LoadOptions) -> Result<Split, DataError> {
    let path = find_table(place)?;
    let (mut table, places) = Table::with_header(&path, &["emotion", "pixels", "usage"])?;
    let mut left_out = LeftOut::default();
    let mut samples = Vec::new();
    let read = |index, row| {
        let (row, ours) = with_split(row, places[2], split);
        let sample = row.and_then(|row| match ours {
            true => Ok(Some(sample(&row, index, places[0], places[1], options)?)),
            false => Ok(None),
        });
        (sample, ours)
    };
    read_rows(table.rows(), read, |(sample, ours)| {
        samples.extend(options.unless_bad_line(sample, ours, &mut left_out)?.flatten());
        Ok(())
    })?;
    Ok(Split::of_crops(samples, left_out))
}

/// The table, where a folder was named.
pub(super) fn find_table(place: &Path) -> Result<PathBuf, DataError> {
    let candidates = [place.to_owned(), place.join("fer2013.csv"), place.join("fer2013/fer2013.csv")];
    candidates.iter().find(|path| path.is_file()).cloned().ok_or_else(|| DataError::Missing {
        path: place.join("fer2013.csv"),
        needed: "FER2013 is one table, fer2013.csv, in the folder that is named; or name the table itself.".to_owned(),
    })
}

fn sample(
    row: &Row<'_>,
    index: usize,
    label_column: usize,
    pixel_column: usize,
    options: &LoadOptions,
) -> Result<Sample, DataError> {
    let picture = pixels(row, pixel_column)?;
    Ok(Sample::of_pixels(picture_name(index), picture, label(row, label_column)?, options))
}

/// The name that FERPlus gives to the picture of a row, so that messages about either can be compared.
pub(super) fn picture_name(index: usize) -> String {
    format!("fer{index:07}")
}

fn label(row: &Row<'_>, column: usize) -> Result<usize, DataError> {
    let text = row.text(column);
    let name = text.parse().ok().and_then(|number: usize| LABELS.get(number));
    match name.and_then(|name| named(name)) {
        Some(Named::Class(label)) => Ok(label),
        _ => Err(row.error(format!("the emotion \"{text}\" is not a number from 0 to 6"))),
    }
}

/// The picture that a column of numbers spells out.
pub(super) fn pixels(row: &Row<'_>, column: usize) -> Result<GrayImage, DataError> {
    let mut tones = Vec::with_capacity((SIDE * SIDE) as usize);
    for text in row.text(column).split_ascii_whitespace() {
        let tone = text
            .parse()
            .map_err(|_| row.error(format!("pixel {}, \"{text}\", is not a number from 0 to 255", tones.len() + 1)))?;
        tones.push(tone);
    }
    let count = tones.len();
    GrayImage::from_raw(SIDE, SIDE, tones)
        .filter(|_| count == (SIDE * SIDE) as usize)
        .ok_or_else(|| row.error(format!("{} pixels expected, {count} found", SIDE * SIDE)))
}
