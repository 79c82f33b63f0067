//! A run on disk: what was asked for, what was measured, and checkpoints that are whole or not there.
//!
//! ```text
//! run.json                      recipe, data, start weights, device, versions
//! metrics.csv                   one row an epoch
//! checkpoints/epoch-0007/       network.bpk, average.bpk, optimiser.bpk, centres.json, metrics.csv until then
//! ```
//!
//! A checkpoint is written into a folder of another name and renamed when it is complete. The last and the best one are kept.

use std::fs;
use std::path::{Path, PathBuf};

use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::store::ModuleRecord;
use burn::tensor::{Device, TensorData};
use dacl::network::Dacl;
use serde::{Deserialize, Serialize};

use crate::csv_text::csv_text;
use crate::data::LoadOptions;
use crate::initial_weights::network_from_record;
use crate::loss::Centres;
use crate::recipe::Recipe;
use crate::training::WeightAverage;

const METRICS_FILE: &str = "metrics.csv";
const CENTRES_FILE: &str = "centres.json";
const NETWORK_FILE: &str = "network.bpk";
const AVERAGE_FILE: &str = "average.bpk";

/// What a run was asked to do and where it ran; written once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunDescription {
    /// The resolved recipe.
    pub recipe: Recipe,
    /// The data set, as it was named on the command line.
    pub data: String,
    /// Hash over names, labels, votes and content of the training and validation pictures, see
    /// [`data_hash`](crate::data::data_hash).
    pub data_sha256: String,
    /// How the data set was read.
    pub loading: LoadOptions,
    /// The start weights, as they were named on the command line.
    pub init: Option<String>,
    /// Networks whose answers are part of the targets, as they were named on the command line.
    #[serde(default)]
    pub teachers: Vec<String>,
    /// Class names in order.
    pub classes: Vec<String>,
    /// Device that the run started on.
    pub device: String,
    /// Version of the trainer.
    pub version: String,
    /// Commit of the working tree that the run was started in, if it was one.
    pub commit: Option<String>,
}

/// One row of `metrics.csv`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EpochMetrics {
    /// Epoch, from 1.
    pub epoch: usize,
    /// Steps of the optimiser in it.
    pub steps: usize,
    /// Learning rate of the epoch's last step.
    pub learning_rate: f64,
    /// Mean total loss over the training batches.
    pub train_loss: f64,
    /// Mean cross entropy over the training batches.
    pub train_cross_entropy: f64,
    /// Mean (sparse) center loss over the training batches, before its weight lambda.
    pub train_center_loss: f64,
    /// Share of training pictures named rightly, in training mode.
    pub train_accuracy: f64,
    /// Mean cross entropy on the validation split.
    pub valid_cross_entropy: f64,
    /// Accuracy on the validation split.
    pub valid_accuracy: f64,
    /// Mean of the recalls a class on the validation split.
    pub valid_mean_class_accuracy: f64,
    /// Mean attention over the training batches; empty when the loss has no attention.
    pub attention_mean: Option<f64>,
    /// Standard deviation of the attention.
    pub attention_std: Option<f64>,
    /// Share of attention values below 0.05.
    pub attention_below_005: Option<f64>,
    /// Training speed.
    pub images_per_second: f64,
    /// Share of the training time that steps waited for their pictures; 0 in runs of before it was measured. A GPU still has steps
    /// to do while the next one waits, so that it stands still for less than this.
    #[serde(default)]
    pub waiting_for_pictures: f64,
    /// Length of the epoch, validation included.
    pub seconds: f64,
}

/// A run folder.
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
    description: RunDescription,
}

/// A checkpoint in memory.
pub struct Checkpoint {
    /// The network, on the device it was loaded to.
    pub network: Dacl,
    /// The moving average of its weights, where the recipe asks for one.
    pub average: Option<WeightAverage>,
    /// The class centres.
    pub centres: Centres,
    /// One row for each epoch that is done.
    pub history: Vec<EpochMetrics>,
}

impl Checkpoint {
    /// The network that answers: the averaged weights where there are some, in evaluation form.
    pub fn answering(&self) -> Dacl {
        match &self.average {
            Some(average) => average.network().clone(),
            None => self.network.valid(),
        }
    }
}

/// A run folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The folder holds something already.
    #[error("{0} exists already: choose another --out, or continue that run with --resume {0}")]
    Exists(PathBuf),
    /// The folder is not a run.
    #[error("{0} is not a run folder: it has no readable run.json")]
    NotARun(PathBuf),
    /// There is no finished epoch in it.
    #[error("{0} has no finished epoch yet")]
    NoCheckpoint(PathBuf),
    /// Reading or writing failed.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file is broken.
    #[error("{path} is broken: {message}")]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> RunError {
    move |source| RunError::Io { path: path.to_owned(), source }
}

