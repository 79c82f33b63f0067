//! AffectNet: faces from the web with one of eight expressions, of which contempt is left out here.
//!
//! The first release has tables with a face box a picture ([`first_release`]), later ones have ready crops with a label file each
//! ([`later_release`]); which of the two lies in the folder is told by its names. The published test split has no public labels,
//! so the published validation set is `test` here, and `valid` is a fixed tenth of the training set, see
//! [`held_out`](super::held_out).

mod first_release;
mod label_file;
mod later_release;

use std::path::Path;

use super::{DataError, LoadOptions, Reason, Split, SplitName, held_out};

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

/// The pictures of a published set that belong to a split.
fn part_of<T>(set: Vec<T>, split: SplitName, name_and_label: impl Fn(&T) -> (&str, usize)) -> Vec<T> {
    match published(split) {
        Published::Training => held_out::part_of(set, split, name_and_label),
        Published::Validation => set,
    }
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
