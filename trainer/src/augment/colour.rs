//! Changes of light and colour.

use image::DynamicImage;
use rand::{Rng, RngExt};

/// Changes contrast around middle grey and brightness, each by up to `most` either way.
pub(super) fn relight(picture: &mut DynamicImage, most: f32, rng: &mut impl Rng) {
    let gain = 1.0 + rng.random_range(-1.0..=1.0f32) * most;
    let offset = 255.0 * 0.5 * rng.random_range(-1.0..=1.0f32) * most;
    let table: [u8; 256] = std::array::from_fn(|value| to_u8((value as f32 - 127.5) * gain + 127.5 + offset));
    let apply = |values: &mut [u8]| values.iter_mut().for_each(|value| *value = table[usize::from(*value)]);
    match picture {
        DynamicImage::ImageLuma8(grey) => apply(grey),
        DynamicImage::ImageRgb8(rgb) => apply(rgb),
        other => {
            let mut rgb = other.to_rgb8();
            apply(&mut rgb);
            *other = DynamicImage::ImageRgb8(rgb);
        }
    }
}

/// The picture with its saturation and the strength of each channel changed by up to `most` either way.
pub(super) fn cast(picture: &DynamicImage, most: f32, rng: &mut impl Rng) -> DynamicImage {
    let mut factor = || 1.0 + rng.random_range(-1.0..=1.0f32) * most;
    let (saturation, strengths) = (factor(), [factor(), factor(), factor()]);
    let mut rgb = picture.to_rgb8();
    for pixel in rgb.pixels_mut() {
        let [red, green, blue] = pixel.0.map(f32::from);
        // Weights of ITU-R BT.709, as the grey conversion uses.
        let grey = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        for (value, strength) in pixel.0.iter_mut().zip(strengths) {
            *value = to_u8((grey + (f32::from(*value) - grey) * saturation) * strength);
        }
    }
    DynamicImage::ImageRgb8(rgb)
}

fn to_u8(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{GrayImage, Luma, Rgb, RgbImage};
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn light_changes_all_pixels_alike_and_stays_in_bounds() {
        let ramp = GrayImage::from_fn(256, 1, |x, _| Luma([x as u8]));
        for seed in 0..50 {
            let mut picture = DynamicImage::ImageLuma8(ramp.clone());
            relight(&mut picture, 0.25, &mut ChaCha8Rng::seed_from_u64(seed));
            let values = picture.to_luma8().into_raw();
            assert!(values.is_sorted(), "brighter stays brighter");
            // Contrast and brightness each move middle grey by no more than a quarter of the half range.
            assert!(values[127].abs_diff(127) <= 33, "{}", values[127]);
        }
    }

    #[test]
    fn a_cast_changes_the_channels_apart() {
        let grey = DynamicImage::ImageRgb8(RgbImage::from_pixel(2, 2, Rgb([100, 100, 100])));
        let mut unequal = 0;
        for seed in 0..20 {
            let Rgb([red, green, blue]) =
                *cast(&grey, 0.2, &mut ChaCha8Rng::seed_from_u64(seed)).to_rgb8().get_pixel(0, 0);
            assert!([red, green, blue].iter().all(|value| (80..=120).contains(value)));
            unequal += usize::from(red != green || green != blue);
        }
        assert!(unequal > 15);
    }

    #[test]
    fn saturation_draws_a_coloured_pixel_from_and_to_its_grey() {
        let colour = [200.0, 100.0, 50.0f32];
        let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(1, 1, Rgb(colour.map(|value| value as u8))));
        let grey = 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2];
        let (mut fainter, mut stronger) = (0, 0);
        for seed in 0..40 {
            let found = cast(&picture, 0.3, &mut ChaCha8Rng::seed_from_u64(seed)).to_rgb8().get_pixel(0, 0).0;
            // The factors as they are drawn: of the saturation first, then of each channel.
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let [saturation, strengths @ ..] = [(); 4].map(|()| 1.0 + rng.random_range(-1.0..=1.0f32) * 0.3);
            for ((found, value), strength) in found.into_iter().zip(colour).zip(strengths) {
                let expected = ((grey + saturation * (value - grey)) * strength).clamp(0.0, 255.0);
                assert!((f32::from(found) - expected).abs() <= 0.51, "{found} instead of {expected}");
            }
            match saturation < 1.0 {
                true => fainter += 1,
                false => stronger += 1,
            }
        }
        assert!(fainter > 10 && stronger > 10, "both ways: {fainter} and {stronger}");
    }
}
