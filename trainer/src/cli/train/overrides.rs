//! Flags that differ from the preset, as changes of a recipe.

use anyhow::bail;
use clap::{Args, ValueEnum};
use dacl::network::ContextEncoderConfig;
use toml::{Table, Value};
use trainer::loss::LossKind;
use trainer::recipe::{Precision, Recipe, Schedule, Targets};
use trainer::recipe_file::{AugmentationName, joined, setting};

/// Settings that differ from the preset.
#[derive(Args)]
#[command(next_help_heading = "Settings that differ from the preset")]
pub(super) struct Overrides {
    /// The loss; dacl in both presets.
    #[arg(long, value_enum)]
    loss: Option<LossKind>,
    /// Weight of the center loss, 0 or more; 0.01 in both presets.
    #[arg(long, allow_negative_numbers = true)]
    lambda: Option<f64>,
    /// Share of the run over which lambda grows to its value, 0 to 1; 0, as in both presets, has it from the first step.
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    lambda_warmup: Option<f64>,
    /// Share of the way that the centres go in a step, 0 to 1; 0.5 in both presets.
    #[arg(long, allow_negative_numbers = true)]
    alpha: Option<f64>,
    /// Length that features are brought to before center loss and centres see them; 0, as in both presets, leaves them as they are.
    #[arg(long, value_name = "LENGTH", allow_negative_numbers = true)]
    feature_length: Option<f64>,
    /// Attention that the heads begin with where nothing is trained yet, between 0 and 1; 0.5 in both presets.
    #[arg(long, value_name = "ATTENTION", allow_negative_numbers = true)]
    attention_start: Option<f64>,
    /// Side of the network's input in pixels; paper 224, compact 112.
    #[arg(long, value_name = "PIXELS", allow_negative_numbers = true, value_parser = whole)]
    input_size: Option<usize>,
    /// Widths of the context encoder's three units; paper 3584,512,64, compact 1024,512,64.
    #[arg(long, value_name = "W,W,W", value_parser = context_encoder)]
    context_encoder: Option<ContextEncoderConfig>,
    /// Passes over the training split; paper 60, compact 20.
    #[arg(long, allow_negative_numbers = true, value_parser = whole)]
    epochs: Option<usize>,
    /// Pictures a step, 2 or more; 64 in both presets.
    #[arg(long, allow_negative_numbers = true, value_parser = whole)]
    batch: Option<usize>,
    /// GPUs that share each batch evenly, of the kind that --device takes; 1 in both presets.
    #[arg(long, value_name = "GPUS", allow_negative_numbers = true, value_parser = whole)]
    devices: Option<usize>,
    /// Learning rate at the start, above 0; 0.01 in both presets.
    #[arg(long, value_name = "RATE", allow_negative_numbers = true)]
    learning_rate: Option<f64>,
    /// How the learning rate falls; paper step, compact cosine.
    #[arg(long, value_enum)]
    schedule: Option<ScheduleKind>,
    /// Steps of linear warm-up; paper 0, compact 100.
    #[arg(long, value_name = "STEPS", allow_negative_numbers = true, value_parser = whole)]
    warmup_steps: Option<usize>,
    /// Epochs between two falls of the step schedule; 20 unless the preset has another number.
    #[arg(long, value_name = "EPOCHS", allow_negative_numbers = true, value_parser = whole)]
    step_epochs: Option<usize>,
    /// Momentum of SGD, 0 to 1; 0.9 in both presets.
    #[arg(long, allow_negative_numbers = true)]
    momentum: Option<f64>,
    /// L2 penalty on every parameter, 0 or more; 0.0005 in both presets.
    #[arg(long, allow_negative_numbers = true)]
    weight_decay: Option<f64>,
    /// How training pictures are varied; paper five-crop, compact affine. Single numbers by --set augmentation.erase=0.3 and
    /// the like.
    #[arg(long, value_enum)]
    augmentation: Option<AugmentationName>,
    /// What the cross entropy compares with: the label, as in both presets, or the shares of the annotators' votes.
    #[arg(long, value_enum)]
    targets: Option<Targets>,
    /// Share of the target that is spread evenly over all classes, from 0, as in both presets, to just below 1.
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    label_smoothing: Option<f64>,
    /// Share of the target that the teachers give, 0 to 1; needs --teacher.
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    teacher_share: Option<f64>,
    /// Parameter of mixup's Beta distribution, 0.001 to 1; 0, as in both presets, mixes nothing.
    #[arg(long, value_name = "PARAMETER", allow_negative_numbers = true)]
    mixup: Option<f64>,
    /// How evenly classes are drawn: 0, as in both presets, as often as they occur, 1 all equally often.
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    class_balance: Option<f64>,
    /// Largest norm of the gradient of all parameters together; 0, as in both presets, for none.
    #[arg(long, value_name = "NORM", allow_negative_numbers = true)]
    gradient_clip: Option<f64>,
    /// Decay of the moving average of the weights, which is then validated and exported, as 0.999; 0, as in both presets, for
    /// none.
    #[arg(long, value_name = "DECAY", allow_negative_numbers = true)]
    weight_average: Option<f64>,
    /// The numbers that the convolutions compute in, where the device has them; f32 in both presets.
    #[arg(long, value_enum)]
    precision: Option<Precision>,
    /// Seed of everything that is random, a whole number; 1 in both presets.
    // A recipe is laid over another as TOML, whose whole numbers end there.
    #[arg(long, allow_negative_numbers = true, value_parser = seed)]
    seed: Option<u64>,
    /// Any other setting of run.json's recipe, as in augmentation.view.degrees=20; may be given several times.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    settings: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum ScheduleKind {
    /// A tenth every --step-epochs.
    Step,
    /// Half a cosine.
    Cosine,
}

