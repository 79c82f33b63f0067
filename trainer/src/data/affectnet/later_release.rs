//! AffectNet as it was given out later: ready crops of 224x224 pixels, and for each picture its label in a file of its own.
//!
//! ```text
//! DIR/train_set/images/12.jpg
//! DIR/train_set/annotations/12_exp.npy    beside _val, _aro and _lnd, which are not used
//! DIR/val_set/...                         likewise
//! ```

use std::{
    cmp::Ordering,
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use rayon::prelude::*;

use super::super::{
    DataError, LeftOut, LoadOptions, Reason, Split, SplitName, class_names,
    decode::Tone,
    files::{is_picture, name_of, visible_entries},
    picture_source::{Listed, PictureSource},
};
use super::{Published, label_file::read_label, part_of, published};

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
    let mut left_out = LeftOut::default();
    let labelled: Vec<_> = pictures(&images, &annotations)?
        .into_par_iter()
        .map(|(id, picture)| read_one(&id.0, picture, &images, &annotations))
        .collect();
    let mut listed = Vec::new();
    for one in labelled {
        match options.unless_bad(one, &mut left_out)? {
            Some(Ok(one)) => listed.push(one),
            // The reasons belong to the published set; its validation share would count them a second time.
            Some(Err(reason)) if split != SplitName::Valid => left_out.add(reason),
            _ => {}
        }
    }
    let listed = part_of(listed, split, |one| (&one.name, one.label));
    let samples = PictureSource::Folder(images).load(listed, Tone::AsStored, &annotations, options, &mut left_out)?;
    Ok(Split { samples, classes: class_names(), whole_photographs: false, left_out })
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

/// What a picture and its label file have in common, `12`; in the order of the numbers.
#[derive(PartialEq, Eq)]
struct Id(String);

impl Ord for Id {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |id: &Self| id.0.parse().unwrap_or(u64::MAX);
        key(self).cmp(&key(other)).then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for Id {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Everything that has a picture or a label, with the picture's file name where there is one.
fn pictures(images: &Path, annotations: &Path) -> Result<BTreeMap<Id, Option<String>>, DataError> {
    let mut found = BTreeMap::new();
    for file in visible_entries(annotations)? {
        if let Some(id) = name_of(&file).strip_suffix(LABEL_FILE) {
            found.insert(Id(id.to_owned()), None);
        }
    }
    for file in visible_entries(images)? {
        if is_picture(&file) {
            let id = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            found.insert(Id(id), Some(name_of(&file)));
        }
    }
    Ok(found)
}

/// A picture with its label, or why it is left out.
fn read_one(
    id: &str,
    picture: Option<String>,
    images: &Path,
    annotations: &Path,
) -> Result<Result<Listed, Reason>, DataError> {
    let label_file = annotations.join(format!("{id}{LABEL_FILE}"));
    let Some(picture) = picture else {
        return Err(DataError::PictureAbsent { list: label_file, name: id.to_owned(), place: images.to_owned() });
    };
    Ok(read_label(&label_file)?.map(|label| Listed::new(picture, label)))
}
