//! Which runs are repetitions of each other, and what to call them.

use std::collections::{BTreeMap, BTreeSet};

use super::Entrant;

/// The settings that name a group when no other group differs from it.
const TELLING: [&str; 2] = ["preset", "loss"];

/// The name of the group that each entrant belongs to: the settings in which the groups differ.
///
/// Runs are of one group when all their settings but the seed are equal. An artefact does not tell its settings and is
/// a group of its own.
pub fn group_names(entrants: &[Entrant]) -> Vec<String> {
    let groups: BTreeSet<&BTreeMap<String, String>> =
        entrants.iter().filter_map(|entrant| entrant.settings.as_ref()).collect();
    let names: BTreeSet<&String> = groups.iter().flat_map(|settings| settings.keys()).collect();
    let told_apart = |names: &[&str]| {
        let values = |settings: &&BTreeMap<String, String>| -> Vec<Option<String>> {
            names.iter().map(|name| settings.get(*name).cloned()).collect()
        };
        groups.iter().map(values).collect::<BTreeSet<_>>().len()
    };
    let differing: Vec<&str> = names.into_iter().map(String::as_str).filter(|name| told_apart(&[name]) > 1).collect();
    // A hash says nothing to people: it is named only where nothing else tells the groups apart.
    let in_words: Vec<&str> = differing.iter().copied().filter(|name| !name.ends_with("_sha256")).collect();
    let telling = match differing.is_empty() {
        true => TELLING.to_vec(),
        false if told_apart(&in_words) == groups.len() => in_words,
        false => differing,
    };
    entrants
        .iter()
        .map(|entrant| match &entrant.settings {
            Some(settings) => telling
                .iter()
                .map(|name| format!("{name}={}", settings.get(*name).map_or("none", String::as_str)))
                .collect::<Vec<_>>()
                .join(" "),
            None => entrant.name.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::LoadOptions;

    fn run(settings: &[(&str, &str)]) -> Entrant {
        let settings = settings.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        Entrant { settings: Some(settings), ..artefact("run") }
    }

    fn artefact(name: &str) -> Entrant {
        Entrant { name: name.into(), classes: Vec::new(), seed: 1, settings: None, loading: LoadOptions::default() }
    }

    #[test]
    fn groups_are_named_by_the_settings_in_which_they_differ() {
        let softmax = [("preset", "compact"), ("loss", "softmax"), ("lambda", "0.01")];
        let dacl = [("preset", "compact"), ("loss", "dacl"), ("lambda", "0.01")];
        let names = group_names(&[run(&softmax), run(&dacl), run(&softmax), artefact("www/weights")]);
        assert_eq!(names, ["loss=softmax", "loss=dacl", "loss=softmax", "www/weights"]);
        let started = |hash| run(&[dacl.as_slice(), &[("init", "resnet18"), ("init_sha256", hash)]].concat());
        assert_eq!(group_names(&[run(&dacl), started("12ab")]), ["init=none", "init=resnet18"]);
        let names = group_names(&[started("12ab"), started("34cd")]);
        assert_eq!(names, ["init_sha256=12ab", "init_sha256=34cd"], "one name, two files");
    }

    #[test]
    fn runs_that_differ_by_nothing_are_one_group() {
        let settings = [("preset", "compact"), ("loss", "dacl"), ("lambda", "0.01")];
        let names = group_names(&[run(&settings), run(&settings)]);
        assert_eq!(names, ["preset=compact loss=dacl", "preset=compact loss=dacl"]);
    }
}
