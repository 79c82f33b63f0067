//! A run on disk: what was asked for, what was measured, and checkpoints that are whole or not there.
//!
//! ```text
//! run.json                      recipe, data, start weights, devices, versions
//! metrics.csv                   one row an epoch
//! test-evaluations.csv          who looked at a test split, see `test_evaluations`
//! checkpoints/epoch-0007/       network.bpk, average.bpk, optimiser.bpk, centres.json, metrics.csv until then
//! ```
//!
//! A checkpoint is written into a folder of another name and renamed when it is complete. The last and the best one are kept. The last
//! checkpoint is what counts: whatever a killed process left undone beside it is mended when the run is gone on with.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::store::ModuleRecord;
use burn::tensor::{Device, TensorData};
use dacl::network::Dacl;
use serde::{Deserialize, Serialize};

use crate::build_info::BuildInfo;
use crate::csv_text::csv_text;
use crate::data::LoadOptions;
use crate::folder_lock::{LOCK_FILE, LockError, lock};
use crate::initial_weights::network_from_record;
use crate::loss::Centres;
use crate::recipe::Recipe;
use crate::training::WeightAverage;

const RUN_FILE: &str = "run.json";
const CHECKPOINTS: &str = "checkpoints";
/// What files and folders are called while they are written.
const PARTIAL: &str = ".partial";
const METRICS_FILE: &str = "metrics.csv";
const CENTRES_FILE: &str = "centres.json";
const NETWORK_FILE: &str = "network.bpk";
const AVERAGE_FILE: &str = "average.bpk";

