//! The artefact that the browser loads: folded weights in 8 bits, class centres, and a manifest.

use std::path::Path;

use burn::tensor::Device;
use dacl::artefact::{
    FORMAT, FORMAT_VERSION, FileEntry, Files, MANIFEST_FILE, Manifest, NotSure, read_weights, write_weights,
};
use dacl::centres::ClassCentres;
use dacl::network::{fold_attention_arm, fold_label_path};
use dacl::recognise::{Recogniser, RecogniserConfig, Recognition};

use super::{ExportError, ExportOptions, Validation, artefact, metadata, target};
use crate::data::{Split, same_classes};
use crate::evaluation::Evaluation;
use crate::run_folder::{Checkpoint, RunFolder};
use crate::weights_folder::recogniser_config;
use crate::{measure, not_sure};

const LABELS_FILE: &str = "labels.safetensors";
const ATTENTION_FILE: &str = "attention.safetensors";
const CENTRES_FILE: &str = "centres.safetensors";

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

/// Refuses a run whose loss trained no attention, which the browser shows. Asked before the work, which takes minutes.
///
/// # Errors
/// When it is refused.
pub fn check_attention(run: &RunFolder) -> Result<(), ExportError> {
    let loss = run.description().recipe.loss;
    match loss.trains_attention() {
        true => Ok(()),
        false => Err(ExportError::NoAttention { run: run.path().display().to_string(), loss: loss.to_string() }),
    }
}

/// Whether the centres of `run` lie among the features that the network gives, and not among features of one length, which only training
/// sees. Otherwise its artefact needs centres of its own, and [`to_browser`] the training split to find them on.
pub fn centres_fit(run: &RunFolder) -> bool {
    run.description().recipe.feature_length == 0.0
}

/// Exports the best checkpoint of `run` to the folder `out`: folds, quantises, fits the temperature on `validation`, measures
/// both forms there, finds when an answer is better called not sure, and writes the four files.
///
/// `train` is looked at if the run's centres do not [fit](centres_fit): then these are found there as by [`renew_centres`], and `seen` is
/// called with the number of pictures done.
///
/// # Errors
/// When the target exists and overwriting was not allowed, the run's loss trained no attention, or any step fails. Until the
/// files are moved into place, which is the last step, `out` is as it was; a move that fails leaves a folder that every reader
/// refuses by its hashes.
pub fn to_browser(
    run: &RunFolder,
    train: Option<&Split>,
    validation: Validation<'_>,
    options: &ExportOptions,
    out: &Path,
    device: &Device,
    seen: impl Fn(usize),
) -> Result<ExportedArtefact, ExportError> {
    let description = run.description();
    let valid = validation.split;
    check_attention(run)?;
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

    let config = RecogniserConfig { temperature, ..recogniser_config(description) };
    let quantised = Recogniser::new(config, &read_weights(&labels)?, device)?;
    quantised.add_attention(&read_weights(&attention)?)?;
    let mut recognitions = measure::recognitions(&quantised, valid, |_| {})?;
    let centres = match (centres_fit(run), train) {
        (true, _) => run_centres(&checkpoint, &recognitions, &valid.labels()),
        (false, Some(train)) => centres_at_rest(&quantised, train, seen)?,
        (false, None) => return Err(ExportError::NoTrainingSplit),
    };
    recognitions.iter_mut().for_each(|recognition| recognition.measure_distances(&centres));
    let (not_sure, after) = figures(valid, recognitions, temperature);
    let centres = centres.to_bytes()?;
    let recipe = &description.recipe;
    let manifest = Manifest {
        format: FORMAT.into(),
        version: FORMAT_VERSION,
        preset: recipe.preset.clone(),
        network: recipe.network.clone(),
        classes: description.classes.clone(),
        preprocessing: recipe.preprocessing.clone(),
        face_crop: options.face_crop,
        temperature,
        measured: metadata::measured(validation.data, &after),
        not_sure,
        provenance: metadata::provenance(description, &checkpoint.history),
        files: Files {
            labels: FileEntry::of(LABELS_FILE, &labels),
            attention: FileEntry::of(ATTENTION_FILE, &attention),
            centres: FileEntry::of(CENTRES_FILE, &centres),
        },
    };
    write(out, &[(LABELS_FILE, &labels), (ATTENTION_FILE, &attention), (CENTRES_FILE, &centres)], &manifest)?;
    Ok(ExportedArtefact { manifest, before, after })
}

