//! `trainer train`.

mod overrides;
mod progress;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use burn::optim::ModuleOptimizer;
use burn::tensor::Device;
use clap::Args;
use trainer::build_info::{BuildInfo, commit};
use trainer::data::{DataSpec, LoadOptions, Split, SplitName, data_hash};
use trainer::device::{ChosenDevice, DeviceChoice};
use trainer::distillation::{self, teach};
use trainer::initial_weights::Imported;
use trainer::recipe::{Preset, Recipe};
use trainer::recipe_file::{RecipeFile, merged};
use trainer::run_folder::{Checkpoint, RunDescription, RunError, RunFolder};
use trainer::training::{self, TrainingError, calibrated, first_checkpoint};
use trainer::weights_folder::{self, weights_sha256};

use self::overrides::Overrides;
use self::progress::ShownRun;
use super::loading::{Loading, load_crops};

/// Train a network, or go on with a run.
///
/// A run folder holds run.json (everything that was asked for), metrics.csv (a row an epoch) and checkpoints. The best epoch on
/// the validation split is what `trainer export` and `trainer eval` use; the test split is never looked at here.
#[derive(Args)]
pub(crate) struct Train {
    #[arg(
        long,
        required_unless_present_any = ["resume", "config"],
        help = format!("Data set of ready crops: {} (docs/datasets.md). With --resume: where it lies now, if it was moved", DataSpec::CROPS),
    )]
    data: Option<DataSpec>,
    /// Folder of the new run.
    #[arg(long, required_unless_present = "resume")]
    out: Option<PathBuf>,
    /// Go on with the run in this folder, with its own settings.
    #[arg(long, value_name = "RUN", conflicts_with_all = ["out", "preset", "init", "config", "Overrides", "Loading"])]
    resume: Option<PathBuf>,
    /// A recipe file: TOML with preset, data, init, teachers and any settings that differ from the preset. Flags win over it.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Recipe to start from; compact unless --config says otherwise.
    #[arg(long, value_enum)]
    preset: Option<Preset>,
    /// Start weights: a .safetensors, .pth, .pt or .pth.tar file in torchvision's names or the DACL authors' (a part is enough), an .onnx
    /// file of a ResNet-18, a run folder, or an exported artefact.
    #[arg(long, value_name = "FILE_OR_DIR")]
    init: Option<PathBuf>,
    /// A trained network, artefact or run folder, whose answers become part of the targets; may be given several times.
    #[arg(long = "teacher", value_name = "DIR", conflicts_with = "resume")]
    teachers: Vec<PathBuf>,
    /// Show a bar or lines, also where a terminal could show the dashboard.
    #[arg(long)]
    plain: bool,
    /// Where to compute.
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
    // Flags after these would come under their headings.
    #[command(flatten)]
    loading: Loading,
    #[command(flatten)]
    overrides: Overrides,
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
        let file = match &self.config {
            Some(path) => recipe_file(path)?,
            None => RecipeFile::default(),
        };
        let data = match (self.data, &self.config) {
            (Some(data), _) => data,
            (None, Some(path)) => file.data()?.with_context(|| {
                format!("{} names no data set: add data = \"...\" to it, or use --data", path.display())
            })?,
            (None, None) => bail!("--data or --config is needed for a new run"),
        };
        let Some(out) = self.out else { bail!("--out is needed for a new run") };
        // Asked before the work, which can take minutes until the folder is made.
        ensure!(RunFolder::is_free(&out)?, RunError::Exists(out));
        let from_file = file.recipe(self.preset)?;
        let init = self.init.or(file.init);
        let recipe = merged(&from_file, &self.overrides.changes(&from_file)?)?;
        let teachers = if self.teachers.is_empty() { file.teachers } else { self.teachers };
        distillation::check(&recipe, teachers.len())?;
        let chosen = self.device.open_several(recipe.devices)?;
        println!("device: {} - {}", chosen.name, chosen.reason);
        chosen.check_precision(recipe.precision)?;
        let device = chosen.device.clone().autodiff();
        let (start, imported) = start(&recipe, init.as_deref(), &device)?;
        let (train, valid) = load(&data, &self.loading.options(), &recipe)?;
        let start = ready(start, &imported, &train, &recipe, &device)?;
        let data_sha256 = data_hash(&[(SplitName::Train, &train), (SplitName::Valid, &valid)]);
        let (init_sha256, teachers_sha256) = (init.as_deref().map(weights_sha256).transpose()?, hashes(&teachers)?);
        let text = |path: PathBuf| path.display().to_string();
        let description = RunDescription {
            classes: train.classes.clone(),
            data: data.to_string(),
            data_sha256,
            loading: self.loading.options(),
            init: init.map(text),
            teachers: teachers.iter().cloned().map(text).collect(),
            init_sha256,
            teachers_sha256,
            device: chosen.name.clone(),
            resumed_on: Vec::new(),
            version: env!("CARGO_PKG_VERSION").into(),
            commit: commit(),
            build: BuildInfo::of_this_program(),
            recipe,
        };
        let train = taught(train, &teachers, &description.recipe, &chosen.device)?;
        let run = RunFolder::create(&out, description)?;
        let optimiser = training::optimiser(&run.description().recipe);
        trained(&run, start, optimiser, (&train, &valid), &chosen, self.plain)
    }

    fn go_on(self, path: &Path) -> anyhow::Result<()> {
        let mut run = RunFolder::resume(path)?;
        let chosen = self.device.open_several(run.description().recipe.devices)?;
        println!("device: {} - {}", chosen.name, chosen.reason);
        chosen.check_precision(run.description().recipe.precision)?;
        let device = chosen.device.clone().autodiff();
        let begun = run.description().clone();
        let recipe = &begun.recipe;
        let (start, imported, optimiser) = match run.last(training::optimiser(recipe), &device)? {
            Some((state, optimiser)) => (state, Imported::default(), optimiser),
            // Stopped within its first epoch: it starts anew from what it was asked to do.
            None => {
                let init = begun.init.as_deref().map(Path::new);
                unchanged("start weights", begun.init_sha256.as_slice(), init.as_slice())?;
                let (start, imported) = start(recipe, init, &device)?;
                (start, imported, training::optimiser(recipe))
            }
        };
        println!("going on after epoch {} of {}", start.history.len(), recipe.epochs);
        if start.history.len() >= recipe.epochs {
            println!("nothing to do: the run is complete");
            return Ok(());
        }
        let data = match self.data {
            Some(data) => data,
            None => begun.data.parse().context("the run's data set")?,
        };
        let teachers: Vec<PathBuf> = begun.teachers.iter().map(PathBuf::from).collect();
        distillation::check(recipe, teachers.len())?;
        unchanged("teacher", &begun.teachers_sha256, &teachers)?;
        let (train, valid) = load(&data, &begun.loading, recipe)?;
        if data_hash(&[(SplitName::Train, &train), (SplitName::Valid, &valid)]) != begun.data_sha256 {
            bail!(
                "{data} is not what the run began with: pictures or labels have changed, and its figures would mix both"
            );
        }
        let start = ready(start, &imported, &train, recipe, &device)?;
        let train = taught(train, &teachers, recipe, &chosen.device)?;
        run.go_on_with(&chosen.name)?;
        trained(&run, start, optimiser, (&train, &valid), &chosen, self.plain)
    }
}

