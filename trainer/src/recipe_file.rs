//! Recipes in words: a TOML table of the settings that differ from a preset.
//!
//! ```toml
//! preset = "compact"
//! data = "ferplus:/data/ferplus"
//! init = "resnet18.safetensors"
//! epochs = 40
//! augmentation = "strong"              # or a table of single numbers
//! schedule = { kind = "cosine", warmup_steps = 300 }
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use toml::{Table, Value};

use crate::recipe::{Augmentation, Preset, Recipe, RecipeError};

/// Recipes could not be read from their text.
#[derive(Debug, thiserror::Error)]
pub enum RecipeFileError {
    /// The file cannot be read.
    #[error("{path} cannot be read: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("{path} is not TOML: {message}")]
    NotToml {
        /// The file.
        path: PathBuf,
        /// Where and why.
        message: String,
    },
    /// A key has a value of the wrong kind.
    #[error("{key} must be {wanted}")]
    WrongKind {
        /// The key.
        key: &'static str,
        /// What it may be.
        wanted: String,
    },
    /// A setting is unknown or of the wrong kind.
    #[error("{0}")]
    Setting(String),
    /// The text of a single setting.
    #[error("\"{0}\" is not a setting: write KEY=VALUE, as in augmentation.erase=0.3")]
    NotASetting(String),
    /// The settings cannot work.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
}

/// What a recipe file says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecipeFile {
    /// The recipe to start from.
    pub preset: Option<Preset>,
    /// The data set.
    pub data: Option<String>,
    /// Start weights.
    pub init: Option<PathBuf>,
    /// Networks whose answers are part of the targets.
    pub teachers: Vec<PathBuf>,
    /// Settings that differ from the preset.
    pub changes: Table,
}

impl RecipeFile {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// When it cannot be read, is not TOML, or `preset`, `data`, `init` or `teachers` is not what could be meant.
    pub fn read(path: &Path) -> Result<Self, RecipeFileError> {
        let text = fs::read_to_string(path).map_err(|source| RecipeFileError::Io { path: path.to_owned(), source })?;
        let table = text
            .parse()
            .map_err(|error| RecipeFileError::NotToml { path: path.to_owned(), message: format!("{error}") })?;
        Self::from_table(table)
    }

    /// Takes `preset`, `data`, `init` and `teachers` out of a table; the rest are changes.
    ///
    /// # Errors
    /// When one of the four is not what could be meant.
    pub fn from_table(mut table: Table) -> Result<Self, RecipeFileError> {
        let mut text = |key: &'static str| match table.remove(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(RecipeFileError::WrongKind { key, wanted: "a text in quotes".into() }),
        };
        let preset = text("preset")?
            .map(|name| Preset::from_str(&name, false).map_err(|_| wrong_name::<Preset>("preset")))
            .transpose()?;
        let (data, init) = (text("data")?, text("init")?.map(PathBuf::from));
        let teachers = match table.remove("teachers").map(Value::try_into) {
            None => Vec::new(),
            Some(Ok(paths)) => paths,
            Some(Err(_)) => {
                return Err(RecipeFileError::WrongKind { key: "teachers", wanted: "a list of texts in quotes".into() });
            }
        };
        Ok(Self { preset, data, init, teachers, changes: table })
    }
}

/// The recipe `base` with `changes` laid over it: tables are merged key by key, everything else is replaced. A table whose `kind`
/// changes is replaced as a whole, for the numbers of one kind say nothing about another. An input size that is given in one of
/// its two places is taken over in the other.
///
/// # Errors
/// An unknown key, a value of the wrong kind, or a setting that cannot work.
pub fn merged(base: &Recipe, changes: &Table) -> Result<Recipe, RecipeFileError> {
    // TOML's messages name the place in a line of its own.
    let setting =
        |error: &dyn std::fmt::Display| RecipeFileError::Setting(error.to_string().trim_end().replace('\n', " "));
    let mut table = Table::try_from(base).map_err(|error| setting(&error))?;
    let mut changes = changes.clone();
    if let Some(Value::String(name)) = changes.get("augmentation") {
        let named =
            AugmentationName::from_str(name, false).map_err(|_| wrong_name::<AugmentationName>("augmentation"))?;
        changes.insert("augmentation".into(), Value::try_from(named.augmentation()).map_err(|error| setting(&error))?);
    }
    let size = |section: &str| changes.get(section)?.get("input_size").cloned();
    for (told, other) in [("network", "preprocessing"), ("preprocessing", "network")] {
        if let (Some(size), None) = (size(told), size(other))
            && let Some(Value::Table(table)) = table.get_mut(other)
        {
            table.insert("input_size".into(), size);
        }
    }
    lay_over(&mut table, changes);
    let recipe: Recipe = table.try_into().map_err(|error| setting(&error))?;
    recipe.validate()?;
    Ok(recipe)
}

fn lay_over(base: &mut Table, changes: Table) {
    for (key, change) in changes {
        match (base.get_mut(&key), change) {
            (Some(Value::Table(old)), Value::Table(new))
                if new.get("kind").is_none_or(|kind| old.get("kind") == Some(kind)) =>
            {
                lay_over(old, new);
            }
            // Whole numbers are written where the recipe has broken ones.
            (Some(Value::Float(old)), Value::Integer(new)) => *old = new as f64,
            (_, change) => {
                base.insert(key, change);
            }
        }
    }
}

