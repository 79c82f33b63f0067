//! Pictures sorted into folders of splits and classes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "data_files/mod.rs"]
mod data_files;

use std::fs;

use data_files::{flat_picture, write};
use image::{DynamicImage, ImageFormat};
use tempfile::TempDir;
use trainer::data::{DataError, DataSpec, Reason, Split, SplitName};

fn load(dir: &TempDir, split: SplitName) -> Result<Split, DataError> {
    DataSpec::Folder(dir.path().to_owned()).load(split)
}

fn put(dir: &TempDir, name: &str, format: ImageFormat) {
    write(&dir.path().join(name), flat_picture(20, 90, format));
}

#[test]
fn labels_follow_the_folder_names_and_every_format_is_read() {
    let dir = TempDir::new().unwrap();
    put(&dir, "train/Angry/a.png", ImageFormat::Png);
    put(&dir, "train/happiness/b.JPG", ImageFormat::Jpeg);
    put(&dir, "train/neutral/c.jpeg", ImageFormat::Jpeg);
    put(&dir, "train/surprised/d.webp", ImageFormat::WebP);
    put(&dir, "train/fear/e.bmp", ImageFormat::Bmp);
    let split = load(&dir, SplitName::Train).unwrap();
    let mut found: Vec<_> = split
        .samples
        .iter()
        .map(|sample| {
            let file = sample.name.rsplit(['/', '\\']).next().unwrap();
            (file, split.classes[sample.label].as_str())
        })
        .collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [("a.png", "anger"), ("b.JPG", "happy"), ("c.jpeg", "neutral"), ("d.webp", "surprise"), ("e.bmp", "fear"),]
    );
    assert!(!split.whole_photographs);
}

#[test]
fn grey_files_stay_grey_and_colour_files_stay_colour() {
    let dir = TempDir::new().unwrap();
    put(&dir, "test/sad/colour.png", ImageFormat::Png);
    let deep = image::ImageBuffer::from_pixel(9, 9, image::LumaA([30_000_u16, 65_535]));
    fs::create_dir_all(dir.path().join("test/sad")).unwrap();
    DynamicImage::from(deep).save(dir.path().join("test/sad/grey.png")).unwrap();
    let split = load(&dir, SplitName::Test).unwrap();
    assert!(split.samples[0].picture.as_rgb8().is_some());
    assert!(split.samples[1].picture.as_luma8().is_some());
}

#[test]
fn every_usual_name_of_the_validation_split_is_found() {
    for name in ["val", "valid", "Validation"] {
        let dir = TempDir::new().unwrap();
        put(&dir, &format!("{name}/sad/a.png"), ImageFormat::Png);
        assert_eq!(load(&dir, SplitName::Valid).unwrap().samples.len(), 1);
    }
}

#[test]
fn two_folders_for_one_split_are_ambiguous() {
    let dir = TempDir::new().unwrap();
    put(&dir, "val/sad/a.png", ImageFormat::Png);
    put(&dir, "valid/sad/a.png", ImageFormat::Png);
    let result = load(&dir, SplitName::Valid);
    assert!(matches!(result, Err(DataError::Ambiguous { .. })));
}

#[test]
fn contempt_and_other_files_are_left_out_and_counted() {
    let dir = TempDir::new().unwrap();
    put(&dir, "train/happy/a.png", ImageFormat::Png);
    put(&dir, "train/contempt/b.png", ImageFormat::Png);
    put(&dir, "train/contempt/c.png", ImageFormat::Png);
    write(&dir.path().join("train/happy/notes.txt"), "not a picture");
    write(&dir.path().join("train/happy/.hidden.png"), "not counted");
    let split = load(&dir, SplitName::Train).unwrap();
    assert_eq!(split.samples.len(), 1);
    assert_eq!(split.left_out.count(Reason::Contempt), 2);
    assert_eq!(split.left_out.count(Reason::NotAPicture), 1);
    assert_eq!(split.left_out.total(), 3);
}

#[test]
fn an_unknown_class_is_refused_with_the_known_ones() {
    let dir = TempDir::new().unwrap();
    put(&dir, "train/happy/a.png", ImageFormat::Png);
    put(&dir, "train/bored/a.png", ImageFormat::Png);
    let text = load(&dir, SplitName::Train).unwrap_err().to_string();
    assert!(text.contains("bored"), "{text}");
    assert!(text.contains("neutral, happy, happiness"), "{text}");
}

#[test]
fn a_missing_split_is_named() {
    let dir = TempDir::new().unwrap();
    put(&dir, "train/happy/a.png", ImageFormat::Png);
    let text = load(&dir, SplitName::Test).unwrap_err().to_string();
    assert!(text.contains("test is missing"), "{text}");
}

#[test]
fn an_empty_split_is_refused() {
    let dir = TempDir::new().unwrap();
    fs::create_dir_all(dir.path().join("train/happy")).unwrap();
    let text = load(&dir, SplitName::Train).unwrap_err().to_string();
    assert!(text.contains("no usable picture"), "{text}");
}

#[test]
fn a_truncated_picture_is_named() {
    let dir = TempDir::new().unwrap();
    let bytes = flat_picture(20, 90, ImageFormat::Png);
    write(&dir.path().join("train/happy/cut.png"), &bytes[..bytes.len() / 2]);
    let text = load(&dir, SplitName::Train).unwrap_err().to_string();
    assert!(text.contains("cut.png is broken"), "{text}");
}
