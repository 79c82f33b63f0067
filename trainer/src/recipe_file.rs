//! Recipes from TOML: a preset with some of its settings changed.

use toml::{Table, Value};

use crate::recipe::Recipe;

/// The field that tells the kinds of a setting apart; each kind has other fields.
const KIND: &str = "kind";
/// The two places that know the input's size, which is one number.
const SIZE_SECTIONS: [&str; 2] = ["network", "preprocessing"];
const SIZE: &str = "input_size";

/// Settings do not make a recipe.
#[derive(Debug, thiserror::Error)]
pub enum RecipeFileError {
    /// The recipe to start from has a number that TOML cannot hold.
    #[error("the recipe to start from cannot be written as TOML: {0}")]
    Base(toml::ser::Error),
    /// A key is unknown, or a value is of the wrong kind.
    #[error("the settings do not make a recipe: {}", .0.to_string().trim_end())]
    Settings(toml::de::Error),
    /// The sizes contradict each other.
    #[error("network.input_size is {network} and preprocessing.input_size {preprocessing}: one of the two is enough")]
    Sizes {
        /// Pixels that the network is built for.
        network: usize,
        /// Pixels that the preprocessing makes.
        preprocessing: u32,
    },
}

/// `base` with `changes`, which are a part of a recipe's own TOML form: tables are merged key by key, everything else
/// replaces.
///
/// A table that names another `kind` replaces the whole of what was there, whose other settings belong to the old kind.
/// An input size that is given in one place is taken over in the other.
///
/// # Errors
/// When a key is unknown, a value is of the wrong kind, or the sizes contradict each other.
pub fn merged(base: &Recipe, changes: &Table) -> Result<Recipe, RecipeFileError> {
    let mut recipe = Table::try_from(base).map_err(RecipeFileError::Base)?;
    merge(&mut recipe, changes);
    let size = |section: &str| changes.get(section).and_then(|table| table.get(SIZE)).cloned();
    let [network, preprocessing] = SIZE_SECTIONS;
    for (told, other) in [(network, preprocessing), (preprocessing, network)] {
        if let (Some(size), None) = (size(told), size(other))
            && let Some(Value::Table(table)) = recipe.get_mut(other)
        {
            table.insert(SIZE.into(), size);
        }
    }
    let recipe: Recipe = recipe.try_into().map_err(RecipeFileError::Settings)?;
    let (network, preprocessing) = (recipe.network.input_size, recipe.preprocessing.input_size);
    match network == preprocessing as usize {
        true => Ok(recipe),
        false => Err(RecipeFileError::Sizes { network, preprocessing }),
    }
}

fn merge(base: &mut Table, changes: &Table) {
    for (key, change) in changes {
        match (base.get_mut(key), change) {
            (Some(Value::Table(old)), Value::Table(new)) if keeps_kind(old, new) => merge(old, new),
            _ => {
                base.insert(key.clone(), change.clone());
            }
        }
    }
}

fn keeps_kind(old: &Table, new: &Table) -> bool {
    new.get(KIND).is_none_or(|kind| old.get(KIND) == Some(kind))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::loss::LossKind;
    use crate::recipe::{Augmentation, Preset, Schedule};

    fn changed(text: &str) -> Result<Recipe, RecipeFileError> {
        merged(&Preset::Compact.recipe(), &text.parse().unwrap())
    }

    #[test]
    fn no_change_gives_the_preset_itself() {
        for preset in [Preset::Paper, Preset::Compact] {
            assert_eq!(merged(&preset.recipe(), &Table::new()).unwrap(), preset.recipe());
        }
    }

    #[test]
    fn a_nested_setting_changes_and_its_neighbours_stay() {
        let recipe = changed("loss = \"center\"\nlambda = 1\n[network.context_encoder]\nhidden1 = 64\n").unwrap();
        assert_eq!((recipe.loss, recipe.lambda), (LossKind::Center, 1.0));
        assert_eq!(recipe.network.context_encoder.hidden1, 64);
        assert_eq!(recipe.network.context_encoder.hidden2, Preset::Compact.recipe().network.context_encoder.hidden2);
    }

    #[test]
    fn another_kind_leaves_the_settings_of_the_old_one_behind() {
        let recipe = changed("schedule = { kind = \"step\", every = 3 }\naugmentation = { kind = \"none\" }").unwrap();
        assert_eq!((recipe.schedule, recipe.augmentation), (Schedule::Step { every: 3 }, Augmentation::None));
        assert_eq!(changed("schedule = { warmup_steps = 7 }").unwrap().schedule, Schedule::Cosine { warmup_steps: 7 });
    }

    #[test]
    fn one_input_size_is_enough_and_two_must_agree() {
        for text in ["network.input_size = 48", "preprocessing.input_size = 48"] {
            assert_eq!(changed(text).unwrap(), Preset::Compact.recipe().with_input_size(48));
        }
        let error = changed("network.input_size = 48\npreprocessing.input_size = 64").unwrap_err();
        assert!(error.to_string().contains("48") && error.to_string().contains("64"), "{error}");
    }

    #[test]
    fn unknown_keys_and_wrong_values_are_named() {
        for (text, expected) in [
            ("lamda = 0.1", "lamda"),
            ("network.input = 3", "input"),
            ("epochs = \"many\"", "many"),
            ("loss = \"hinge\"", "hinge"),
            ("schedule = { kind = \"step\", every = 2, warmup_steps = 3 }", "warmup_steps"),
        ] {
            let error = changed(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
