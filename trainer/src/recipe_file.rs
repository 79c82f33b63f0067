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
use toml::de::DeTable;
use toml::{Table, Value};

use crate::data::DataSpec;
use crate::recipe::{Augmentation, Preset, Recipe};

/// What names the recipe to start from.
const PRESET: &str = "preset";
/// The setting that may be a name or a table of numbers.
const AUGMENTATION: &str = "augmentation";

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
    /// A setting is unknown, of the wrong kind, or cannot work.
    #[error("{problem}")]
    Setting {
        /// The parts of its name; none where it takes several settings to be wrong.
        key: Vec<String>,
        /// What is wrong, in a sentence that names it.
        problem: String,
    },
    /// A setting of a file.
    #[error("{place}: {source}")]
    In {
        /// File and line.
        place: String,
        /// What is wrong.
        source: Box<RecipeFileError>,
    },
    /// The text of a single setting.
    #[error("\"{0}\" is not a setting: write KEY=VALUE, as in augmentation.erase=0.3")]
    NotASetting(String),
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
    /// Where all this stands.
    source: Option<Source>,
}

/// A file and its text.
#[derive(Clone, Debug, PartialEq)]
struct Source {
    path: PathBuf,
    text: String,
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
        let source = Source { path: path.to_owned(), text };
        let file = Self::from_table(table).map_err(|error| source.located(error))?;
        Ok(Self { source: Some(source), ..file })
    }

    /// The data set, where the file names one.
    ///
    /// # Errors
    /// When it is none.
    pub fn data(&self) -> Result<Option<DataSpec>, RecipeFileError> {
        let spec = self.data.as_deref().map(str::parse::<DataSpec>).transpose();
        spec.map_err(|error| self.located(refused("data", error)))
    }

    /// The recipe: the file's changes laid over `preset`, over the file's own where none is given, or over the compact one.
    ///
    /// # Errors
    /// As [`merged`], with file and line.
    pub fn recipe(&self, preset: Option<Preset>) -> Result<Recipe, RecipeFileError> {
        let preset = preset.or(self.preset).unwrap_or(Preset::Compact);
        merged(&preset.recipe(), &self.changes).map_err(|error| self.located(error))
    }

    fn located(&self, error: RecipeFileError) -> RecipeFileError {
        match &self.source {
            Some(source) => source.located(error),
            None => error,
        }
    }

    /// Takes `preset`, `data`, `init` and `teachers` out of a table; the rest are changes.
    ///
    /// # Errors
    /// When one of the four is not what could be meant.
    pub fn from_table(mut table: Table) -> Result<Self, RecipeFileError> {
        let mut text = |key: &'static str| match table.remove(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(refused(key, format!("{key} must be a text in quotes"))),
        };
        let preset = text(PRESET)?
            .map(|name| Preset::from_str(&name, false).map_err(|_| refused(PRESET, names::<Preset>(PRESET))))
            .transpose()?;
        let (data, init) = (text("data")?, text("init")?.map(PathBuf::from));
        let teachers = match table.remove("teachers").map(Value::try_into) {
            None => Vec::new(),
            Some(Ok(paths)) => paths,
            Some(Err(_)) => {
                return Err(refused("teachers", "teachers must be a list of texts in quotes"));
            }
        };
        Ok(Self { preset, data, init, teachers, changes: table, source: None })
    }
}

impl Source {
    /// The error with the file's name, and the line of the setting that it is about.
    fn located(&self, error: RecipeFileError) -> RecipeFileError {
        let line = match &error {
            RecipeFileError::Setting { key, .. } => self.line(key),
            _ => None,
        };
        let line = line.map(|line| format!(", line {line}")).unwrap_or_default();
        RecipeFileError::In { place: format!("{}{line}", self.path.display()), source: error.into() }
    }

    /// The line of a setting, counted from 1; of the table that it would be in where it is not written itself.
    fn line(&self, key: &[String]) -> Option<usize> {
        let document = DeTable::parse(&self.text).ok()?;
        let (mut table, mut start) = (document.get_ref(), None);
        for part in key {
            let Some((name, value)) = table.iter().find(|(name, _)| name.get_ref() == part) else { break };
            start = Some(name.span().start);
            let Some(inner) = value.get_ref().as_table() else { break };
            table = inner;
        }
        Some(self.text.get(..start?)?.matches('\n').count() + 1)
    }
}

