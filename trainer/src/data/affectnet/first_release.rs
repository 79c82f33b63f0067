//! AffectNet as it was first given out: tables with a face box, pictures that show more than the face.
//!
//! ```text
//! DIR/training.csv     subDirectory_filePath,face_x,face_y,face_width,face_height,facial_landmarks,expression,valence,arousal
//! DIR/validation.csv
//! DIR/Manually_Annotated_Images/689/737db2483489148d783ef278f43f486c0a97e140fc4b6b61b84363ca.jpg
//! ```
//! The tables may also lie in `Manually_Annotated_file_lists`, the pictures in `Manually_Annotated/Manually_Annotated_Images`.
//! A face is cut out as the square around its box, as the later release did for all.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use dacl::faces::FaceBox;

use super::super::{
    DataError, LoadOptions, Reason, Split, SplitName,
    picture_source::Listed,
    table::{Row, Table},
};
use super::{ALLOWED, Published, meaning, published, selected};

/// The columns that are used; the others are landmarks, valence and arousal.
const COLUMNS: [&str; 6] = ["subDirectory_filePath", "face_x", "face_y", "face_width", "face_height", "expression"];

fn table_name(set: Published) -> &'static str {
    match set {
        Published::Training => "training.csv",
        Published::Validation => "validation.csv",
    }
}

fn table(dir: &Path, set: Published) -> Option<PathBuf> {
    let name = table_name(set);
    [dir.join(name), dir.join("Manually_Annotated_file_lists").join(name)].into_iter().find(|path| path.is_file())
}

/// The tables that lie in a folder.
pub(super) fn tables(dir: &Path) -> Vec<PathBuf> {
    [Published::Training, Published::Validation].into_iter().filter_map(|set| table(dir, set)).collect()
}

/// Reads one split.
pub(super) fn load(dir: &Path, split: SplitName, options: &LoadOptions) -> Result<Split, DataError> {
    let set = published(split);
    let path = table(dir, set).ok_or_else(|| DataError::Missing {
        path: dir.join(table_name(set)),
        needed: format!("the split {split} of AffectNet's first release is taken from it."),
    })?;
    let pictures = find_pictures(dir)?;
    let (mut table, places) = Table::with_header(&path, &COLUMNS)?;
    let mut seen = HashSet::new();
    let lines = table.rows().map(|row| row.and_then(|row| read_line(&row, &places, &mut seen)));
    selected(lines, pictures, &path, split, options)
}

fn find_pictures(dir: &Path) -> Result<PathBuf, DataError> {
    let first = dir.join("Manually_Annotated_Images");
    let candidates = [first.clone(), dir.join("Manually_Annotated/Manually_Annotated_Images")];
    candidates.into_iter().find(|path| path.is_dir()).ok_or_else(|| DataError::Missing {
        path: first,
        needed: "the pictures of AffectNet's first release lie in this folder, in numbered folders.".to_owned(),
    })
}

/// A picture with its box, or why it is left out.
fn read_line(row: &Row<'_>, places: &[usize], seen: &mut HashSet<String>) -> Result<Result<Listed, Reason>, DataError> {
    let expression = row.text(places[5]);
    let label = match expression.parse().ok().and_then(meaning) {
        Some(Ok(label)) => label,
        Some(Err(reason)) => return Ok(Err(reason)),
        None => return Err(row.error(format!("the expression \"{expression}\" is not {ALLOWED}"))),
    };
    let name = row.picture_name(places[0])?.to_owned();
    let face = FaceBox {
        x: row.number(places[1], "face_x")?,
        y: row.number(places[2], "face_y")?,
        width: row.number(places[3], "face_width")?,
        height: row.number(places[4], "face_height")?,
        angle: 0.0,
        score: 1.0,
    };
    let finite = [face.x, face.y, face.width, face.height].iter().all(|number| number.is_finite());
    if !finite || face.width < 1.0 || face.height < 1.0 {
        return Err(row.error(format!("a face box of {} x {} pixels holds no face", face.width, face.height)));
    }
    if !seen.insert(name.clone()) {
        return Err(row.error(format!("the picture {name} is listed twice")));
    }
    Ok(Ok(Listed { face: Some(face), ..Listed::new(name, label).on_line(row.line()) }))
}
