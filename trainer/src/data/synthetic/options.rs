//! How many faces to draw, and how.

use std::fmt;

use super::super::{DataError, SplitName};

/// The sizes that the drawing is made for, in pixels.
const SIZES: std::ops::RangeInclusive<u32> = 16..=512;
/// More faces than this in one split are a slip of the keyboard.
const MOST: usize = 1_000_000;

/// Drawn faces: how many a split, their side in pixels, and the seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntheticOptions {
    /// Faces in the split train.
    pub train: usize,
    /// Faces in the split valid.
    pub valid: usize,
    /// Faces in the split test.
    pub test: usize,
    /// Width and height in pixels, 16 to 512.
    pub size: u32,
    /// Another seed gives other faces.
    pub seed: u64,
}

impl Default for SyntheticOptions {
    fn default() -> Self {
        Self { train: 4000, valid: 700, test: 700, size: 64, seed: 1 }
    }
}

impl SyntheticOptions {
    /// Reads `train=4000,valid=700,test=700,size=64,seed=1`, any part of it in any order.
    pub(in super::super) fn parse(text: &str) -> Result<Self, DataError> {
        let mut options = Self::default();
        for part in text.split(',').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let refused = || options.refused(name, format!("\"{value}\" is not a whole number in its range"));
            match name {
                "train" => options.train = value.parse().map_err(|_| refused())?,
                "valid" => options.valid = value.parse().map_err(|_| refused())?,
                "test" => options.test = value.parse().map_err(|_| refused())?,
                "size" => options.size = value.parse().map_err(|_| refused())?,
                "seed" => options.seed = value.parse().map_err(|_| refused())?,
                _ => return Err(options.refused(name, "there is no such option".to_owned())),
            }
        }
        options.check()?;
        Ok(options)
    }

    /// Refuses what cannot be drawn.
    pub(super) fn check(&self) -> Result<(), DataError> {
        if !SIZES.contains(&self.size) {
            let problem = format!("{} is not within {SIZES:?} pixels", self.size);
            return Err(self.refused("size", problem));
        }
        for (name, count) in [("train", self.train), ("valid", self.valid), ("test", self.test)] {
            if count > MOST {
                return Err(self.refused(name, format!("{count} is more than {MOST} faces")));
            }
        }
        Ok(())
    }

    /// Faces in a split.
    pub(super) fn count(&self, split: SplitName) -> usize {
        match split {
            SplitName::Train => self.train,
            SplitName::Valid => self.valid,
            SplitName::Test => self.test,
        }
    }

    /// The error for an option that cannot be followed.
    pub(super) fn refused(&self, option: &str, problem: String) -> DataError {
        DataError::SyntheticOption { option: option.to_owned(), problem }
    }
}

/// The spec that gives these options, naming only those that differ from the defaults.
impl fmt::Display for SyntheticOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("synthetic")?;
        let default = Self::default();
        let mut mark = ':';
        let options = [
            ("train", self.train as u64, default.train as u64),
            ("valid", self.valid as u64, default.valid as u64),
            ("test", self.test as u64, default.test as u64),
            ("size", self.size.into(), default.size.into()),
            ("seed", self.seed, default.seed),
        ];
        for (name, value, default) in options {
            if value != default {
                write!(f, "{mark}{name}={value}")?;
                mark = ',';
            }
        }
        Ok(())
    }
}
