//! What a file of weights says of itself: where it comes from, and what a program must know to use it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use dacl::artefact::{FaceCrop, Manifest, Measured, Provenance};
use dacl::network::ContextEncoderConfig;
use dacl::preprocess::Preprocessing;
use serde::Serialize;

use super::ExportError;
use crate::data::public_name;
use crate::evaluation::Evaluation;
use crate::run_folder::{EpochMetrics, RunDescription, best_epoch};
use crate::weights_folder::WeightsFolder;

/// Where the best checkpoint of a run comes from.
pub(super) fn provenance(description: &RunDescription, history: &[EpochMetrics]) -> Provenance {
    Provenance {
        data: public_name(&description.data),
        init: description.init.as_deref().map(|init| start_weights(Path::new(init))),
        teachers: teacher_names(description),
        loss: description.recipe.loss.to_string(),
        epoch: best_epoch(history),
        seed: description.recipe.seed,
        commit: description.commit.clone(),
    }
}

/// Figures on the validation split of the data set that the command line calls `data`.
pub(super) fn measured(data: &str, figures: &Evaluation) -> Measured {
    Measured {
        data: format!("{}, validation split", public_name(data)),
        n: figures.n,
        accuracy: figures.accuracy,
        mean_class_accuracy: figures.mean_class_accuracy,
        ece: figures.ece,
    }
}

/// What is to be known of weights, for formats that keep words by keys.
pub(super) struct About<'a> {
    classes: &'a [String],
    preprocessing: &'a Preprocessing,
    face_crop: FaceCrop,
    provenance: Provenance,
    /// `None` where the attention arm is left out.
    context_encoder: Option<ContextEncoderConfig>,
}

impl<'a> About<'a> {
    /// Of a run's best checkpoint.
    pub(super) fn run(description: &'a RunDescription, history: &[EpochMetrics], face_crop: FaceCrop) -> Self {
        let recipe = &description.recipe;
        Self {
            classes: &description.classes,
            preprocessing: &recipe.preprocessing,
            face_crop,
            provenance: provenance(description, history),
            context_encoder: recipe.loss.trains_attention().then_some(recipe.network.context_encoder.clone()),
        }
    }

    /// Of an artefact.
    pub(super) fn artefact(manifest: &'a Manifest) -> Self {
        Self {
            classes: &manifest.classes,
            preprocessing: &manifest.preprocessing,
            face_crop: manifest.face_crop,
            provenance: manifest.provenance.clone(),
            context_encoder: Some(manifest.network.context_encoder.clone()),
        }
    }

    /// Keys and values. Every value is JSON, so that one rule reads them all.
    pub(super) fn entries(&self) -> Result<Vec<(String, String)>, ExportError> {
        Ok(vec![
            entry("classes", &self.classes)?,
            entry("input_size", &self.preprocessing.input_size)?,
            entry("colour", &self.preprocessing.colour)?,
            entry("centre", &self.preprocessing.centre)?,
            entry("mean", &self.preprocessing.mean)?,
            entry("std", &self.preprocessing.std)?,
            entry("face_crop", &self.face_crop)?,
            entry("provenance", &self.provenance)?,
            match &self.context_encoder {
                Some(widths) => entry("context_encoder", widths)?,
                None => entry("left_out", &["context encoder", "attention heads"])?,
            },
        ])
    }
}

/// A key and its value as JSON.
pub(super) fn entry(key: &str, value: &impl Serialize) -> Result<(String, String), ExportError> {
    Ok((key.to_owned(), serde_json::to_string(value)?))
}

/// The names of a run's teachers, without the folders where they lie.
pub(crate) fn teacher_names(description: &RunDescription) -> Vec<String> {
    description.teachers.iter().map(|teacher| file_name(Path::new(teacher))).collect()
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// The name of start weights, after those that they themselves started from.
pub(crate) fn start_weights(path: &Path) -> String {
    let mut names = Vec::new();
    let mut seen = HashSet::new();
    let mut next = Some(path.to_owned());
    // Folders that were made anew under an old name can lead in a circle.
    while let Some(path) = next.take().filter(|path| seen.insert(path.clone())) {
        names.push(file_name(&path));
        match WeightsFolder::read(&path) {
            Ok(WeightsFolder::Run(run)) => next = run.description().init.clone().map(PathBuf::from),
            Ok(WeightsFolder::Artefact(manifest)) => names.extend(manifest.provenance.init),
            // A file, or a folder that is gone.
            Err(_) => (),
        }
    }
    names.reverse();
    names.join(", then ")
}
