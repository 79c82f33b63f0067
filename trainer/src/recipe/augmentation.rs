//! How training pictures are varied.

use serde::{Deserialize, Serialize};

/// How a training picture is varied. Every number is 0 where its change is off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Augmentation {
    /// Which part of the picture is seen, and how it lies.
    pub view: View,
    /// Largest relative change of contrast and of brightness either way.
    pub light: f32,
    /// Largest relative change of saturation and of each channel's strength either way; before colour is taken away, so that
    /// a network for grey pictures learns to bear a camera's colour cast.
    pub colour: f32,
    /// Largest standard deviation of a Gaussian blur as a share of the side; half of the pictures are blurred.
    pub blur: f32,
    /// Share of the pictures that are compressed as JPEG of a random quality between 20 and 90 and read back.
    pub jpeg: f32,
    /// Share of the pictures in which a random rectangle is filled with noise (random erasing: Zhong et al., AAAI 2020).
    pub erase: f32,
}

/// Which part of the picture a training view shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum View {
    /// The paper's: resize to 256 / 224 of the input, take one of the four corners or the centre, flip half of the time.
    FiveCrop,
    /// A random rotation, scale and shift around the square that evaluation sees, flipped half of the time.
    Affine {
        /// Largest rotation either way in degrees.
        degrees: f32,
        /// Smallest and largest magnification.
        scale: [f32; 2],
        /// Largest shift either way as a share of the side.
        shift: f32,
    },
    /// The evaluation's view, unchanged.
    Still,
}

impl Augmentation {
    /// The evaluation's view, unchanged.
    pub const NONE: Self = Self { view: View::Still, light: 0.0, colour: 0.0, blur: 0.0, jpeg: 0.0, erase: 0.0 };
    /// The paper's five crops and flips.
    pub const PAPER: Self = Self { view: View::FiveCrop, ..Self::NONE };
    /// Small rotations, scales, shifts, changes of light, and flips.
    pub const AFFINE: Self =
        Self { view: View::Affine { degrees: 12.0, scale: [0.9, 1.15], shift: 0.08 }, light: 0.25, ..Self::NONE };
    /// What a camera and a face finder do to a picture: more of everything, blur, compression, colour cast, erased parts.
    pub const STRONG: Self = Self {
        view: View::Affine { degrees: 15.0, scale: [0.82, 1.2], shift: 0.1 },
        light: 0.35,
        colour: 0.2,
        blur: 0.02,
        jpeg: 0.15,
        erase: 0.3,
    };

    /// What is wrong with the numbers, in a sentence.
    pub(super) fn fault(&self) -> Option<String> {
        for (name, value) in
            [("light", self.light), ("colour", self.colour), ("jpeg", self.jpeg), ("erase", self.erase)]
        {
            if !(0.0..=1.0).contains(&value) {
                return Some(format!("augmentation.{name} is {value}: use a number from 0 to 1"));
            }
        }
        if !(0.0..=0.5).contains(&self.blur) {
            return Some(format!("augmentation.blur is {}: use a number from 0 to 0.5", self.blur));
        }
        if let View::Affine { degrees, scale: [smallest, largest], shift } = self.view {
            if !(0.0..=180.0).contains(&degrees) {
                return Some(format!("augmentation.view.degrees is {degrees}: use a number from 0 to 180"));
            }
            if !(smallest > 0.0 && smallest <= largest && largest.is_finite()) {
                return Some(format!(
                    "augmentation.view.scale is [{smallest}, {largest}]: use two numbers above 0, the smaller one first"
                ));
            }
            if !(0.0..=1.0).contains(&shift) {
                return Some(format!("augmentation.view.shift is {shift}: use a number from 0 to 1"));
            }
        }
        None
    }
}