/// Reads a recipe file; an experiment's, which looks like one, is known by its variants.
fn recipe_file(path: &Path) -> anyhow::Result<RecipeFile> {
    let file = RecipeFile::read(path)?;
    let experiment = file.changes.contains_key("variants");
    ensure!(!experiment, "{0} is an experiment file: `trainer experiment {0}` trains its variants", path.display());
    Ok(file)
}

fn hashes(paths: &[PathBuf]) -> anyhow::Result<Vec<String>> {
    paths.iter().map(|path| Ok(weights_sha256(path)?)).collect()
}

/// Refuses weights that are not those that a run began with, as far as it knows their hashes.
fn unchanged(what: &str, hashes: &[String], paths: &[impl AsRef<Path>]) -> anyhow::Result<()> {
    for (hash, path) in hashes.iter().zip(paths.iter().map(AsRef::as_ref)) {
        if weights_sha256(path)? != *hash {
            bail!("{what} {} changed since the run began, and its figures would mix both", path.display());
        }
    }
    Ok(())
}

/// Trains to the recipe's last epoch and shows how far it is.
fn trained(
    run: &RunFolder,
    start: Checkpoint,
    optimiser: ModuleOptimizer,
    (train, valid): (&Arc<Split>, &Split),
    chosen: &ChosenDevice,
    plain: bool,
) -> anyhow::Result<()> {
    let mut observer = progress::observer(ShownRun::new(run, &chosen.name, &start.history), plain);
    let devices = chosen.all_with_gradients();
    let outcome = training::train(run, start, optimiser, train, valid, &devices, observer.as_mut());
    // Gives the terminal back, so that an error is printed where it stays.
    drop(observer);
    match outcome {
        Err(TrainingError::Stopped { epoch }) => bail!(progress::stopped(run.path(), epoch)),
        outcome => outcome.with_context(|| format!("run {}", run.path().display())),
    }
}

