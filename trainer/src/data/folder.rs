//! Pictures sorted into folders: `DIR/<split>/<class>/*.{png,jpg,jpeg,webp,bmp}`.
//!
//! The split is `train`, `test`, or one of `valid`, `val` and `validation`; a class goes by any of its usual
//! names. Labels follow the names, never the order of the folders.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rayon::prelude::*;

use super::{
    DataError, LeftOut, Reason, Sample, Split, SplitName, class_names,
    classes::{Named, named},
    decode::{Tone, decode},
};

const EXTENSIONS: [&str; 5] = ["png", "jpg", "jpeg", "webp", "bmp"];

/// Reads one split.
pub(super) fn load(dir: &Path, split: SplitName) -> Result<Split, DataError> {
    let split_dir = find_split(dir, split)?;
    let mut left_out = LeftOut::default();
    let mut files = Vec::new();
    for class_dir in visible_entries(&split_dir)? {
        if !class_dir.is_dir() {
            left_out.add(Reason::NotAPicture);
            continue;
        }
        let class = named(&name_of(&class_dir)).ok_or_else(|| DataError::UnknownClass { path: class_dir.clone() })?;
        for file in visible_entries(&class_dir)? {
            if !is_picture(&file) {
                left_out.add(Reason::NotAPicture);
                continue;
            }
            match class {
                Named::Class(label) => files.push((file, label)),
                Named::Contempt => left_out.add(Reason::Contempt),
            }
        }
    }
    if files.is_empty() {
        return Err(DataError::EmptySplit { place: split_dir.display().to_string(), split, left_out });
    }
    let samples = files.into_par_iter().map(|(path, label)| read(dir, &path, label)).collect::<Result<_, _>>()?;
    Ok(Split { samples, classes: class_names(), whole_photographs: false, left_out })
}

fn read(dir: &Path, path: &Path, label: usize) -> Result<Sample, DataError> {
    let bytes = fs::read(path).map_err(|source| DataError::Read { path: path.to_owned(), source })?;
    let name = path.strip_prefix(dir).unwrap_or(path);
    Ok(Sample { name: name.display().to_string(), picture: decode(&bytes, Tone::AsStored, path)?, label, votes: None })
}

fn find_split(dir: &Path, split: SplitName) -> Result<PathBuf, DataError> {
    let mut found: Vec<_> = visible_entries(dir)?
        .into_iter()
        .filter(|path| path.is_dir() && name_of(path).parse().is_ok_and(|name: SplitName| name == split))
        .collect();
    match found.len() {
        0 => Err(DataError::Missing {
            path: dir.join(split.to_string()),
            needed: "a folder data set has a folder for each split, and in it a folder for each expression.".to_owned(),
        }),
        1 => Ok(found.remove(0)),
        _ => Err(DataError::Ambiguous { what: "folder of the split", found }),
    }
}

/// What a folder holds, sorted by name, without hidden files.
fn visible_entries(dir: &Path) -> Result<Vec<PathBuf>, DataError> {
    let unreadable = |source| DataError::Read { path: dir.to_owned(), source };
    let mut entries = Vec::new();
    for entry in fs::read_dir(dir).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if !name_of(&path).starts_with('.') {
            entries.push(path);
        }
    }
    entries.sort();
    Ok(entries)
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn is_picture(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    path.is_file() && EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
}
