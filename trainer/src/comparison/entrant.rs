//! What is known of a run before it is measured: its classes, its seed and its settings.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use crate::data::{ClassesDiffer, LoadOptions, same_classes};
use crate::run_folder::{RunDescription, RunError, RunFolder};
use crate::weights_folder::{OpenError, WeightsFolder};

/// Runs that started from runs that started from runs: further back the path must do.
const ANCESTORS: usize = 4;

/// A run, or an artefact, that is to be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Entrant {
    /// The folder, as it was named.
    pub name: String,
    /// Class names in order.
    pub classes: Vec<String>,
    /// Seed of the training.
    pub seed: u64,
    /// Every setting of the run but its seed, by a dotted name; `None` for an artefact, whose manifest does not tell
    /// them.
    pub settings: Option<BTreeMap<String, String>>,
    /// How the run read its data; of an artefact, which does not tell, the default.
    pub loading: LoadOptions,
}

/// Runs cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum EntrantError {
    /// The folder cannot be read.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The run has no finished epoch.
    #[error(transparent)]
    Run(#[from] RunError),
    /// Two runs answer different questions.
    #[error(transparent)]
    Classes(#[from] ClassesDiffer),
}

impl Entrant {
    /// Reads what the folder at `path` tells of itself.
    ///
    /// # Errors
    /// When it is neither a run nor an artefact, or broken, or a run without a finished epoch.
    pub fn read(path: &Path) -> Result<Self, EntrantError> {
        let name = path.display().to_string();
        Ok(match WeightsFolder::read(path)? {
            WeightsFolder::Artefact(manifest) => {
                let loading = LoadOptions::default();
                Self { name, classes: manifest.classes, seed: manifest.provenance.seed, settings: None, loading }
            }
            WeightsFolder::Run(run) => {
                run.best_weights_file()?;
                let description = run.description();
                Self {
                    name,
                    classes: description.classes.clone(),
                    seed: description.recipe.seed,
                    settings: Some(settings(description, ANCESTORS)),
                    loading: description.loading.clone(),
                }
            }
        })
    }
}

/// Checks that all runs and the data, which are named in `data`, have the same classes.
///
/// # Errors
/// When two have not.
pub fn agree_on_classes(entrants: &[Entrant], data: (&str, &[String])) -> Result<(), EntrantError> {
    let Some(first) = entrants.first() else { return Ok(()) };
    let others = entrants.iter().map(|entrant| (entrant.name.as_str(), entrant.classes.as_slice()));
    for (name, classes) in others.chain([data]) {
        same_classes((&first.name, &first.classes), (name, classes))?;
    }
    Ok(())
}

/// Settings by name, with the hashes of weights where they are known: two files can have had one name. Start weights that are a run count
/// by that run's settings, so that seeds which each have start weights of their own still are one group.
fn settings(description: &RunDescription, ancestors: usize) -> BTreeMap<String, String> {
    let mut settings = flat(&description.recipe);
    settings.remove("seed");
    settings.insert("data".into(), description.data.clone());
    settings.insert("data_sha256".into(), description.data_sha256.clone());
    settings.insert("teachers".into(), description.teachers.join(", "));
    if !description.teachers_sha256.is_empty() {
        settings.insert("teachers_sha256".into(), description.teachers_sha256.join(", "));
    }
    settings.extend(prefixed("loading", &description.loading));
    if let Some(init) = &description.init {
        match RunFolder::open(Path::new(init)) {
            Ok(run) if ancestors > 0 => {
                settings.extend(prefixed("init", &self::settings(run.description(), ancestors - 1)));
            }
            _ => {
                settings.insert("init".into(), init.clone());
                settings.extend(description.init_sha256.clone().map(|hash| ("init_sha256".into(), hash)));
            }
        }
    }
    settings
}

/// The fields of a value by their dotted names. Settings are made of plain numbers and names, and always have a JSON
/// form.
pub(crate) fn flat(value: &impl Serialize) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    flatten("", &serde_json::to_value(value).unwrap_or_default(), &mut fields);
    fields
}

/// The same with `part` before every name.
pub(crate) fn prefixed(part: &str, value: &impl Serialize) -> BTreeMap<String, String> {
    flat(value).into_iter().map(|(name, value)| (format!("{part}.{name}"), value)).collect()
}