/// `augmentation.erase=0.3` as a table in a table. A value that is not TOML is taken as a text.
///
/// # Errors
/// When there is no `=` or no key.
pub fn setting(text: &str) -> Result<Table, RecipeFileError> {
    let (key, value) = text
        .split_once('=')
        .filter(|(key, _)| key.split('.').all(|part| !part.trim().is_empty()))
        .ok_or_else(|| RecipeFileError::NotASetting(text.to_owned()))?;
    let value = format!("value = {value}")
        .parse::<Table>()
        .ok()
        .and_then(|mut table| table.remove("value"))
        .unwrap_or_else(|| Value::String(value.trim().to_owned()));
    let mut parts = key.split('.').rev().map(|part| part.trim().to_owned());
    let last = parts.next().unwrap_or_default();
    let innermost = Table::from_iter([(last, value)]);
    Ok(parts.fold(innermost, |table, part| Table::from_iter([(part, Value::Table(table))])))
}

/// Joins two sets of changes; those in `later` win.
pub fn joined(mut earlier: Table, later: Table) -> Table {
    lay_over(&mut earlier, later);
    earlier
}

/// The augmentations that have a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AugmentationName {
    /// The evaluation's view, unchanged.
    None,
    /// The paper's five crops and flips.
    FiveCrop,
    /// Small rotations, scales, shifts, changes of light, and flips.
    Affine,
    /// What a camera and a face finder do: more of everything, blur, compression, colour cast, erased parts.
    Strong,
}

impl AugmentationName {
    /// The augmentation of that name.
    pub fn augmentation(self) -> Augmentation {
        match self {
            Self::None => Augmentation::NONE,
            Self::FiveCrop => Augmentation::PAPER,
            Self::Affine => Augmentation::AFFINE,
            Self::Strong => Augmentation::STRONG,
        }
    }
}

fn wrong_name<T: ValueEnum>(key: &'static str) -> RecipeFileError {
    let names: Vec<String> = T::value_variants()
        .iter()
        .filter_map(|value| Some(format!("\"{}\"", value.to_possible_value()?.get_name())))
        .collect();
    RecipeFileError::WrongKind { key, wanted: format!("one of {}", names.join(", ")) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::recipe::{Schedule, Targets, View};

    fn compact_with(text: &str) -> Result<Recipe, RecipeFileError> {
        merged(&Preset::Compact.recipe(), &text.parse().unwrap())
    }

    #[test]
    fn a_file_changes_what_it_names_and_nothing_else() {
        let recipe = compact_with("epochs = 3\nlambda = 0\ntargets = \"votes\"\n[augmentation]\nerase = 0.3").unwrap();
        let mut expected = Preset::Compact.recipe();
        (expected.epochs, expected.lambda, expected.targets) = (3, 0.0, Targets::Votes);
        expected.augmentation.erase = 0.3;
        assert_eq!(recipe, expected);
        assert_eq!(compact_with("").unwrap(), Preset::Compact.recipe());
    }

    #[test]
    fn another_kind_replaces_the_whole_table_and_the_same_kind_is_merged() {
        let recipe = compact_with("schedule = { kind = \"step\", every = 5 }").unwrap();
        assert_eq!(recipe.schedule, Schedule::Step { every: 5, warmup_steps: 0 });
        let recipe = compact_with("augmentation.view.degrees = 3").unwrap();
        assert_eq!(recipe.augmentation.view, View::Affine { degrees: 3.0, scale: [0.9, 1.15], shift: 0.08 });
        let recipe = compact_with("augmentation = \"five-crop\"").unwrap();
        assert_eq!(recipe.augmentation, Augmentation::PAPER);
    }

    #[test]
    fn one_input_size_is_enough_and_two_must_agree() {
        for text in ["network.input_size = 48", "preprocessing.input_size = 48"] {
            assert_eq!(compact_with(text).unwrap(), Preset::Compact.recipe().with_input_size(48));
        }
        let contrary = compact_with("network.input_size = 48\npreprocessing.input_size = 64").unwrap_err().to_string();
        assert!(contrary.contains("must be the same"), "{contrary}");
    }

    #[test]
    fn mistakes_are_named_with_what_is_allowed() {
        let said = |text: &str| compact_with(text).unwrap_err().to_string();
        assert!(said("epoch = 3").contains("unknown field `epoch`"), "{}", said("epoch = 3"));
        assert!(said("targets = \"all\"").contains("majority"), "{}", said("targets = \"all\""));
        assert!(said("batch = 1").contains("batch norm"));
        assert!(said("augmentation = \"wild\"").contains("\"five-crop\""));
        assert!(setting("epochs").is_err() && setting("=3").is_err() && setting("a..b=3").is_err());
        let wrong = RecipeFile::from_table("preset = \"huge\"".parse().unwrap()).unwrap_err().to_string();
        assert!(wrong.contains("\"paper\", \"compact\""), "{wrong}");
    }

    #[test]
    fn single_settings_are_read_as_toml_and_later_ones_win() {
        let changes = ["augmentation.view.shift=0.2", "targets=votes", "epochs=2", "epochs = 4"]
            .iter()
            .fold(Table::new(), |changes, text| joined(changes, setting(text).unwrap()));
        let recipe = merged(&Preset::Compact.recipe(), &changes).unwrap();
        assert_eq!((recipe.epochs, recipe.targets), (4, Targets::Votes));
        assert_eq!(recipe.augmentation.view, View::Affine { degrees: 12.0, scale: [0.9, 1.15], shift: 0.2 });
    }
}
