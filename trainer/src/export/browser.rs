//! The artefact that the browser loads: folded, in 8 bits, in two files and a manifest.

use std::path::Path;

use burn::tensor::Device;
use dacl::artefact::{FORMAT, FORMAT_VERSION, FileEntry, Files, MANIFEST_FILE, Manifest, Measured, write_weights};
use dacl::network::{fold_attention_arm, fold_label_path};
use dacl::recognise::Recogniser;

use super::{ExportError, ExportOptions, Validation, metadata, target, trains_attention};
use crate::evaluation::Evaluation;
use crate::measure;
use crate::run_folder::RunFolder;
use crate::weights_folder::recogniser_config;

const LABELS_FILE: &str = "labels.safetensors";
const ATTENTION_FILE: &str = "attention.safetensors";

/// What an export measured on the way.
#[derive(Debug)]
pub struct ExportedArtefact {
    /// The manifest that was written.
    pub manifest: Manifest,
    /// Figures of the network before quantisation, at the fitted temperature.
    pub before: Evaluation,
    /// Figures of the artefact.
    pub after: Evaluation,
}

/// Exports the best checkpoint of `run` to the folder `out`: folds, quantises, fits the temperature on `validation`, measures
/// both forms there, and writes the three files.
///
/// # Errors
/// When the target exists and overwriting was not allowed, the run's loss trained no attention, or any step fails. Until the
/// files are moved into place, which is the last step, `out` is as it was; a move that fails leaves a folder that every reader
/// refuses by its hashes.
pub fn to_browser(
    run: &RunFolder,
    validation: Validation<'_>,
    options: &ExportOptions,
    out: &Path,
    device: &Device,
) -> Result<ExportedArtefact, ExportError> {
    let description = run.description();
    let valid = validation.split;
    if !trains_attention(description.recipe.loss) {
        let (run, loss) = (run.path().display().to_string(), description.recipe.loss.to_string());
        return Err(ExportError::NoAttention { run, loss });
    }
    if valid.whole_photographs {
        return Err(ExportError::Photographs);
    }
    target::check(out, options.overwrite)?;
    let checkpoint = run.best(device)?;
    let network = checkpoint.answering();
    let label_path = fold_label_path(&network)?;
    let labels = write_weights(&label_path)?;
    let attention = write_weights(&fold_attention_arm(&network)?)?;
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
        provenance: metadata::provenance(description, &checkpoint.history),
        files: Files {
            labels: FileEntry::of(LABELS_FILE, &labels),
            attention: FileEntry::of(ATTENTION_FILE, &attention),
        },
    };
    let quantised = Recogniser::from_artefact(&manifest, &labels, device)?;
    let after = measure::crops(&quantised, valid, |_| {})?.evaluate(&valid.classes, temperature, false);
    manifest.measured = metadata::measured(validation.data, &after);
    let json = serde_json::to_vec_pretty(&manifest)?;
    // The manifest comes last: until then the old manifest refuses the new files by their hash.
    target::write(out, &[(LABELS_FILE, &labels), (ATTENTION_FILE, &attention), (MANIFEST_FILE, &json)])?;
    Ok(ExportedArtefact { manifest, before, after })
}
