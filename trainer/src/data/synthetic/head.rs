//! Everything around the features: background, shoulders, head, hair, beard and glasses.

use rand::{Rng, RngExt};
use tiny_skia::{Path, PathBuilder};

use super::{
    canvas::{Canvas, ellipse, lens},
    identity::{Hair, Identity},
};

/// Paints from the back to the bare face.
pub(super) fn draw(canvas: &mut Canvas, identity: &Identity, rng: &mut impl Rng) {
    background(canvas, identity, rng);
    if identity.hair == Hair::Long {
        let width = identity.head_width + 0.16;
        canvas.fill(ellipse((0.0, -0.02), (width, 1.15)), identity.hair_tone, 1.0);
    }
    shoulders(canvas, identity);
    let head = outline(identity);
    let ear_x = identity.head_width - 0.02;
    for side in [-1.0, 1.0] {
        let ear = ellipse((side * ear_x, -0.02), (0.09, 0.19));
        canvas.fill(ear, identity.shade(0.15), 1.0);
    }
    let clip = canvas.clip(head.as_ref());
    canvas.fill(head, identity.skin, 1.0);
    let clip = clip.as_ref();
    // A head is round: darker towards its rim and under the brows, lighter on forehead, cheeks and chin.
    let (x, y) = identity.turn;
    for side in [-1.0, 1.0] {
        let rim = (side * identity.head_width, 0.2);
        canvas.spot(rim, (0.38, 1.0), identity.shade(0.45), 0.5, clip);
        let socket = (side * identity.eye_distance + x, y - 0.17);
        canvas.spot(socket, (0.26, 0.20), identity.shade(0.5), 0.5, clip);
        let cheek = (side * 0.38 + x, y + 0.2);
        canvas.spot(cheek, (0.26, 0.22), identity.skin * 1.15, 0.5, clip);
    }
    canvas.spot((x, y - 0.62), (0.5, 0.3), identity.skin * 1.12, 0.5, clip);
    canvas.spot((x, y + 0.85), (0.22, 0.16), identity.skin * 1.12, 0.4, clip);
    canvas.spot((x, y + 0.72), (0.3, 0.08), identity.shade(0.5), 0.35, clip);
    beard(canvas, identity);
}

/// Paints what lies over the features.
pub(super) fn draw_fringe_and_glasses(canvas: &mut Canvas, identity: &Identity) {
    fringe(canvas, identity);
    if identity.glasses {
        let (x, y) = (identity.turn.0, identity.turn.1 - 0.15);
        for side in [-1.0, 1.0] {
            let lens = ellipse((side * identity.eye_distance + x, y), (0.23, 0.19));
            canvas.stroke(lens, 0.035, 0.1, 0.9);
        }
        let bridge = identity.eye_distance - 0.23;
        let mut path = PathBuilder::new();
        path.move_to(x - bridge, y);
        path.line_to(x + bridge, y);
        canvas.stroke(path.finish(), 0.035, 0.1, 0.9);
    }
}

fn background(canvas: &mut Canvas, identity: &Identity, rng: &mut impl Rng) {
    canvas.flood(identity.background);
    for _ in 0..rng.random_range(0..5) {
        let centre = (rng.random_range(-1.4..1.4), rng.random_range(-1.4..1.4));
        let radii = (rng.random_range(0.2..0.9), rng.random_range(0.2..0.9));
        let tone = rng.random_range(0.0..1.0);
        if rng.random_bool(0.5) {
            canvas.spot(centre, radii, tone, 0.7, None);
        } else {
            canvas.fill(ellipse(centre, radii), tone, 0.5);
        }
    }
}

fn shoulders(canvas: &mut Canvas, identity: &Identity) {
    canvas.fill(ellipse((0.0, 1.75), (1.35, 0.62)), identity.clothes, 1.0);
    let width = identity.jaw_width * 0.72;
    let mut neck = PathBuilder::new();
    neck.move_to(-width, 0.5);
    neck.line_to(width, 0.5);
    neck.line_to(width * 1.1, 1.22);
    neck.quad_to(0.0, 1.5, -width * 1.1, 1.22);
    neck.close();
    canvas.fill(neck.finish(), identity.shade(0.28), 1.0);
}

/// The outline of the bare head: skull, cheeks, jaw and chin, the same on both sides.
fn outline(identity: &Identity) -> Option<Path> {
    let (w, jaw, chin) = (identity.head_width, identity.jaw_width, identity.chin);
    let mut path = PathBuilder::new();
    path.move_to(0.0, -1.02);
    path.cubic_to(w * 0.68, -1.02, w, -0.72, w, -0.2);
    path.cubic_to(w, 0.2, jaw * 1.08, 0.45, jaw * 0.92, 0.66);
    path.cubic_to(jaw * 0.72, 0.88, jaw * 0.4, chin, 0.0, chin);
    path.cubic_to(-jaw * 0.4, chin, -jaw * 0.72, 0.88, -jaw * 0.92, 0.66);
    path.cubic_to(-jaw * 1.08, 0.45, -w, 0.2, -w, -0.2);
    path.cubic_to(-w, -0.72, -w * 0.68, -1.02, 0.0, -1.02);
    path.close();
    path.finish()
}

fn fringe(canvas: &mut Canvas, identity: &Identity) {
    if identity.hair == Hair::Bald {
        return;
    }
    let w = identity.head_width + 0.04;
    let temple = if identity.hair == Hair::Long { 0.35 } else { -0.18 };
    let hairline = -identity.hairline;
    let mut path = PathBuilder::new();
    path.move_to(-w, temple);
    path.cubic_to(-w * 1.05, -0.85, -w * 0.6, -1.16, 0.0, -1.16);
    path.cubic_to(w * 0.6, -1.16, w * 1.05, -0.85, w, temple);
    path.quad_to(w * 0.9, hairline * 0.75, w * 0.62, hairline);
    path.quad_to(identity.parting, hairline - 0.22, -w * 0.62, hairline);
    path.quad_to(-w * 0.9, hairline * 0.75, -w, temple);
    path.close();
    canvas.fill(path.finish(), identity.hair_tone, 1.0);
    let shine = (identity.parting, -0.98);
    canvas.spot(shine, (0.4, 0.12), identity.hair_tone + 0.25, 0.5, None);
}

fn beard(canvas: &mut Canvas, identity: &Identity) {
    if identity.beard == 0.0 {
        return;
    }
    let (x, y) = identity.turn;
    let tone = identity.hair_tone * 0.8;
    let jaw = outline(identity);
    let clip = canvas.clip(jaw.as_ref());
    let edge = identity.head_width;
    let beard = lens((-edge, 0.1), (x, y + 0.62), (edge, 0.1), (0.0, 1.4));
    canvas.fill_within(beard, tone, identity.beard, clip.as_ref());
    if identity.moustache {
        let moustache = lens((x - 0.28, y + 0.44), (x, y + 0.30), (x + 0.28, y + 0.44), (x, y + 0.42));
        canvas.fill(moustache, tone, identity.beard);
    }
}
