//! What a report is about: the best checkpoint of a run, or an exported artefact.

use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use dacl::artefact::Manifest;
use dacl::network::{AttentionArm, DaclConfig, LabelPath, WeightError, fold_attention_arm, fold_label_path};
use dacl::preprocess::Preprocessing;

use super::curves::Curves;
use crate::artefact::Artefact;
use crate::loss::LossKind;
use crate::run_folder::{RunDescription, RunError, RunFolder, best_epoch};
use crate::weights_folder::{OpenError, WeightsFolder};

/// A network that is ready to be looked into, and where it comes from.
pub struct Subject {
    /// Name of the folder.
    pub name: String,
    /// Class names in order.
    pub classes: Vec<String>,
    /// How a picture becomes the network's input.
    pub preprocessing: Preprocessing,
    /// The network's dimensions.
    pub network: DaclConfig,
    /// Where it comes from.
    pub origin: Origin,
    /// The class centres; `None` for a loss that does not move them.
    pub centres: Option<Vec<Vec<f64>>>,
    pub(super) label_path: LabelPath,
    /// `None` where nothing trained it.
    pub(super) attention_arm: Option<AttentionArm>,
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
    pub curves: Curves,
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
    /// The weights do not make a network.
    #[error("the weights do not make a network: {0}")]
    Weights(#[from] WeightError),
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
        match WeightsFolder::read(path)? {
            WeightsFolder::Artefact(manifest) => Self::artefact(path, name, *manifest, device),
            WeightsFolder::Run(run) => Self::run(&run, name, device),
        }
    }

    fn artefact(path: &Path, name: String, manifest: Manifest, device: &Device) -> Result<Self, SubjectError> {
        let Artefact { manifest, labels, attention, centres } = Artefact::read(path, manifest)?;
        let network = manifest.network.clone();
        let label_path = LabelPath::from_weights(&network, &labels, device)?;
        let attention_arm = AttentionArm::from_weights(&network, &attention, device)?;
        let wide = |row: &Vec<f32>| row.iter().map(|&value| f64::from(value)).collect();
        Ok(Self {
            name,
            classes: manifest.classes.clone(),
            centres: Some(centres.positions().iter().map(wide).collect()),
            preprocessing: manifest.preprocessing.clone(),
            network,
            label_path,
            attention_arm: Some(attention_arm),
            origin: Origin::Artefact(Box::new(manifest)),
        })
    }

    fn run(run: &RunFolder, name: String, device: &Device) -> Result<Self, SubjectError> {
        let best = run.best(device)?;
        let answering = best.answering();
        let description = run.description().clone();
        let recipe = &description.recipe;
        let network = recipe.network.clone();
        // Folded like an export, but not quantised: evaluation mode by construction.
        let label_path = LabelPath::from_weights(&network, &fold_label_path(&answering)?, device)?;
        let attention_arm = match recipe.loss {
            LossKind::Dacl => Some(AttentionArm::from_weights(&network, &fold_attention_arm(&answering)?, device)?),
            _ => None,
        };
        let centres = (recipe.loss != LossKind::Softmax).then(|| best.centres.rows());
        let metrics = run.metrics_file()?;
        let curves = Curves::parse(&read(&metrics)?)
            .map_err(|message| SubjectError::Read { path: metrics, message: message.to_string() })?;
        let epoch = best_epoch(&run.history()?);
        Ok(Self {
            name,
            classes: description.classes.clone(),
            preprocessing: recipe.preprocessing.clone(),
            network,
            label_path,
            attention_arm,
            centres,
            origin: Origin::Run(Box::new(RunOrigin { epoch, curves, description })),
        })
    }
}

fn read(path: &Path) -> Result<Vec<u8>, SubjectError> {
    fs::read(path).map_err(|error| SubjectError::Read { path: path.to_owned(), message: error.to_string() })
}