fn broken(path: &Path, message: impl ToString) -> RunError {
    RunError::Broken { path: path.to_owned(), message: message.to_string() }
}

impl RunFolder {
    /// Makes the folder and writes `run.json`.
    ///
    /// # Errors
    /// When the folder has content already or cannot be written.
    pub fn create(path: &Path, description: RunDescription) -> Result<Self, RunError> {
        if fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(RunError::Exists(path.to_owned()));
        }
        let checkpoints = path.join("checkpoints");
        fs::create_dir_all(&checkpoints).map_err(io(&checkpoints))?;
        write_json(&path.join("run.json"), &description)?;
        Ok(Self { path: path.to_owned(), description })
    }

    /// Opens an existing run.
    ///
    /// # Errors
    /// When the folder has no readable `run.json`.
    pub fn open(path: &Path) -> Result<Self, RunError> {
        let file = path.join("run.json");
        let text = fs::read_to_string(&file).map_err(|_| RunError::NotARun(path.to_owned()))?;
        let description = serde_json::from_str(&text).map_err(|error| broken(&file, error))?;
        Ok(Self { path: path.to_owned(), description })
    }

    /// What the run was asked to do.
    pub fn description(&self) -> &RunDescription {
        &self.description
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Saves the state after an epoch, then drops the checkpoints that are neither the last nor the best.
    ///
    /// # Errors
    /// When the disk does not take it; what was there before stays.
    pub fn save(&self, checkpoint: &Checkpoint, optimiser: &ModuleOptimizer) -> Result<(), RunError> {
        let epoch = checkpoint.history.len();
        let target = self.checkpoint_path(epoch);
        let partial = self.path.join("checkpoints").join(".partial");
        if partial.exists() {
            fs::remove_dir_all(&partial).map_err(io(&partial))?;
        }
        fs::create_dir_all(&partial).map_err(io(&partial))?;
        let network = partial.join(NETWORK_FILE);
        checkpoint.network.clone().into_record().save(&network).map_err(|error| broken(&network, error))?;
        if let Some(average) = &checkpoint.average {
            let file = partial.join(AVERAGE_FILE);
            average.network().clone().into_record().save(&file).map_err(|error| broken(&file, error))?;
        }
        let momentum = partial.join("optimiser.bpk");
        optimiser.save(&momentum).map_err(|error| broken(&momentum, error))?;
        write_json(&partial.join(CENTRES_FILE), &checkpoint.centres.rows())?;
        write_metrics(&partial.join(METRICS_FILE), &checkpoint.history)?;
        if target.exists() {
            fs::remove_dir_all(&target).map_err(io(&target))?;
        }
        fs::rename(&partial, &target).map_err(io(&target))?;
        write_metrics(&self.path.join(METRICS_FILE), &checkpoint.history)?;
        self.prune(epoch, best_epoch(&checkpoint.history))
    }

    /// The newest checkpoint and the optimiser's state, or `None` before the first epoch's end.
    ///
    /// # Errors
    /// When a checkpoint is there and cannot be read.
    pub fn last(
        &self,
        optimiser: ModuleOptimizer,
        device: &Device,
    ) -> Result<Option<(Checkpoint, ModuleOptimizer)>, RunError> {
        let Some(epoch) = self.epochs()?.into_iter().max() else { return Ok(None) };
        let checkpoint = self.load(epoch, device)?;
        let file = self.checkpoint_path(epoch).join("optimiser.bpk");
        let optimiser = optimiser.load(&file).map_err(|error| broken(&file, error))?;
        Ok(Some((checkpoint, optimiser)))
    }

    /// One row for each epoch that is done; empty before the first epoch's end.
    ///
    /// # Errors
    /// When the last checkpoint's metrics cannot be read.
    pub fn history(&self) -> Result<Vec<EpochMetrics>, RunError> {
        match self.epochs()?.into_iter().max() {
            Some(epoch) => read_metrics(&self.checkpoint_path(epoch).join(METRICS_FILE)),
            None => Ok(Vec::new()),
        }
    }

    /// The checkpoint with the highest accuracy on the validation split.
    ///
    /// # Errors
    /// When there is none yet, or it cannot be read.
    pub fn best(&self, device: &Device) -> Result<Checkpoint, RunError> {
        let last = self.epochs()?.into_iter().max().ok_or_else(|| RunError::NoCheckpoint(self.path.clone()))?;
        self.load(best_epoch(&read_metrics(&self.checkpoint_path(last).join(METRICS_FILE))?), device)
    }

    /// The network of [`best`](Self::best) that answers, in evaluation form.
    ///
    /// # Errors
    /// As [`best`](Self::best).
    pub fn best_network(&self, device: &Device) -> Result<Dacl, RunError> {
        Ok(self.best(device)?.answering())
    }

    fn load(&self, epoch: usize, device: &Device) -> Result<Checkpoint, RunError> {
        let recipe = &self.description.recipe;
        let history = read_metrics(&self.checkpoint_path(epoch).join(METRICS_FILE))?;
        let network = self.load_network(epoch, NETWORK_FILE, device)?;
        let average = match recipe.weight_average > 0.0 {
            true => {
                let network = self.load_network(epoch, AVERAGE_FILE, &device.clone().inner())?;
                Some(WeightAverage::resumed(network, recipe.weight_average, history.iter().map(|row| row.steps).sum()))
            }
            false => None,
        };
        let file = self.checkpoint_path(epoch).join(CENTRES_FILE);
        let text = fs::read_to_string(&file).map_err(io(&file))?;
        let centres: Vec<Vec<f64>> = serde_json::from_str(&text).map_err(|error| broken(&file, error))?;
        let width = centres.first().map_or(0, Vec::len);
        let values: Vec<f32> = centres.concat().into_iter().map(|value| value as f32).collect();
        if width == 0 || values.len() != centres.len() * width {
            return Err(broken(&file, "its rows are not of one length"));
        }
        let centres = Centres::at(TensorData::new(values, [centres.len(), width]), recipe.alpha, device);
        Ok(Checkpoint { network, average, centres, history })
    }

    fn load_network(&self, epoch: usize, name: &str, device: &Device) -> Result<Dacl, RunError> {
        let file = self.checkpoint_path(epoch).join(name);
        let record = ModuleRecord::load(&file).map_err(|error| broken(&file, error))?;
        network_from_record(&self.description.recipe.network, record, device).map_err(|error| broken(&file, error))
    }

    /// Epochs that have a checkpoint.
    fn epochs(&self) -> Result<Vec<usize>, RunError> {
        let folder = self.path.join("checkpoints");
        let entries = fs::read_dir(&folder).map_err(io(&folder))?;
        Ok(entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_prefix("epoch-")?.parse().ok()).collect())
    }

    fn checkpoint_path(&self, epoch: usize) -> PathBuf {
        self.path.join("checkpoints").join(format!("epoch-{epoch:04}"))
    }

    fn prune(&self, last: usize, best: usize) -> Result<(), RunError> {
        for epoch in self.epochs()?.into_iter().filter(|&epoch| epoch != last && epoch != best) {
            let path = self.checkpoint_path(epoch);
            fs::remove_dir_all(&path).map_err(io(&path))?;
        }
        Ok(())
    }
}

