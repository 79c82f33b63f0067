//! How a split is read: what happens to bad pictures, and how much of a picture is kept in memory.

use image::{DynamicImage, imageops::FilterType};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{DataError, LeftOut, Sample, decode::Tone};

/// How [`DataSpec::load_with`](super::DataSpec::load_with) reads a split. The default stops at the first bad picture and keeps
/// every picture as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LoadOptions {
    /// Leaves bad pictures and bad lines out and counts them as [`Reason::Bad`](super::Reason::Bad), instead of stopping at the
    /// first. Whatever concerns a whole data set, such as a missing table or a wrong header, stops in any case.
    pub skip_bad: bool,
    /// Makes pictures whose longer side is greater smaller while they are read, so that a large data set fits into memory.
    pub max_side: Option<u32>,
    /// Takes colour away while reading: a third of the memory, for networks that see grey anyway.
    pub grey: bool,
}

impl LoadOptions {
    /// The tone that pictures are decoded to, where the data set itself would have `tone`.
    pub(super) fn tone(&self, tone: Tone) -> Tone {
        if self.grey { Tone::Grey } else { tone }
    }

    /// The picture with no side longer than asked. The filter averages, so that shrinking here and once more for the
    /// network's input loses little against shrinking once.
    pub(super) fn bounded(&self, picture: DynamicImage) -> DynamicImage {
        match self.max_side {
            Some(side) if picture.width().max(picture.height()) > side.max(1) => {
                picture.resize(side.max(1), side.max(1), FilterType::Triangle)
            }
            _ => picture,
        }
    }

    /// Passes a value on, and counts an error that may be skipped instead of returning it.
    pub(super) fn unless_bad<T>(
        &self,
        result: Result<T, DataError>,
        left_out: &mut LeftOut,
    ) -> Result<Option<T>, DataError> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error) if self.skips(&error) => {
                left_out.add_bad(&error);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// As [`unless_bad`](Self::unless_bad), for a line of a list that several splits are taken from: a bad one is counted only
    /// in the split that it is `ours` in, so that whoever reads all splits counts it once.
    pub(super) fn unless_bad_line<T>(
        &self,
        line: Result<T, DataError>,
        ours: bool,
        left_out: &mut LeftOut,
    ) -> Result<Option<T>, DataError> {
        match ours {
            true => self.unless_bad(line, left_out),
            false => self.unless_bad(line, &mut LeftOut::default()),
        }
    }

    /// Waits for the pictures of a split, in their order. Without `skip_bad`, a bad one ends it at once.
    pub(super) fn gather(
        &self,
        pictures: impl ParallelIterator<Item = Result<Sample, DataError>>,
        left_out: &mut LeftOut,
    ) -> Result<Vec<Sample>, DataError> {
        let read: Vec<Result<Sample, DataError>> = pictures
            .map(|picture| match picture {
                Err(error) if !self.skips(&error) => Err(error),
                picture => Ok(picture),
            })
            .collect::<Result<_, _>>()?;
        let mut samples = Vec::with_capacity(read.len());
        for picture in read {
            samples.extend(self.unless_bad(picture, left_out)?);
        }
        Ok(samples)
    }

    fn skips(&self, error: &DataError) -> bool {
        self.skip_bad && error.concerns_one_picture()
    }
}