fn flatten(name: &str, value: &Value, settings: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                let name = if name.is_empty() { field.clone() } else { format!("{name}.{field}") };
                flatten(&name, value, settings);
            }
        }
        other => {
            settings.insert(name.into(), in_words(other));
        }
    }
}

/// A plain value as a user would write it: 32-bit settings without the digits that 64 bits add to them.
fn in_words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(in_words).collect::<Vec<_>>().join(", "),
        Value::Number(number) => match number.as_f64() {
            Some(wide) if number.is_f64() && f64::from(wide as f32) == wide => (wide as f32).to_string(),
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Preset;

    fn description(seed: u64, init: Option<String>) -> RunDescription {
        let mut recipe = Preset::Compact.recipe();
        recipe.seed = seed;
        RunDescription {
            recipe,
            data: "synthetic".into(),
            data_sha256: String::new(),
            loading: LoadOptions::default(),
            init,
            teachers: Vec::new(),
            init_sha256: None,
            teachers_sha256: Vec::new(),
            classes: vec!["neutral".into()],
            device: format!("device {seed}"),
            resumed_on: Vec::new(),
            version: "0".into(),
            commit: None,
            build: Default::default(),
        }
    }

    #[test]
    fn settings_are_named_by_their_place_and_leave_the_seed_out() {
        let settings = settings(&description(3, None), ANCESTORS);
        assert_eq!(settings["loss"], "dacl");
        assert_eq!(settings["schedule.kind"], "cosine");
        assert_eq!(settings["network.input_size"], "112");
        assert_eq!((&*settings["augmentation.view.scale"], &*settings["lambda"]), ("0.9, 1.15", "0.01"));
        assert!(!settings.contains_key("seed"));
        assert_eq!(settings, self::settings(&description(4, None), ANCESTORS));
        let changes: [fn(&mut RunDescription); 4] = [
            |other| other.teachers.push("teacher".into()),
            |other| other.teachers_sha256.push("of other teachers under the same name".into()),
            |other| other.loading.grey = true,
            |other| other.data_sha256 = "other pictures".into(),
        ];
        for change in changes {
            let mut other = description(4, None);
            change(&mut other);
            assert_ne!(settings, self::settings(&other, ANCESTORS), "more than the seed is different");
        }
    }

    #[test]
    fn start_weights_that_differ_by_their_seed_alone_are_the_same_setting() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let start = |seed: u64| -> Result<String, Box<dyn std::error::Error>> {
            let path = folder.path().join(seed.to_string());
            RunFolder::create(&path, description(seed, None))?;
            Ok(path.display().to_string())
        };
        let (first, second) = (start(1)?, start(2)?);
        assert_ne!(first, second);
        let settings = |init: &str| settings(&description(1, Some(init.into())), ANCESTORS);
        assert_eq!(settings(&first), settings(&second));
        assert_ne!(settings(&first), settings("resnet18.safetensors"));
        Ok(())
    }

    #[test]
    fn two_files_that_had_one_name_are_other_start_weights() {
        let started = |hash: &str| {
            let init_sha256 = Some(hash.to_owned());
            settings(&RunDescription { init_sha256, ..description(1, Some("start.pth".into())) }, ANCESTORS)
        };
        assert_eq!(started("of one file"), started("of one file"));
        assert_ne!(started("of one file"), started("of the other"));
    }

    #[test]
    fn other_classes_are_refused_by_name() {
        let entrant = |name: &str, class: &str| Entrant {
            name: name.into(),
            classes: vec![class.into()],
            seed: 1,
            settings: None,
            loading: LoadOptions::default(),
        };
        let runs = [entrant("one", "neutral"), entrant("other", "happy")];
        let said = agree_on_classes(&runs, ("synthetic", &["neutral".into()])).err().map(|error| error.to_string());
        let said = said.unwrap_or_default();
        assert!(said.contains("one") && said.contains("other") && said.contains("happy"), "{said}");
        let said = agree_on_classes(&runs[..1], ("photos:x", &["anger".into()])).err().map(|error| error.to_string());
        assert!(said.unwrap_or_default().contains("photos:x"));
    }
}
