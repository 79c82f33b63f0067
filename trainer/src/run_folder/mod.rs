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

mod checkpoints;
mod description;
mod metrics;

pub use self::checkpoints::Checkpoint;
pub use self::description::RunDescription;
pub use self::metrics::{EpochMetrics, best_epoch};

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Serialize;

use self::metrics::{METRICS_FILE, write_metrics};
use crate::folder_lock::{LOCK_FILE, LockError, lock};
use crate::whole_file::{PARTIAL, write_whole};

/// What was asked for, by which a run folder is known.
pub(crate) const RUN_FILE: &str = "run.json";
const CHECKPOINTS: &str = "checkpoints";

/// A run folder.
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
    description: RunDescription,
    /// Open while this process may write checkpoints.
    _lock: Option<File>,
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
}

fn locked(path: &Path) -> Result<File, RunError> {
    lock(path).map_err(|error| match error {
        LockError::Taken => RunError::Busy(path.to_owned()),
        LockError::Io(source) => RunError::Io { path: path.join(LOCK_FILE), source },
    })
}

fn write_json(path: &Path, value: &impl Serialize) -> Result<(), RunError> {
    let text = serde_json::to_string_pretty(value).map_err(|error| broken(path, error))?;
    write(path, text.as_bytes())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), RunError> {
    write_whole(path, bytes).map_err(io(path))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::build_info::BuildInfo;
    use crate::data::LoadOptions;
    use crate::recipe::Preset;
    use dacl::network::ContextEncoderConfig;

    pub(super) fn description() -> RunDescription {
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
