//! The nose and the folds beside it.

use super::{
    canvas::{Canvas, arc, ellipse},
    expression::Expression,
    identity::Identity,
};

/// Paints bridge, tip, wings, wrinkles and the folds down to the mouth.
pub(super) fn draw(canvas: &mut Canvas, identity: &Identity, expression: &Expression) {
    // A nose stands out: a turned head moves its tip farther than the rest.
    let (x, y) = (identity.turn.0 * 1.5, identity.turn.1 * 1.3);
    let wrinkle = expression.nose_wrinkle;
    let tip = y + identity.nose_length - 0.05 * wrinkle;
    let width = identity.nose_width * (1.0 + 0.15 * wrinkle);
    let dark = identity.shade(0.6);

    canvas.spot((x, y), (0.06, 0.3), identity.skin * 1.2, 0.6, None);
    canvas.spot((x, tip - 0.04), (0.10, 0.09), identity.skin * 1.2, 0.6, None);
    canvas.spot((x, tip + 0.06), (width * 1.3, 0.07), identity.shade(0.5), 0.6, None);
    let flank = if identity.turn.0 > 0.0 { 1.0 } else { -1.0 };
    let bridge = arc((x + flank * 0.07, y - 0.22), (x + flank * 0.06, y), (x + flank * width * 0.8, tip - 0.06));
    canvas.stroke(bridge, 0.03, identity.shade(0.4), 0.4);
    for side in [-1.0, 1.0] {
        let wing = arc(
            (x + side * width * 0.8, tip - 0.09),
            (x + side * width * 1.05, tip - 0.01),
            (x + side * width * 0.7, tip + 0.04),
        );
        canvas.stroke(wing, 0.025, dark, 0.7);
        let nostril = (x + side * width * 0.45, tip + 0.025);
        canvas.fill(ellipse(nostril, (0.042, 0.024)), identity.shade(0.85), 0.9);
        let fold =
            arc((x + side * width * 1.15, tip - 0.08), (x + side * 0.29, tip + 0.08), (x + side * 0.37, tip + 0.30));
        let depth = 0.18 * identity.age + 0.55 * expression.folds.min(1.0);
        canvas.stroke(fold, 0.03, identity.shade(0.5), depth);
        for row in [0.0, 1.0, 2.0] {
            let height = y - 0.14 + 0.075 * row;
            let crease =
                arc((x + side * 0.02, height), (x + side * 0.07, height + 0.005), (x + side * 0.12, height + 0.05));
            canvas.stroke(crease, 0.02, identity.shade(0.55), 0.75 * wrinkle.min(1.0));
        }
    }
}
