//! A face drawn by a few shaded ellipses, for tests: SeetaFace takes it for a face, and nobody is on it.

use image::{GrayImage, Luma};

/// How bright a soft-edged ellipse makes the picture, and where. Lengths are in units of the head's half width, from its centre.
struct Patch {
    x: f32,
    y: f32,
    half_width: f32,
    half_height: f32,
    grey: f32,
    /// Width of the soft edge as a part of the radius.
    edge: f32,
}

const fn patch(x: f32, y: f32, half_width: f32, half_height: f32, grey: f32, edge: f32) -> Patch {
    Patch { x, y, half_width, half_height, grey, edge }
}

/// Painted in this order, each over the ones before.
const FACE: &[Patch] = &[
    patch(0.0, -0.15, 1.08, 1.4, 45.0, 0.1),    // hair
    patch(0.0, 0.1, 0.95, 1.25, 185.0, 0.12),   // skin
    patch(0.0, -0.62, 0.6, 0.3, 205.0, 0.9),    // forehead
    patch(-0.42, 0.38, 0.25, 0.22, 208.0, 0.9), // cheeks
    patch(0.42, 0.38, 0.25, 0.22, 208.0, 0.9),
    patch(-0.4, -0.12, 0.3, 0.17, 125.0, 0.7), // eye sockets
    patch(0.4, -0.12, 0.3, 0.17, 125.0, 0.7),
    patch(-0.4, -0.32, 0.27, 0.065, 60.0, 0.5), // brows
    patch(0.4, -0.32, 0.27, 0.065, 60.0, 0.5),
    patch(-0.4, -0.09, 0.19, 0.08, 200.0, 0.4), // whites of the eyes
    patch(0.4, -0.09, 0.19, 0.08, 200.0, 0.4),
    patch(-0.4, -0.09, 0.09, 0.09, 30.0, 0.3), // pupils
    patch(0.4, -0.09, 0.09, 0.09, 30.0, 0.3),
    patch(0.0, 0.1, 0.08, 0.34, 215.0, 0.9),    // bridge of the nose
    patch(0.0, 0.44, 0.2, 0.06, 120.0, 0.8),    // under the nose
    patch(-0.11, 0.42, 0.05, 0.035, 60.0, 0.6), // nostrils
    patch(0.11, 0.42, 0.05, 0.035, 60.0, 0.6),
    patch(0.0, 0.74, 0.36, 0.11, 115.0, 0.4), // lips
    patch(0.0, 0.74, 0.32, 0.025, 55.0, 0.6), // line between them
    patch(0.0, 0.95, 0.2, 0.05, 150.0, 0.9),  // shadow under the lip
];

/// Draws an upright face whose centre is at (`x`, `y`) and whose head is `width` pixels wide, over what is in the picture.
pub(crate) fn draw_face(picture: &mut GrayImage, x: f32, y: f32, width: f32) {
    draw_leaning_face(picture, x, y, width, 0.0);
}

/// The same face turned clockwise about its centre.
pub(crate) fn draw_leaning_face(picture: &mut GrayImage, x: f32, y: f32, width: f32, degrees: f32) {
    let (sine, cosine) = degrees.to_radians().sin_cos();
    let unit = width / 2.0;
    for patch in FACE {
        for (px, py, pixel) in picture.enumerate_pixels_mut() {
            let (right, below) = ((px as f32 + 0.5 - x) / unit, (py as f32 + 0.5 - y) / unit);
            let across = (right * cosine + below * sine - patch.x) / patch.half_width;
            let down = (below * cosine - right * sine - patch.y) / patch.half_height;
            let distance = across.hypot(down);
            let cover = ((1.0 - distance) / patch.edge).clamp(0.0, 1.0);
            let Luma([under]) = *pixel;
            *pixel = Luma([(f32::from(under) + cover * (patch.grey - f32::from(under))).round() as u8]);
        }
    }
}
