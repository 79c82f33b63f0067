//! The traces of JPEG compression, which most photographs carry.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat};
use rand::{Rng, RngExt};

/// The picture after compression with a random quality between 20 and 90.
pub(super) fn compressed(picture: DynamicImage, rng: &mut impl Rng) -> DynamicImage {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, rng.random_range(20..=90));
    let read_back =
        picture.write_with_encoder(encoder).and_then(|()| image::load(Cursor::new(bytes), ImageFormat::Jpeg));
    // Compressing in memory does not fail; if it did, the picture itself is a good view too.
    match read_back {
        Ok(read_back) if picture.color().has_color() => DynamicImage::ImageRgb8(read_back.into_rgb8()),
        Ok(read_back) => DynamicImage::ImageLuma8(read_back.into_luma8()),
        Err(_) => picture,
    }
}