impl Overrides {
    /// The changes that the flags ask of a recipe, as a recipe file would say them.
    pub(super) fn changes(self, base: &Recipe) -> anyhow::Result<Table> {
        let mut changes = Table::new();
        let mut set = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                changes.insert(key.into(), value);
            }
        };
        let whole = |value: usize| Value::Integer(value as i64);
        set("loss", self.loss.map(name_of));
        set("targets", self.targets.map(name_of));
        set("precision", self.precision.map(name_of));
        set("augmentation", self.augmentation.map(name_of));
        for (key, value) in [
            ("lambda", self.lambda),
            ("lambda_warmup", self.lambda_warmup),
            ("alpha", self.alpha),
            ("feature_length", self.feature_length),
            ("attention_start", self.attention_start),
            ("learning_rate", self.learning_rate),
            ("momentum", self.momentum),
            ("weight_decay", self.weight_decay),
            ("label_smoothing", self.label_smoothing),
            ("teacher_share", self.teacher_share),
            ("mixup", self.mixup),
            ("class_balance", self.class_balance),
            ("gradient_clip", self.gradient_clip),
            ("weight_average", self.weight_average),
        ] {
            set(key, value.map(Value::Float));
        }
        set("epochs", self.epochs.map(whole));
        set("batch", self.batch.map(whole));
        set("devices", self.devices.map(whole));
        set("seed", self.seed.map(|seed| Value::Integer(seed as i64)));
        let schedule = schedule(base.schedule, self.schedule, self.step_epochs, self.warmup_steps)?;
        if schedule != base.schedule {
            set("schedule", Some(Value::try_from(schedule)?));
        }
        let mut network = Table::new();
        if let Some(size) = self.input_size {
            network.insert("input_size".into(), whole(size));
        }
        if let Some(widths) = self.context_encoder {
            network.insert("context_encoder".into(), Value::try_from(widths)?);
        }
        set("network", (!network.is_empty()).then_some(Value::Table(network)));
        self.settings.iter().try_fold(changes, |changes, text| Ok(joined(changes, setting(text)?)?))
    }
}

/// The name of a choice on the command line, which is its name in a recipe file too.
fn name_of<T: ValueEnum>(choice: T) -> Value {
    Value::String(choice.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned()))
}

