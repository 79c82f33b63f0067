//! Random views of training pictures.
//!
//! A view is a function of the picture, the recipe and a random generator alone, so that a run can be repeated.

use dacl::preprocess::Preprocessing;
use image::imageops::FilterType;
use image::{DynamicImage, ImageBuffer, Pixel};
use rand::{Rng, RngExt};

use crate::recipe::Augmentation;

/// One random view of `picture` as the network's input: `3 * S * S` values, channel by channel.
pub fn training_input(
    picture: &DynamicImage,
    augmentation: &Augmentation,
    preprocessing: &Preprocessing,
    rng: &mut impl Rng,
) -> Vec<f32> {
    match augmentation {
        Augmentation::None => preprocessing.input(picture),
        Augmentation::FiveCrop => preprocessing.normalised(&five_crop(picture, preprocessing, rng)),
        Augmentation::Affine { degrees, scale, shift, light } => {
            let view = AffineView {
                radians: rng.random_range(-1.0..=1.0f32) * degrees.to_radians(),
                scale: scale[0] + rng.random::<f32>() * (scale[1] - scale[0]),
                shift: [rng.random_range(-1.0..=1.0f32) * shift, rng.random_range(-1.0..=1.0f32) * shift],
                flip: rng.random_bool(0.5),
                gain: 1.0 + rng.random_range(-1.0..=1.0f32) * light,
                offset: 255.0 * 0.5 * rng.random_range(-1.0..=1.0f32) * light,
            };
            preprocessing.normalised(&view.of(&preprocessing.square(picture), preprocessing.input_size))
        }
    }
}

