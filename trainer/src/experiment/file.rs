//! The experiment file.
//!
//! ```toml
//! seeds = [1, 2, 3]
//!
//! [base]
//! preset = "compact"
//! data = "synthetic"
//! settings = { epochs = 4 }          # any part of a recipe
//!
//! [[variants]]
//! name = "softmax"                   # the first is what the others are held against
//! settings = { loss = "softmax" }
//!
//! [[variants]]
//! name = "dacl"
//! settings = { loss = "dacl" }
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde::Deserialize;

use super::PlannedRun;
use crate::data::{DataError, DataSpec};
use crate::distillation;
use crate::recipe::Preset;
use crate::recipe_file::{RecipeFileError, merged};

/// An experiment, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    /// The file's text, to be kept with the outcome.
    pub text: String,
    /// The data set of all runs.
    pub data: DataSpec,
    /// Names of the variants in order; the first is what the others are held against.
    pub variants: Vec<String>,
    /// Every variant with every seed, variants in order for the first seed, then for the second.
    pub runs: Vec<PlannedRun>,
}

/// An experiment file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ExperimentFileError {
    /// The file cannot be read.
    #[error("{path} cannot be read: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is not TOML of this form.
    #[error("{path} is no experiment file: {}", .source.to_string().trim_end())]
    Form {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: toml::de::Error,
    },
    /// The preset is unknown.
    #[error("there is no preset \"{0}\": use paper or compact")]
    Preset(String),
    /// The data set is not one.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The settings of a variant do not make a recipe.
    #[error("variant {variant}: {source}")]
    Settings {
        /// The variant.
        variant: String,
        /// What is wrong.
        source: RecipeFileError,
    },
    /// The variants cannot be told apart, or not be stored.
    #[error("variant names must differ and consist of letters, digits, - and _: \"{0}\" does not do")]
    Name(String),
    /// There is nothing to run.
    #[error("an experiment needs at least one variant and one seed, and every seed once")]
    Seeds,
    /// An experiment has no place for teachers.
    #[error("variant {0} gives a share of the target to teachers, and an experiment has none: teacher_share must be 0")]
    Teachers(String),
    /// The seed is set in a second place.
    #[error("the settings of {0} name a seed: list all seeds under seeds")]
    SeedInSettings(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    seeds: Vec<u64>,
    base: Base,
    variants: Vec<Variant>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Base {
    preset: String,
    data: String,
    init: Option<String>,
    #[serde(default)]
    settings: toml::Table,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Variant {
    name: String,
    #[serde(default)]
    settings: toml::Table,
}

impl Experiment {
    /// Reads and checks an experiment file. Paths in it are relative to the folder that the program was started in.
    ///
    /// # Errors
    /// When it cannot be read, is not of this form, or its settings do not make recipes.
    pub fn read(path: &Path) -> Result<Self, ExperimentFileError> {
        let text =
            fs::read_to_string(path).map_err(|source| ExperimentFileError::Io { path: path.to_owned(), source })?;
        let file: File =
            toml::from_str(&text).map_err(|source| ExperimentFileError::Form { path: path.to_owned(), source })?;
        Self::of(text, file)
    }

    fn of(text: String, file: File) -> Result<Self, ExperimentFileError> {
        let File { seeds, base, variants } = file;
        let distinct = (1..seeds.len()).all(|index| !seeds[..index].contains(&seeds[index]));
        if seeds.is_empty() || variants.is_empty() || !distinct {
            return Err(ExperimentFileError::Seeds);
        }
        let preset = Preset::from_str(&base.preset, false)
            .map_err(|_| ExperimentFileError::Preset(base.preset.clone()))?
            .recipe();
        let mut recipes = Vec::new();
        let sections = [("the base", &base.settings)];
        let all = sections.into_iter().chain(variants.iter().map(|variant| (variant.name.as_str(), &variant.settings)));
        for (name, settings) in all {
            if settings.contains_key("seed") {
                return Err(ExperimentFileError::SeedInSettings(name.into()));
            }
        }
        for (index, Variant { name, settings }) in variants.iter().enumerate() {
            let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
            let again = variants[..index].iter().any(|earlier| earlier.name == *name);
            if again || name.is_empty() || !name.chars().all(plain) {
                return Err(ExperimentFileError::Name(name.clone()));
            }
            let recipe = merged(&preset, &base.settings)
                .and_then(|recipe| merged(&recipe, settings))
                .map_err(|source| ExperimentFileError::Settings { variant: name.clone(), source })?;
            if distillation::check(&recipe, 0).is_err() {
                return Err(ExperimentFileError::Teachers(name.clone()));
            }
            recipes.push((name.clone(), recipe));
        }
        let data: DataSpec = base.data.parse()?;
        let run = |seed: u64, (variant, recipe): &(String, crate::recipe::Recipe)| {
            let mut recipe = recipe.clone();
            recipe.seed = seed;
            PlannedRun { variant: variant.clone(), recipe, data: data.to_string(), init: base.init.clone() }
        };
        let runs = seeds.iter().flat_map(|&seed| recipes.iter().map(move |recipe| (seed, recipe)));
        let runs = runs.map(|(seed, recipe)| run(seed, recipe)).collect();
        Ok(Self { text, variants: variants.into_iter().map(|variant| variant.name).collect(), runs, data })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::loss::LossKind;

    const TEXT: &str = r#"
        seeds = [1, 2]
        [base]
        preset = "compact"
        data = "synthetic:train=32"
        settings = { epochs = 2, lambda = 0.02 }
        [[variants]]
        name = "softmax"
        settings = { loss = "softmax" }
        [[variants]]
        name = "strong"
        settings = { lambda = 0.5 }
    "#;

    fn read(text: &str) -> Result<Experiment, ExperimentFileError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), text).unwrap();
        Experiment::read(file.path())
    }

    #[test]
    fn every_variant_is_planned_with_every_seed() {
        let experiment = read(TEXT).unwrap();
        let planned: Vec<(&str, u64, LossKind, f64, usize)> = experiment
            .runs
            .iter()
            .map(|run| (run.variant.as_str(), run.recipe.seed, run.recipe.loss, run.recipe.lambda, run.recipe.epochs))
            .collect();
        assert_eq!(
            planned,
            [
                ("softmax", 1, LossKind::Softmax, 0.02, 2),
                ("strong", 1, LossKind::Dacl, 0.5, 2),
                ("softmax", 2, LossKind::Softmax, 0.02, 2),
                ("strong", 2, LossKind::Dacl, 0.5, 2),
            ]
        );
        assert_eq!(experiment.variants, ["softmax", "strong"]);
    }

    #[test]
    fn a_file_that_cannot_be_meant_is_refused_with_its_reason() {
        for (from, to, expected) in [
            ("seeds = [1, 2]", "seeds = [1, 1]", "every seed once"),
            ("seeds = [1, 2]", "seeds = []", "one seed"),
            ("\"compact\"", "\"tiny\"", "no preset \"tiny\""),
            ("\"strong\"", "\"softmax\"", "names must differ"),
            ("\"strong\"", "\"../strong\"", "letters, digits"),
            ("loss = \"softmax\"", "los = \"softmax\"", "variant softmax"),
            ("lambda = 0.5", "seed = 5", "list all seeds"),
            ("epochs = 2,", "seed = 5,", "the base name a seed"),
            ("[base]", "epochs = 3\n[base]", "epochs"),
            ("synthetic:train=32", "photographs:x", "photographs"),
        ] {
            let error = read(&TEXT.replace(from, to)).unwrap_err().to_string();
            assert!(error.contains(expected), "{to}: {error}");
        }
    }
}