/// The base's schedule, or the kind that was asked for, with the numbers that were.
fn schedule(
    base: Schedule,
    kind: Option<ScheduleKind>,
    step_epochs: Option<usize>,
    warmup_steps: Option<usize>,
) -> anyhow::Result<Schedule> {
    let chosen = match (kind, base) {
        (Some(ScheduleKind::Step), Schedule::Cosine { .. }) => Schedule::Step { every: 20, warmup_steps: 0 },
        (Some(ScheduleKind::Cosine), Schedule::Step { .. }) => Schedule::Cosine { warmup_steps: 100 },
        _ => base,
    };
    match chosen {
        Schedule::Cosine { .. } if step_epochs.is_some() => {
            bail!("--step-epochs is a setting of the step schedule, and this run has the cosine schedule")
        }
        Schedule::Step { every, warmup_steps: warm } => {
            Ok(Schedule::Step { every: step_epochs.unwrap_or(every), warmup_steps: warmup_steps.unwrap_or(warm) })
        }
        Schedule::Cosine { warmup_steps: warm } => Ok(Schedule::Cosine { warmup_steps: warmup_steps.unwrap_or(warm) }),
    }
}

/// A whole number in words.
fn whole(text: &str) -> Result<usize, String> {
    let number: Result<u32, _> = text.parse();
    number.map(|number| number as usize).map_err(|_| format!("use a whole number from 0 to {}", u32::MAX))
}

/// A seed in words.
fn seed(text: &str) -> Result<u64, String> {
    let fits = text.parse().ok().filter(|&seed: &u64| i64::try_from(seed).is_ok());
    fits.ok_or_else(|| format!("use a whole number from 0 to {}", i64::MAX))
}

