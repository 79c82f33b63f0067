//! Eyes and brows.

use tiny_skia::PathBuilder;

use super::{
    canvas::{Canvas, arc, ellipse, lens},
    expression::Expression,
    identity::Identity,
};

/// Height of the eyes on the head.
const EYE_LINE: f32 = -0.15;

/// Paints both eyes, both brows and the lines that the brows draw on the forehead.
pub(super) fn draw(canvas: &mut Canvas, identity: &Identity, expression: &Expression) {
    for side in [-1.0, 1.0] {
        eye(canvas, identity, expression, side);
        brow(canvas, identity, expression, side);
    }
    forehead(canvas, identity, expression);
}

/// The centre of an eye; the farther one of a turned head is nearer to the nose.
fn centre(identity: &Identity, side: f32) -> (f32, f32) {
    let (turn, nod) = identity.turn;
    let distance = identity.eye_distance * (1.0 - 0.5 * (side * turn).max(0.0));
    (side * distance + turn, EYE_LINE + nod)
}

fn eye(canvas: &mut Canvas, identity: &Identity, expression: &Expression, side: f32) {
    let (x, y) = centre(identity, side);
    let half = identity.eye_width;
    let upper = identity.eye_height * (1.0 + 0.9 * expression.eye_open).max(0.25);
    let lower =
        identity.eye_height * (0.8 + 0.3 * expression.eye_open.max(0.0)) * (1.0 - 0.75 * expression.squint).max(0.1);
    let inner = (x - side * half, y + 0.01);
    let outer = (x + side * half, y - identity.eye_slant);
    let (top, bottom) = ((x, y - upper), (x, y + lower));
    let opening = lens(inner, top, outer, bottom);
    let clip = canvas.clip(opening.as_ref());
    let clip = clip.as_ref();
    canvas.fill(opening, (identity.skin * 0.5 + 0.48).min(0.95), 1.0);
    let iris = identity.eye_width * 0.5;
    let gaze = (x + identity.turn.0 * 0.2, y - 0.012);
    canvas.fill_within(ellipse(gaze, (iris, iris)), identity.iris, 1.0, clip);
    let pupil = iris * 0.5;
    canvas.fill_within(ellipse(gaze, (pupil, pupil)), 0.02, 1.0, clip);
    let glint = (gaze.0 - iris * 0.35, gaze.1 - iris * 0.35);
    canvas.fill_within(ellipse(glint, (0.02, 0.02)), 1.0, 0.9, clip);

    canvas.stroke(arc(inner, top, outer), 0.035, identity.shade(0.85), 0.95);
    canvas.stroke(arc(inner, bottom, outer), 0.018, identity.shade(0.6), 0.6);
    // The fold of the upper lid, and the bag that a raised lower lid makes.
    let fold = arc((inner.0, inner.1 - 0.05), (x, y - upper - 0.05), (outer.0, outer.1 - 0.05));
    canvas.stroke(fold, 0.018, identity.shade(0.5), 0.5);
    let bag = arc((inner.0, inner.1 + 0.06), (x, y + lower + 0.08), (outer.0, outer.1 + 0.05));
    let depth = 0.15 * identity.age + 0.5 * expression.squint;
    canvas.stroke(bag, 0.025, identity.shade(0.5), depth);
}

fn brow(canvas: &mut Canvas, identity: &Identity, expression: &Expression, side: f32) {
    let (x, y) = centre(identity, side);
    let inner_lift = expression.brow_inner + identity.brow_slant;
    let base = y - 0.20 - 0.14 * expression.brow_raise;
    let inner =
        (x - side * (identity.eye_width + 0.03 + 0.06 * expression.brow_gather), base - 0.10 * inner_lift + 0.02);
    let outer = (x + side * (identity.eye_width + 0.05), base + 0.06 * inner_lift + 0.02);
    // Raised brows arch, lowered ones flatten.
    let arch = identity.brow_arch + 0.03 * expression.brow_raise;
    let middle = (x + side * 0.02, (inner.1 + outer.1) / 2.0 - arch);
    let thick = identity.brow_thickness;
    let tone = identity.hair_tone.min(identity.skin * 0.55);
    let brow = lens(inner, (middle.0, middle.1 - thick / 2.0), outer, (middle.0, middle.1 + thick / 2.0));
    canvas.fill(brow, tone, 0.9);
    canvas.stroke(arc(inner, middle, outer), thick * 0.55, tone, 0.85);
}

/// Level lines over raised brows, steep ones between gathered brows.
fn forehead(canvas: &mut Canvas, identity: &Identity, expression: &Expression) {
    let (x, y) = (identity.turn.0, EYE_LINE + identity.turn.1);
    let raised = expression.brow_raise.max(0.0) * identity.age;
    for row in [0.0, 1.0] {
        let height = y - 0.42 - 0.10 * row;
        let line = arc((x - 0.34, height + 0.02), (x, height - 0.02), (x + 0.34, height + 0.02));
        canvas.stroke(line, 0.02, identity.shade(0.45), 0.6 * raised);
    }
    for side in [-1.0, 1.0] {
        let mut line = PathBuilder::new();
        line.move_to(x + side * 0.05, y - 0.30);
        line.line_to(x + side * 0.04, y - 0.12);
        let depth = 0.6 * expression.brow_gather.min(1.0) * identity.age;
        canvas.stroke(line.finish(), 0.022, identity.shade(0.55), depth);
    }
}