fn refused(key: &str, problem: impl ToString) -> RecipeFileError {
    RecipeFileError::Setting { key: vec![key.to_owned()], problem: problem.to_string() }
}

/// The recipe `base` with `changes` laid over it: tables are merged key by key, everything else is replaced. A table whose `kind`
/// changes is replaced as a whole, for the numbers of one kind say nothing about another. An input size that is given in one of
/// its two places is taken over in the other.
///
/// # Errors
/// An unknown key, a value of the wrong kind, or a setting that cannot work.
pub fn merged(base: &Recipe, changes: &Table) -> Result<Recipe, RecipeFileError> {
    applied(base, changes).map_err(|problem| {
        // Where one setting is wrong in the same way by itself, it is that one, which can be named with its line.
        let is_to_blame = |key: &Vec<String>| {
            let alone = only(changes, key).and_then(|change| applied(base, &change).err());
            alone.as_ref() == Some(&problem)
        };
        let key = keys(changes).into_iter().find(is_to_blame).unwrap_or_default();
        RecipeFileError::Setting { key, problem }
    })
}

/// The names of the single settings in a table of changes. A table that says its kind is one setting.
fn keys(changes: &Table) -> Vec<Vec<String>> {
    let below = |(key, value): (&String, &Value)| -> Vec<Vec<String>> {
        let inner = match value {
            Value::Table(table) if !table.contains_key("kind") => keys(table),
            _ => vec![Vec::new()],
        };
        inner.into_iter().map(|rest| [vec![key.clone()], rest].concat()).collect()
    };
    changes.iter().flat_map(below).collect()
}

/// One setting of a table of changes.
fn only(changes: &Table, key: &[String]) -> Option<Table> {
    let (first, rest) = key.split_first()?;
    let value = changes.get(first)?;
    let value = match (value, rest) {
        (_, []) => value.clone(),
        (Value::Table(table), rest) => Value::Table(only(table, rest)?),
        _ => return None,
    };
    Some(Table::from_iter([(first.clone(), value)]))
}