/// The widths of a context encoder in words.
fn context_encoder(text: &str) -> Result<ContextEncoderConfig, String> {
    let widths: Result<Vec<usize>, _> = text.split(',').map(str::parse).collect();
    match widths.as_deref() {
        Ok(&[hidden1, hidden2, code]) => Ok(ContextEncoderConfig { hidden1, hidden2, code }),
        _ => Err("three whole numbers are needed, as in 1024,512,64".into()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use clap::Parser;
    use serde_json::{Value, json};
    use trainer::recipe::Preset;
    use trainer::recipe_file::merged;

    use super::*;

    #[derive(Parser)]
    struct Flags {
        #[command(flatten)]
        overrides: Overrides,
    }

    fn parsed(arguments: &[&str]) -> Result<Overrides, String> {
        let flags = Flags::try_parse_from([&["trainer"], arguments].concat()).map_err(|error| error.to_string())?;
        Ok(flags.overrides)
    }

    /// The compact recipe with these flags, as run.json has it.
    fn recipe(arguments: &[&str]) -> Value {
        let base = Preset::Compact.recipe();
        let changes = parsed(arguments).unwrap().changes(&base).unwrap();
        serde_json::to_value(merged(&base, &changes).unwrap()).unwrap()
    }

    #[test]
    fn every_flag_changes_the_setting_that_is_called_so_and_no_other() {
        let strong = serde_json::to_value(AugmentationName::Strong.augmentation()).unwrap();
        let cases: [(&[&str], &[&str], Value); 28] = [
            (&["--loss", "center"], &["/loss"], json!("center")),
            (&["--lambda", "0.25"], &["/lambda"], json!(0.25)),
            (&["--lambda-warmup", "0.25"], &["/lambda_warmup"], json!(0.25)),
            (&["--alpha", "0.25"], &["/alpha"], json!(0.25)),
            (&["--feature-length", "5"], &["/feature_length"], json!(5.0)),
            (&["--attention-start", "0.75"], &["/attention_start"], json!(0.75)),
            (&["--input-size", "64"], &["/network/input_size", "/preprocessing/input_size"], json!(64)),
            (
                &["--context-encoder", "9,8,7"],
                &["/network/context_encoder"],
                json!({ "hidden1": 9, "hidden2": 8, "code": 7 }),
            ),
            (&["--epochs", "3"], &["/epochs"], json!(3)),
            (&["--batch", "5"], &["/batch"], json!(5)),
            (&["--devices", "2"], &["/devices"], json!(2)),
            (&["--learning-rate", "0.5"], &["/learning_rate"], json!(0.5)),
            (&["--schedule", "step"], &["/schedule"], json!({ "kind": "step", "every": 20, "warmup_steps": 0 })),
            (&["--warmup-steps", "7"], &["/schedule/warmup_steps"], json!(7)),
            (
                &["--schedule", "step", "--step-epochs", "4", "--warmup-steps", "7"],
                &["/schedule"],
                json!({ "kind": "step", "every": 4, "warmup_steps": 7 }),
            ),
            (&["--momentum", "0.5"], &["/momentum"], json!(0.5)),
            (&["--weight-decay", "0.125"], &["/weight_decay"], json!(0.125)),
            (&["--augmentation", "strong"], &["/augmentation"], strong),
            (&["--targets", "votes"], &["/targets"], json!("votes")),
            (&["--label-smoothing", "0.125"], &["/label_smoothing"], json!(0.125)),
            (&["--teacher-share", "0.5"], &["/teacher_share"], json!(0.5)),
            (&["--mixup", "0.5"], &["/mixup"], json!(0.5)),
            (&["--class-balance", "0.5"], &["/class_balance"], json!(0.5)),
            (&["--gradient-clip", "2"], &["/gradient_clip"], json!(2.0)),
            (&["--weight-average", "0.5"], &["/weight_average"], json!(0.5)),
            (&["--precision", "bf16"], &["/precision"], json!("bf16")),
            (&["--seed", "9"], &["/seed"], json!(9)),
            (&["--set", "augmentation.erase=0.5"], &["/augmentation/erase"], json!(0.5)),
        ];
        for (arguments, places, value) in cases {
            let mut expected = recipe(&[]);
            for place in places {
                let field = expected.pointer_mut(place).unwrap();
                assert_ne!(*field, value, "{arguments:?} changes nothing");
                *field = value.clone();
            }
            assert_eq!(recipe(arguments), expected, "{arguments:?}");
        }
    }

    #[test]
    fn a_number_that_is_set_changes_the_augmentation_that_is_named() {
        let mut strong = serde_json::to_value(AugmentationName::Strong.augmentation()).unwrap();
        strong["erase"] = json!(0.5);
        let flags = ["--augmentation", "strong", "--set", "augmentation.erase=0.5"];
        assert_eq!(recipe(&flags)["augmentation"], strong);
    }

    #[test]
    fn a_number_below_zero_is_answered_with_what_is_allowed() {
        for (flag, allowed) in [
            ("--learning-rate", "learning_rate is -1: use a number above 0"),
            ("--lambda", "lambda is -1: use 0 or more"),
            ("--momentum", "momentum is -1: use a number from 0 to 1"),
            ("--gradient-clip", "gradient_clip is -1: use 0 or more"),
            ("--seed", "use a whole number from 0 to 9223372036854775807"),
            ("--warmup-steps", "use a whole number from 0 to 4294967295"),
            ("--epochs", "use a whole number from 0 to 4294967295"),
        ] {
            let base = Preset::Compact.recipe();
            let said = match parsed(&[flag, "-1"]) {
                Ok(overrides) => merged(&base, &overrides.changes(&base).unwrap()).unwrap_err().to_string(),
                Err(said) => said,
            };
            assert!(said.contains(allowed), "{flag}: {said}");
        }
        assert!(parsed(&["--seed", "9223372036854775808"]).is_err());
    }

    #[test]
    fn the_step_schedules_setting_is_refused_where_there_is_no_such_schedule() {
        let base = Preset::Compact.recipe();
        let said = parsed(&["--step-epochs", "5"]).unwrap().changes(&base).unwrap_err().to_string();
        assert!(said.contains("this run has the cosine schedule"), "{said}");
    }
}
