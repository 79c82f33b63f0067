//! Small files of data sets, made in a temporary folder by the tests of the loaders.
#![allow(dead_code, reason = "each test file needs some of these")]

use std::{
    fs,
    io::{Cursor, Write},
    path::Path,
};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// A square picture of one grey tone, stored in colour as most tools do.
pub(crate) fn flat_picture(size: u32, tone: u8, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(RgbImage::from_pixel(size, size, Rgb([tone; 3]))).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Writes a file and the folders around it.
pub(crate) fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Packs entries into a compressed tar.
pub(crate) fn tar_gz(path: &Path, entries: &[(impl AsRef<str>, Vec<u8>)]) {
    let file = fs::File::create(path).unwrap();
    let gz = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    let mut tar = tar::Builder::new(gz);
    for (name, bytes) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name.as_ref(), bytes.as_slice()).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap();
}

/// Packs entries into a zip.
pub(crate) fn zip(path: &Path, entries: &[(impl AsRef<str>, Vec<u8>)]) {
    let mut zip = zip::ZipWriter::new(fs::File::create(path).unwrap());
    for (name, bytes) in entries {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(name.as_ref(), options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}
