//! A random rotation, scale, shift and flip.

use image::imageops::FilterType;
use image::{DynamicImage, ImageBuffer, Pixel};
use rand::{Rng, RngExt};

/// A rotated, scaled, shifted, perhaps mirrored view.
pub(super) struct AffineView {
    radians: f32,
    /// Magnification.
    scale: f32,
    /// Shift right and down as a share of the side.
    shift: [f32; 2],
    flip: bool,
}

impl AffineView {
    /// A view within the given limits: degrees either way, smallest and largest magnification, shift as a share of the side.
    pub(super) fn random(degrees: f32, scale: [f32; 2], shift: f32, rng: &mut impl Rng) -> Self {
        Self {
            radians: rng.random_range(-1.0..=1.0f32) * degrees.to_radians(),
            scale: scale[0] + rng.random::<f32>() * (scale[1] - scale[0]),
            shift: [rng.random_range(-1.0..=1.0f32) * shift, rng.random_range(-1.0..=1.0f32) * shift],
            flip: rng.random_bool(0.5),
        }
    }

    /// The view of a square picture in `size` by `size` pixels.
    pub(super) fn of(&self, picture: &DynamicImage, size: u32) -> DynamicImage {
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
                    values.push((above * (1.0 - fy) + below * fy).round().clamp(0.0, 255.0) as u8);
                }
            }
        }
        ImageBuffer::from_raw(size, size, values).unwrap_or_else(|| ImageBuffer::new(size, size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{GrayImage, Luma};
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    const STILL: AffineView = AffineView { radians: 0.0, scale: 1.0, shift: [0.0, 0.0], flip: false };

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
    fn a_thousand_random_views_fill_their_limits_and_keep_them() {
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let views: Vec<AffineView> = (0..1000).map(|_| AffineView::random(12.0, [0.9, 1.15], 0.08, &mut rng)).collect();
        let fills = |name: &str, [low, high]: [f32; 2], of: fn(&AffineView) -> f32| {
            let values: Vec<f32> = views.iter().map(of).collect();
            let smallest = values.iter().copied().fold(f32::INFINITY, f32::min);
            let largest = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let mean = values.iter().sum::<f32>() / values.len() as f32;
            let width = high - low;
            assert!(smallest >= low && largest <= high, "{name} runs from {smallest} to {largest}");
            assert!(smallest < low + 0.02 * width && largest > high - 0.02 * width, "{name}: {smallest} to {largest}");
            assert!((mean - (low + high) / 2.0).abs() < 0.05 * width, "{name} has a mean of {mean}");
        };
        let turn = 12f32.to_radians();
        fills("rotation", [-turn, turn], |view| view.radians);
        fills("scale", [0.9, 1.15], |view| view.scale);
        fills("shift to the right", [-0.08, 0.08], |view| view.shift[0]);
        fills("shift down", [-0.08, 0.08], |view| view.shift[1]);
        let flipped = views.iter().filter(|view| view.flip).count();
        assert!((440..=560).contains(&flipped), "{flipped} of 1000 are flipped");
    }

    #[test]
    fn a_scale_above_one_magnifies_about_the_centre() {
        let twice = AffineView { scale: 2.0, ..STILL }.sample(&ramp(), 32);
        // A pixel of the view is half a pixel of the picture away from the next: every other step is seen.
        for (x, y) in [(15, 15), (16, 16), (0, 31), (31, 0)] {
            let (from_x, from_y) = (15.5 + (x as f32 - 15.5) / 2.0, 15.5 + (y as f32 - 15.5) / 2.0);
            let expected = from_x * 4.0 + from_y * 3.0;
            let found = f32::from(twice.get_pixel(x, y).0[0]);
            assert!((found - expected).abs() <= 0.5, "{found} instead of {expected} at ({x}, {y})");
        }
        let half = AffineView { scale: 0.5, ..STILL }.sample(&ramp(), 32);
        assert_eq!(half.get_pixel(0, 0), ramp().get_pixel(0, 0), "the edge is repeated around a smaller picture");
    }

    #[test]
    fn a_quarter_turn_turns_clockwise_as_seen() {
        let turned = AffineView { radians: std::f32::consts::FRAC_PI_2, ..STILL }.sample(&ramp(), 32);
        assert_eq!(turned, image::imageops::rotate90(&ramp()));
    }
}
