//! From the drawing to a picture as a camera might give it: light from one side, contrast, blur and noise.

use image::{GrayImage, Luma};
use rand::{Rng, RngExt};

use super::canvas::Canvas;

/// Takes the picture, `size` pixels a side.
pub(super) fn expose(canvas: &Canvas, size: u32, rng: &mut impl Rng) -> GrayImage {
    let slope = (rng.random_range(-0.35..0.35), rng.random_range(-0.25..0.25));
    let gamma = rng.random_range(0.75..1.35);
    let contrast = rng.random_range(0.7..1.1);
    let brightness = rng.random_range(-0.06..0.06);
    let noise = rng.random_range(0.005..0.045);
    let blur = rng.random_bool(0.3).then(|| rng.random_range(0.4..0.9));
    let sharp = GrayImage::from_fn(size, size, |x, y| {
        let across = |place: u32| (place as f32 + 0.5) / size as f32 - 0.5;
        let light = 1.0 + 2.0 * (slope.0 * across(x) + slope.1 * across(y));
        let tone = (canvas.tone(x, y) * light).clamp(0.0, 1.0).powf(gamma);
        Luma([byte(0.5 + (tone - 0.5) * contrast + brightness)])
    });
    let mut picture = match blur {
        Some(sigma) => image::imageops::blur(&sharp, sigma),
        None => sharp,
    };
    for Luma([tone]) in picture.pixels_mut() {
        // The sum of four uniform numbers is close enough to a normal one; its deviation is 1 / sqrt(3).
        let sum: f32 = (0..4).map(|_| rng.random_range(-0.5..0.5)).sum();
        *tone = byte(f32::from(*tone) / 255.0 + sum * 3.0_f32.sqrt() * noise);
    }
    picture
}

fn byte(tone: f32) -> u8 {
    (tone.clamp(0.0, 1.0) * 255.0).round() as u8
}
