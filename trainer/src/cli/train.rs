//! `trainer train`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use burn::tensor::Device;
use clap::{Args, ValueEnum};
use dacl::network::{ContextEncoderConfig, Dacl, HEADS};
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};
use trainer::data::{DataSpec, Split, SplitName};
use trainer::device::DeviceChoice;
use trainer::initial_weights::initialise;
use trainer::loss::{Centres, LossKind};
use trainer::recipe::{Augmentation, Preset, Recipe, Schedule};
use trainer::run_folder::{Checkpoint, EpochMetrics, RunDescription, RunFolder};
use trainer::training::{self, Observer, Progress};

/// Train a network, or go on with a run.
///
/// A run folder holds run.json (everything that was asked for), metrics.csv (a row an epoch) and checkpoints. The best epoch on
/// the validation split is what `trainer export` and `trainer eval` use; the test split is never looked at here.
#[derive(Args)]
pub(crate) struct Train {
    /// Data set: ferplus:DIR, folder:DIR, or synthetic[:train=4000,valid=700,size=64,seed=1]. With --resume: where it lies now,
    /// if it was moved.
    #[arg(long, required_unless_present = "resume")]
    data: Option<DataSpec>,
    /// Folder of the new run.
    #[arg(long, required_unless_present = "resume")]
    out: Option<PathBuf>,
    /// Go on with the run in this folder, with its own settings.
    #[arg(long, value_name = "RUN", conflicts_with_all = ["out", "preset", "init", "Overrides"])]
    resume: Option<PathBuf>,
    /// Recipe to start from.
    #[arg(long, value_enum, default_value = "compact")]
    preset: Preset,
    /// Start weights: a .safetensors file in torchvision's names (a part is enough), an .onnx file of a ResNet-18, or a run
    /// folder.
    #[arg(long, value_name = "FILE_OR_RUN")]
    init: Option<PathBuf>,
    /// Where to compute.
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
    #[command(flatten)]
    overrides: Overrides,
}

/// Settings that differ from the preset.
#[derive(Args)]
#[command(next_help_heading = "Settings that differ from the preset")]
struct Overrides {
    /// The loss.
    #[arg(long, value_enum)]
    loss: Option<LossKind>,
    /// Weight of the center loss.
    #[arg(long)]
    lambda: Option<f64>,
    /// Share of the way that the centres go in a step.
    #[arg(long)]
    alpha: Option<f64>,
    /// Side of the network's input in pixels.
    #[arg(long, value_name = "PIXELS")]
    input_size: Option<usize>,
    /// Widths of the context encoder's three units, as in 1024,512,64.
    #[arg(long, value_name = "W,W,W", value_parser = context_encoder)]
    context_encoder: Option<ContextEncoderConfig>,
    /// Passes over the training split.
    #[arg(long)]
    epochs: Option<usize>,
    /// Pictures a step.
    #[arg(long)]
    batch: Option<usize>,
    /// Learning rate at the start.
    #[arg(long, value_name = "RATE")]
    learning_rate: Option<f64>,
    /// How the learning rate falls.
    #[arg(long, value_enum)]
    schedule: Option<ScheduleKind>,
    /// Steps of linear warm-up before the cosine; 100 unless the preset has another number.
    #[arg(long, value_name = "STEPS")]
    warmup_steps: Option<usize>,
    /// Epochs between two falls of the step schedule; 20 unless the preset has another number.
    #[arg(long, value_name = "EPOCHS")]
    step_epochs: Option<usize>,
    /// Momentum of SGD.
    #[arg(long)]
    momentum: Option<f64>,
    /// L2 penalty on every parameter.
    #[arg(long)]
    weight_decay: Option<f64>,
    /// How training pictures are varied.
    #[arg(long, value_enum)]
    augmentation: Option<AugmentationKind>,
    /// Seed of everything that is random.
    #[arg(long)]
    seed: Option<u64>,
}

#[derive(Clone, Copy, ValueEnum)]
enum ScheduleKind {
    /// A tenth every --step-epochs.
    Step,
    /// Half a cosine after --warmup-steps.
    Cosine,
}

