//! A training recipe: every number that shapes a run, saved with it.

mod augmentation;
mod precision;
mod schedule;
mod step_settings;

pub use augmentation::{Augmentation, View};
pub use precision::Precision;
pub use schedule::Schedule;
pub use step_settings::StepSettings;

use clap::ValueEnum;
use dacl::network::{ConfigError, DaclConfig};
use dacl::preprocess::{Colour, DACL_MEAN, DACL_STD, IMAGENET_MEAN, IMAGENET_STD, Preprocessing};
use serde::{Deserialize, Serialize};

use crate::loss::LossKind;

/// All settings of a training run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Name of the preset that this recipe started from.
    pub preset: String,
    /// The loss.
    pub loss: LossKind,
    /// Weight of the (sparse) center loss.
    pub lambda: f64,
    /// Share of the run's steps over which lambda grows in a straight line to its value. 0, as published: it has it from the first step.
    #[serde(default)]
    pub lambda_warmup: f64,
    /// Share of the way that the centres go in a step.
    pub alpha: f64,
    /// Length that features are brought to before the center loss and the centres see them. 0, as published: as they are.
    #[serde(default)]
    pub feature_length: f64,
    /// Attention that every head begins with where its code is 0. 0.5, as published: biases of 0.
    #[serde(default = "half")]
    pub attention_start: f64,
    /// What the cross entropy compares the network's answer with.
    pub targets: Targets,
    /// Share of the target that is spread evenly over all classes (Szegedy et al., CVPR 2016).
    pub label_smoothing: f64,
    /// Share of the target that teachers give: networks trained before (Hinton et al., 2015). 0 without teachers.
    pub teacher_share: f64,
    /// Parameter of mixup's Beta distribution (Zhang et al., ICLR 2018); 0 mixes nothing.
    pub mixup: f64,
    /// How evenly classes are drawn: 0 as often as they occur, 1 all equally often. In between, class `k` with `n_k` pictures
    /// is drawn in proportion to `n_k^(1 - class_balance)`.
    pub class_balance: f64,
    /// Passes over the training split.
    pub epochs: usize,
    /// Pictures a step.
    pub batch: usize,
    /// Devices that share each batch evenly. Batch norms see a share at a time, so a run depends on it.
    #[serde(default = "one")]
    pub devices: usize,
    /// Learning rate at the start.
    pub learning_rate: f64,
    /// Momentum of SGD, with dampening 0.
    pub momentum: f64,
    /// L2 penalty on every parameter, coupled as in PyTorch's SGD.
    pub weight_decay: f64,
    /// Largest norm of the gradient of all parameters together; a longer one is shortened to it. 0 shortens nothing.
    pub gradient_clip: f64,
    /// Decay of the moving average of the weights, which is then what is validated and exported; 0 averages nothing.
    pub weight_average: f64,
    /// The numbers that the convolutions compute in.
    #[serde(default)]
    pub precision: Precision,
    /// Seed of everything that is random.
    pub seed: u64,
    /// How the learning rate falls.
    pub schedule: Schedule,
    /// The network's dimensions.
    pub network: DaclConfig,
    /// How a picture becomes the network's input in evaluation.
    pub preprocessing: Preprocessing,
    /// How a picture is varied in training.
    pub augmentation: Augmentation,
}

/// What the cross entropy compares the network's answer with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Targets {
    /// The one class that the label names.
    Majority,
    /// The shares of the annotators' votes (Barsoum et al., ICMI 2016). Pictures without votes keep their label.
    Votes,
}

/// The recipes that have a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Preset {
    /// The authors' recipe at 224 pixels.
    Paper,
    /// The network that the page ships, at 112 pixels.
    Compact,
}

