//! Where the pictures that a table lists are read from: a folder, or an archive as it lies there.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

use dacl::faces::{FaceBox, crop_face};
use flate2::read::MultiGzDecoder;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::{
    DataError, LeftOut, LoadOptions, Sample,
    decode::{Tone, decode, shape},
    memory::{self, Shape},
};

/// A picture of a split before its pixels are read.
pub(super) struct Listed {
    /// Path below the data set's folder, or inside its archive, parts joined by `/`.
    pub(super) name: String,
    /// Class, in this project's order.
    pub(super) label: usize,
    /// Shares of the votes, where there were several annotators.
    pub(super) votes: Option<Vec<f32>>,
    /// The line of the list that names it, counted from 1, where a list does.
    pub(super) line: Option<u64>,
    /// Where the face is, where the data set tells it and the picture shows more than the face.
    pub(super) face: Option<FaceBox>,
}

impl Listed {
    /// A picture of which nothing but its class is known.
    pub(super) fn new(name: String, label: usize) -> Self {
        Self { name, label, votes: None, line: None, face: None }
    }

    /// The picture on this line of its list.
    pub(super) fn on_line(self, line: u64) -> Self {
        Self { line: Some(line), ..self }
    }

    /// What the picture takes in memory once it is read, going by the bytes of its file.
    fn shape(&self, bytes: &[u8], tone: Tone) -> Option<Shape> {
        let file = shape(bytes)?;
        let has_colour = file.has_colour && tone == Tone::AsStored;
        Some(match &self.face {
            Some(face) => {
                let side = face.width.max(face.height) as u32;
                Shape { width: side, height: side, has_colour }
            }
            None => Shape { has_colour, ..file },
        })
    }

    /// The picture of these bytes. `path` only serves messages.
    fn decode(self, bytes: &[u8], tone: Tone, path: &Path, options: &LoadOptions) -> Result<Sample, DataError> {
        let mut picture = decode(bytes, options.tone(tone), path)?;
        if let Some(face) = &self.face {
            picture = crop_face(&picture, face, 1.0);
        }
        Ok(Sample {
            name: self.name,
            picture: options.bounded(picture),
            label: self.label,
            sha256: Sha256::digest(bytes).into(),
            votes: self.votes,
            target: None,
        })
    }
}

/// The place that holds the listed pictures.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PictureSource {
    Folder(PathBuf),
    TarGz(PathBuf),
    Zip(PathBuf),
}

impl PictureSource {
    /// Takes the folder where it holds the `first` picture, else the one archive that lies in it.
    fn find(dir: &Path, first: &str) -> Result<Self, DataError> {
        let folder = Self::Folder(dir.to_owned());
        if dir.join(first).is_file() {
            return Ok(folder);
        }
        let unreadable = |source| DataError::Read { path: dir.to_owned(), source };
        let mut archives = Vec::new();
        for entry in fs::read_dir(dir).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
            if name.ends_with(".tar.gz") || name.ends_with(".tgz") {
                archives.push(Self::TarGz(path));
            } else if name.ends_with(".zip") {
                archives.push(Self::Zip(path));
            }
        }
        match archives.len() {
            0 => Ok(folder),
            1 => Ok(archives.remove(0)),
            _ => {
                let mut found: Vec<_> = archives.iter().map(|a| a.path().to_owned()).collect();
                found.sort();
                Err(DataError::Ambiguous { what: "archive of the pictures", found })
            }
        }
    }

    /// Finds out where the pictures lie in `dir`, by the first that is listed, and [loads](Self::load) them from there.
    pub(super) fn find_and_load(
        dir: &Path,
        listed: Vec<Listed>,
        tone: Tone,
        list: &Path,
        options: &LoadOptions,
        left_out: &mut LeftOut,
    ) -> Result<Vec<Sample>, DataError> {
        match listed.first() {
            Some(first) => Self::find(dir, &first.name)?.load(listed, tone, list, options, left_out),
            None => Ok(Vec::new()),
        }
    }

    fn path(&self) -> &Path {
        match self {
            Self::Folder(path) | Self::TarGz(path) | Self::Zip(path) => path,
        }
    }

    /// Reads and decodes the listed pictures, in their order. `list` is what names them.
    pub(super) fn load(
        &self,
        listed: Vec<Listed>,
        tone: Tone,
        list: &Path,
        options: &LoadOptions,
        left_out: &mut LeftOut,
    ) -> Result<Vec<Sample>, DataError> {
        let absent = |one: &Listed| DataError::PictureAbsent {
            list: list.to_owned(),
            line: one.line,
            name: one.name.clone(),
            place: self.path().to_owned(),
        };
        let read = |one: Listed, bytes: &[u8], path: &Path| {
            let line = one.line;
            one.decode(bytes, tone, path, options).map_err(|error| error.listed_in(list, line))
        };
        let place = self.path();
        let mut packed = match self {
            Self::Folder(dir) => {
                let shape = |index: usize| {
                    let one: &Listed = &listed[index];
                    one.shape(&fs::read(dir.join(&one.name)).ok()?, tone)
                };
                memory::check(place, listed.len(), shape, options)?;
                let pictures = listed.into_par_iter().map(|one| {
                    let path = dir.join(&one.name);
                    let bytes = fs::read(&path).map_err(|source| match source.kind() {
                        io::ErrorKind::NotFound => absent(&one),
                        _ => DataError::PictureUnreadable { path: path.clone(), source, listed: None }
                            .listed_in(list, one.line),
                    })?;
                    read(one, &bytes, &path)
                });
                return options.gather(pictures, left_out);
            }
            Self::TarGz(path) => Wanted::new(&listed).unpack_tar_gz(path)?,
            Self::Zip(path) => Wanted::new(&listed).unpack_zip(path)?,
        };
        if packed.iter().all(Option::is_none)
            && let Some(first) = listed.first()
        {
            return Err(DataError::ArchiveWithoutSplit {
                path: place.to_owned(),
                wanted: listed.len(),
                example: first.name.clone(),
            });
        }
        let shape = |index: usize| listed[index].shape(packed[index].as_deref()?, tone);
        memory::check(place, listed.len(), shape, options)?;
        let pictures = listed.into_par_iter().zip(packed.par_iter_mut()).map(|(one, bytes)| match bytes.take() {
            Some(bytes) => {
                let path = place.join(&one.name);
                read(one, &bytes, &path)
            }
            None => Err(absent(&one)),
        });
        options.gather(pictures, left_out)
    }
}

