//! What a user types to name a data set.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use super::{DataError, Split, SplitName, SyntheticOptions, ferplus, folder, photos, synthetic};

/// A data set, as named on the command line. Its text form reads back as the same value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataSpec {
    /// `ferplus:DIR`: grey faces with ten votes each, in the layout of FERPlus's generator or packed.
    Ferplus(PathBuf),
    /// `folder:DIR`: pictures in `DIR/<split>/<class>/`.
    Folder(PathBuf),
    /// `photos:DIR`: whole photographs with a `labels.csv`. One split: every split name loads all of them.
    Photos(PathBuf),
    /// `synthetic` or `synthetic:train=4000,valid=700,test=700,size=64,seed=1`, or any part of that: drawn faces.
    Synthetic(SyntheticOptions),
}

impl DataSpec {
    /// Reads one split into memory.
    ///
    /// # Errors
    ///
    /// Missing, broken or contradictory files, an unknown class, or no usable picture; see [`DataError`].
    pub fn load(&self, split: SplitName) -> Result<Split, DataError> {
        match self {
            Self::Ferplus(dir) => ferplus::load(existing(dir)?, split),
            Self::Folder(dir) => folder::load(existing(dir)?, split),
            Self::Photos(dir) => photos::load(existing(dir)?, split),
            Self::Synthetic(options) => synthetic::load(options, split),
        }
    }
}

fn existing(dir: &Path) -> Result<&Path, DataError> {
    if dir.is_dir() {
        return Ok(dir);
    }
    Err(DataError::Missing {
        path: dir.to_owned(),
        needed: "there is no such folder. Check the path after the colon.".to_owned(),
    })
}

impl FromStr for DataSpec {
    type Err = DataError;

    fn from_str(text: &str) -> Result<Self, DataError> {
        let unknown = || DataError::UnknownSpec { text: text.to_owned() };
        let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
        let dir = || {
            if rest.is_empty() { Err(unknown()) } else { Ok(PathBuf::from(rest)) }
        };
        match kind {
            "ferplus" => Ok(Self::Ferplus(dir()?)),
            "folder" => Ok(Self::Folder(dir()?)),
            "photos" => Ok(Self::Photos(dir()?)),
            "synthetic" => Ok(Self::Synthetic(SyntheticOptions::parse(rest)?)),
            _ => Err(unknown()),
        }
    }
}

impl fmt::Display for DataSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ferplus(dir) => write!(f, "ferplus:{}", dir.display()),
            Self::Folder(dir) => write!(f, "folder:{}", dir.display()),
            Self::Photos(dir) => write!(f, "photos:{}", dir.display()),
            Self::Synthetic(options) => options.fmt(f),
        }
    }
}
