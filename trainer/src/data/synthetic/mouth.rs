//! The mouth: lips, opening and teeth.

use tiny_skia::{Path, PathBuilder};

use super::{
    canvas::{Canvas, ellipse},
    expression::Expression,
    identity::Identity,
};

/// A curve from one corner of the mouth to the other.
#[derive(Clone, Copy)]
struct Line {
    /// Half the distance of the corners.
    half: f32,
    /// Height of the corners.
    corner: f32,
    /// Height in the middle.
    middle: f32,
    /// How far out the curve keeps its middle height: 0.55 for a round mouth, near 1 for a square one.
    fullness: f32,
}

impl Line {
    /// Height of the control points of a cubic curve that passes the middle at its half.
    fn control(self) -> f32 {
        (4.0 * self.middle - self.corner) / 3.0
    }

    /// Continues `path` along the curve: `side` 1 ends at the right corner, -1 at the left.
    fn draw(self, path: &mut PathBuilder, x: f32, side: f32) {
        let (reach, height) = (self.half * self.fullness * side, self.control());
        path.cubic_to(x - reach, height, x + reach, height, x + self.half * side, self.corner);
    }

    fn shifted(self, by: f32) -> Self {
        Self { middle: self.middle + by, ..self }
    }
}

/// The shape between two lines with the same corners.
fn between(x: f32, upper: Line, lower: Line) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.move_to(x - upper.half, upper.corner);
    upper.draw(&mut path, x, 1.0);
    lower.draw(&mut path, x, -1.0);
    path.close();
    path.finish()
}

/// Paints the mouth.
pub(super) fn draw(canvas: &mut Canvas, identity: &Identity, expression: &Expression) {
    let x = identity.turn.0 * 1.2;
    let y = 0.50 + identity.turn.1;
    let smile = expression.mouth_corner + identity.mouth_rest;
    let gap = 0.34 * expression.mouth_open;
    let half = identity.mouth_width * (1.0 + expression.mouth_width);
    let upper = Line {
        half,
        corner: y - 0.10 * smile + 0.4 * gap,
        middle: y + 0.03 * smile - 0.09 * expression.upper_lip - 0.1 * gap,
        fullness: 0.55 + 0.4 * expression.mouth_square,
    };
    let lower = Line { middle: y + 0.03 * smile - 0.04 * expression.upper_lip + gap, ..upper };
    let full = identity.lips * (1.0 - 0.75 * expression.lip_press);
    let lip = identity.shade(0.32);
    canvas.fill(between(x, upper.shifted(-0.055 * full), upper), identity.shade(0.42), 0.95);
    canvas.fill(between(x, lower, lower.shifted(0.08 * full)), lip, 0.95);
    let shine = (x, lower.middle + 0.04 * full);
    canvas.spot(shine, (half * 0.5, 0.03), identity.skin, 0.5, None);

    if gap > 0.0 {
        opening(canvas, expression, x, upper, lower);
    } else {
        let mut path = PathBuilder::new();
        path.move_to(x - half, upper.corner);
        let middle = (upper.middle + lower.middle) / 2.0;
        Line { middle, ..upper }.draw(&mut path, x, 1.0);
        canvas.stroke(path.finish(), 0.028, identity.shade(0.8), 0.95);
    }
    for side in [-1.0, 1.0] {
        let corner = (x + side * (half + 0.02), upper.corner);
        canvas.spot(corner, (0.07, 0.07), identity.shade(0.6), 0.5, None);
    }
}

fn opening(canvas: &mut Canvas, expression: &Expression, x: f32, upper: Line, lower: Line) {
    let inside = between(x, upper, lower);
    let clip = canvas.clip(inside.as_ref());
    canvas.fill(inside, 0.05, 1.0);
    let clip = clip.as_ref();
    let gap = lower.middle - upper.middle;
    let tongue = ellipse((x, lower.middle), (upper.half * 0.5, gap * 0.3));
    canvas.fill_within(tongue, 0.35, 0.7, clip);
    if expression.teeth > 0.0 {
        let row = upper.shifted(gap * (0.35 + 0.4 * expression.teeth));
        canvas.fill_within(between(x, upper, row), 0.92, 0.95, clip);
    }
}
