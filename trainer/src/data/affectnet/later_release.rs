//! AffectNet as it was given out later: ready crops of 224x224 pixels, and for each picture its label in a file of its own.
//!
//! ```text
//! DIR/train_set/images/12.jpg
//! DIR/train_set/annotations/12_exp.npy    beside _val, _aro and _lnd, which are not used
//! DIR/val_set/...                         likewise
//! ```

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use rayon::prelude::*;

use super::super::{
    DataError, LoadOptions, Reason, Split, SplitName,
    files::{is_picture, name_of, visible_entries},
    picture_source::Listed,
};
use super::{Published, label_file::read_label, published, selected};

const LABEL_FILE: &str = "_exp.npy";

fn folder(dir: &Path, set: Published) -> PathBuf {
    dir.join(match set {
        Published::Training => "train_set",
        Published::Validation => "val_set",
    })
}

/// The sets that lie in a folder.
pub(super) fn folders(dir: &Path) -> Vec<PathBuf> {
    [Published::Training, Published::Validation]
        .map(|set| folder(dir, set))
        .into_iter()
        .filter(|p| p.is_dir())
        .collect()
}

/// Reads one split.
pub(super) fn load(dir: &Path, split: SplitName, options: &LoadOptions) -> Result<Split, DataError> {
    let set = folder(dir, published(split));
    let (images, annotations) = (existing(set.join("images"))?, existing(set.join("annotations"))?);
    let labelled: Vec<_> = pictures(&images, &annotations)?
        .into_par_iter()
        .map(|((_, id), pictures)| read_one(&id, pictures, &images, &annotations))
        .collect();
    selected(labelled.into_iter(), images, &annotations, split, options)
}

fn existing(folder: PathBuf) -> Result<PathBuf, DataError> {
    match folder.is_dir() {
        true => Ok(folder),
        false => Err(DataError::Missing {
            path: folder,
            needed: "a set of AffectNet's later release has the folders images and annotations.".to_owned(),
        }),
    }
}

/// What a picture and its label file have in common, `12`, after its number, by which the pictures are ordered.
type Id = (u64, String);

fn id(text: &str) -> Id {
    (text.parse().unwrap_or(u64::MAX), text.to_owned())
}

/// Everything that has a picture or a label, with the file names of its pictures, of which there should be one.
fn pictures(images: &Path, annotations: &Path) -> Result<BTreeMap<Id, Vec<String>>, DataError> {
    let mut found: BTreeMap<Id, Vec<String>> = BTreeMap::new();
    for file in visible_entries(annotations)? {
        if let Some(stem) = name_of(&file).strip_suffix(LABEL_FILE) {
            found.entry(id(stem)).or_default();
        }
    }
    for file in visible_entries(images)? {
        if is_picture(&file) {
            let stem = file.file_stem().unwrap_or_default().to_string_lossy();
            found.entry(id(&stem)).or_default().push(name_of(&file));
        }
    }
    Ok(found)
}

/// A picture with its label, or why it is left out.
fn read_one(
    id: &str,
    mut pictures: Vec<String>,
    images: &Path,
    annotations: &Path,
) -> Result<Result<Listed, Reason>, DataError> {
    let label_file = annotations.join(format!("{id}{LABEL_FILE}"));
    let Some(picture) = pictures.pop() else {
        return Err(DataError::PictureAbsent {
            list: label_file,
            line: None,
            name: id.to_owned(),
            place: images.to_owned(),
        });
    };
    if let Some(other) = pictures.pop() {
        let problem = format!("it is the label of two pictures, {other} and {picture}");
        return Err(DataError::LabelFile { path: label_file, problem });
    }
    Ok(read_label(&label_file)?.map(|label| Listed::new(picture, label)))
}