#[derive(Clone, Copy, ValueEnum)]
enum AugmentationKind {
    /// The paper's five crops and flips.
    FiveCrop,
    /// Small rotations, scales, shifts, changes of light, and flips.
    Affine,
    /// None.
    None,
}

impl Overrides {
    fn apply(self, mut recipe: Recipe) -> anyhow::Result<Recipe> {
        if let Some(size) = self.input_size {
            recipe = recipe.with_input_size(size);
        }
        recipe.schedule = self.schedule(recipe.schedule)?;
        if let Some(widths) = self.context_encoder {
            recipe.network.context_encoder = widths;
        }
        if let Some(kind) = self.augmentation {
            recipe.augmentation = match kind {
                AugmentationKind::FiveCrop => Augmentation::FiveCrop,
                AugmentationKind::Affine => Preset::Compact.recipe().augmentation,
                AugmentationKind::None => Augmentation::None,
            };
        }
        recipe.loss = self.loss.unwrap_or(recipe.loss);
        recipe.lambda = self.lambda.unwrap_or(recipe.lambda);
        recipe.alpha = self.alpha.unwrap_or(recipe.alpha);
        recipe.epochs = self.epochs.unwrap_or(recipe.epochs);
        recipe.batch = self.batch.unwrap_or(recipe.batch);
        recipe.learning_rate = self.learning_rate.unwrap_or(recipe.learning_rate);
        recipe.momentum = self.momentum.unwrap_or(recipe.momentum);
        recipe.weight_decay = self.weight_decay.unwrap_or(recipe.weight_decay);
        recipe.seed = self.seed.unwrap_or(recipe.seed);
        check(&recipe)?;
        Ok(recipe)
    }

    /// The preset's schedule, or the kind that was asked for, with the numbers that were.
    fn schedule(&self, preset: Schedule) -> anyhow::Result<Schedule> {
        let chosen = match (self.schedule, preset) {
            (Some(ScheduleKind::Step), Schedule::Cosine { .. }) => Schedule::Step { every: 20 },
            (Some(ScheduleKind::Cosine), Schedule::Step { .. }) => Schedule::Cosine { warmup_steps: 100 },
            _ => preset,
        };
        match chosen {
            Schedule::Step { .. } if self.warmup_steps.is_some() => {
                bail!("--warmup-steps is a setting of the cosine schedule, and this run has the step schedule")
            }
            Schedule::Cosine { .. } if self.step_epochs.is_some() => {
                bail!("--step-epochs is a setting of the step schedule, and this run has the cosine schedule")
            }
            Schedule::Step { every } => Ok(Schedule::Step { every: self.step_epochs.unwrap_or(every) }),
            Schedule::Cosine { warmup_steps } => {
                Ok(Schedule::Cosine { warmup_steps: self.warmup_steps.unwrap_or(warmup_steps) })
            }
        }
    }
}

/// The widths of a context encoder in words.
fn context_encoder(text: &str) -> Result<ContextEncoderConfig, String> {
    let widths: Result<Vec<usize>, _> = text.split(',').map(str::parse).collect();
    match widths.as_deref() {
        Ok(&[hidden1, hidden2, code]) => Ok(ContextEncoderConfig { hidden1, hidden2, code }),
        _ => Err("three whole numbers are needed, as in 1024,512,64".into()),
    }
}