/// A recipe that cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum RecipeError {
    /// The network cannot be built.
    #[error(transparent)]
    Network(#[from] ConfigError),
    /// A number is out of range.
    #[error("{0}")]
    OutOfRange(String),
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
                augmentation: Augmentation::PAPER,
                loss: LossKind::Dacl,
                lambda: 0.01,
                lambda_warmup: 0.0,
                alpha: 0.5,
                feature_length: 0.0,
                attention_start: 0.5,
                targets: Targets::Majority,
                label_smoothing: 0.0,
                teacher_share: 0.0,
                mixup: 0.0,
                class_balance: 0.0,
                epochs: 60,
                batch: 64,
                devices: 1,
                learning_rate: 0.01,
                schedule: Schedule::Step { every: 20, warmup_steps: 0 },
                momentum: 0.9,
                weight_decay: 5e-4,
                gradient_clip: 0.0,
                weight_average: 0.0,
                precision: Precision::F32,
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
                augmentation: Augmentation::AFFINE,
                epochs: 20,
                schedule: Schedule::Cosine { warmup_steps: 100 },
                ..Self::Paper.recipe()
            },
        }
    }
}

/// For recipes of before there were several.
fn one() -> usize {
    1
}

/// For recipes of before it was a choice.
fn half() -> f64 {
    0.5
}

impl Recipe {
    /// The same recipe for square inputs of another size.
    pub fn with_input_size(mut self, size: usize) -> Self {
        self.network.input_size = size;
        self.preprocessing.input_size = size as u32;
        self
    }

    /// Refuses settings that cannot work.
    ///
    /// # Errors
    /// The first setting that is out of range, in a sentence that says what is allowed.
    pub fn validate(&self) -> Result<(), RecipeError> {
        self.network.validate()?;
        self.fault().map_or(Ok(()), |fault| Err(RecipeError::OutOfRange(fault)))
    }

