//! The seven expressions in this project's order, and the names that data sets give them.

pub use dacl::expression::EXPRESSIONS;

/// Every accepted name with its label, lower case. The canonical name of a class comes first.
const NAMES: [(&str, usize); 13] = [
    ("neutral", 0),
    ("happy", 1),
    ("happiness", 1),
    ("sad", 2),
    ("sadness", 2),
    ("surprise", 3),
    ("surprised", 3),
    ("fear", 4),
    ("fearful", 4),
    ("disgust", 5),
    ("disgusted", 5),
    ("anger", 6),
    ("angry", 6),
];

/// What a name in a data set stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// One of the seven, by its label.
    Class(usize),
    /// Contempt, which is not among the seven and is left out.
    Contempt,
}

/// Looks a class up by any of its usual names, in any case.
pub(super) fn named(name: &str) -> Option<Named> {
    let name = name.trim().to_lowercase();
    if name == "contempt" {
        return Some(Named::Contempt);
    }
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, label)| Named::Class(*label))
}

/// The accepted names, for a message.
pub(super) fn allowed_names() -> String {
    let mut names: Vec<_> = NAMES.iter().map(|(name, _)| *name).collect();
    names.push("contempt (left out)");
    names.join(", ")
}

/// The seven class names as owned text, in label order.
pub fn class_names() -> Vec<String> {
    EXPRESSIONS.map(String::from).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_names_map_to_their_own_place() {
        for (label, name) in EXPRESSIONS.iter().enumerate() {
            assert_eq!(named(name), Some(Named::Class(label)));
        }
    }

    #[test]
    fn synonyms_are_found_in_any_case() {
        assert_eq!(named("Angry"), Some(Named::Class(6)));
        assert_eq!(named("HAPPINESS"), Some(Named::Class(1)));
        assert_eq!(named(" surprised "), Some(Named::Class(3)));
        assert_eq!(named("Contempt"), Some(Named::Contempt));
        assert_eq!(named("bored"), None);
    }
}