/// [`merged`], with the problem in a sentence.
fn applied(base: &Recipe, changes: &Table) -> Result<Recipe, String> {
    let mut table = Table::try_from(base).map_err(|error| error.to_string())?;
    if changes.contains_key(PRESET) {
        return Err("preset is chosen by --preset, or by the file's own preset".into());
    }
    let changes = with_augmentation_spelt_out(changes.clone())?;
    if let Some(misfit) = misfit(&table, &changes, "") {
        return Err(misfit);
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
    let recipe: Recipe = table.try_into().map_err(|error| in_our_words(&error))?;
    recipe.validate().map_err(|error| error.to_string())?;
    Ok(recipe)
}

/// The same changes with the numbers of an augmentation in the place of its name.
fn with_augmentation_spelt_out(mut changes: Table) -> Result<Table, String> {
    if let Some(Value::String(name)) = changes.get(AUGMENTATION) {
        let named = AugmentationName::from_str(name, false).map_err(|_| names::<AugmentationName>(AUGMENTATION))?;
        let numbers = Value::try_from(named.augmentation()).map_err(|error| error.to_string())?;
        changes.insert(AUGMENTATION.into(), numbers);
    }
    Ok(changes)
}

/// What the first change is that has no place among the `known` settings, or is of another kind than they are.
fn misfit(known: &Table, changes: &Table, within: &str) -> Option<String> {
    changes.iter().find_map(|(key, change)| {
        let name = format!("{within}{key}");
        let Some(old) = known.get(key) else {
            let names: Vec<&str> = known.keys().map(String::as_str).filter(|name| *name != PRESET).collect();
            return Some(format!("there is no setting {name}: use one of {}", names.join(", ")));
        };
        match (old, change) {
            (Value::Table(old), Value::Table(new)) if is_of_kind(old, new) => misfit(old, new, &format!("{name}.")),
            // The settings of another kind are not known here.
            (Value::Table(_), Value::Table(_)) => None,
            (Value::Integer(_), Value::Integer(..0)) => {
                Some(format!("{name} is {change}: use a whole number of 0 or more"))
            }
            (Value::Integer(_), Value::Integer(_)) | (Value::String(_), Value::String(_)) => None,
            (Value::Float(_), Value::Float(_) | Value::Integer(_)) => None,
            (Value::Array(old), Value::Array(new)) if old.len() == new.len() && new.iter().all(is_number) => None,
            (Value::Array(_), _) => Some(format!("{name} must be like {old}")),
            (Value::Table(_), _) => Some(format!("{name} must be a table of settings")),
            (Value::Integer(_), _) => Some(format!("{name} must be a whole number")),
            (Value::Float(_), _) => Some(format!("{name} must be a number")),
            _ => Some(format!("{name} must be a text in quotes")),
        }
    })
}

fn is_number(value: &Value) -> bool {
    value.is_integer() || value.is_float()
}

/// Whether a table of changes speaks of the kind that is there already, if there is one.
fn is_of_kind(old: &Table, new: &Table) -> bool {
    old.get("kind").zip(new.get("kind")).is_none_or(|(old, new)| old == new)
}

/// What the reader of TOML says of a value.
fn in_our_words(error: &toml::de::Error) -> String {
    // The last line of its whole text, "in `schedule`", names the setting.
    let text = error.to_string();
    let setting =
        text.lines().last().and_then(|line| line.strip_prefix("in `")?.strip_suffix('`')).unwrap_or("a setting");
    // "unknown variant `all`, expected `majority` or `votes`", or "... one of `step`, `cosine`".
    let told = error.message().strip_prefix("unknown variant ").and_then(|rest| rest.split_once(", expected "));
    match told {
        Some((value, allowed)) => {
            format!("{setting} cannot be {value}: use {}", allowed.strip_prefix("one of ").unwrap_or(allowed))
        }
        None => format!("{setting}: {}", error.message()),
    }
}

fn lay_over(base: &mut Table, changes: Table) {
    for (key, change) in changes {
        match (base.get_mut(&key), change) {
            (Some(Value::Table(old)), Value::Table(new)) if is_of_kind(old, &new) => lay_over(old, new),
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
///
/// # Errors
/// When `earlier` names an augmentation that there is not.
pub fn joined(earlier: Table, later: Table) -> Result<Table, RecipeFileError> {
    // Its name would give way to the first of its numbers that is set.
    let mut joined = with_augmentation_spelt_out(earlier).map_err(|problem| refused(AUGMENTATION, problem))?;
    lay_over(&mut joined, later);
    Ok(joined)
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

/// The names that a setting may have.
fn names<T: ValueEnum>(key: &str) -> String {
    let names: Vec<String> = T::value_variants()
        .iter()
        .filter_map(|value| Some(format!("\"{}\"", value.to_possible_value()?.get_name())))
        .collect();
    format!("{key} must be one of {}", names.join(", "))
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
        for (text, expected) in [
            ("epoch = 3", "there is no setting epoch: use one of "),
            ("augmentation.sharpen = 1", "there is no setting augmentation.sharpen: use one of "),
            ("epochs = \"many\"", "epochs must be a whole number"),
            ("epochs = 1.5", "epochs must be a whole number"),
            ("batch = -1", "batch is -1: use a whole number of 0 or more"),
            ("batch = 1", "batch norm"),
            ("lambda = true", "lambda must be a number"),
            ("augmentation.view.scale = [1]", "augmentation.view.scale must be like ["),
            ("network = 48", "network must be a table of settings"),
            ("targets = \"all\"", "targets cannot be `all`: use `majority` or `votes`"),
            ("targets = 3", "targets must be a text in quotes"),
            ("schedule.kind = \"linear\"", "schedule.kind cannot be `linear`: use `step`"),
            ("schedule = { kind = \"step\" }", "schedule: missing field `every`"),
            ("augmentation = \"wild\"", "augmentation must be one of \"none\", \"five-crop\""),
            ("preset = \"paper\"", "preset is chosen by --preset"),
        ] {
            assert!(said(text).contains(expected), "{text}: {}", said(text));
        }
        assert!(!said("epoch = 3").contains("preset"), "{}", said("epoch = 3"));
        assert!(setting("epochs").is_err() && setting("=3").is_err() && setting("a..b=3").is_err());
        let wrong = RecipeFile::from_table("preset = \"huge\"".parse().unwrap()).unwrap_err().to_string();
        assert!(wrong.contains("\"paper\", \"compact\""), "{wrong}");
    }

    #[test]
    fn a_mistake_in_a_file_is_named_with_the_files_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("recipe.toml");
        let said = |text: &str| {
            fs::write(&path, text).unwrap();
            let read = RecipeFile::read(&path).and_then(|file| file.data().and_then(|_| file.recipe(None)));
            read.unwrap_err().to_string().replace(&format!("{}", path.display()), "FILE")
        };
        for (text, expected) in [
            ("epochs = 3\n\nepoch = 3\n", "FILE, line 3: there is no setting epoch"),
            ("# first\npreset = \"huge\"", "FILE, line 2: preset must be one of \"paper\", \"compact\""),
            ("init = 3", "FILE, line 1: init must be a text in quotes"),
            ("\ndata = \"celeba:x\"", "FILE, line 2: \"celeba:x\" does not say which data to use"),
            ("lambda = 1\n[augmentation]\n\nerase = 3", "FILE, line 4: augmentation.erase is 3"),
            ("[augmentation.view]\nscale = [2.0, 1.0]\nshift = 0.1", "FILE, line 2: augmentation.view.scale is [2, 1]"),
            ("schedule = { kind = \"step\",\n every = 0 }", "FILE, line 1: schedule.every is 0"),
            ("network.input_size = 48\npreprocessing.input_size = 64", "FILE: network.input_size is 48 and"),
            // The two do for each other, one with the preset's number does not.
            ("batch = 9\ndevices = 3\nlearning_rate = 0", "FILE, line 3: learning_rate is 0"),
            ("batch = 8\ndevices = 3", "FILE: devices is 3 and batch 8"),
            ("epochs = 3\n\ntargets = \"all\"", "FILE, line 3: targets cannot be `all`"),
        ] {
            assert!(said(text).starts_with(expected), "{text}: {}", said(text));
        }
        assert!(said("epochs = = 2").contains("is not TOML"));
    }

    #[test]
    fn single_settings_are_read_as_toml_and_later_ones_win() {
        let changes = ["augmentation.view.shift=0.2", "targets=votes", "epochs=2", "epochs = 4"]
            .iter()
            .fold(Table::new(), |changes, text| joined(changes, setting(text).unwrap()).unwrap());
        let recipe = merged(&Preset::Compact.recipe(), &changes).unwrap();
        assert_eq!((recipe.epochs, recipe.targets), (4, Targets::Votes));
        assert_eq!(recipe.augmentation.view, View::Affine { degrees: 12.0, scale: [0.9, 1.15], shift: 0.2 });
    }

    #[test]
    fn settings_one_after_the_other_add_to_what_was_named_and_to_a_kind_that_comes_later() {
        let with = |settings: &[&str]| {
            let changes = settings
                .iter()
                .try_fold(Table::new(), |changes, text| joined(changes, setting(text).unwrap()))
                .map_err(|error| error.to_string())?;
            merged(&Preset::Compact.recipe(), &changes).map_err(|error| error.to_string())
        };
        let (name, number) = ("augmentation=strong", "augmentation.erase=0.1");
        let erasing = Augmentation { erase: 0.1, ..Augmentation::STRONG };
        assert_eq!(with(&[name, number]).unwrap().augmentation, erasing);
        assert_eq!(with(&[number, name]).unwrap().augmentation, Augmentation::STRONG, "a name stands for all numbers");
        assert!(with(&["augmentation=wild", number]).unwrap_err().contains("augmentation must be one of"));
        // A file's name, then a number.
        let named = compact_with("augmentation = \"strong\"").unwrap();
        assert_eq!(merged(&named, &setting(number).unwrap()).unwrap().augmentation, erasing);

        let (kind, every) = ("schedule.kind=step", "schedule.every=5");
        for settings in [[kind, every], [every, kind]] {
            assert_eq!(with(&settings).unwrap().schedule, Schedule::Step { every: 5, warmup_steps: 0 }, "{settings:?}");
        }
        let other = with(&["schedule.kind=step", "schedule.every=5", "schedule.kind=cosine"]).unwrap();
        assert!(matches!(other.schedule, Schedule::Cosine { .. }));
    }
}
