//! The experiment file.
//!
//! ```toml
//! seeds = [1, 2, 3]
//!
//! [base]
//! preset = "compact"
//! data = "synthetic"
//! loading = { max_side = 64 }        # may be left out; also skip_bad, grey
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

use serde::Deserialize;
use toml::Table;

use super::PlannedRun;
use crate::data::{DataError, DataSpec, LoadOptions};
use crate::distillation;
use crate::recipe::{Preset, Recipe};
use crate::recipe_file::{RecipeFile, RecipeFileError, merged};

/// An experiment, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    /// The file's text, to be kept with the outcome.
    pub text: String,
    /// The data set of all runs.
    pub data: DataSpec,
    /// Every variant with every seed, variants in order for the first seed, then for the second. The first variant is what the
    /// others are held against.
    pub runs: Vec<PlannedRun>,
}

/// An experiment file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ExperimentFileError {
    /// What the file says cannot be done.
    #[error("{path}: {source}")]
    In {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: Box<ExperimentFileError>,
    },
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
    /// The base names no data set.
    #[error("the base names no data set: add data = \"...\" under [base]")]
    NoData,
    /// The base has a key that it does not take.
    #[error(
        "the base does not take {0}: it has preset, data, init, loading and settings, and a recipe's settings belong into the last"
    )]
    Key(String),
    /// The data set is not one.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The settings of a part do not make a recipe.
    #[error("{part}: {source}")]
    Settings {
        /// The base or a variant.
        part: String,
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
    #[error("{0} gives a share of the target to teachers, and an experiment has none: teacher_share must be 0")]
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

/// What a recipe file says, but with its settings in a table of their own.
#[derive(Deserialize)]
struct Base {
    #[serde(default)]
    settings: Table,
    #[serde(default)]
    loading: LoadOptions,
    #[serde(flatten)]
    rest: Table,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Variant {
    name: String,
    #[serde(default)]
    settings: Table,
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
        Self::of(text, file).map_err(|source| ExperimentFileError::In { path: path.to_owned(), source: source.into() })
    }

    fn of(text: String, file: File) -> Result<Self, ExperimentFileError> {
        let File { seeds, base, variants } = file;
        let distinct = (1..seeds.len()).all(|index| !seeds[..index].contains(&seeds[index]));
        if seeds.is_empty() || variants.is_empty() || !distinct {
            return Err(ExperimentFileError::Seeds);
        }
        let loading = base.loading.clone();
        let (base_recipe, data, init) = base.read()?;
        let mut recipes: Vec<(String, Recipe)> = Vec::new();
        for Variant { name, settings } in variants {
            let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
            let again = recipes.iter().any(|(earlier, _)| *earlier == name);
            if again || name.is_empty() || !name.chars().all(plain) {
                return Err(ExperimentFileError::Name(name));
            }
            let recipe = with_settings(&base_recipe, &settings, format!("variant {name}"))?;
            recipes.push((name, recipe));
        }
        let run = |seed: u64, (variant, recipe): &(String, Recipe)| {
            let recipe = Recipe { seed, ..recipe.clone() };
            let (variant, data, init, loading) = (variant.clone(), data.to_string(), init.clone(), loading.clone());
            PlannedRun { variant, recipe, data, loading, init }
        };
        let runs = seeds.iter().flat_map(|&seed| recipes.iter().map(move |recipe| run(seed, recipe))).collect();
        Ok(Self { text, runs, data })
    }
}

impl Base {
    /// The recipe that all variants have in common, the data set and the start weights.
    fn read(self) -> Result<(Recipe, DataSpec, Option<String>), ExperimentFileError> {
        let part = || "the base".to_owned();
        let in_base = |source| ExperimentFileError::Settings { part: part(), source };
        let RecipeFile { preset, data, init, teachers, changes, .. } =
            RecipeFile::from_table(self.rest).map_err(in_base)?;
        if let Some(key) = changes.keys().next() {
            return Err(ExperimentFileError::Key(key.clone()));
        }
        if !teachers.is_empty() {
            return Err(ExperimentFileError::Key("teachers".into()));
        }
        let recipe = with_settings(&preset.unwrap_or(Preset::Compact).recipe(), &self.settings, part())?;
        let data = data.ok_or(ExperimentFileError::NoData)?.parse()?;
        Ok((recipe, data, init.map(|path| path.display().to_string())))
    }
}

/// A recipe with the settings of the base or a variant, which is named in errors.
fn with_settings(recipe: &Recipe, settings: &Table, part: String) -> Result<Recipe, ExperimentFileError> {
    if settings.contains_key("seed") {
        return Err(ExperimentFileError::SeedInSettings(part));
    }
    match merged(recipe, settings) {
        Err(source) => Err(ExperimentFileError::Settings { part, source }),
        Ok(recipe) if distillation::check(&recipe, 0).is_err() => Err(ExperimentFileError::Teachers(part)),
        Ok(recipe) => Ok(recipe),
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
        let experiment = read(&TEXT.replace("settings = { e", "loading = { grey = true }\nsettings = { e")).unwrap();
        let loading = LoadOptions { grey: true, ..LoadOptions::default() };
        assert!(experiment.runs.iter().all(|run| run.loading == loading));
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
    }

    #[test]
    fn a_file_that_cannot_be_meant_is_refused_with_its_reason() {
        for (from, to, expected) in [
            ("seeds = [1, 2]", "seeds = [1, 1]", "every seed once"),
            ("seeds = [1, 2]", "seeds = []", "one seed"),
            ("\"compact\"", "\"tiny\"", "the base: preset must be one of \"paper\", \"compact\""),
            ("preset = \"compact\"", "presett = \"compact\"", "the base does not take presett"),
            ("data = \"synthetic:train=32\"", "", "the base names no data set"),
            ("epochs = 2,", "epochs = 0,", "the base: epochs is 0"),
            ("epochs = 2,", "teacher_share = 0.5,", "the base gives a share of the target to teachers"),
            ("\"strong\"", "\"softmax\"", "names must differ"),
            ("\"strong\"", "\"../strong\"", "letters, digits"),
            ("loss = \"softmax\"", "los = \"softmax\"", "variant softmax: there is no setting los"),
            ("lambda = 0.5", "seed = 5", "list all seeds"),
            ("epochs = 2,", "seed = 5,", "the base name a seed"),
            ("[base]", "epochs = 3\n[base]", "epochs"),
            ("synthetic:train=32", "photographs:x", "photographs"),
            ("settings = { epochs = 2", "loading = { gray = true }\nsettings = { epochs = 2", "gray"),
        ] {
            let error = read(&TEXT.replace(from, to)).unwrap_err().to_string();
            assert!(error.contains(expected), "{to}: {error}");
            assert!(error.contains("/.tmp"), "the file is named: {error}");
        }
    }
}
