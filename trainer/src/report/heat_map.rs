//! Rows of numbers as rows of colours, in a picture that stands within the page.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::{ImageFormat, Rgb, RgbImage};

use super::PlotError;

/// Viridis at equal steps: light grows steadily with the value, for every kind of colour vision and in black and white.
const VIRIDIS: [[u8; 3]; 9] = [
    [68, 1, 84],
    [71, 44, 122],
    [59, 81, 139],
    [44, 113, 142],
    [33, 144, 141],
    [39, 173, 129],
    [92, 200, 99],
    [170, 220, 50],
    [253, 231, 37],
];

/// A picture with one pixel a value, as the `src` of an image; `range` are the values of the darkest and the lightest
/// colour.
///
/// # Errors
/// When the picture cannot be written, as when it has no row.
pub(super) fn data_url(rows: &[Vec<f64>], range: [f64; 2]) -> Result<String, PlotError> {
    let width = rows.first().map_or(0, Vec::len);
    let value = |x: u32, y: u32| rows[y as usize].get(x as usize).copied().unwrap_or(f64::NAN);
    let picture = RgbImage::from_fn(width as u32, rows.len() as u32, |x, y| colour(value(x, y), range));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).map_err(|error| PlotError::of("a heat map", error))?;
    Ok(format!("data:image/png;base64,{}", STANDARD.encode(bytes.into_inner())))
}

/// The colours from the lowest to the highest value.
///
/// # Errors
/// As for [`data_url`].
pub(super) fn scale() -> Result<String, PlotError> {
    data_url(&[(0..256).map(f64::from).collect()], [0.0, 255.0])
}

fn colour(value: f64, [low, high]: [f64; 2]) -> Rgb<u8> {
    let share = if high > low { ((value - low) / (high - low)).clamp(0.0, 1.0) } else { 0.5 };
    let position = share * (VIRIDIS.len() - 1) as f64;
    let index = (position as usize).min(VIRIDIS.len() - 2);
    let (below, above) = (VIRIDIS[index], VIRIDIS[index + 1]);
    let mixed = |channel: usize| {
        let (below, above) = (f64::from(below[channel]), f64::from(above[channel]));
        (below + (above - below) * (position - index as f64)).round() as u8
    };
    Rgb([mixed(0), mixed(1), mixed(2)])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn colours_run_from_the_low_end_to_the_high_end_and_no_further() {
        let range = [0.2, 0.4];
        assert_eq!(colour(0.2, range).0, VIRIDIS[0]);
        assert_eq!(colour(0.3, range).0, VIRIDIS[4]);
        assert_eq!(colour(0.4, range).0, VIRIDIS[8]);
        assert_eq!((colour(-1.0, range).0, colour(9.0, range).0), (VIRIDIS[0], VIRIDIS[8]));
        assert_eq!(colour(0.3, [0.3, 0.3]).0, VIRIDIS[4], "a range of one value is no division by nothing");
    }

    #[test]
    fn the_picture_has_a_pixel_for_each_value() {
        let url = data_url(&[vec![0.0, 0.5, 1.0], vec![1.0, 0.5, 0.0]], [0.0, 1.0]).unwrap();
        let bytes = STANDARD.decode(url.strip_prefix("data:image/png;base64,").unwrap()).unwrap();
        let picture = image::load_from_memory(&bytes).unwrap().to_rgb8();
        assert_eq!(picture.dimensions(), (3, 2));
        assert_eq!((picture.get_pixel(0, 0).0, picture.get_pixel(0, 1).0), (VIRIDIS[0], VIRIDIS[8]));
    }
}
