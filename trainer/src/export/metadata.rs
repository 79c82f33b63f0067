//! What a file of weights says of itself: where it comes from, and what a program must know to use it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use dacl::artefact::{FaceCrop, Measured, Provenance};
use serde::Serialize;

use super::{ExportError, trains_attention};
use crate::evaluation::Evaluation;
use crate::run_folder::{EpochMetrics, RunDescription, RunFolder, best_epoch};

/// Where the best checkpoint of a run comes from.
pub(super) fn provenance(description: &RunDescription, history: &[EpochMetrics]) -> Provenance {
    Provenance {
        data: data_set_name(&description.data),
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
        data: format!("{}, validation split", data_set_name(data)),
        n: figures.n,
        accuracy: figures.accuracy,
        mean_class_accuracy: figures.mean_class_accuracy,
        ece: figures.ece,
    }
}

/// The description of a run's weights for formats that keep words by keys. Every value is JSON, so that one rule reads them all.
pub(super) fn entries(
    description: &RunDescription,
    history: &[EpochMetrics],
    face_crop: FaceCrop,
) -> Result<Vec<(String, String)>, ExportError> {
    let recipe = &description.recipe;
    let preprocessing = &recipe.preprocessing;
    let mut entries = vec![
        entry("classes", &description.classes)?,
        entry("input_size", &preprocessing.input_size)?,
        entry("colour", &preprocessing.colour)?,
        entry("centre", &preprocessing.centre)?,
        entry("mean", &preprocessing.mean)?,
        entry("std", &preprocessing.std)?,
        entry("face_crop", &face_crop)?,
        entry("provenance", &provenance(description, history))?,
    ];
    entries.push(match trains_attention(recipe.loss) {
        true => entry("context_encoder", &recipe.network.context_encoder)?,
        false => entry("left_out", &["context encoder", "attention heads"])?,
    });
    Ok(entries)
}

/// A key and its value as JSON.
pub(super) fn entry(key: &str, value: &impl Serialize) -> Result<(String, String), ExportError> {
    Ok((key.to_owned(), serde_json::to_string(value)?))
}

/// `ferplus` of `ferplus:/home/me/data`: a path says nothing to others.
fn data_set_name(spec: &str) -> String {
    spec.split(':').next().unwrap_or(spec).to_owned()
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
        next = RunFolder::open(&path).ok().and_then(|run| run.description().init.clone()).map(PathBuf::from);
    }
    names.reverse();
    names.join(", then ")
}
