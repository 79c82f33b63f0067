//! What can be wrong with a data set, in sentences for the person who has to mend it.

use std::{io, path::PathBuf};

use super::{FEWEST_PICTURES, LeftOut, SplitName, classes::allowed_names};

/// Why a data set, or a description of one, was refused.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// The text does not name a kind of data set.
    #[error("\"{text}\" does not say which data to use. Write ferplus:DIR, folder:DIR, photos:DIR or synthetic.")]
    UnknownSpec {
        /// What was given.
        text: String,
    },
    /// An option of the drawn faces cannot be followed.
    #[error(
        "synthetic: {option}: {problem}. Write synthetic:train=4000,valid=700,test=700,size=64,seed=1 or any part of it."
    )]
    SyntheticOption {
        /// The option.
        option: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The text does not name a split.
    #[error("\"{text}\" is not a split. Write train, valid or test.")]
    UnknownSplit {
        /// What was given.
        text: String,
    },
    /// A file or folder that the data set cannot do without is not there.
    #[error("{} is missing: {needed}", path.display())]
    Missing {
        /// The first place looked at.
        path: PathBuf,
        /// What is expected there.
        needed: String,
    },
    /// Several files or folders could be meant.
    #[error("{} could each be the {what}. Leave one of them there.", list(found))]
    Ambiguous {
        /// What was looked for.
        what: &'static str,
        /// All that fit.
        found: Vec<PathBuf>,
    },
    /// A file or folder cannot be read.
    #[error("{} cannot be read", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The first line of a table does not name the columns that are needed.
    #[error(
        "{} must begin with a line that names its columns. Needed: {expected}. Found: {found}",
        path.display()
    )]
    Header {
        /// The table.
        path: PathBuf,
        /// The column names that are needed.
        expected: String,
        /// The first line as it is.
        found: String,
    },
    /// A line of a table does not say what it should.
    #[error("{}, line {line}: {problem}", path.display())]
    Row {
        /// The table.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// A folder is named after no known class.
    #[error(
        "{} is not named after an expression. Known names: {}. Rename the folder or move it elsewhere.",
        path.display(),
        allowed_names()
    )]
    UnknownClass {
        /// The folder.
        path: PathBuf,
    },
    /// A picture is listed but lies nowhere.
    #[error("{} lists the picture {name}, but {} does not hold it", list.display(), place.display())]
    PictureAbsent {
        /// The table that lists it.
        list: PathBuf,
        /// The picture's name in the table.
        name: String,
        /// The folder or archive that was searched.
        place: PathBuf,
    },
    /// A picture cannot be decoded.
    #[error("The picture {} is broken or of an unknown format. Replace or remove it.", path.display())]
    Picture {
        /// The picture; inside an archive, the archive's path and then the name in it.
        path: PathBuf,
        /// The decoder's reason.
        source: image::ImageError,
    },
    /// An archive cannot be unpacked.
    #[error("The archive {} is broken or incomplete. Fetch or make it anew.", path.display())]
    Archive {
        /// The archive.
        path: PathBuf,
        /// The reason.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An archive holds nothing of what is listed for the split.
    #[error(
        "The archive {} holds none of the {wanted} pictures needed, such as {example}: it lacks this split, or belongs to another data set.",
        path.display()
    )]
    ArchiveWithoutSplit {
        /// The archive.
        path: PathBuf,
        /// How many pictures were looked for.
        wanted: usize,
        /// The first of them.
        example: String,
    },
    /// A class has too few pictures for a mean in which no one is recognisable.
    #[error(
        "There are {count} pictures of {class}: a mean face needs at least {FEWEST_PICTURES}, so that no one is recognisable in it."
    )]
    TooFewToAverage {
        /// The class.
        class: String,
        /// How many pictures it has.
        count: usize,
    },
    /// Nothing is left to use.
    #[error("{place} has no usable picture in the split {split} (left out: {left_out}).")]
    EmptySplit {
        /// The data set.
        place: String,
        /// The split.
        split: SplitName,
        /// What was there but left out.
        left_out: LeftOut,
    },
}

fn list(paths: &[PathBuf]) -> String {
    let texts: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
    texts.join(" and ")
}
