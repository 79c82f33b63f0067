//! From whole photographs to a data set of faces: the face stage that the page uses finds and cuts, an image folder comes out.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use dacl::artefact::FaceCrop;
use dacl::faces::{FaceFinder, FaceFinderError, SeetaFinder, SeetaOptions};
use dacl::pipeline::cut_out;
use rayon::prelude::*;
use serde::Serialize;

use super::{AbsentSplit, DataError, DataSpec, LoadOptions, Reason, Sample, Split, SplitName};

/// The list of the pictures in which no face was found.
pub const WITHOUT_FACE: &str = "without-face.csv";
/// What was asked and what came of it.
pub const SUMMARY: &str = "prepared.json";

/// Making a finder takes as long as searching a small picture: one serves this many.
const PICTURES_A_FINDER: usize = 32;

/// How faces are prepared.
#[derive(Clone, Debug)]
pub struct PrepareOptions {
    /// The square that is cut out around a face box.
    pub crop: FaceCrop,
    /// The splits to prepare; empty for all that the data set has.
    pub splits: Vec<SplitName>,
    /// How the pictures are read.
    pub loading: LoadOptions,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// The splits that were there.
    pub splits: Vec<PreparedSplit>,
    /// The splits that the data set does not have.
    pub absent: Vec<AbsentSplit>,
}

/// What came of one split.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PreparedSplit {
    /// The split.
    pub split: String,
    /// Faces written.
    pub faces: usize,
    /// Pictures in which no face was found.
    pub without_face: usize,
    /// Pictures that were left out while reading.
    pub left_out: String,
    /// How many of these were bad.
    pub bad: usize,
    /// What was wrong with the first few of the bad ones.
    pub first_bad: Vec<String>,
}

/// The content of [`SUMMARY`].
#[derive(Serialize)]
struct Summary<'a> {
    data: String,
    #[serde(flatten)]
    crop: FaceCrop,
    splits: &'a [PreparedSplit],
    absent: &'a [AbsentSplit],
}

/// Faces could not be prepared.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    /// There is something at the place to write to.
    #[error("{0} exists already and is not written over: choose another --out")]
    Exists(PathBuf),
    /// The pictures cannot be read.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The face finder cannot be made.
    #[error(transparent)]
    Finder(#[from] FaceFinderError),
    /// No picture has a face.
    #[error("no face was found in any of the {0} pictures, so nothing was written")]
    NoFaces(usize),
    /// A file or folder cannot be written.
    #[error("{} cannot be written", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A face cannot be written.
    #[error("{} cannot be written", path.display())]
    Picture {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: image::ImageError,
    },
}

/// Cuts the largest face out of every picture and writes `OUT/<split>/<class>/*.png`, the list of pictures without a face and a
/// summary. `OUT` appears when all of it is there, or not at all.
///
/// # Errors
///
/// When `out` exists, pictures cannot be read, files cannot be written, or no picture has a face.
pub fn prepare(data: &DataSpec, out: &Path, options: &PrepareOptions) -> Result<Prepared, PrepareError> {
    if out.exists() {
        return Err(PrepareError::Exists(out.to_owned()));
    }
    // A finder that cannot be made is told at once and not after the pictures were read.
    SeetaFinder::new(SeetaOptions::default())?;
    let parent = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = |path: &Path| {
        let path = path.to_owned();
        move |source| PrepareError::Write { path, source }
    };
    // Beside the place it will have, so that it can be renamed; removed again when anything fails.
    let scratch = tempfile::Builder::new().prefix(".prepare-").tempdir_in(parent).map_err(written(parent))?;
    let folder = scratch.path().join("faces");
    fs::create_dir(&folder).map_err(written(&folder))?;
    let list = folder.join(WITHOUT_FACE);
    let mut without_face = csv::Writer::from_path(&list).map_err(|error| written(&list)(error.into()))?;
    let mut line = |cells: [&str; 3]| without_face.write_record(cells).map_err(|error| written(&list)(error.into()));
    line(["split", "name", "class"])?;
    let mut prepared = Prepared { splits: Vec::new(), absent: Vec::new() };
    let wanted = if options.splits.is_empty() { data.splits() } else { &options.splits };
    let one_split = |name: SplitName, split: Split| -> Result<(), PrepareError> {
        let found = write_faces(&folder.join(name.to_string()), &split, options.crop)?;
        for (sample, _) in split.samples.iter().zip(&found).filter(|(_, found)| !**found) {
            line([&name.to_string(), &sample.name, &split.classes[sample.label]])?;
        }
        let faces = found.iter().filter(|found| **found).count();
        prepared.splits.push(PreparedSplit {
            split: name.to_string(),
            faces,
            without_face: found.len() - faces,
            left_out: split.left_out.to_string(),
            bad: split.left_out.count(Reason::Bad),
            first_bad: split.left_out.first_bad().to_vec(),
        });
        Ok(())
    };
    data.each_split(wanted, &options.loading, one_split, |split| prepared.absent.push(split))?;
    without_face.flush().map_err(written(&list))?;
    // Closed before its folder gets another name.
    drop(without_face);
    let Prepared { splits, absent } = &prepared;
    if splits.iter().all(|split| split.faces == 0) {
        return Err(PrepareError::NoFaces(splits.iter().map(|split| split.without_face).sum()));
    }
    let summary = Summary { data: data.to_string(), crop: options.crop, splits, absent };
    let summary =
        serde_json::to_string_pretty(&summary).map_err(|error| written(&folder.join(SUMMARY))(error.into()))?;
    fs::write(folder.join(SUMMARY), summary).map_err(written(&folder.join(SUMMARY)))?;
    fs::rename(&folder, out).map_err(written(out))?;
    Ok(prepared)
}

/// Writes the faces of a split, and tells for each picture whether it has one.
fn write_faces(folder: &Path, split: &Split, crop: FaceCrop) -> Result<Vec<bool>, PrepareError> {
    for class in &split.classes {
        let path = folder.join(class);
        fs::create_dir_all(&path).map_err(|source| PrepareError::Write { path, source })?;
    }
    let places: Vec<usize> = (0..split.samples.len()).collect();
    let found: Vec<Vec<bool>> = places
        .par_chunks(PICTURES_A_FINDER)
        .map(|places| {
            let mut finder = SeetaFinder::new(SeetaOptions::default())?;
            places.iter().map(|&place| write_face(folder, split, place, crop, &mut finder)).collect()
        })
        .collect::<Result<_, PrepareError>>()?;
    Ok(found.concat())
}

/// Writes the largest face of one picture, if it has any.
fn write_face(
    folder: &Path,
    split: &Split,
    place: usize,
    crop: FaceCrop,
    finder: &mut SeetaFinder,
) -> Result<bool, PrepareError> {
    let sample = &split.samples[place];
    let faces = finder.find(&sample.picture.to_luma8());
    let Some(largest) = faces.first() else { return Ok(false) };
    let path = folder.join(&split.classes[sample.label]).join(file_name(place, sample));
    let face = cut_out(&sample.picture, largest, crop);
    face.save(&path).map_err(|source| PrepareError::Picture { path, source })?;
    Ok(true)
}

/// A file name that no other picture of the split has, and by which the picture can be found again.
fn file_name(place: usize, sample: &Sample) -> String {
    let safe = |character: char| match character.is_ascii_alphanumeric() || "-_.".contains(character) {
        true => character,
        false => '_',
    };
    let name: String = sample.name.chars().map(safe).collect();
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    // File systems end at 255 bytes.
    let end = &stem[stem.len().saturating_sub(100)..];
    format!("{place:06}-{end}.png")
}