/// What a run was asked to do and where it ran.
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
    /// SHA-256 of the start weights, see [`weights_sha256`](crate::weights_folder::weights_sha256).
    #[serde(default)]
    pub init_sha256: Option<String>,
    /// SHA-256 of each teacher's weights.
    #[serde(default)]
    pub teachers_sha256: Vec<String>,
    /// Class names in order.
    pub classes: Vec<String>,
    /// Device that the run started on.
    pub device: String,
    /// Devices that it was gone on with on, in order, each where it was another than before.
    #[serde(default)]
    pub resumed_on: Vec<String>,
    /// Version of the trainer.
    pub version: String,
    /// Commit that the trainer was built from; in older runs, that of the working tree in which it was started.
    pub commit: Option<String>,
    /// What else the trainer was built from.
    #[serde(default)]
    pub build: BuildInfo,
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
    /// Open while this process may write checkpoints.
    _lock: Option<File>,
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
    /// Another process trains it.
    #[error("another process trains {0}: wait for its end, or stop it")]
    Busy(PathBuf),
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
    /// Makes the folder and writes `run.json`. No other process can train the run while the value lives.
    ///
    /// # Errors
    /// When the folder has content already, cannot be written, or another process is at work there.
    pub fn create(path: &Path, description: RunDescription) -> Result<Self, RunError> {
        let free = || match Self::is_free(path)? {
            true => Ok(()),
            false => Err(RunError::Exists(path.to_owned())),
        };
        // Asked first, so that nothing is left in a folder of somebody else; and again when nobody can come between.
        free()?;
        fs::create_dir_all(path).map_err(io(path))?;
        let lock = locked(path)?;
        free()?;
        write_json(&path.join(RUN_FILE), &description)?;
        Ok(Self { path: path.to_owned(), description, _lock: Some(lock) })
    }

    /// Whether a run can begin at `path`: nothing is there, or no more than a process leaves that is killed before `run.json` is there.
    ///
    /// # Errors
    /// When there is something that cannot be looked into.
    pub fn is_free(path: &Path) -> Result<bool, RunError> {
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
            Err(error) => return Err(io(path)(error)),
        };
        for entry in entries {
            let entry = entry.map_err(io(path))?;
            let name = entry.file_name();
            let beginning = name == LOCK_FILE || name.to_string_lossy().starts_with(PARTIAL);
            let empty =
                name == CHECKPOINTS && fs::read_dir(entry.path()).is_ok_and(|mut inside| inside.next().is_none());
            if !beginning && !empty {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Opens a run to go on with it, and finishes what a process left undone that was killed while it saved. No other process can train
    /// the run while the value lives.
    ///
    /// # Errors
    /// When the folder has no readable `run.json`, another process trains it, or the disk does not take what is mended.
    pub fn resume(path: &Path) -> Result<Self, RunError> {
        let run = Self::open(path)?;
        let run = Self { _lock: Some(locked(path)?), ..run };
        for entry in fs::read_dir(path).map_err(io(path))? {
            let entry = entry.map_err(io(path))?;
            if entry.file_name().to_string_lossy().starts_with(PARTIAL) {
                fs::remove_file(entry.path()).map_err(io(&entry.path()))?;
            }
        }
        let history = run.history()?;
        if !history.is_empty() {
            write_metrics(&path.join(METRICS_FILE), &history)?;
            run.prune(history.len(), best_epoch(&history))?;
        }
        Ok(run)
    }

    /// Writes down that the run is gone on with on `device`, where that is another than before.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn go_on_with(&mut self, device: &str) -> Result<(), RunError> {
        let RunDescription { device: first, resumed_on, .. } = &mut self.description;
        if resumed_on.last().unwrap_or(first) != device {
            resumed_on.push(device.to_owned());
            write_json(&self.path.join(RUN_FILE), &self.description)?;
        }
        Ok(())
    }

    /// Opens an existing run to read it.
    ///
    /// # Errors
    /// When the folder has no readable `run.json`.
    pub fn open(path: &Path) -> Result<Self, RunError> {
        let file = path.join(RUN_FILE);
        let text = fs::read_to_string(&file).map_err(|_| RunError::NotARun(path.to_owned()))?;
        let description = serde_json::from_str(&text).map_err(|error| broken(&file, error))?;
        Ok(Self { path: path.to_owned(), description, _lock: None })
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
        let partial = self.path.join(CHECKPOINTS).join(PARTIAL);
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

    /// The file with one row for each epoch that is done, that of the last checkpoint.
    ///
    /// # Errors
    /// When there is none yet.
    pub fn metrics_file(&self) -> Result<PathBuf, RunError> {
        let last = self.epochs()?.into_iter().max().ok_or_else(|| RunError::NoCheckpoint(self.path.clone()))?;
        Ok(self.checkpoint_path(last).join(METRICS_FILE))
    }

    /// The file of the network of [`best`](Self::best) that answers.
    ///
    /// # Errors
    /// When there is none yet, or the metrics cannot be read.
    pub fn best_weights_file(&self) -> Result<PathBuf, RunError> {
        let best = self.checkpoint_path(self.best_epoch()?);
        Ok(best.join(if self.description.recipe.weight_average > 0.0 { AVERAGE_FILE } else { NETWORK_FILE }))
    }

    fn best_epoch(&self) -> Result<usize, RunError> {
        Ok(best_epoch(&read_metrics(&self.metrics_file()?)?))
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
        self.load(self.best_epoch()?, device)
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
        let folder = self.path.join(CHECKPOINTS);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(io(&folder)(error)),
        };
        Ok(entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_prefix("epoch-")?.parse().ok()).collect())
    }

    fn checkpoint_path(&self, epoch: usize) -> PathBuf {
        self.path.join(CHECKPOINTS).join(format!("epoch-{epoch:04}"))
    }

    fn prune(&self, last: usize, best: usize) -> Result<(), RunError> {
        for epoch in self.epochs()?.into_iter().filter(|&epoch| epoch != last && epoch != best) {
            let path = self.checkpoint_path(epoch);
            fs::remove_dir_all(&path).map_err(io(&path))?;
        }
        Ok(())
    }
}