/// The pictures to take from an archive: name to place in the list, and what has been read so far.
struct Wanted<'a> {
    places: HashMap<&'a str, usize>,
    found: Vec<Option<Entry>>,
}

/// An archive's entry that is a picture of the list.
struct Entry {
    name: String,
    bytes: Vec<u8>,
    /// Another one that could as well be that picture.
    rival: Option<String>,
}

impl<'a> Wanted<'a> {
    fn new(listed: &'a [Listed]) -> Self {
        Self {
            places: listed.iter().enumerate().map(|(place, one)| (one.name.as_str(), place)).collect(),
            found: listed.iter().map(|_| None).collect(),
        }
    }

    /// The place of an archive's entry in the list; folders around the data set's own are ignored.
    fn place(&self, entry: &str) -> Option<usize> {
        let mut rest = entry;
        loop {
            if let Some(place) = self.places.get(rest) {
                return Some(*place);
            }
            rest = rest.split_once('/')?.1;
        }
    }

    /// Takes an entry as the picture at `place`, unless one is there whose name is just what the list says.
    fn take(&mut self, place: usize, name: String, bytes: Vec<u8>) {
        let is_exact = |name: &str| self.places.contains_key(name);
        match &mut self.found[place] {
            // An archive that was added to may hold a file twice, of which the later one counts.
            Some(entry) if entry.name == name => entry.bytes = bytes,
            Some(entry) if !is_exact(&name) => {
                if !is_exact(&entry.name) {
                    entry.rival = Some(name);
                }
            }
            entry => *entry = Some(Entry { name, bytes, rival: None }),
        }
    }

    /// The content of each picture that was found.
    fn into_bytes(self, path: &Path) -> Result<Vec<Option<Vec<u8>>>, DataError> {
        let content = |Entry { name, bytes, rival }: Entry| match rival {
            None => Ok(bytes),
            Some(rival) => Err(DataError::Ambiguous {
                what: "picture that is listed",
                found: vec![path.join(name), path.join(rival)],
            }),
        };
        self.found.into_iter().map(|entry| entry.map(content).transpose()).collect()
    }

    /// Reads the compressed stream once, front to end.
    fn unpack_tar_gz(mut self, path: &Path) -> Result<Vec<Option<Vec<u8>>>, DataError> {
        let broken = |error: io::Error| broken_archive(path, error);
        let file = open(path)?;
        let mut archive = tar::Archive::new(MultiGzDecoder::new(BufReader::new(file)));
        for entry in archive.entries().map_err(broken)? {
            let mut entry = entry.map_err(broken)?;
            if !entry.header().entry_type().is_file() {
                continue;
            }
            let name = entry.path().map_err(broken)?.to_string_lossy().into_owned();
            if let Some(place) = self.place(&name) {
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes).map_err(broken)?;
                self.take(place, name, bytes);
            }
        }
        self.into_bytes(path)
    }

    fn unpack_zip(mut self, path: &Path) -> Result<Vec<Option<Vec<u8>>>, DataError> {
        let file = open(path)?;
        let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(|error| broken_archive(path, error))?;
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).map_err(|error| broken_archive(path, error))?;
            if !entry.is_file() {
                continue;
            }
            let name = entry.name().to_owned();
            if let Some(place) = self.place(&name) {
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes).map_err(|error| broken_archive(path, error))?;
                self.take(place, name, bytes);
            }
        }
        self.into_bytes(path)
    }
}

fn open(path: &Path) -> Result<File, DataError> {
    File::open(path).map_err(|source| DataError::Read { path: path.to_owned(), source })
}

fn broken_archive(path: &Path, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> DataError {
    DataError::Archive { path: path.to_owned(), source: source.into() }
}
