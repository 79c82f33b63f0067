//! Opens weights for questions: an exported artefact, or the best checkpoint of a run as it is.

use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use dacl::artefact::{FaceCrop, MANIFEST_FILE, Manifest, ManifestError, sha256_hex};
use dacl::network::{WeightError, fold_attention_arm, fold_label_path};
use dacl::recognise::{LoadError, Recogniser, RecogniserConfig};

use crate::artefact::Artefact;
use crate::data::LoadOptions;
use crate::onnx_file::external_files;
use crate::run_folder::{Checkpoint, RUN_FILE, RunDescription, RunError, RunFolder};

/// How faces are cut out of photographs when nothing else is said: chosen by measuring, see `docs/faces.md`.
pub const FACE_CROP: FaceCrop = FaceCrop { margin: 1.2, shift_down: 0.0 };

/// Weights that are ready to answer.
pub struct LoadedWeights {
    /// The network with its preprocessing; with the attention arm where that was trained.
    pub recogniser: Recogniser,
    /// How faces are cut out of photographs.
    pub face_crop: FaceCrop,
}

/// Weights cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder is neither.
    #[error("{0} holds no weights: there is neither a manifest.json (see `trainer export`) nor a run.json in it")]
    NoWeights(PathBuf),
    /// The manifest is broken.
    #[error("{path}: {source}")]
    Manifest {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: ManifestError,
    },
    /// A weight file is missing or cannot be read.
    #[error("{path} cannot be read: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A weight file is altered or broken.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The run is broken.
    #[error(transparent)]
    Run(#[from] RunError),
}

impl From<WeightError> for OpenError {
    fn from(error: WeightError) -> Self {
        Self::Load(error.into())
    }
}

/// Opens the weights at `path`, an artefact or a run folder, on `device`.
///
/// # Errors
/// When there are none, or they are broken or altered.
pub fn open(path: &Path, device: &Device) -> Result<LoadedWeights, OpenError> {
    match WeightsFolder::read(path)? {
        WeightsFolder::Artefact(manifest) => {
            let artefact = Artefact::read(path, *manifest)?;
            let recogniser = artefact.recogniser(device)?;
            recogniser.add_centres(artefact.centres);
            Ok(LoadedWeights { recogniser, face_crop: artefact.manifest.face_crop })
        }
        WeightsFolder::Run(run) => {
            let recogniser = run_recogniser(&run, &run.best(device)?, device)?;
            Ok(LoadedWeights { recogniser, face_crop: FACE_CROP })
        }
    }
}

/// SHA-256 of the weights at `path`, by which a run knows them again: of a file itself and the files beside it that it keeps its tensors
/// in, of a run's best network as it is stored, of an artefact's manifest, which has the hashes of its files.
///
/// # Errors
/// When there are none, or they cannot be read.
pub fn weights_sha256(path: &Path) -> Result<String, OpenError> {
    let file = match path.is_dir() {
        false => path.to_owned(),
        true => match WeightsFolder::read(path)? {
            WeightsFolder::Artefact(_) => path.join(MANIFEST_FILE),
            WeightsFolder::Run(run) => run.best_weights_file()?,
        },
    };
    let mut bytes = read(&file)?;
    if file.extension().is_some_and(|extension| extension == "onnx") {
        let beside =
            external_files(&bytes).map_err(|error| OpenError::Io { path: file.clone(), source: error.into() })?;
        for name in beside {
            bytes.extend(read(&file.with_file_name(name))?);
        }
    }
    Ok(sha256_hex(&bytes))
}

/// How the run at `path` read its data; of an artefact, which does not tell, the default.
///
/// # Errors
/// When there are no weights at `path`, or what describes them is broken.
pub fn own_loading(path: &Path) -> Result<LoadOptions, OpenError> {
    Ok(match WeightsFolder::read(path)? {
        WeightsFolder::Artefact(_) => LoadOptions::default(),
        WeightsFolder::Run(run) => run.description().loading.clone(),
    })
}

/// A folder that holds weights, by what describes them.
pub(crate) enum WeightsFolder {
    /// An exported artefact.
    Artefact(Box<Manifest>),
    /// A run.
    Run(Box<RunFolder>),
}

impl WeightsFolder {
    /// Reads what describes the weights at `path`, and leaves the weights alone.
    ///
    /// # Errors
    /// When it is neither an artefact nor a run, or its description is broken.
    pub(crate) fn read(path: &Path) -> Result<Self, OpenError> {
        let file = path.join(MANIFEST_FILE);
        if file.is_file() {
            let manifest =
                Manifest::parse(&read(&file)?).map_err(|source| OpenError::Manifest { path: file, source })?;
            return Ok(Self::Artefact(Box::new(manifest)));
        }
        if path.join(RUN_FILE).is_file() {
            return Ok(Self::Run(Box::new(RunFolder::open(path)?)));
        }
        Err(OpenError::NoWeights(path.to_owned()))
    }
}

/// A checkpoint of a run, folded but not quantised, at temperature 1.
pub(crate) fn run_recogniser(
    run: &RunFolder,
    checkpoint: &Checkpoint,
    device: &Device,
) -> Result<Recogniser, OpenError> {
    let network = checkpoint.answering();
    let recogniser = Recogniser::new(recogniser_config(run.description()), &fold_label_path(&network)?, device)?;
    if run.description().recipe.loss.trains_attention() {
        recogniser.add_attention(&fold_attention_arm(&network)?)?;
    }
    Ok(recogniser)
}

/// What a recogniser needs to know of a run beside its weights, with temperature 1.
pub(crate) fn recogniser_config(description: &RunDescription) -> RecogniserConfig {
    RecogniserConfig {
        network: description.recipe.network.clone(),
        classes: description.classes.clone(),
        preprocessing: description.recipe.preprocessing.clone(),
        temperature: 1.0,
    }
}

fn read(path: &Path) -> Result<Vec<u8>, OpenError> {
    fs::read(path).map_err(|source| OpenError::Io { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::onnx_file::{Graph, encoded, with_weights_beside};

    #[test]
    fn the_hash_of_an_onnx_file_is_that_of_its_weights_too_wherever_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let (file, beside) = (folder.path().join("network.onnx"), folder.path().join("network.data"));
        let mut graph = Graph::default();
        graph.tensor("one", &[2], &[1.0, 2.0]);
        graph.tensor("other", &[1], &[3.0]);
        let mut model = graph.into_model("", Vec::new());
        fs::write(&file, encoded(&model)).unwrap();
        assert_eq!(weights_sha256(&file).unwrap(), sha256_hex(&encoded(&model)), "of a file alone as ever");

        let content = with_weights_beside(&mut model, "network.data");
        fs::write(&file, encoded(&model)).unwrap();
        fs::write(&beside, &content).unwrap();
        let before = weights_sha256(&file).unwrap();
        fs::write(&beside, [&content[1..], &[7]].concat()).unwrap();
        assert_ne!(weights_sha256(&file).unwrap(), before);
        fs::remove_file(&beside).unwrap();
        assert!(weights_sha256(&file).unwrap_err().to_string().contains("network.data cannot be read"));
    }
}