fn locked(path: &Path) -> Result<File, RunError> {
    lock(path).map_err(|error| match error {
        LockError::Taken => RunError::Busy(path.to_owned()),
        LockError::Io(source) => RunError::Io { path: path.join(LOCK_FILE), source },
    })
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
    let mut file = tempfile::Builder::new().prefix(PARTIAL).tempfile_in(folder).map_err(io(path))?;
    std::io::Write::write_all(&mut file, bytes).map_err(io(path))?;
    file.as_file().sync_all().map_err(io(path))?;
    file.persist(path).map_err(|error| RunError::Io { path: path.to_owned(), source: error.error })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::recipe::Preset;
    use crate::training::optimiser;
    use dacl::network::{ContextEncoderConfig, HEADS};

    fn row(epoch: usize, valid_accuracy: f64) -> EpochMetrics {
        EpochMetrics {
            epoch,
            steps: 1,
            learning_rate: 0.1,
            train_loss: 1.0,
            train_cross_entropy: 1.0,
            train_center_loss: 1.0,
            train_accuracy: 0.5,
            valid_cross_entropy: 1.0,
            valid_accuracy,
            valid_mean_class_accuracy: 0.5,
            attention_mean: None,
            attention_std: None,
            attention_below_005: None,
            images_per_second: 1.0,
            waiting_for_pictures: 0.0,
            seconds: 1.0,
        }
    }

    fn description() -> RunDescription {
        let mut recipe = Preset::Compact.recipe().with_input_size(32);
        recipe.network.context_encoder = ContextEncoderConfig { hidden1: 2, hidden2: 2, code: 2 };
        RunDescription {
            recipe,
            data: "synthetic".into(),
            data_sha256: String::new(),
            loading: LoadOptions::default(),
            init: None,
            teachers: Vec::new(),
            init_sha256: None,
            teachers_sha256: Vec::new(),
            classes: crate::data::class_names(),
            device: "CPU".into(),
            resumed_on: Vec::new(),
            version: "0".into(),
            commit: None,
            build: BuildInfo::default(),
        }
    }

    #[test]
    fn the_best_epoch_is_the_earliest_of_the_highest() {
        let history = |accuracies: &[f64]| -> Vec<EpochMetrics> {
            (1..).zip(accuracies).map(|(epoch, &accuracy)| row(epoch, accuracy)).collect()
        };
        for (accuracies, best) in [(&[0.5][..], 1), (&[0.5, 0.7, 0.6], 2), (&[0.5, 0.7, 0.7], 2), (&[0.1, 0.2], 2)] {
            assert_eq!(best_epoch(&history(accuracies)), best, "{accuracies:?}");
        }
    }

    #[test]
    fn the_last_and_the_best_checkpoint_are_kept_and_each_comes_back_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let run = RunFolder::create(&folder.path().join("run"), description()).unwrap();
        let (recipe, device) = (&run.description().recipe, Device::flex());
        let network = Dacl::new(&recipe.network, &device).unwrap();
        let mut history = Vec::new();
        // The centres say which epoch a checkpoint is of.
        let centres =
            |epoch: usize| Centres::at(TensorData::new(vec![epoch as f32; 7 * HEADS], [7, HEADS]), 0.5, &device);
        for (epoch, accuracy, kept) in [(1, 0.5, &[1][..]), (2, 0.7, &[2]), (3, 0.7, &[2, 3]), (4, 0.6, &[2, 4])] {
            history.push(row(epoch, accuracy));
            let (network, history) = (network.clone(), history.clone());
            let checkpoint = Checkpoint { network, average: None, centres: centres(epoch), history };
            run.save(&checkpoint, &optimiser(recipe)).unwrap();
            let mut epochs = run.epochs().unwrap();
            epochs.sort_unstable();
            assert_eq!(epochs, kept);
        }
        assert_eq!(run.best(&device).unwrap().centres.rows()[0][0], 2.0);
        let (last, _) = run.last(optimiser(recipe), &device).unwrap().unwrap();
        assert_eq!((last.centres.rows()[6][0], last.history.len()), (4.0, 4));
        assert!(run.best_weights_file().unwrap().ends_with("epoch-0002/network.bpk"));
    }

    #[test]
    fn a_run_of_before_builds_and_hashes_were_recorded_still_opens() {
        let folder = tempfile::tempdir().unwrap();
        RunFolder::create(folder.path(), description()).unwrap();
        let file = folder.path().join(RUN_FILE);
        let mut old: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        let fields = old.as_object_mut().unwrap();
        for name in ["build", "init_sha256", "teachers_sha256", "resumed_on", "teachers"] {
            assert!(fields.remove(name).is_some(), "{name}");
        }
        fs::write(&file, old.to_string()).unwrap();
        assert_eq!(*RunFolder::open(folder.path()).unwrap().description(), description());
    }

    #[test]
    fn nobody_else_trains_a_run_that_is_being_trained_and_anybody_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let run = RunFolder::create(folder.path(), description()).unwrap();
        let said = RunFolder::resume(folder.path()).unwrap_err().to_string();
        assert!(said.contains("another process trains"), "{said}");
        assert!(RunFolder::open(folder.path()).is_ok());
        drop(run);
        assert!(RunFolder::resume(folder.path()).is_ok());
    }
}