    fn fault(&self) -> Option<String> {
        let outside = |name: &str, value: f64, allowed: bool, wanted: &str| {
            (!value.is_finite() || !allowed).then(|| format!("{name} is {value}: use {wanted}"))
        };
        let positive = |name, value: f64| outside(name, value, value > 0.0, "a number above 0");
        let share = |name, value: f64| outside(name, value, (0.0..=1.0).contains(&value), "a number from 0 to 1");
        let below_one =
            |name, value: f64| outside(name, value, (0.0..1.0).contains(&value), "a number from 0 to just below 1");
        let between = |name, value: f64| outside(name, value, value > 0.0 && value < 1.0, "a number between 0 and 1");
        let not_negative = |name, value: f64| outside(name, value, value >= 0.0, "0 or more");
        let batch = (self.batch < 2).then(|| format!("batch is {}: batch norm needs 2 pictures or more", self.batch));
        let devices = (self.devices == 0 || !self.batch.is_multiple_of(self.devices) || self.batch / self.devices < 2)
            .then(|| {
                format!(
                    "devices is {} and batch {}: every device must have an equal share of 2 pictures or more",
                    self.devices, self.batch
                )
            });
        let size = (self.network.input_size != self.preprocessing.input_size as usize).then(|| {
            format!(
                "network.input_size is {} and preprocessing.input_size {}: they must be the same",
                self.network.input_size, self.preprocessing.input_size
            )
        });
        // Mixup's draws from the Beta distribution take the longer the smaller its parameter.
        let mixes = self.mixup == 0.0 || (0.001..=1.0).contains(&self.mixup);
        let step = matches!(self.schedule, Schedule::Step { every: 0, .. })
            .then(|| "schedule.every is 0: use 1 or more".to_owned());
        positive("learning_rate", self.learning_rate)
            .or(positive("epochs", self.epochs as f64))
            .or(batch)
            .or(devices)
            .or(share("momentum", self.momentum))
            .or(share("alpha", self.alpha))
            .or(not_negative("lambda", self.lambda))
            .or(share("lambda_warmup", self.lambda_warmup))
            .or(not_negative("feature_length", self.feature_length))
            .or(between("attention_start", self.attention_start))
            .or(not_negative("weight_decay", self.weight_decay))
            .or(below_one("label_smoothing", self.label_smoothing))
            .or(share("teacher_share", self.teacher_share))
            .or(outside("mixup", self.mixup, mixes, "0, or a number from 0.001 to 1"))
            .or(share("class_balance", self.class_balance))
            .or(not_negative("gradient_clip", self.gradient_clip))
            .or(below_one("weight_average", self.weight_average))
            .or(step)
            .or(size)
            .or(self.preprocessing.fault())
            .or(self.augmentation.fault())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_recipe_survives_its_own_text() {
        for preset in [Preset::Paper, Preset::Compact] {
            let text = serde_json::to_string(&preset.recipe()).unwrap();
            assert_eq!(serde_json::from_str::<Recipe>(&text).unwrap(), preset.recipe());
        }
    }

    /// The numbers of the authors' code (github.com/amirhfarzaneh/dacl, commit c41e9e8).
    #[test]
    fn the_papers_recipe_has_the_numbers_of_the_authors_code() {
        let paper = Preset::Paper.recipe();
        let expected = serde_json::json!({
            "preset": "paper",
            "loss": "dacl", "lambda": 0.01, "lambda_warmup": 0.0, "alpha": 0.5,
            "feature_length": 0.0, "attention_start": 0.5,
            "targets": "majority", "label_smoothing": 0.0, "teacher_share": 0.0, "mixup": 0.0, "class_balance": 0.0,
            "epochs": 60, "batch": 64, "devices": 1,
            "learning_rate": 0.01, "momentum": 0.9, "weight_decay": 5e-4, "gradient_clip": 0.0, "weight_average": 0.0,
            "precision": "f32", "seed": 1,
            "schedule": { "kind": "step", "every": 20, "warmup_steps": 0 },
            "network": {
                "input_size": 224, "classes": 7,
                "context_encoder": { "hidden1": 3584, "hidden2": 512, "code": 64 },
            },
            "augmentation": {
                "view": { "kind": "five-crop" }, "light": 0.0, "colour": 0.0, "blur": 0.0, "jpeg": 0.0, "erase": 0.0,
            },
        });
        let mut found = serde_json::to_value(&paper).unwrap();
        found.as_object_mut().unwrap().remove("preprocessing");
        assert_eq!(found, expected);
        // The picture is resized to 256 and cut to 224.
        assert_eq!((paper.preprocessing.input_size, paper.preprocessing.centre), (224, 224.0 / 256.0));
        assert_eq!(paper.preprocessing.colour, Colour::Rgb);
        assert_eq!(paper.preprocessing.mean, [0.5752, 0.4495, 0.4012]);
        assert_eq!(paper.preprocessing.std, [0.2086, 0.1911, 0.1827]);
    }

    #[test]
    fn settings_out_of_range_are_named_with_what_is_allowed() {
        type Spoiling = fn(&mut Recipe);
        let faults: [(Spoiling, &str); 16] = [
            (|recipe| recipe.learning_rate = f64::NAN, "learning_rate is NaN: use a number above 0"),
            (|recipe| recipe.batch = 1, "batch is 1"),
            (|recipe| recipe.devices = 3, "devices is 3 and batch 64"),
            (|recipe| recipe.class_balance = 1.5, "class_balance is 1.5: use a number from 0 to 1"),
            (|recipe| recipe.weight_average = 1.0, "weight_average is 1"),
            (|recipe| recipe.augmentation.erase = -0.1, "augmentation.erase is -0.1"),
            (|recipe| recipe.preprocessing.input_size = 64, "they must be the same"),
            (|recipe| recipe.preprocessing.centre = 0.0, "preprocessing.centre is 0: use a number above 0, up to 1"),
            (|recipe| recipe.preprocessing.centre = 1.5, "preprocessing.centre is 1.5"),
            (|recipe| recipe.preprocessing.mean[2] = f32::NAN, "preprocessing.mean is [0.485, 0.456, NaN]"),
            (|recipe| recipe.preprocessing.std[1] = 0.0, "preprocessing.std is [0.229, 0.0, 0.225]"),
            (|recipe| recipe.mixup = 1e-6, "mixup is 0.000001: use 0, or a number from 0.001 to 1"),
            (|recipe| recipe.mixup = 1.5, "mixup is 1.5"),
            (|recipe| recipe.lambda_warmup = 1.5, "lambda_warmup is 1.5: use a number from 0 to 1"),
            (|recipe| recipe.feature_length = -1.0, "feature_length is -1: use 0 or more"),
            (|recipe| recipe.attention_start = 1.0, "attention_start is 1: use a number between 0 and 1"),
        ];
        for (spoil, said) in faults {
            let mut recipe = Preset::Compact.recipe();
            assert!(recipe.validate().is_ok());
            spoil(&mut recipe);
            let message = recipe.validate().unwrap_err().to_string();
            assert!(message.contains(said), "{message}");
        }
    }
}