fn write_metrics(path: &Path, history: &[EpochMetrics]) -> Result<(), RunError> {
    write_whole(path, &csv_text(history).map_err(|error| broken(path, error))?)
}

/// CSV and not JSON, whose reader may miss a number's last bit: a resumed run is to write the same figures again.
fn read_metrics(path: &Path) -> Result<Vec<EpochMetrics>, RunError> {
    let mut reader = csv::Reader::from_path(path).map_err(|error| broken(path, error))?;
    let rows: Vec<EpochMetrics> =
        reader.deserialize().collect::<Result<_, _>>().map_err(|error| broken(path, error))?;
    if rows.is_empty() {
        return Err(broken(path, "it has no row"));
    }
    Ok(rows)
}

/// The epoch (from 1) with the highest validation accuracy, the earliest of equals.
pub fn best_epoch(history: &[EpochMetrics]) -> usize {
    let mut best = 0;
    for (index, row) in history.iter().enumerate() {
        if row.valid_accuracy > history[best].valid_accuracy {
            best = index;
        }
    }
    best + 1
}

fn write_json(path: &Path, value: &impl Serialize) -> Result<(), RunError> {
    let text = serde_json::to_string_pretty(value).map_err(|error| broken(path, error))?;
    write_whole(path, text.as_bytes())
}

/// Writes a file so that a reader sees the old content or the new, never a part.
///
/// # Errors
/// When the disk does not take it.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), RunError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(io(path))?;
    std::io::Write::write_all(&mut file, bytes).map_err(io(path))?;
    file.as_file().sync_all().map_err(io(path))?;
    file.persist(path).map_err(|error| RunError::Io { path: path.to_owned(), source: error.error })?;
    Ok(())
}