/// The centres of a run, with the mean attention that each class's faces have by `recognitions`.
fn run_centres(checkpoint: &Checkpoint, recognitions: &[Recognition], labels: &[usize]) -> ClassCentres {
    let rows = checkpoint.centres.rows().into_iter();
    let positions = rows.map(|row| row.into_iter().map(|value| value as f32).collect()).collect();
    let faces = recognitions.iter().zip(labels);
    ClassCentres::new(
        positions,
        faces.filter_map(|(recognition, &label)| Some((label, recognition.attention.as_deref()?))),
    )
}

/// The centres at which the rule of the moving average comes to rest on the faces of `train`, with the features and attention that
/// `recogniser` gives.
fn centres_at_rest(recogniser: &Recogniser, train: &Split, seen: impl Fn(usize)) -> Result<ClassCentres, ExportError> {
    let without_picture = train.classes.iter().zip(train.class_counts()).filter(|(_, count)| *count == 0);
    let without_picture: Vec<String> = without_picture.map(|(class, _)| class.clone()).collect();
    if !without_picture.is_empty() {
        return Err(ExportError::NoPicture(without_picture));
    }
    let recognitions = measure::recognitions(recogniser, train, seen)?;
    let faces = recognitions.iter().zip(&train.samples).filter_map(|(recognition, sample)| {
        Some((sample.label, recognition.features.as_slice(), recognition.attention.as_deref()?))
    });
    Ok(ClassCentres::at_rest(train.classes.len(), faces))
}

/// What an artefact's manifest says of its answers to the pictures of a split.
fn figures(split: &Split, recognitions: Vec<Recognition>, temperature: f64) -> (NotSure, Evaluation) {
    let not_sure = not_sure::measure(&recognitions, &split.labels());
    (not_sure, measure::answers(split, recognitions).evaluate(&split.classes, temperature, false))
}

/// Writes files of an artefact and its manifest, unless a reader would refuse that.
fn write(out: &Path, files: &[(&str, &[u8])], manifest: &Manifest) -> Result<(), ExportError> {
    let json = serde_json::to_vec_pretty(manifest)?;
    Manifest::parse(&json)?;
    // The manifest comes last: until then the old manifest refuses the new files by their hash.
    target::write(out, &[files, &[(MANIFEST_FILE, &json)]].concat())
}

/// Gives the artefact at `folder` other centres, those at which the rule of the moving average comes to rest on the faces of `train`,
/// and measures on `validation` how right its answers are and when one is better called not sure.
///
/// # Errors
/// When the folder holds no artefact, the data are photographs or have other classes, a class has no training picture, the device fails, or
/// the disk does not take the files.
pub fn renew_centres(
    folder: &Path,
    train: &Split,
    validation: Validation<'_>,
    device: &Device,
    seen: impl Fn(usize),
) -> Result<NotSure, ExportError> {
    let valid = validation.split;
    if train.whole_photographs || valid.whole_photographs {
        return Err(ExportError::Photographs);
    }
    let artefact = artefact(folder)?;
    let recogniser = artefact.recogniser(device)?;
    let mut manifest = artefact.manifest;
    for (split, name) in [(train, "the training split"), (valid, "the validation split")] {
        same_classes((&folder.display().to_string(), &manifest.classes), (name, &split.classes))?;
    }
    let centres = centres_at_rest(&recogniser, train, &seen)?;
    let bytes = centres.to_bytes()?;
    recogniser.add_centres(centres);
    let of_valid = measure::recognitions(&recogniser, valid, |done| seen(train.samples.len() + done))?;
    let (not_sure, after) = figures(valid, of_valid, manifest.temperature);
    manifest.not_sure = not_sure;
    manifest.measured = metadata::measured(validation.data, &after);
    manifest.files.centres = FileEntry::of(CENTRES_FILE, &bytes);
    write(folder, &[(CENTRES_FILE, &bytes)], &manifest)?;
    Ok(not_sure)
}
