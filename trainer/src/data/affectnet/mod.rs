//! AffectNet: faces from the web with one of eight expressions, of which contempt is left out here.
//!
//! The first release has tables with a face box a picture ([`first_release`]), later ones have ready crops with a label file each
//! ([`later_release`]); which of the two lies in the folder is told by its names. The published test split has no public labels,
//! so the published validation set is `test` here, and `valid` is a fixed tenth of the training set, see
//! [`held_out`](super::held_out).

mod first_release;
mod label_file;
mod later_release;

use std::path::{Path, PathBuf};

use super::{
    DataError, LeftOut, LoadOptions, Reason, Split, SplitName,
    decode::Tone,
    held_out::part_of,
    picture_source::{Listed, PictureSource},
};

/// One of the two sets that have public labels.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Published {
    Training,
    Validation,
}

/// Reads one split.
pub(super) fn load(dir: &Path, split: SplitName, options: &LoadOptions) -> Result<Split, DataError> {
    let first = first_release::tables(dir);
    let later = later_release::folders(dir);
    match (first.first(), later.first()) {
        (Some(_), None) => first_release::load(dir, split, options),
        (None, Some(_)) => later_release::load(dir, split, options),
        (Some(table), Some(folder)) => Err(DataError::Ambiguous {
            what: "list of AffectNet's pictures, of its first release or of a later one",
            found: vec![table.clone(), folder.clone()],
        }),
        (None, None) => Err(DataError::Missing {
            path: dir.join("training.csv"),
            needed:
                "AffectNet has either training.csv, validation.csv and Manually_Annotated_Images, or train_set and \
                     val_set."
                    .to_owned(),
        }),
    }
}

/// A picture of a published set, or why it is left out.
type Line = Result<Result<Listed, Reason>, DataError>;

/// The pictures of a published set that belong to a split. They lie in the folder `pictures`; `list` is what names them.
fn selected(
    set: impl Iterator<Item = Line>,
    pictures: PathBuf,
    list: &Path,
    split: SplitName,
    options: &LoadOptions,
) -> Result<Split, DataError> {
    // What is left out, or bad, belongs to the published set: its validation share would count it a second time.
    let counts = split != SplitName::Valid;
    let mut left_out = LeftOut::default();
    let mut listed = Vec::new();
    for line in set {
        match options.unless_bad_line(line, counts, &mut left_out)? {
            Some(Ok(one)) => listed.push(one),
            Some(Err(reason)) if counts => left_out.add(reason),
            _ => {}
        }
    }
    if published(split) == Published::Training {
        listed = part_of(listed, split, |one| (&one.name, one.label));
    }
    let samples = PictureSource::Folder(pictures).load(listed, Tone::AsStored, list, options, &mut left_out)?;
    Ok(Split::of_crops(samples, left_out))
}

/// The published set that a split is taken from.
fn published(split: SplitName) -> Published {
    match split {
        SplitName::Train | SplitName::Valid => Published::Training,
        SplitName::Test => Published::Validation,
    }
}

/// What a number stands for: a label of this project, whose order is AffectNet's, or a reason to leave the picture out.
fn meaning(number: i64) -> Option<Result<usize, Reason>> {
    match number {
        0..=6 => Some(Ok(number as usize)),
        7 => Some(Err(Reason::Contempt)),
        8 => Some(Err(Reason::NoExpression)),
        9 => Some(Err(Reason::Unknown)),
        10 => Some(Err(Reason::NotAFace)),
        _ => None,
    }
}

/// What [`meaning`] accepts, for a message.
const ALLOWED: &str = "a whole number from 0 (neutral) to 10 (no face)";