/// Refuses settings that cannot work, before anything is loaded.
pub(super) fn check(recipe: &Recipe) -> anyhow::Result<()> {
    recipe.network.validate()?;
    let positive = |name: &str, value: f64| match value.is_finite() && value > 0.0 {
        true => Ok(()),
        false => bail!("--{name} is {value}: use a number above 0"),
    };
    let share = |name: &str, value: f64| match (0.0..=1.0).contains(&value) {
        true => Ok(()),
        false => bail!("--{name} is {value}: use a number from 0 to 1"),
    };
    positive("learning-rate", recipe.learning_rate)?;
    positive("epochs", recipe.epochs as f64)?;
    if recipe.batch < 2 {
        bail!("--batch is {}: batch norm needs 2 pictures or more", recipe.batch);
    }
    share("momentum", recipe.momentum)?;
    share("alpha", recipe.alpha)?;
    if !(recipe.lambda.is_finite() && recipe.lambda >= 0.0) {
        bail!("--lambda is {}: use 0 or more", recipe.lambda);
    }
    if !(recipe.weight_decay.is_finite() && recipe.weight_decay >= 0.0) {
        bail!("--weight-decay is {}: use 0 or more", recipe.weight_decay);
    }
    if let Schedule::Step { every: 0 } = recipe.schedule {
        bail!("--step-epochs is 0: use 1 or more");
    }
    Ok(())
}

impl Train {
    /// Trains to the recipe's last epoch.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        match self.resume.clone() {
            Some(path) => self.go_on(&path),
            None => self.begin(),
        }
    }

    fn begin(self) -> anyhow::Result<()> {
        let (Some(data), Some(out)) = (self.data, self.out) else { bail!("--data and --out are needed for a new run") };
        let recipe = self.overrides.apply(self.preset.recipe())?;
        let chosen = self.device.open()?;
        println!("device: {} - {}", chosen.name, chosen.reason);
        let device = chosen.device.autodiff();
        let start = first_checkpoint(&recipe, self.init.as_deref(), &device)?;
        let (train, valid) = load(&data, &recipe)?;
        let description = RunDescription {
            classes: train.classes.clone(),
            data: data.to_string(),
            init: self.init.map(|path| path.display().to_string()),
            device: chosen.name,
            version: env!("CARGO_PKG_VERSION").into(),
            commit: commit(),
            recipe,
        };
        let run = RunFolder::create(&out, description)?;
        let optimiser = training::optimiser(&run.description().recipe);
        training::train(&run, start, optimiser, &train, &valid, &device, &mut Terminal::new())
            .with_context(|| format!("run {}", out.display()))
    }

    fn go_on(self, path: &Path) -> anyhow::Result<()> {
        let run = RunFolder::open(path)?;
        let recipe = &run.description().recipe;
        let chosen = self.device.open()?;
        println!("device: {} - {}", chosen.name, chosen.reason);
        let device = chosen.device.autodiff();
        let (start, optimiser) = match run.last(training::optimiser(recipe), &device)? {
            Some(state) => state,
            // Stopped within its first epoch: it starts anew from what it was asked to do.
            None => {
                let init = run.description().init.as_deref().map(Path::new);
                (first_checkpoint(recipe, init, &device)?, training::optimiser(recipe))
            }
        };
        println!("going on after epoch {} of {}", start.history.len(), recipe.epochs);
        if start.history.len() >= recipe.epochs {
            println!("nothing to do: the run is complete");
            return Ok(());
        }
        let data = match self.data {
            Some(data) => data,
            None => run.description().data.parse().context("the run's data set")?,
        };
        let (train, valid) = load(&data, recipe)?;
        training::train(&run, start, optimiser, &train, &valid, &device, &mut Terminal::new())
            .with_context(|| format!("run {}", path.display()))
    }
}

/// The state before the first epoch: random weights, or start weights as far as they go, and random centres.
fn first_checkpoint(recipe: &Recipe, init: Option<&Path>, device: &Device) -> anyhow::Result<Checkpoint> {
    device.seed(recipe.seed);
    let mut network = Dacl::new(&recipe.network, device)?;
    if let Some(path) = init {
        let imported;
        (network, imported) = initialise(network, &recipe.network, path, device)?;
        let list = |what: &str, names: &[String]| {
            if !names.is_empty() {
                println!("  {what} ({}): {}", names.len(), names.join(", "));
            }
        };
        println!("start weights from {}", path.display());
        list("found", &imported.found);
        list("not found, random", &imported.missing);
        list("not used", &imported.unused);
    }
    let centres = Centres::random(recipe.network.classes, HEADS, recipe.alpha, device);
    Ok(Checkpoint { network, centres, history: Vec::new() })
}

