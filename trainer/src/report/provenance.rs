//! Where a network comes from and how it was set, as names and values for page and card.

use std::path::Path;

use super::subject::Origin;
use crate::comparison::{flat, prefixed};
use crate::data::public_name;
use crate::export::teacher_names;

impl Origin {
    /// Where it comes from, in the reader's words.
    pub(super) fn provenance(&self) -> Vec<(String, String)> {
        let rows: Vec<(&str, String)> = match self {
            Self::Run(run) => {
                let description = &run.description;
                let mut rows = vec![
                    ("Kind", "run, best checkpoint, not quantised".into()),
                    ("Loss", description.recipe.loss.to_string()),
                    ("Training data", public_name(&description.data)),
                    ("Start weights", start_weights(description.init.as_deref())),
                    ("Teachers", listed(&teacher_names(description))),
                    ("Seed", description.recipe.seed.to_string()),
                    ("Epoch", format!("{} of {}", run.epoch, description.recipe.epochs)),
                    ("Device", description.device.clone()),
                    ("Later devices", listed(&description.resumed_on)),
                    ("Version of the trainer", description.version.clone()),
                    ("Commit", known(description.commit.as_deref())),
                    ("Compiler", known(Some(&description.build.rustc))),
                    ("Version of burn", known(Some(&description.build.burn))),
                    ("Features", listed(&description.build.features)),
                    ("SHA-256 of the data", description.data_sha256.clone()),
                ];
                let init = description.init_sha256.iter().map(|hash| ("SHA-256 of the start weights", hash.clone()));
                let teachers = description.teachers_sha256.iter();
                rows.extend(init.chain(teachers.map(|hash| ("SHA-256 of a teacher", hash.clone()))));
                rows
            }
            Self::Artefact(manifest) => {
                let provenance = &manifest.provenance;
                vec![
                    ("Kind", "artefact, quantised to 8 bits".into()),
                    ("Loss", provenance.loss.clone()),
                    ("Training data", provenance.data.clone()),
                    ("Start weights", provenance.init.clone().unwrap_or_else(|| "none, random".into())),
                    ("Teachers", listed(&provenance.teachers)),
                    ("Seed", provenance.seed.to_string()),
                    ("Epoch", provenance.epoch.to_string()),
                    ("Commit", known(provenance.commit.as_deref())),
                    ("SHA-256 of the label path", manifest.files.labels.sha256.clone()),
                    ("SHA-256 of the attention arm", manifest.files.attention.sha256.clone()),
                    (
                        "Measured with its limits",
                        format!(
                            "accuracy {:.2} %, mean class accuracy {:.2} % on {} pictures of {}",
                            100.0 * manifest.measured.accuracy,
                            100.0 * manifest.measured.mean_class_accuracy,
                            manifest.measured.n,
                            manifest.measured.data
                        ),
                    ),
                ]
            }
        };
        rows.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// Every setting by its dotted name.
    pub(super) fn settings(&self) -> Vec<(String, String)> {
        let settings = match self {
            Self::Run(run) => {
                let mut settings = flat(&run.description.recipe);
                settings.extend(prefixed("loading", &run.description.loading));
                settings
            }
            Self::Artefact(manifest) => {
                let mut settings = flat(&manifest.network);
                settings.extend(flat(&manifest.preprocessing));
                settings.extend(prefixed("face_crop", &manifest.face_crop));
                settings.insert("preset".into(), manifest.preset.clone());
                settings.insert("temperature".into(), manifest.temperature.to_string());
                settings
            }
        };
        settings.into_iter().collect()
    }
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "none".into() } else { names.join(", ") }
}

/// What older runs and artefacts may not have recorded.
fn known(text: Option<&str>) -> String {
    text.filter(|text| !text.is_empty()).unwrap_or("not known").to_owned()
}

fn start_weights(init: Option<&str>) -> String {
    init.map_or_else(|| "none, random".into(), |path| crate::export::start_weights(Path::new(path)))
}
