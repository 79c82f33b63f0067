//! Start weights: a run or an artefact of our own, tensors by name in a .safetensors or PyTorch file, or a ResNet-18 in an ONNX file.
//!
//! Weights come in here and never leave: what a run writes is `run_folder`'s, what others get is `export`'s.

mod artefact;
mod checkpoint;
mod onnx;
mod run;
mod state_dict;
#[cfg(test)]
mod state_dict_tests;

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use dacl::network::{Dacl, DaclConfig};

use self::checkpoint::Kind;
pub(crate) use self::run::network_from_record;
use crate::run_folder::RunError;
use crate::weights_folder::{OpenError, WeightsFolder};

/// What became of a file of start weights.
#[derive(Debug, Default)]
pub struct Imported {
    /// Tensors of the network that were filled.
    pub found: Vec<String>,
    /// Tensors of the network that the file has not; they start at random.
    pub missing: Vec<String>,
    /// Tensors of the file that the network has no place for.
    pub unused: Vec<String>,
    /// Tensors that the file has in another shape, with both shapes; they start at random.
    pub other_shape: Vec<String>,
    /// Whether the batch norms came without statistics, so that the network has to be calibrated before it is trained.
    pub without_statistics: bool,
}

/// Start weights could not be used.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// The path is neither a folder with weights nor a file of a known kind.
    #[error("{0} is neither a run folder, an exported artefact, nor a .safetensors, .pth, .pt or .onnx file")]
    UnknownKind(PathBuf),
    /// The file could not be read.
    #[error("{path} cannot be read as {kind}: {message}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What it was taken for.
        kind: &'static str,
        /// What the reader said.
        message: String,
    },
    /// Not one tensor fits.
    #[error("{path} holds no tensor of a ResNet-18 in torchvision's names (conv1.weight, layer1.0.bn1.weight, ...)")]
    NothingFits {
        /// The file.
        path: PathBuf,
    },
    /// The file could not be read as ONNX.
    #[error("{path} cannot be read as ONNX: {reason}")]
    NotOnnx {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The file holds another network, or a broken one.
    #[error("{path} cannot start the trunk, which is a ResNet-18: {reason}")]
    NoTrunk {
        /// The file.
        path: PathBuf,
        /// What is different.
        reason: String,
    },
    /// The weights have heads, which begin where these are.
    #[error(
        "{path} brings attention heads of its own, so that attention_start = {attention_start} would change nothing: leave it at 0.5, or \
         start from a trunk alone"
    )]
    OwnHeads {
        /// The start weights.
        path: PathBuf,
        /// What the recipe asks for.
        attention_start: f64,
    },
    /// The folder holds no weights, or broken ones.
    #[error(transparent)]
    Folder(#[from] OpenError),
    /// The run folder is broken.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The weights do not make their network.
    #[error("the weights do not make their network: {0}")]
    Misfit(String),
}

/// Fills `network` as far as the weights at `path` go.
///
/// A run folder gives its best checkpoint, an artefact its weights without the statistics of the batch norms: the trunk always, the
/// classifier when there are as many classes, the attention arm when its dimensions are the same. A
/// `.safetensors`, `.pth` or `.pt` file gives as much as it has under a name that is known and in the same shape, an `.onnx` file the
/// whole trunk.
///
/// # Errors
/// When the file cannot be read or nothing in it fits.
pub fn initialise(
    network: Dacl,
    config: &DaclConfig,
    path: &Path,
    device: &Device,
) -> Result<(Dacl, Imported), InitError> {
    if path.is_dir() {
        return match WeightsFolder::read(path)? {
            WeightsFolder::Run(run) => run::from_run(network, config, &run, device),
            WeightsFolder::Artefact(manifest) => artefact::from_artefact(network, config, path, *manifest, device),
        };
    }
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("safetensors") => state_dict::from_file(network, path, Kind::Safetensors),
        // Checkpoints are often called .pth.tar and are no archives for tar.
        Some("pth" | "pt" | "tar") => state_dict::from_file(network, path, Kind::PyTorch),
        Some("onnx") => onnx::from_onnx(network, path, device),
        _ => Err(InitError::UnknownKind(path.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use dacl::network::ContextEncoderConfig;
    use safetensors::tensor::{Dtype, TensorView};

    /// A network with a small attention arm.
    pub(super) fn network() -> (DaclConfig, Dacl) {
        let context_encoder = ContextEncoderConfig { hidden1: 8, hidden2: 8, code: 8 };
        let config = DaclConfig { input_size: 32, classes: 7, context_encoder };
        let network = Dacl::new(&config, &Device::flex()).unwrap();
        (config, network)
    }

    #[test]
    fn files_that_hold_no_trunk_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (config, start) = network();
        let path = folder.path().join("other.safetensors");
        let bytes = [0u8; 4];
        let tensors = vec![("something", TensorView::new(Dtype::F32, vec![1], &bytes).unwrap())];
        std::fs::write(&path, safetensors::serialize(tensors, None).unwrap()).unwrap();
        let refused = |path: &Path| initialise(start.clone(), &config, path, &Device::flex()).unwrap_err().to_string();
        assert!(refused(&path).contains("torchvision"));
        std::fs::write(&path, b"rubbish").unwrap();
        assert!(refused(&path).contains("cannot be read"));
        assert!(refused(folder.path()).contains("run.json"));
        assert!(refused(Path::new("weights.xyz")).contains("weights.xyz"));
    }
}