fn load(data: &DataSpec, recipe: &Recipe) -> anyhow::Result<(Arc<Split>, Split)> {
    let mut splits = Vec::new();
    for name in [SplitName::Train, SplitName::Valid] {
        let split = data.load(name)?;
        if split.whole_photographs {
            bail!("{data} holds whole photographs: they are for `trainer eval`, not for training");
        }
        if split.classes.len() != recipe.network.classes {
            bail!("{data} has {} classes, the network {}", split.classes.len(), recipe.network.classes);
        }
        println!("{name}: {} pictures of {data}; left out: {}", split.samples.len(), split.left_out);
        splits.push(split);
    }
    match <[Split; 2]>::try_from(splits) {
        Ok([train, valid]) => Ok((Arc::new(train), valid)),
        Err(_) => bail!("{data} could not be split"),
    }
}

/// The commit of the working tree, when git knows it.
pub(super) fn commit() -> Option<String> {
    let git = |arguments: &[&str]| {
        let output = std::process::Command::new("git").args(arguments).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        (output.status.success() && !text.trim().is_empty()).then(|| text.trim().to_owned())
    };
    // Started in a working tree of something else, its commit would say nothing about this program.
    let root = git(&["rev-parse", "--show-toplevel"])?;
    let ours = Path::new(&root).join("trainer/src/cli/train.rs").is_file();
    ours.then(|| git(&["describe", "--always", "--dirty", "--abbrev=12"])).flatten()
}

/// A progress bar and a line an epoch; where nobody watches, a line every now and then.
struct Terminal {
    bar: ProgressBar,
    last_line: Instant,
}

/// How often a line goes to a log.
const LOG_INTERVAL: Duration = Duration::from_secs(60);

impl Terminal {
    fn new() -> Self {
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len} {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar, last_line: Instant::now() }
    }
}

impl Observer for Terminal {
    fn progress(&mut self, progress: &Progress) {
        let Progress { epoch, epochs, step, steps, means, images_per_second, seconds_left } = *progress;
        let prefix = format!("epoch {epoch}/{epochs}");
        let message = format!(
            "{images_per_second:.1} img/s  CE {:.3}  SC {:.2}  acc {:.1} %  {} left",
            means.cross_entropy,
            means.center_loss,
            100.0 * means.accuracy,
            HumanDuration(Duration::from_secs_f64(seconds_left.max(0.0))),
        );
        if self.bar.is_hidden() && self.last_line.elapsed() >= LOG_INTERVAL {
            println!("{prefix}  {step}/{steps}  {message}");
            self.last_line = Instant::now();
        }
        self.bar.set_length(steps as u64);
        self.bar.set_prefix(prefix);
        self.bar.set_message(message);
        self.bar.set_position(step as u64);
    }

    fn epoch_done(&mut self, metrics: &EpochMetrics, best: bool) {
        let attention = match (metrics.attention_mean, metrics.attention_std, metrics.attention_below_005) {
            (Some(mean), Some(std), Some(low)) => {
                format!("  attention {mean:.3} +- {std:.3}, {:.1} % below 0.05", 100.0 * low)
            }
            _ => String::new(),
        };
        let line = format!(
            "epoch {:>3}  lr {:.2e}  train CE {:.3} SC {:.3} acc {:.2} %  valid CE {:.3} acc {:.2} % mean class {:.2} %{attention}  {:.1} img/s {:.0} s{}",
            metrics.epoch,
            metrics.learning_rate,
            metrics.train_cross_entropy,
            metrics.train_center_loss,
            100.0 * metrics.train_accuracy,
            metrics.valid_cross_entropy,
            100.0 * metrics.valid_accuracy,
            100.0 * metrics.valid_mean_class_accuracy,
            metrics.images_per_second,
            metrics.seconds,
            if best { "  (best)" } else { "" },
        );
        // A hidden bar prints nothing, and a log file deserves the line too.
        match self.bar.is_hidden() {
            true => println!("{line}"),
            false => self.bar.println(line),
        }
    }
}