/// The state before the first epoch; what became of the start weights is printed.
fn start(recipe: &Recipe, init: Option<&Path>, device: &Device) -> anyhow::Result<(Checkpoint, Imported)> {
    let (checkpoint, imported) = first_checkpoint(recipe, init, device)?;
    if let Some(path) = init {
        let list = |what: &str, names: &[String]| {
            if !names.is_empty() {
                println!("  {what} ({}): {}", names.len(), names.join(", "));
            }
        };
        println!("start weights from {}", path.display());
        list("found", &imported.found);
        list("not found, random", &imported.missing);
        list("of another shape, random", &imported.other_shape);
        list("not used", &imported.unused);
    }
    Ok((checkpoint, imported))
}

/// The state before the first epoch, its batch norms calibrated if the start weights came without their statistics.
fn ready(
    start: Checkpoint,
    imported: &Imported,
    train: &Split,
    recipe: &Recipe,
    device: &Device,
) -> anyhow::Result<Checkpoint> {
    if !imported.without_statistics {
        return Ok(start);
    }
    println!("  batch norms calibrated on training pictures: the start weights came without their statistics");
    Ok(calibrated(start, train, recipe, device)?)
}

/// Training and validation split.
fn load(data: &DataSpec, options: &LoadOptions, recipe: &Recipe) -> anyhow::Result<(Split, Split)> {
    let read = |name: SplitName| {
        let split = load_crops(data, name, options)?;
        if split.classes.len() != recipe.network.classes {
            bail!("{data} has {} classes, the network {}", split.classes.len(), recipe.network.classes);
        }
        println!("{name}: {} pictures of {data}; left out: {}", split.samples.len(), split.left_out);
        Ok(split)
    };
    Ok((read(SplitName::Train)?, read(SplitName::Valid)?))
}

/// The training split with its teachers' answers in its targets.
fn taught(mut train: Split, teachers: &[PathBuf], recipe: &Recipe, device: &Device) -> anyhow::Result<Arc<Split>> {
    if !teachers.is_empty() {
        println!("asking {} teacher(s)", teachers.len());
        let teachers = teachers.iter().map(|path| weights_folder::open(path, device)).collect::<Result<Vec<_>, _>>()?;
        teach(&mut train, &teachers, recipe)?;
    }
    Ok(Arc::new(train))
}
