//! What the muscles of a face do in each expression.

use rand::{Rng, RngExt};

/// Muscle settings; 0 is at rest, 1 about the most that a face can do, negative the other way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Expression {
    /// Both brows up (or down).
    pub(super) brow_raise: f32,
    /// Inner ends of the brows up (grief) or down (anger).
    pub(super) brow_inner: f32,
    /// Brows drawn together.
    pub(super) brow_gather: f32,
    /// Upper lids up (or drooping).
    pub(super) eye_open: f32,
    /// Lower lids up.
    pub(super) squint: f32,
    /// Nose wrinkled and its wings up.
    pub(super) nose_wrinkle: f32,
    /// Folds from the nose to the corners of the mouth, cheeks up.
    pub(super) folds: f32,
    /// Corners of the mouth up (or down).
    pub(super) mouth_corner: f32,
    /// Mouth drawn wide (or pursed).
    pub(super) mouth_width: f32,
    /// Jaw dropped.
    pub(super) mouth_open: f32,
    /// Corners of an open mouth squared.
    pub(super) mouth_square: f32,
    /// Upper lip up.
    pub(super) upper_lip: f32,
    /// Lips pressed thin.
    pub(super) lip_press: f32,
    /// Teeth shown in an open mouth.
    pub(super) teeth: f32,
}

impl Expression {
    /// One person's way of showing the expression `label`: stronger or weaker, never twice the same.
    pub(super) fn random(label: usize, rng: &mut impl Rng) -> Self {
        let full = Self::full(label, rng.random_bool(0.35));
        let strength = rng.random_range(0.7..1.15);
        let mut vary = |value: f32| {
            let jitter = rng.random_range(-0.08..0.08) + rng.random_range(-0.08..0.08);
            value * strength + jitter
        };
        Self {
            brow_raise: vary(full.brow_raise),
            brow_inner: vary(full.brow_inner),
            brow_gather: vary(full.brow_gather).max(0.0),
            eye_open: vary(full.eye_open),
            squint: vary(full.squint).max(0.0),
            nose_wrinkle: vary(full.nose_wrinkle).max(0.0),
            folds: vary(full.folds).max(0.0),
            mouth_corner: vary(full.mouth_corner),
            mouth_width: vary(full.mouth_width),
            // A closed mouth stays closed, whatever the jitter.
            mouth_open: if full.mouth_open > 0.0 { vary(full.mouth_open).max(0.08) } else { 0.0 },
            mouth_square: full.mouth_square,
            upper_lip: vary(full.upper_lip).max(0.0),
            lip_press: vary(full.lip_press).clamp(0.0, 1.0),
            teeth: full.teeth,
        }
    }

    /// The expression at full strength. Some have a second form: a smile without teeth, anger that shouts.
    fn full(label: usize, second_form: bool) -> Self {
        let rest = Self::default();
        match (label, second_form) {
            // happy
            (1, false) => Self {
                squint: 0.6,
                folds: 0.8,
                mouth_corner: 1.0,
                mouth_width: 0.4,
                mouth_open: 0.35,
                teeth: 1.0,
                ..rest
            },
            (1, true) => Self { squint: 0.5, folds: 0.6, mouth_corner: 1.0, mouth_width: 0.35, ..rest },
            // sad
            (2, _) => Self {
                brow_inner: 1.0,
                brow_gather: 0.3,
                eye_open: -0.5,
                mouth_corner: -1.0,
                mouth_width: -0.1,
                ..rest
            },
            // surprise
            (3, _) => Self { brow_raise: 1.0, eye_open: 0.8, mouth_open: 1.0, mouth_width: -0.35, ..rest },
            // fear
            (4, _) => Self {
                brow_raise: 0.6,
                brow_inner: 0.9,
                brow_gather: 0.6,
                eye_open: 0.8,
                mouth_corner: -0.5,
                mouth_width: 0.4,
                mouth_open: 0.4,
                mouth_square: 1.0,
                teeth: 0.6,
                ..rest
            },
            // disgust
            (5, second_form) => Self {
                brow_raise: -0.6,
                brow_gather: 0.4,
                squint: 0.8,
                nose_wrinkle: 1.0,
                folds: 1.0,
                mouth_corner: -0.5,
                upper_lip: 1.0,
                mouth_open: if second_form { 0.25 } else { 0.0 },
                teeth: 0.5,
                ..rest
            },
            // anger
            (6, false) => Self {
                brow_raise: -0.6,
                brow_inner: -1.0,
                brow_gather: 1.0,
                eye_open: 0.2,
                mouth_corner: -0.3,
                mouth_width: -0.1,
                lip_press: 1.0,
                ..rest
            },
            (6, true) => Self {
                brow_raise: -0.6,
                brow_inner: -1.0,
                brow_gather: 1.0,
                eye_open: 0.4,
                folds: 0.4,
                mouth_open: 0.6,
                mouth_square: 1.0,
                teeth: 1.0,
                ..rest
            },
            // neutral
            _ => rest,
        }
    }
}
