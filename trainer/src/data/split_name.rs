//! The three parts of a data set, by name.

use std::{fmt, str::FromStr};

use super::DataError;

/// A part of a data set: weights are fitted on train, choices are made on valid, test is reported once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SplitName {
    /// The part that the weights are fitted on.
    Train,
    /// The part that epochs and settings are chosen on.
    Valid,
    /// The part that is kept for the final figure.
    Test,
}

impl SplitName {
    /// The name in a sentence.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Train => "training",
            Self::Valid => "validation",
            Self::Test => "test",
        }
    }
}

impl FromStr for SplitName {
    type Err = DataError;

    fn from_str(text: &str) -> Result<Self, DataError> {
        match text.to_ascii_lowercase().as_str() {
            "train" => Ok(Self::Train),
            "valid" | "val" | "validation" => Ok(Self::Valid),
            "test" => Ok(Self::Test),
            _ => Err(DataError::UnknownSplit { text: text.to_owned() }),
        }
    }
}

impl fmt::Display for SplitName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Train => "train",
            Self::Valid => "valid",
            Self::Test => "test",
        })
    }
}
