//! RAF-DB, basic: aligned faces of 100x100 pixels with one of seven expressions.
//!
//! ```text
//! DIR/EmoLabel/list_patition_label.txt       train_00001.jpg 5        (spelt so)
//! DIR/Image/aligned/train_00001_aligned.jpg  or without _aligned, as some copies have it
//! ```
//! `DIR` may also be the folder around `basic/`. The file name tells train from test; a line without one that does is counted
//! with train. There is no validation split: `valid` is a fixed tenth of train, see [`held_out`](super::held_out), and `test`
//! stays whole.

use std::{
    collections::HashSet,
    fs,
    path::{Component, Path, PathBuf},
};

use super::{
    DataError, LeftOut, LoadOptions, Split, SplitName,
    classes::{Named, named},
    decode::Tone,
    files::{name_of, visible_entries},
    held_out::part_of,
    picture_source::{Listed, PictureSource},
};

/// The names of RAF-DB's labels, which count from 1, in its own order.
const LABELS: [&str; 7] = ["surprise", "fear", "disgust", "happy", "sad", "anger", "neutral"];

/// The list as RAF-DB spells it, and as some copies mend it.
const LISTS: [&str; 2] = ["list_patition_label.txt", "list_partition_label.txt"];

/// Reads one split.
pub(super) fn load(dir: &Path, split: SplitName, options: &LoadOptions) -> Result<Split, DataError> {
    let list = find_list(dir)?;
    let mut left_out = LeftOut::default();
    let published = read_list(&list, split, options, &mut left_out)?;
    let chosen = match split {
        SplitName::Test => published,
        SplitName::Train | SplitName::Valid => part_of(published, split, |entry| (&entry.name, entry.label)),
    };
    let pictures = find_pictures(&list)?;
    let present: HashSet<String> = visible_entries(&pictures)?.iter().map(|path| name_of(path)).collect();
    let listed = chosen
        .into_iter()
        .map(|Entry { name, label, line }| {
            let aligned = aligned_name(&name);
            let plain = present.contains(&name) && !present.contains(&aligned);
            Listed::new(if plain { name } else { aligned }, label).on_line(line)
        })
        .collect();
    let source = PictureSource::Folder(pictures);
    let samples = source.load(listed, Tone::AsStored, &list, options, &mut left_out)?;
    Ok(Split::of_crops(samples, left_out))
}

fn find_list(dir: &Path) -> Result<PathBuf, DataError> {
    let candidates: Vec<PathBuf> = [dir.join("EmoLabel"), dir.join("basic/EmoLabel")]
        .iter()
        .flat_map(|folder| LISTS.map(|list| folder.join(list)))
        .collect();
    candidates.iter().find(|path| path.is_file()).cloned().ok_or_else(|| DataError::Missing {
        path: candidates[0].clone(),
        needed: "the basic part of RAF-DB has its labels in EmoLabel and its pictures in Image/aligned.".to_owned(),
    })
}

fn find_pictures(list: &Path) -> Result<PathBuf, DataError> {
    let root = list.parent().and_then(Path::parent).unwrap_or(Path::new(""));
    let pictures = root.join("Image/aligned");
    if pictures.is_dir() {
        return Ok(pictures);
    }
    Err(DataError::Missing {
        path: pictures,
        needed: "the aligned faces of RAF-DB lie there; unpack Image/aligned.zip.".to_owned(),
    })
}

/// A picture of the list.
struct Entry {
    /// Its name there.
    name: String,
    /// Its label in this project's order.
    label: usize,
    /// Its line, counted from 1.
    line: u64,
}

/// The pictures of the published set that a split is taken from.
fn read_list(
    list: &Path,
    split: SplitName,
    options: &LoadOptions,
    left_out: &mut LeftOut,
) -> Result<Vec<Entry>, DataError> {
    let text = fs::read_to_string(list).map_err(|source| DataError::Read { path: list.to_owned(), source })?;
    let mut entries = Vec::new();
    let mut seen = HashSet::new();
    for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        let parsed = parse_line(text)
            .and_then(|(name, label)| match seen.insert(name) {
                true => Ok((name, label)),
                false => Err(format!("the picture {name} is listed twice")),
            })
            .map_err(|problem| DataError::Row { path: list.to_owned(), line, problem });
        let of_test = text.trim_start().starts_with("test_");
        let ours = if of_test { split == SplitName::Test } else { split == SplitName::Train };
        let Some((name, label)) = options.unless_bad_line(parsed, ours, left_out)? else { continue };
        if of_test == (split == SplitName::Test) {
            entries.push(Entry { name: name.to_owned(), label, line });
        }
    }
    Ok(entries)
}

/// Name and label of a line such as `train_00001.jpg 5`, or what is wrong with it.
fn parse_line(text: &str) -> Result<(&str, usize), String> {
    let mut words = text.split_whitespace();
    let (Some(name), Some(number), None) = (words.next(), words.next(), words.next()) else {
        return Err(format!("a name and a label expected, \"{text}\" found"));
    };
    let inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    if !inside || !(name.starts_with("train_") || name.starts_with("test_")) {
        return Err(format!("\"{name}\" is not the name of a picture: it begins with neither train_ nor test_"));
    }
    let label = number.parse().ok().and_then(|number: usize| LABELS.get(number.checked_sub(1)?));
    match label.and_then(|label| named(label)) {
        Some(Named::Class(label)) => Ok((name, label)),
        _ => Err(format!("the label \"{number}\" is not a number from 1 to 7")),
    }
}

/// `train_00001_aligned.jpg` for `train_00001.jpg`.
fn aligned_name(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}_aligned.{extension}"),
        None => format!("{name}_aligned"),
    }
}
