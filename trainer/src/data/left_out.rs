//! How many pictures of a split were not taken, and why.

use std::{collections::BTreeMap, fmt};

use super::DataError;

/// How many messages about bad pictures are kept: enough to see what is wrong.
const MESSAGES: usize = 5;

/// Why a picture of a data set is not among its samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The annotators did not agree: no class has more than half of the votes.
    NoMajority,
    /// The annotators could not name the expression.
    Unknown,
    /// The annotators saw an expression that is not offered as a class.
    NoExpression,
    /// Most annotators saw no face.
    NotAFace,
    /// Contempt, which is not among the seven expressions.
    Contempt,
    /// A file of another kind among the pictures.
    NotAPicture,
    /// A broken or missing picture, or a line that does not say what it should; skipped because that was asked for.
    Bad,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoMajority => "without a majority",
            Self::Unknown => "unknown",
            Self::NoExpression => "none of the expressions",
            Self::NotAFace => "not a face",
            Self::Contempt => "contempt",
            Self::NotAPicture => "not a picture",
            Self::Bad => "bad",
        })
    }
}

/// Counts of left-out pictures by reason. Displayed as `119 contempt, 76 unknown`, or `none`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    counts: BTreeMap<Reason, usize>,
    first_bad: Vec<String>,
}

impl LeftOut {
    /// Counts one more picture.
    pub(super) fn add(&mut self, reason: Reason) {
        *self.counts.entry(reason).or_default() += 1;
    }

    /// Counts a picture that was skipped because of `error`, and keeps what there is to say about the first few.
    pub(super) fn add_bad(&mut self, error: &DataError) {
        self.add(Reason::Bad);
        if self.first_bad.len() < MESSAGES {
            self.first_bad.push(error.with_reasons());
        }
    }

    /// What was wrong with the first few of the [bad](Reason::Bad) pictures.
    pub fn first_bad(&self) -> &[String] {
        &self.first_bad
    }

    /// How many pictures were left out for this reason.
    pub fn count(&self, reason: Reason) -> usize {
        self.counts.get(&reason).copied().unwrap_or_default()
    }

    /// How many pictures were left out for any reason.
    pub fn total(&self) -> usize {
        self.counts.values().sum()
    }

    /// The reasons that occurred, with their counts.
    pub fn iter(&self) -> impl Iterator<Item = (Reason, usize)> {
        self.counts.iter().map(|(reason, count)| (*reason, *count))
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.counts.is_empty() {
            return f.write_str("none");
        }
        for (i, (reason, count)) in self.iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}{count} {reason}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_lists_each_reason_with_its_count() {
        let mut left_out = LeftOut::default();
        assert_eq!(left_out.to_string(), "none");
        left_out.add(Reason::Contempt);
        left_out.add(Reason::NoMajority);
        left_out.add(Reason::Contempt);
        assert_eq!(left_out.to_string(), "1 without a majority, 2 contempt");
        assert_eq!(left_out.total(), 3);
    }
}
