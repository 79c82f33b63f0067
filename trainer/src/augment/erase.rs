//! Random erasing (Zhong et al., AAAI 2020): a rectangle of noise, so that no single part of a face decides alone.

use image::DynamicImage;
use rand::{Rng, RngExt};

/// Smallest and largest share of the picture that is erased.
const AREA: [f32; 2] = [0.02, 0.2];
/// Smallest ratio of the rectangle's sides; the largest is its inverse.
const SMALLEST_RATIO: f32 = 0.4;

/// Fills a random rectangle with random values.
pub(super) fn erase(picture: &mut DynamicImage, rng: &mut impl Rng) {
    let (width, height) = (picture.width(), picture.height());
    let area = rng.random_range(AREA[0]..AREA[1]) * (width * height) as f32;
    // Uniform in the logarithm, so that wide and tall rectangles are equally likely.
    let ratio = rng.random_range(SMALLEST_RATIO.ln()..-SMALLEST_RATIO.ln()).exp();
    let across = ((area * ratio).sqrt().round() as u32).clamp(1, width);
    let down = ((area / ratio).sqrt().round() as u32).clamp(1, height);
    let (left, top) = (rng.random_range(0..=width - across), rng.random_range(0..=height - down));
    let mut fill = |values: &mut [u8], channels: usize| {
        for row in top..top + down {
            let start = (row * width + left) as usize * channels;
            rng.fill(&mut values[start..start + across as usize * channels]);
        }
    };
    match picture {
        DynamicImage::ImageLuma8(grey) => fill(grey, 1),
        DynamicImage::ImageRgb8(rgb) => fill(rgb, 3),
        other => {
            let mut rgb = other.to_rgb8();
            fill(&mut rgb, 3);
            *other = DynamicImage::ImageRgb8(rgb);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{GrayImage, Luma};
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn one_rectangle_of_a_fiftieth_to_a_fifth_is_filled_and_the_rest_stays() {
        const GREY: u8 = 77;
        for seed in 0..50 {
            let mut picture = DynamicImage::ImageLuma8(GrayImage::from_pixel(60, 40, Luma([GREY])));
            erase(&mut picture, &mut ChaCha8Rng::seed_from_u64(seed));
            let changed: Vec<(u32, u32)> = picture
                .to_luma8()
                .enumerate_pixels()
                .filter_map(|(x, y, value)| (value.0[0] != GREY).then_some((x, y)))
                .collect();
            let span = |values: &dyn Fn(&(u32, u32)) -> u32| {
                let (least, most) = (changed.iter().map(values).min(), changed.iter().map(values).max());
                most.unwrap_or(0) - least.unwrap_or(0) + 1
            };
            let area = span(&|place| place.0) * span(&|place| place.1);
            // Rounding of the sides, and noise that hits the grey by chance.
            assert!((30..=530).contains(&area), "seed {seed}: {area} of 2400 pixels");
            assert!(changed.len() as f32 > 0.9 * area as f32, "seed {seed}: the rectangle is filled");
        }
    }
}
