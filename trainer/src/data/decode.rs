//! From the bytes of a picture file to pixels.

use std::{fs, io::Cursor, path::Path};

use image::{DynamicImage, ImageDecoder, ImageReader};

use super::{DataError, memory::Shape};

/// Which pixels a data set's pictures become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// `ImageLuma8`, for data sets that are grey whatever their file format says.
    Grey,
    /// `ImageLuma8` for grey files, `ImageRgb8` for all others. Transparency is dropped.
    AsStored,
}

/// A picture file as people see it: upright, grey or RGB.
///
/// # Errors
///
/// When the file cannot be read, or is not a picture of a format that this build reads.
pub fn open_picture(path: &Path) -> Result<DynamicImage, DataError> {
    let bytes = fs::read(path).map_err(|source| DataError::Read { path: path.to_owned(), source })?;
    decode(&bytes, Tone::AsStored, path)
}

/// The size of a picture by its first bytes, where they tell it.
pub(super) fn shape(bytes: &[u8]) -> Option<Shape> {
    let decoder = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    Some(Shape { width, height, has_colour: decoder.color_type().has_color() })
}

/// Decodes a picture of any enabled format, told by its content, upright as its EXIF data asks.
///
/// `path` only serves the error message.
pub(super) fn decode(bytes: &[u8], tone: Tone, path: &Path) -> Result<DynamicImage, DataError> {
    let broken = |source| DataError::Picture { path: path.to_owned(), source, listed: None };
    let mut decoder = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|error| broken(error.into()))?
        .into_decoder()
        .map_err(broken)?;
    let orientation = decoder.orientation().map_err(broken)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    picture.apply_orientation(orientation);
    let grey = tone == Tone::Grey || !picture.color().has_color();
    Ok(if grey { picture.into_luma8().into() } else { picture.into_rgb8().into() })
}
