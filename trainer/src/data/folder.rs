//! Pictures sorted into folders: `DIR/<split>/<class>/*.{png,jpg,jpeg,webp,bmp}`.
//!
//! The split is `train`, `test`, or one of `valid`, `val` and `validation`; a class goes by any of its usual
//! names. Labels follow the names, never the order of the folders.

use std::path::{Path, PathBuf};

use super::{
    DataError, LeftOut, LoadOptions, Reason, Split, SplitName,
    classes::{Named, named},
    decode::Tone,
    files::{is_picture, name_of, visible_entries},
    picture_source::{Listed, PictureSource},
};

/// Reads one split.
pub(super) fn load(dir: &Path, split: SplitName, options: &LoadOptions) -> Result<Split, DataError> {
    let split_dir = find_split(dir, split)?;
    let mut left_out = LeftOut::default();
    let mut listed = Vec::new();
    for class_dir in visible_entries(&split_dir)? {
        if !class_dir.is_dir() {
            left_out.add(Reason::NotAPicture);
            continue;
        }
        let class = named(&name_of(&class_dir));
        for file in visible_entries(&class_dir)? {
            if !is_picture(&file) {
                left_out.add(Reason::NotAPicture);
                continue;
            }
            let class = class.ok_or_else(|| DataError::UnknownClass { path: class_dir.clone() });
            match options.unless_bad(class, &mut left_out)? {
                Some(Named::Class(label)) => listed.push(Listed::new(name_below(dir, &file), label)),
                Some(Named::Contempt) => left_out.add(Reason::Contempt),
                None => {}
            }
        }
    }
    let source = PictureSource::Folder(dir.to_owned());
    let samples = source.load(listed, Tone::AsStored, &split_dir, options, &mut left_out)?;
    Ok(Split::of_crops(samples, left_out))
}

/// Where a file lies below the data set's folder, with the same separator on every system.
fn name_below(dir: &Path, file: &Path) -> String {
    let name = file.strip_prefix(dir).unwrap_or(file);
    let parts: Vec<_> = name.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
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
