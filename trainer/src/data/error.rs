//! What can be wrong with a data set, in sentences for the person who has to mend it.

use std::{
    error::Error,
    fmt, io,
    path::{Path, PathBuf},
};

use super::{DataSpec, FEWEST_PICTURES, LeftOut, SplitName, classes::allowed_names};

/// Why a data set, or a description of one, was refused.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// The text does not name a kind of data set.
    #[error("\"{text}\" does not say which data to use. Write {}.", DataSpec::KINDS)]
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
        "{}, line 1: the first line must name the columns. Needed: {expected}. Found: {found}",
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
    /// Two tables that belong together row by row do not.
    #[error("{}, line {line}: {problem}", path.display())]
    TablesDisagree {
        /// The table.
        path: PathBuf,
        /// The first line that shows it, counted from 1.
        line: u64,
        /// What shows it.
        problem: String,
    },
    /// A file that holds the label of one picture is missing or broken.
    #[error("{}: {problem}", path.display())]
    LabelFile {
        /// The file.
        path: PathBuf,
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
    #[error("{}{} lists the picture {name}, but {} does not hold it", list.display(), on_line(*line), place.display())]
    PictureAbsent {
        /// The table that lists it.
        list: PathBuf,
        /// The line that does, counted from 1; none where the list is a folder.
        line: Option<u64>,
        /// The picture's name in the table.
        name: String,
        /// The folder or archive that was searched.
        place: PathBuf,
    },
    /// A picture is there but cannot be read.
    #[error("The picture {}{} cannot be read", path.display(), in_brackets(listed))]
    PictureUnreadable {
        /// The picture.
        path: PathBuf,
        /// Where it is listed.
        listed: Option<ListLine>,
        /// The system's reason.
        source: io::Error,
    },
    /// A picture cannot be decoded.
    #[error(
        "The picture {}{} is broken or of an unknown format. Replace or remove it.",
        path.display(),
        in_brackets(listed)
    )]
    Picture {
        /// The picture; inside an archive, the archive's path and then the name in it.
        path: PathBuf,
        /// Where it is listed.
        listed: Option<ListLine>,
        /// The decoder's reason.
        source: image::ImageError,
    },
    /// An archive cannot be unpacked.
    #[error("The archive {} is broken or incomplete. Fetch or make it anew.", path.display())]
    Archive {
        /// The archive.
        path: PathBuf,
        /// The reason.
        source: Box<dyn Error + Send + Sync>,
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
    /// The pictures do not fit into memory.
    #[error("{}: {problem}", place.display())]
    TooLarge {
        /// The data set.
        place: PathBuf,
        /// How much they take, how much there is, and what would help.
        problem: String,
    },
    /// Nothing is left to use.
    #[error("{place} has no usable picture in the split {split} (left out: {left_out}).{}", first_bad(left_out))]
    EmptySplit {
        /// The data set.
        place: String,
        /// The split.
        split: SplitName,
        /// What was there but left out.
        left_out: LeftOut,
    },
}

/// A line of a list of pictures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListLine {
    /// The list.
    pub list: PathBuf,
    /// The line, counted from 1.
    pub line: u64,
}

impl fmt::Display for ListLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}", self.list.display(), self.line)
    }
}

impl DataError {
    /// The same error, of a picture that `list` names on `line`.
    pub(super) fn listed_in(mut self, list: &Path, line: Option<u64>) -> Self {
        if let Self::Picture { listed, .. } | Self::PictureUnreadable { listed, .. } = &mut self {
            *listed = line.map(|line| ListLine { list: list.to_owned(), line });
        }
        self
    }

    /// Whether the rest of the data set is of use without the picture or line that this is about.
    pub(super) fn concerns_one_picture(&self) -> bool {
        matches!(
            self,
            Self::Row { .. }
                | Self::LabelFile { .. }
                | Self::UnknownClass { .. }
                | Self::PictureAbsent { .. }
                | Self::PictureUnreadable { .. }
                | Self::Picture { .. }
        )
    }

    /// Whether the data set may be whole and just not have the split that was asked for.
    pub(super) fn means_no_such_split(&self) -> bool {
        match self {
            Self::Missing { .. } | Self::ArchiveWithoutSplit { .. } => true,
            // Pictures that are all bad are no absent split.
            Self::EmptySplit { left_out, .. } => left_out.first_bad().is_empty(),
            _ => false,
        }
    }

    /// The message, and after it the reasons beneath.
    pub(super) fn with_reasons(&self) -> String {
        let mut text = self.to_string();
        let mut reason = self.source();
        while let Some(error) = reason {
            text = format!("{}: {error}", text.trim_end_matches('.'));
            reason = error.source();
        }
        text
    }
}

fn first_bad(left_out: &LeftOut) -> String {
    left_out.first_bad().first().map(|message| format!(" The first bad one: {message}")).unwrap_or_default()
}

fn on_line(line: Option<u64>) -> String {
    line.map(|line| format!(", line {line},")).unwrap_or_default()
}

fn in_brackets(listed: &Option<ListLine>) -> String {
    listed.as_ref().map(|line| format!(" ({line})")).unwrap_or_default()
}

fn list(paths: &[PathBuf]) -> String {
    let texts: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
    texts.join(" and ")
}
