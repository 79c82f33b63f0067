//! Writes the artefact that the browser loads.

use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use dacl::artefact::{
    FORMAT, FORMAT_VERSION, FaceCrop, FileEntry, Files, MANIFEST_FILE, Manifest, Measured, Provenance, WeightFileError,
    write_weights,
};
use dacl::network::{WeightError, fold_attention_arm, fold_label_path};
use dacl::recognise::{DeviceFailure, LoadError, Recogniser};

use crate::data::Split;
use crate::evaluation::Evaluation;
use crate::loss::LossKind;
use crate::measure;
use crate::run_folder::{RunError, RunFolder, best_epoch};
use crate::weights_folder::recogniser_config;

const LABELS_FILE: &str = "labels.safetensors";
const ATTENTION_FILE: &str = "attention.safetensors";

/// What an export measured on the way.
#[derive(Debug)]
pub struct Exported {
    /// The manifest that was written.
    pub manifest: Manifest,
    /// Figures of the network before quantisation, at the fitted temperature.
    pub before: Evaluation,
    /// Figures of the artefact.
    pub after: Evaluation,
}

/// What an export is told beside the run.
#[derive(Clone, Debug)]
pub struct ExportOptions {
    /// How faces are to be cut out of photographs.
    pub face_crop: FaceCrop,
    /// The data set that the measurement is made on, as it was named on the command line.
    pub data: String,
    /// Whether an artefact that is there may be replaced.
    pub overwrite: bool,
}

/// An export did not happen.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
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
    /// Reading the checkpoint failed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The network's weights are not finite.
    #[error("the network cannot be exported: {0}")]
    Weights(#[from] WeightError),
    /// The weight file cannot be made.
    #[error("the weight file cannot be made: {0}")]
    File(#[from] WeightFileError),
    /// The folded or the quantised weights do not make a network.
    #[error("the weights do not make a network: {0}")]
    Unusable(#[from] LoadError),
    /// The device failed while measuring.
    #[error(transparent)]
    Device(#[from] DeviceFailure),
    /// The disk does not take it.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Exports the best checkpoint of `run` to the folder `out`: folds, quantises, fits the temperature on `valid`, measures
/// both forms there, and writes the three files.
///
/// # Errors
/// When the target exists and overwriting was not allowed, the run's loss trained no attention, or any step fails. Until the
/// files are moved into place, which is the last step, `out` is as it was; a move that fails leaves a folder that every reader
/// refuses by its hashes.
pub fn export(
    run: &RunFolder,
    valid: &Split,
    options: ExportOptions,
    out: &Path,
    device: &Device,
) -> Result<Exported, ExportError> {
    let description = run.description();
    if description.recipe.loss != LossKind::Dacl {
        let (run, loss) = (run.path().display().to_string(), loss_name(description.recipe.loss));
        return Err(ExportError::NoAttention { run, loss });
    }
    if valid.whole_photographs {
        return Err(ExportError::Photographs);
    }
    if !options.overwrite && fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(ExportError::Exists(out.to_owned()));
    }
    let checkpoint = run.best(device)?;
    let label_path = fold_label_path(&checkpoint.network)?;
    let labels = write_weights(&label_path)?;
    let attention = write_weights(&fold_attention_arm(&checkpoint.network)?)?;
    let unquantised = Recogniser::new(recogniser_config(description), &label_path, device)?;
    let unquantised = measure::crops(&unquantised, valid, |_| {})?;
    let temperature = unquantised.fit_temperature();
    let before = unquantised.evaluate(&valid.classes, temperature, false);

    let recipe = &description.recipe;
    let mut manifest = Manifest {
        format: FORMAT.into(),
        version: FORMAT_VERSION,
        preset: recipe.preset.clone(),
        network: recipe.network.clone(),
        classes: description.classes.clone(),
        preprocessing: recipe.preprocessing.clone(),
        face_crop: options.face_crop,
        temperature,
        measured: Measured { data: String::new(), n: 0, accuracy: 0.0, mean_class_accuracy: 0.0, ece: 0.0 },
        provenance: Provenance {
            data: data_set_name(&description.data),
            init: description.init.as_deref().map(|init| start_weights(Path::new(init))),
            loss: loss_name(recipe.loss),
            epoch: best_epoch(&checkpoint.history),
            seed: recipe.seed,
            commit: description.commit.clone(),
        },
        files: Files {
            labels: FileEntry::of(LABELS_FILE, &labels),
            attention: FileEntry::of(ATTENTION_FILE, &attention),
        },
    };
    let quantised = Recogniser::from_artefact(&manifest, &labels, device)?;
    let after = measure::crops(&quantised, valid, |_| {})?.evaluate(&valid.classes, temperature, false);
    manifest.measured = Measured {
        data: format!("{}, validation split", data_set_name(&options.data)),
        n: after.n,
        accuracy: after.accuracy,
        mean_class_accuracy: after.mean_class_accuracy,
        ece: after.ece,
    };
    write_folder(out, &manifest, &labels, &attention)?;
    Ok(Exported { manifest, before, after })
}

/// Writes into a new folder beside `out`, then puts it in its place.
fn write_folder(out: &Path, manifest: &Manifest, labels: &[u8], attention: &[u8]) -> Result<(), ExportError> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| ExportError::Io { path, source }
    };
    let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(io(parent))?;
    let partial = tempfile::Builder::new().prefix(".export").tempdir_in(parent).map_err(io(parent))?;
    let json = serde_json::to_vec_pretty(manifest)
        .map_err(|error| io(&partial.path().join(MANIFEST_FILE))(std::io::Error::other(error)))?;
    for (name, bytes) in [(MANIFEST_FILE, json.as_slice()), (LABELS_FILE, labels), (ATTENTION_FILE, attention)] {
        let path = partial.path().join(name);
        fs::write(&path, bytes).map_err(io(&path))?;
    }
    // The files land one by one, the manifest last: until then the old manifest refuses the new files by their hash.
    fs::create_dir_all(out).map_err(io(out))?;
    for name in [LABELS_FILE, ATTENTION_FILE, MANIFEST_FILE] {
        let target = out.join(name);
        fs::rename(partial.path().join(name), &target).map_err(io(&target))?;
    }
    Ok(())
}

pub(crate) fn loss_name(loss: LossKind) -> String {
    format!("{loss:?}").to_lowercase()
}

/// `ferplus` of `ferplus:/home/me/data`: a path says nothing to others.
fn data_set_name(spec: &str) -> String {
    spec.split(':').next().unwrap_or(spec).to_owned()
}

/// The name of start weights, after those that they themselves started from.
pub(crate) fn start_weights(path: &Path) -> String {
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    match RunFolder::open(path).ok().and_then(|run| run.description().init.clone()) {
        Some(earlier) => format!("{}, then {name}", start_weights(Path::new(&earlier))),
        None => name,
    }
}
