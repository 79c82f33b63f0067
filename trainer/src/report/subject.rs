//! What a report is about: the best checkpoint of a run, or an exported artefact.

use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use dacl::artefact::Manifest;
use dacl::recognise::Recogniser;

use super::curves::Curves;
use crate::loss::LossKind;
use crate::run_folder::{RunDescription, RunError, RunFolder, best_epoch};
use crate::weights_folder::{self, OpenError, WeightsFolder, run_recogniser};

/// A network that is ready to be looked into, and where it comes from.
pub struct Subject {
    /// Name of the folder.
    pub name: String,
    /// Class names in order.
    pub classes: Vec<String>,
    /// Where it comes from.
    pub origin: Origin,
    /// The class centres; `None` for a loss that does not move them.
    pub centres: Option<Vec<Vec<f64>>>,
    /// The length of the features that the centres lie among; 0 where these are taken as they are, as in every artefact.
    pub feature_length: f64,
    pub(super) recogniser: Recogniser,
}

/// Where a network comes from.
pub enum Origin {
    /// The best checkpoint of a run.
    Run(Box<RunOrigin>),
    /// An exported artefact.
    Artefact(Box<Manifest>),
}

/// What only a run knows.
pub struct RunOrigin {
    /// What it was asked to do.
    pub description: RunDescription,
    /// The epoch that was best on the validation split.
    pub epoch: usize,
    /// What was measured epoch by epoch.
    pub(super) curves: Curves,
}

/// A report's subject cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum SubjectError {
    /// It is neither a run nor an artefact, or broken.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The run is broken.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A file cannot be read.
    #[error("{path} cannot be read: {message}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
}

impl Subject {
    /// Opens the run or the artefact at `path` on `device`.
    ///
    /// # Errors
    /// When it is neither, or broken.
    pub fn open(path: &Path, device: &Device) -> Result<Self, SubjectError> {
        let name = path.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
        let name = name.unwrap_or_else(|| path.display().to_string());
        let (origin, recogniser, centres, feature_length) = match WeightsFolder::read(path)? {
            WeightsFolder::Artefact(manifest) => {
                let recogniser = weights_folder::open(path, device)?.recogniser;
                let wide = |row: &Vec<f32>| row.iter().map(|&value| f64::from(value)).collect();
                let centres = recogniser.centres().map(|centres| centres.positions().iter().map(wide).collect());
                (Origin::Artefact(manifest), recogniser, centres, 0.0)
            }
            WeightsFolder::Run(run) => {
                // Loaded once: a run that is still at work may have another best one in a moment.
                let best = run.best(device)?;
                let recipe = &run.description().recipe;
                let (centres, feature_length) = match recipe.loss {
                    LossKind::Softmax => (None, 0.0),
                    LossKind::Center | LossKind::Dacl => (Some(best.centres.rows()), recipe.feature_length),
                };
                let origin = Origin::Run(Box::new(RunOrigin::of(&run, best_epoch(&best.history))?));
                (origin, run_recogniser(&run, &best, device)?, centres, feature_length)
            }
        };
        Ok(Self { name, classes: recogniser.config().classes.clone(), origin, centres, feature_length, recogniser })
    }
}

impl RunOrigin {
    fn of(run: &RunFolder, epoch: usize) -> Result<Self, SubjectError> {
        let metrics = run.metrics_file()?;
        let curves = Curves::parse(&read(&metrics)?)
            .map_err(|message| SubjectError::Read { path: metrics, message: message.to_string() })?;
        Ok(Self { epoch, curves, description: run.description().clone() })
    }
}

fn read(path: &Path) -> Result<Vec<u8>, SubjectError> {
    fs::read(path).map_err(|error| SubjectError::Read { path: path.to_owned(), message: error.to_string() })
}
