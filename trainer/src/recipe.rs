//! A training recipe: every number that shapes a run, saved with it.

use clap::ValueEnum;
use dacl::network::DaclConfig;
use dacl::preprocess::{Colour, DACL_MEAN, DACL_STD, IMAGENET_MEAN, IMAGENET_STD, Preprocessing};
use serde::{Deserialize, Serialize};

use crate::loss::LossKind;

/// All settings of a training run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Name of the preset that this recipe started from.
    pub preset: String,
    /// The network's dimensions.
    pub network: DaclConfig,
    /// How a picture becomes the network's input in evaluation.
    pub preprocessing: Preprocessing,
    /// How a picture is varied in training.
    pub augmentation: Augmentation,
    /// The loss.
    pub loss: LossKind,
    /// Weight of the (sparse) center loss.
    pub lambda: f64,
    /// Share of the way that the centres go in a step.
    pub alpha: f64,
    /// Passes over the training split.
    pub epochs: usize,
    /// Pictures a step.
    pub batch: usize,
    /// Learning rate at the start.
    pub learning_rate: f64,
    /// How the learning rate falls.
    pub schedule: Schedule,
    /// Momentum of SGD, with dampening 0.
    pub momentum: f64,
    /// L2 penalty on every parameter, coupled as in PyTorch's SGD.
    pub weight_decay: f64,
    /// Seed of everything that is random.
    pub seed: u64,
}

/// How a training picture is varied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Augmentation {
    /// The paper's: resize to 256 / 224 of the input, take one of the four corners or the centre, flip half of the time.
    FiveCrop,
    /// A random rotation, scale and shift around the square that evaluation sees, contrast and brightness, flip half of the time.
    Affine {
        /// Largest rotation either way in degrees.
        degrees: f32,
        /// Smallest and largest magnification.
        scale: [f32; 2],
        /// Largest shift either way as a share of the side.
        shift: f32,
        /// Largest relative change of contrast and brightness either way.
        light: f32,
    },
    /// The evaluation's view, unchanged.
    None,
}

/// How the learning rate falls over a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Schedule {
    /// A tenth every so many epochs.
    Step {
        /// Epochs between two falls.
        every: usize,
    },
    /// Half a cosine from the start to nearly zero, after a linear warm-up.
    Cosine {
        /// Length of the warm-up in steps.
        warmup_steps: usize,
    },
}

/// The recipes that have a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Preset {
    /// The authors' recipe at 224 pixels.
    Paper,
    /// The network that the page ships, at 112 pixels.
    Compact,
}

impl Preset {
    /// The recipe of that name.
    pub fn recipe(self) -> Recipe {
        match self {
            Self::Paper => Recipe {
                preset: "paper".into(),
                network: DaclConfig::paper(),
                preprocessing: Preprocessing {
                    input_size: 224,
                    colour: Colour::Rgb,
                    centre: 224.0 / 256.0,
                    mean: DACL_MEAN,
                    std: DACL_STD,
                },
                augmentation: Augmentation::FiveCrop,
                loss: LossKind::Dacl,
                lambda: 0.01,
                alpha: 0.5,
                epochs: 60,
                batch: 64,
                learning_rate: 0.01,
                schedule: Schedule::Step { every: 20 },
                momentum: 0.9,
                weight_decay: 5e-4,
                seed: 1,
            },
            Self::Compact => Recipe {
                preset: "compact".into(),
                network: DaclConfig::compact(),
                preprocessing: Preprocessing {
                    input_size: 112,
                    colour: Colour::Grey,
                    centre: 1.0,
                    mean: IMAGENET_MEAN,
                    std: IMAGENET_STD,
                },
                augmentation: Augmentation::Affine { degrees: 12.0, scale: [0.9, 1.15], shift: 0.08, light: 0.25 },
                epochs: 20,
                schedule: Schedule::Cosine { warmup_steps: 100 },
                ..Self::Paper.recipe()
            },
        }
    }
}

impl Recipe {
    /// The same recipe for square inputs of another size.
    pub fn with_input_size(mut self, size: usize) -> Self {
        self.network.input_size = size;
        self.preprocessing.input_size = size as u32;
        self
    }
}

impl Schedule {
    /// Learning rate of step `step` (from 0) of a run that starts at `start` and has `epochs` epochs of
    /// `steps_per_epoch` steps.
    pub fn learning_rate(self, start: f64, step: usize, steps_per_epoch: usize, epochs: usize) -> f64 {
        match self {
            Self::Step { every } => start * 0.1f64.powi((step / (steps_per_epoch * every).max(1)) as i32),
            Self::Cosine { warmup_steps } if step < warmup_steps => start * (step + 1) as f64 / warmup_steps as f64,
            Self::Cosine { warmup_steps } => {
                let total = (steps_per_epoch * epochs).saturating_sub(warmup_steps).max(1);
                let done = ((step - warmup_steps) as f64 / total as f64).min(1.0);
                start * 0.5 * (1.0 + (std::f64::consts::PI * done).cos())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_step_schedule_falls_to_a_tenth_at_the_named_epochs() {
        let rate = |epoch: usize| Schedule::Step { every: 20 }.learning_rate(0.01, epoch * 10, 10, 60);
        for (epoch, expected) in [(0, 1e-2), (19, 1e-2), (20, 1e-3), (39, 1e-3), (40, 1e-4), (59, 1e-4)] {
            assert!((rate(epoch) / expected - 1.0).abs() < 1e-9, "epoch {epoch}");
        }
    }

    #[test]
    fn the_cosine_schedule_warms_up_peaks_and_ends_near_zero() {
        let rate = |step: usize| Schedule::Cosine { warmup_steps: 10 }.learning_rate(0.1, step, 100, 2);
        assert!((rate(0) - 0.01).abs() < 1e-12 && (rate(9) - 0.1).abs() < 1e-12 && (rate(10) - 0.1).abs() < 1e-12);
        assert!((rate(105) - 0.05).abs() < 1e-9, "half way through the cosine the rate is half");
        assert!(rate(199) < 1e-5);
    }

    #[test]
    fn a_recipe_survives_its_own_text() {
        for preset in [Preset::Paper, Preset::Compact] {
            let text = serde_json::to_string(&preset.recipe()).unwrap();
            assert_eq!(serde_json::from_str::<Recipe>(&text).unwrap(), preset.recipe());
        }
    }
}
