//! Writes trained networks for others to use: the artefact that the browser loads, tensors by name for PyTorch and for later
//! runs, an ONNX file for everything else. One format a file.

mod browser;
mod metadata;
mod onnx;
mod safetensors;
mod target;

use std::path::{Path, PathBuf};

use dacl::artefact::{FaceCrop, FileEntry, ManifestError, WeightFileError};
use dacl::network::{UnfoldError, WeightError};
use dacl::recognise::{DeviceFailure, LoadError};

pub use self::browser::{ExportedArtefact, centres_fit, check_attention, renew_centres, to_browser};
pub(crate) use self::metadata::{start_weights, teacher_names};
pub use self::onnx::{ExportedOnnx, artefact_to_onnx, to_onnx};
pub use self::safetensors::{artefact_to_safetensors, to_safetensors};
pub use self::target::check as check_target;
use crate::artefact::Artefact;
use crate::data::{ClassesDiffer, Split};
use crate::run_folder::RunError;
use crate::weights_folder::{OpenError, WeightsFolder};

/// What an export is told beside the run.
#[derive(Clone, Debug)]
pub struct ExportOptions {
    /// How faces are to be cut out of photographs.
    pub face_crop: FaceCrop,
    /// Whether what is in the target may be replaced.
    pub overwrite: bool,
}

/// What an export is measured on.
#[derive(Clone, Copy)]
pub struct Validation<'a> {
    /// The pictures, ready crops.
    pub split: &'a Split,
    /// The data set, as it was named on the command line.
    pub data: &'a str,
}

/// A file that was written.
#[derive(Debug)]
pub struct ExportedFile {
    /// Name, length and hash.
    pub file: FileEntry,
    /// Whether the attention arm is in it; without it, the loss had left it untrained.
    pub with_attention: bool,
}

/// An export did not happen.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The target is a file.
    #[error("{0} is a file: --out names the folder to write to")]
    NotAFolder(PathBuf),
    /// The target is there already.
    #[error("{0} is not empty: choose another --out, or say --overwrite")]
    Exists(PathBuf),
    /// The attention arm is as random as it started.
    #[error(
        "{run} was trained with the {loss} loss, which leaves the attention arm untrained: there is no attention to show. Go on \
         from it with `trainer train --init {run} --loss dacl`, and export that run"
    )]
    NoAttention {
        /// The run.
        run: String,
        /// Its loss.
        loss: String,
    },
    /// The data hold whole photographs.
    #[error(
        "the temperature is fitted on ready crops, and these data are whole photographs: use `trainer eval` for them"
    )]
    Photographs,
    /// There is a run where an artefact is needed.
    #[error(
        "{0} is a run, not an artefact: its centres are its own, and `trainer export --run {0}` takes it as a whole"
    )]
    NoArtefact(PathBuf),
    /// The data have other classes.
    #[error(transparent)]
    Classes(#[from] ClassesDiffer),
    /// The folder holds no weights, or broken ones.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Reading the checkpoint failed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The network's weights are not finite.
    #[error("the network cannot be exported: {0}")]
    Weights(#[from] WeightError),
    /// The weight file cannot be made.
    #[error("the weight file cannot be made: {0}")]
    File(#[from] WeightFileError),
    /// A class of an artefact has no centre.
    #[error("there is no training picture of {}: a class without one has no centre", .0.join(", "))]
    NoPicture(Vec<String>),
    /// The run's centres do not fit, and there is no split to find others on.
    #[error(
        "the run's centres lie among features of one length: those of its artefact are found on the training split"
    )]
    NoTrainingSplit,
    /// The manifest would be refused by whoever reads it.
    #[error("the artefact could not be read again: {0}")]
    Manifest(#[from] ManifestError),
    /// What describes the weights cannot be written down.
    #[error("the weights' description cannot be made: {0}")]
    Metadata(#[from] serde_json::Error),
    /// The folded or the quantised weights do not make a network.
    #[error("the weights do not make a network: {0}")]
    Unusable(#[from] LoadError),
    /// The device failed while measuring.
    #[error(transparent)]
    Device(#[from] DeviceFailure),
    /// The artefact's weights do not make its network.
    #[error("the weights do not make their network: {0}")]
    Unfold(#[from] UnfoldError),
    /// The disk does not take it.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// The artefact at `folder`.
fn artefact(folder: &Path) -> Result<Artefact, ExportError> {
    match WeightsFolder::read(folder)? {
        WeightsFolder::Artefact(manifest) => Ok(Artefact::read(folder, *manifest)?),
        WeightsFolder::Run(_) => Err(ExportError::NoArtefact(folder.to_owned())),
    }
}
