//! Who is drawn: head, features, hair, and how the head is held. Nothing here depends on the expression.

use rand::{Rng, RngExt};

/// How the head lies in the picture. Lengths are parts of the picture's side, the angle is in degrees.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pose {
    /// Half the height of the head.
    pub(super) scale: f32,
    pub(super) shift: (f32, f32),
    pub(super) tilt: f32,
}

/// Hair styles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hair {
    Bald,
    Short,
    Long,
}

/// A person. Lengths in units of half the head's height, tones from 0 (black) to 1 (white).
#[derive(Clone, Debug)]
pub(super) struct Identity {
    pub(super) pose: Pose,
    /// Where the features sit on the head: a turn of the head moves them aside, a nod up or down.
    pub(super) turn: (f32, f32),
    pub(super) background: f32,
    pub(super) clothes: f32,
    pub(super) skin: f32,
    pub(super) hair_tone: f32,
    pub(super) hair: Hair,
    /// Height of the hairline above the centre of the head.
    pub(super) hairline: f32,
    /// Where the hair parts, left negative.
    pub(super) parting: f32,
    pub(super) head_width: f32,
    pub(super) jaw_width: f32,
    pub(super) chin: f32,
    pub(super) eye_distance: f32,
    pub(super) eye_width: f32,
    pub(super) eye_height: f32,
    pub(super) eye_slant: f32,
    pub(super) iris: f32,
    pub(super) brow_thickness: f32,
    pub(super) brow_arch: f32,
    /// At rest some brows slant as if the person were angry or sad: a trap for the network.
    pub(super) brow_slant: f32,
    pub(super) nose_width: f32,
    pub(super) nose_length: f32,
    pub(super) mouth_width: f32,
    pub(super) lips: f32,
    /// At rest the corners of some mouths point up or down: the other trap.
    pub(super) mouth_rest: f32,
    /// Darkness of a beard, 0 for none.
    pub(super) beard: f32,
    pub(super) moustache: bool,
    pub(super) glasses: bool,
    /// How deep wrinkles show.
    pub(super) age: f32,
}

impl Identity {
    /// Draws a person at random.
    pub(super) fn random(rng: &mut impl Rng) -> Self {
        let skin = rng.random_range(0.38..0.88);
        let bearded = rng.random_bool(0.15);
        Self {
            pose: Pose {
                scale: rng.random_range(0.37..0.45),
                shift: (rng.random_range(-0.04..0.04), rng.random_range(-0.03..0.05)),
                tilt: rng.random_range(-9.0..9.0),
            },
            turn: (rng.random_range(-0.10..0.10), rng.random_range(-0.05..0.05)),
            background: rng.random_range(0.1..0.95),
            clothes: rng.random_range(0.05..0.95),
            skin,
            hair_tone: rng.random_range(0.04..0.75),
            hair: match rng.random_range(0..10) {
                0 => Hair::Bald,
                1..=6 => Hair::Short,
                _ => Hair::Long,
            },
            hairline: rng.random_range(0.62..0.80),
            parting: rng.random_range(-0.35..0.35),
            head_width: rng.random_range(0.70..0.80),
            jaw_width: rng.random_range(0.54..0.68),
            chin: rng.random_range(0.94..1.04),
            eye_distance: rng.random_range(0.29..0.34),
            eye_width: rng.random_range(0.13..0.165),
            eye_height: rng.random_range(0.055..0.075),
            eye_slant: rng.random_range(-0.025..0.025),
            iris: rng.random_range(0.05..0.4),
            brow_thickness: rng.random_range(0.035..0.075),
            brow_arch: rng.random_range(0.02..0.07),
            brow_slant: rng.random_range(-0.15..0.15),
            nose_width: rng.random_range(0.12..0.17),
            nose_length: rng.random_range(0.20..0.28),
            mouth_width: rng.random_range(0.23..0.29),
            lips: rng.random_range(0.6..1.3),
            mouth_rest: rng.random_range(-0.12..0.12),
            beard: if bearded { rng.random_range(0.25..0.8) } else { 0.0 },
            moustache: bearded && rng.random_bool(0.6),
            glasses: rng.random_bool(0.12),
            age: rng.random_range(0.3..1.0),
        }
    }

    /// A darker tone of the skin: 0 is the skin itself, 1 black.
    pub(super) fn shade(&self, depth: f32) -> f32 {
        self.skin * (1.0 - depth)
    }
}
