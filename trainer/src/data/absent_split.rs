//! A split that a data set does not have.

use serde::Serialize;

use super::{DataError, SplitName};

/// A split that a data set does not have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AbsentSplit {
    /// Its name.
    pub split: String,
    /// Why there is no picture in it.
    pub reason: String,
}

impl AbsentSplit {
    pub(super) fn new(split: SplitName, error: &DataError) -> Self {
        Self { split: split.to_string(), reason: error.with_reasons() }
    }
}
