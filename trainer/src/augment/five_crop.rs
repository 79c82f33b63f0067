//! The paper's training view.

use dacl::preprocess::Preprocessing;
use image::DynamicImage;
use image::imageops::FilterType;
use rand::{Rng, RngExt};

/// The short side resized to 256 / 224 of the input, one of five crops, flipped half of the time.
pub(super) fn five_crop(picture: &DynamicImage, preprocessing: &Preprocessing, rng: &mut impl Rng) -> DynamicImage {
    let size = preprocessing.input_size;
    let side = (f64::from(size) * 256.0 / 224.0).round();
    let factor = side / f64::from(picture.width().min(picture.height()).max(1));
    let scaled = |length: u32| ((f64::from(length) * factor).round() as u32).max(size);
    let (width, height) = (scaled(picture.width()), scaled(picture.height()));
    let resized = preprocessing.coloured(picture).resize_exact(width, height, FilterType::Triangle);
    let (right, bottom) = (width - size, height - size);
    let corners = [(0, 0), (right, 0), (0, bottom), (right, bottom), (right / 2, bottom / 2)];
    let (x, y) = corners[rng.random_range(0..corners.len())];
    let crop = resized.crop_imm(x, y, size, size);
    if rng.random_bool(0.5) { crop.fliph() } else { crop }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Preset;
    use image::{GrayImage, Luma};
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn five_crops_are_the_corners_and_the_centre_and_are_flipped_half_of_the_time() {
        let mut preprocessing = Preset::Paper.recipe().with_input_size(28).preprocessing;
        preprocessing.colour = dacl::preprocess::Colour::Grey;
        let ramp = GrayImage::from_fn(32, 32, |x, y| Luma([(x * 4 + y * 3) as u8]));
        let picture = DynamicImage::ImageLuma8(ramp);
        let mut seen = std::collections::HashSet::new();
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        for _ in 0..200 {
            seen.insert(five_crop(&picture, &preprocessing, &mut rng).to_luma8().into_raw());
        }
        assert_eq!(seen.len(), 10);
        assert!(seen.contains(&picture.crop_imm(0, 0, 28, 28).to_luma8().into_raw()));
    }
}
