//! Whole photographs of faces with their surroundings, for measuring the whole line from picture to label.
//!
//! ```text
//! DIR/labels.csv       image,label
//! DIR/photo0000.webp   or all pictures in one archive in DIR
//! ```
//! There is one split: every split name loads all pictures. Nothing is cropped here, the face has yet to be found.

use std::{collections::HashSet, path::Path};

use super::{
    DataError, LeftOut, LoadOptions, Reason, Split,
    classes::{Named, allowed_names, named},
    decode::Tone,
    picture_source::{Listed, PictureSource},
    table::{Row, Table},
};

/// Reads all photographs.
pub(super) fn load(dir: &Path, options: &LoadOptions) -> Result<Split, DataError> {
    let path = dir.join("labels.csv");
    if !path.is_file() {
        return Err(DataError::Missing {
            path,
            needed: "a folder of photographs has a labels.csv with the columns image,label.".to_owned(),
        });
    }
    let (mut table, places) = Table::with_header(&path, &["image", "label"])?;
    let mut listed = Vec::new();
    let mut left_out = LeftOut::default();
    let mut seen = HashSet::new();
    for row in table.rows() {
        let line = row.and_then(|row| Ok((row.line(), read_line(&row, &places, &mut seen)?)));
        match options.unless_bad(line, &mut left_out)? {
            Some((line, (name, Named::Class(label)))) => listed.push(Listed::new(name, label).on_line(line)),
            Some((_, (_, Named::Contempt))) => left_out.add(Reason::Contempt),
            None => {}
        }
    }
    let samples = PictureSource::find_and_load(dir, listed, Tone::AsStored, &path, options, &mut left_out)?;
    Ok(Split { whole_photographs: true, ..Split::of_crops(samples, left_out) })
}

fn read_line(row: &Row<'_>, places: &[usize], seen: &mut HashSet<String>) -> Result<(String, Named), DataError> {
    let name = row.picture_name(places[0])?;
    if !seen.insert(name.to_owned()) {
        return Err(row.error(format!("the picture {name} is listed twice")));
    }
    let label = row.text(places[1]);
    let named = named(label).ok_or_else(|| {
        row.error(format!("the label \"{label}\" is not an expression. Known names: {}", allowed_names()))
    })?;
    Ok((name.to_owned(), named))
}