/// The paper's view: the short side resized to 256 / 224 of the input, one of five crops, flipped half of the time.
fn five_crop(picture: &DynamicImage, preprocessing: &Preprocessing, rng: &mut impl Rng) -> DynamicImage {
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

/// A rotated, scaled, shifted, perhaps mirrored view with changed light.
struct AffineView {
    radians: f32,
    /// Magnification.
    scale: f32,
    /// Shift right and down as a share of the side.
    shift: [f32; 2],
    flip: bool,
    /// Factor on the difference from middle grey.
    gain: f32,
    /// Added afterwards, in 0..255.
    offset: f32,
}

impl AffineView {
    /// The view of a square picture in `size` by `size` pixels.
    fn of(&self, picture: &DynamicImage, size: u32) -> DynamicImage {
        // Sampling cannot average, so a larger picture is shrunk first.
        let shrunk;
        let picture = match picture.width().min(picture.height()) > size {
            true => {
                shrunk = picture.resize_exact(size, size, FilterType::Triangle);
                &shrunk
            }
            false => picture,
        };
        match picture {
            DynamicImage::ImageLuma8(grey) => DynamicImage::ImageLuma8(self.sample(grey, size)),
            other => DynamicImage::ImageRgb8(self.sample(&other.to_rgb8(), size)),
        }
    }

    fn sample<P: Pixel<Subpixel = u8>>(&self, source: &ImageBuffer<P, Vec<u8>>, size: u32) -> ImageBuffer<P, Vec<u8>> {
        let (sin, cos) = self.radians.sin_cos();
        let (width, height) = (source.width() as f32, source.height() as f32);
        let channels = usize::from(P::CHANNEL_COUNT);
        let raw = source.as_raw();
        let row_length = source.width() as usize * channels;
        let (last_x, last_y) = (source.width() as usize - 1, source.height() as usize - 1);
        let mut values = Vec::with_capacity((size * size) as usize * channels);
        for row in 0..size {
            for column in 0..size {
                // Offset from the centre in shares of the side, taken back through shift, scale, rotation and flip.
                let u = ((column as f32 + 0.5) / size as f32 - 0.5 - self.shift[0]) / self.scale;
                let v = ((row as f32 + 0.5) / size as f32 - 0.5 - self.shift[1]) / self.scale;
                let (u, v) = (cos * u + sin * v, cos * v - sin * u);
                let u = if self.flip { -u } else { u };
                let x = ((u + 0.5) * width - 0.5).clamp(0.0, last_x as f32);
                let y = ((v + 0.5) * height - 0.5).clamp(0.0, last_y as f32);
                let (x0, y0) = (x as usize, y as usize);
                let (x1, y1) = ((x0 + 1).min(last_x), (y0 + 1).min(last_y));
                let (fx, fy) = (x - x0 as f32, y - y0 as f32);
                for channel in 0..channels {
                    let at = |x: usize, y: usize| f32::from(raw[y * row_length + x * channels + channel]);
                    let above = at(x0, y0) * (1.0 - fx) + at(x1, y0) * fx;
                    let below = at(x0, y1) * (1.0 - fx) + at(x1, y1) * fx;
                    let value = above * (1.0 - fy) + below * fy;
                    values.push(((value - 127.5) * self.gain + 127.5 + self.offset).round().clamp(0.0, 255.0) as u8);
                }
            }
        }
        ImageBuffer::from_raw(size, size, values).unwrap_or_else(|| ImageBuffer::new(size, size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Preset;
    use image::{GrayImage, Luma, Rgb, RgbImage};
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    const STILL: AffineView =
        AffineView { radians: 0.0, scale: 1.0, shift: [0.0, 0.0], flip: false, gain: 1.0, offset: 0.0 };

    fn ramp() -> GrayImage {
        GrayImage::from_fn(32, 32, |x, y| Luma([(x * 4 + y * 3) as u8]))
    }

    #[test]
    fn a_view_that_changes_nothing_gives_the_picture_back() {
        assert_eq!(STILL.sample(&ramp(), 32), ramp());
    }

    #[test]
    fn flip_mirrors_and_shift_moves_to_the_right() {
        let flipped = AffineView { flip: true, ..STILL }.sample(&ramp(), 32);
        assert_eq!(flipped, image::imageops::flip_horizontal(&ramp()));
        let shifted = AffineView { shift: [0.25, 0.0], ..STILL }.sample(&ramp(), 32);
        assert_eq!(shifted.get_pixel(20, 5), ramp().get_pixel(12, 5));
        assert_eq!(shifted.get_pixel(0, 5), ramp().get_pixel(0, 5), "the edge is repeated");
    }

    #[test]
    fn a_quarter_turn_turns_clockwise_as_seen() {
        let turned = AffineView { radians: std::f32::consts::FRAC_PI_2, ..STILL }.sample(&ramp(), 32);
        assert_eq!(turned, image::imageops::rotate90(&ramp()));
    }

    #[test]
    fn five_crops_are_the_corners_and_the_centre_and_are_flipped_half_of_the_time() {
        let mut preprocessing = Preset::Paper.recipe().with_input_size(28).preprocessing;
        preprocessing.colour = dacl::preprocess::Colour::Grey;
        let picture = DynamicImage::ImageLuma8(ramp());
        let mut seen = std::collections::HashSet::new();
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        for _ in 0..200 {
            seen.insert(five_crop(&picture, &preprocessing, &mut rng).to_luma8().into_raw());
        }
        assert_eq!(seen.len(), 10);
        assert!(seen.contains(&picture.crop_imm(0, 0, 28, 28).to_luma8().into_raw()));
    }

    #[test]
    fn of_a_wide_picture_training_sees_the_square_that_evaluation_sees() {
        let preprocessing = Preset::Compact.recipe().with_input_size(32).preprocessing;
        let still = Augmentation::Affine { degrees: 0.0, scale: [1.0, 1.0], shift: 0.0, light: 0.0 };
        // The same from left and from right, so that a flip changes nothing.
        let picture = GrayImage::from_fn(64, 32, |x, y| Luma([(x.min(63 - x) * 6 + y) as u8])).into();
        let seen = training_input(&picture, &still, &preprocessing, &mut ChaCha8Rng::seed_from_u64(1));
        assert_eq!(seen, preprocessing.input(&picture));
    }

    #[test]
    fn the_same_generator_gives_the_same_view_and_another_a_different_one() {
        let recipe = Preset::Compact.recipe().with_input_size(32);
        let picture = DynamicImage::ImageRgb8(RgbImage::from_fn(50, 40, |x, y| Rgb([x as u8, y as u8, 7])));
        let view = |seed: u64| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            training_input(&picture, &recipe.augmentation, &recipe.preprocessing, &mut rng)
        };
        assert_eq!(view(1).len(), 3 * 32 * 32);
        assert_eq!(view(1), view(1));
        assert_ne!(view(1), view(2));
    }
}
