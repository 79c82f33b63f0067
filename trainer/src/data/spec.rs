//! What a user types to name a data set.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use super::{
    AbsentSplit, DataError, LoadOptions, Split, SplitName, SyntheticOptions, affectnet, fer2013, ferplus, folder,
    photos, raf_db, synthetic,
};

/// A data set, as named on the command line. Its text form reads back as the same value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataSpec {
    /// `rafdb:DIR`: the basic part of RAF-DB.
    RafDb(PathBuf),
    /// `affectnet:DIR`: AffectNet, of its first release or a later one, whichever lies there.
    AffectNet(PathBuf),
    /// `fer2013:DIR` or `fer2013:FILE`: the table of FER2013, pixels included.
    Fer2013(PathBuf),
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
    /// Every way to name a data set, for messages and helps.
    pub const KINDS: &str = "rafdb:DIR, affectnet:DIR, fer2013:DIR, ferplus:DIR, folder:DIR, photos:DIR, or synthetic";
    /// Those of ready crops with splits, which one can train on.
    pub const CROPS: &str = "rafdb:DIR, affectnet:DIR, fer2013:DIR, ferplus:DIR, folder:DIR, or \
                             synthetic[:train=4000,valid=700,size=64,seed=1]";

    /// Reads one split into memory, every picture as it is, and stops at the first bad one.
    ///
    /// # Errors
    ///
    /// Missing, broken or contradictory files, an unknown class, or no usable picture; see [`DataError`].
    pub fn load(&self, split: SplitName) -> Result<Split, DataError> {
        self.load_with(split, &LoadOptions::default())
    }

    /// Reads one split into memory as `options` ask.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load), less what the options skip.
    pub fn load_with(&self, split: SplitName, options: &LoadOptions) -> Result<Split, DataError> {
        let loaded = match self {
            Self::RafDb(dir) => raf_db::load(existing(dir)?, split, options),
            Self::AffectNet(dir) => affectnet::load(existing(dir)?, split, options),
            Self::Fer2013(place) => fer2013::load(place, split, options),
            Self::Ferplus(dir) => ferplus::load(existing(dir)?, split, options),
            Self::Folder(dir) => folder::load(existing(dir)?, split, options),
            Self::Photos(dir) => photos::load(existing(dir)?, options),
            Self::Synthetic(drawn) => synthetic::load(drawn, split, options),
        }?;
        match loaded.samples.is_empty() {
            true => Err(DataError::EmptySplit { place: self.to_string(), split, left_out: loaded.left_out }),
            false => Ok(loaded),
        }
    }
}

impl DataSpec {
    /// The name without the path, which says nothing to others and may say too much: `ferplus` of `ferplus:/home/me/data`.
    pub fn public_name(&self) -> String {
        let text = self.to_string();
        match self {
            Self::Synthetic(_) => text,
            _ => text.split(':').next().unwrap_or_default().to_owned(),
        }
    }

    /// The splits that data sets of this kind have; of photographs, which have but one, the split that it is called by.
    pub(super) fn splits(&self) -> &'static [SplitName] {
        match self {
            Self::Photos(_) => &[SplitName::Test],
            _ => &[SplitName::Train, SplitName::Valid, SplitName::Test],
        }
    }

    /// Reads one of `splits` after the other and hands it to `present`, or the reason to `absent` where the data set does not have it. That
    /// none is there is an error: what was wrong with the first.
    pub(super) fn each_split<E: From<DataError>>(
        &self,
        splits: &[SplitName],
        options: &LoadOptions,
        mut present: impl FnMut(SplitName, Split) -> Result<(), E>,
        mut absent: impl FnMut(AbsentSplit),
    ) -> Result<(), E> {
        let mut first = None;
        let mut found = false;
        for &name in splits {
            match self.load_with(name, options) {
                Ok(split) => {
                    present(name, split)?;
                    found = true;
                }
                Err(error) if error.means_no_such_split() => {
                    absent(AbsentSplit::new(name, &error));
                    first.get_or_insert(error);
                }
                Err(error) => return Err(error.into()),
            }
        }
        match first {
            Some(error) if !found => Err(error.into()),
            _ => Ok(()),
        }
    }
}

/// [`DataSpec::public_name`] of a data set that was written down.
pub fn public_name(text: &str) -> String {
    let kind = || text.split(':').next().unwrap_or_default().to_owned();
    text.parse().map_or_else(|_| kind(), |data: DataSpec| data.public_name())
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
            "rafdb" => Ok(Self::RafDb(dir()?)),
            "affectnet" => Ok(Self::AffectNet(dir()?)),
            "fer2013" => Ok(Self::Fer2013(dir()?)),
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
            Self::RafDb(dir) => write!(f, "rafdb:{}", dir.display()),
            Self::AffectNet(dir) => write!(f, "affectnet:{}", dir.display()),
            Self::Fer2013(place) => write!(f, "fer2013:{}", place.display()),
            Self::Ferplus(dir) => write!(f, "ferplus:{}", dir.display()),
            Self::Folder(dir) => write!(f, "folder:{}", dir.display()),
            Self::Photos(dir) => write!(f, "photos:{}", dir.display()),
            Self::Synthetic(options) => options.fmt(f),
        }
    }
}
