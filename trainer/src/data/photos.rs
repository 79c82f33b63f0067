//! Whole photographs of faces with their surroundings, for measuring the whole line from picture to label.
//!
//! ```text
//! DIR/labels.csv       image,label
//! DIR/photo0000.webp   or all pictures in one archive in DIR
//! ```
//! There is one split: every split name loads all pictures. Nothing is cropped here, the face has yet to be found.

use std::{collections::HashSet, path::Path};

use super::{
    DataError, LeftOut, Reason, Split, SplitName, class_names,
    classes::{Named, allowed_names, named},
    decode::Tone,
    picture_source::{Listed, PictureSource},
    table::Table,
};

/// Reads all photographs.
pub(super) fn load(dir: &Path, split: SplitName) -> Result<Split, DataError> {
    let path = dir.join("labels.csv");
    if !path.is_file() {
        return Err(DataError::Missing {
            path,
            needed: "a folder of photographs has a labels.csv with the columns image,label.".to_owned(),
        });
    }
    let (table, places) = Table::with_header(&path, &["image", "label"])?;
    let mut listed = Vec::new();
    let mut left_out = LeftOut::default();
    let mut seen = HashSet::new();
    for row in table.rows() {
        let row = row?;
        let name = row.picture_name(places[0])?;
        if !seen.insert(name) {
            return Err(row.error(format!("the picture {name} is listed twice")));
        }
        let label = row.text(places[1]);
        match named(label) {
            Some(Named::Class(label)) => listed.push(Listed { name: name.to_owned(), label, votes: None }),
            Some(Named::Contempt) => left_out.add(Reason::Contempt),
            None => {
                return Err(
                    row.error(format!("the label \"{label}\" is not an expression. Known names: {}", allowed_names()))
                );
            }
        }
    }
    let Some(first) = listed.first() else {
        return Err(DataError::EmptySplit { place: path.display().to_string(), split, left_out });
    };
    let source = PictureSource::find(dir, &first.name)?;
    Ok(Split {
        samples: source.load(listed, Tone::AsStored, &path)?,
        classes: class_names(),
        whole_photographs: true,
        left_out,
    })
}
