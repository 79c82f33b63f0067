//! AffectNet in both of its layouts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "data_files/mod.rs"]
mod data_files;

use std::fs;
use std::io::Cursor;
use std::path::Path;

use data_files::{flat_picture, write};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use tempfile::TempDir;
use trainer::data::{DataError, DataSpec, LoadOptions, Reason, Split, SplitName};

const HEADER: &str =
    "subDirectory_filePath,face_x,face_y,face_width,face_height,facial_landmarks,expression,valence,arousal";

fn load(dir: &TempDir, split: SplitName) -> Result<Split, DataError> {
    DataSpec::AffectNet(dir.path().to_owned()).load(split)
}

fn message(dir: &TempDir, split: SplitName) -> String {
    load(dir, split).expect_err("the data set should be refused").to_string()
}

fn skipping(dir: &TempDir, split: SplitName) -> Split {
    let options = LoadOptions { skip_bad: true, ..LoadOptions::default() };
    DataSpec::AffectNet(dir.path().to_owned()).load_with(split, &options).unwrap()
}

fn labels(split: &Split) -> Vec<&str> {
    split.samples.iter().map(|sample| split.classes[sample.label].as_str()).collect()
}

/// A picture of 40 x 40 pixels, red in a square of 20 x 20 at (10, 5).
fn framed_picture() -> Vec<u8> {
    let picture = RgbImage::from_fn(40, 40, |x, y| {
        let inside = (10..30).contains(&x) && (5..25).contains(&y);
        Rgb(if inside { [250, 0, 0] } else { [0, 0, 250] })
    });
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(picture).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// The first release with these expressions, by picture, as its published validation set.
fn first_release(expressions: &[&str]) -> TempDir {
    let dir = TempDir::new().unwrap();
    let mut table = HEADER.to_owned();
    for (index, expression) in expressions.iter().enumerate() {
        let name = format!("{}/{index:04}.png", index % 3);
        table += &format!("\n{name},10,5,20,20,1.5;2.5;3.5,{expression},0.1,-2");
        write(&dir.path().join("Manually_Annotated_Images").join(name), framed_picture());
    }
    write(&dir.path().join("validation.csv"), table);
    dir
}

#[test]
fn the_first_release_gives_the_square_in_the_face_box() {
    let dir = first_release(&["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]);
    let split = load(&dir, SplitName::Test).unwrap();
    assert_eq!(labels(&split), ["neutral", "happy", "sad", "surprise", "fear", "disgust", "anger"]);
    assert_eq!(split.samples[4].name, "1/0004.png");
    assert_eq!(split.left_out.to_string(), "1 unknown, 1 none of the expressions, 1 not a face, 1 contempt");
    let face = split.samples[0].picture.as_rgb8().unwrap();
    assert_eq!(face.dimensions(), (20, 20));
    assert!(face.pixels().all(|pixel| *pixel == Rgb([250, 0, 0])));
}

#[test]
fn tables_and_pictures_are_found_where_the_archives_put_them() {
    let dir = first_release(&["3"]);
    let lists = dir.path().join("Manually_Annotated_file_lists");
    fs::create_dir(&lists).unwrap();
    fs::rename(dir.path().join("validation.csv"), lists.join("validation.csv")).unwrap();
    let around = dir.path().join("Manually_Annotated");
    fs::create_dir(&around).unwrap();
    fs::rename(dir.path().join("Manually_Annotated_Images"), around.join("Manually_Annotated_Images")).unwrap();
    assert_eq!(labels(&load(&dir, SplitName::Test).unwrap()), ["surprise"]);
}

#[test]
fn valid_is_a_tenth_of_training_and_its_reasons_are_counted_once() {
    let dir = first_release(&[["1"; 30].as_slice(), &["4"; 10], &["9"; 5]].concat());
    fs::rename(dir.path().join("validation.csv"), dir.path().join("training.csv")).unwrap();
    let (train, valid) = (load(&dir, SplitName::Train).unwrap(), load(&dir, SplitName::Valid).unwrap());
    assert_eq!(train.class_counts(), [0, 27, 0, 0, 9, 0, 0]);
    assert_eq!(valid.class_counts(), [0, 3, 0, 0, 1, 0, 0]);
    assert!(train.samples.iter().all(|one| valid.samples.iter().all(|other| one.name != other.name)));
    assert_eq!((train.left_out.count(Reason::Unknown), valid.left_out.total()), (5, 0));
    let table = dir.path().join("training.csv");
    fs::write(&table, fs::read_to_string(&table).unwrap() + "\n0/0000.png,10,5,20,20,,11,0,0\n").unwrap();
    let bad = [SplitName::Train, SplitName::Valid].map(|split| skipping(&dir, split).left_out.count(Reason::Bad));
    assert_eq!(bad, [1, 0]);
}

#[test]
fn a_bad_line_of_the_first_release_is_named_and_can_be_skipped() {
    for (line, problem) in [
        ("0/0000.png,10,5,20,20,,11,0,0", "the expression \"11\""),
        ("0/0000.png,10,5,20,20,,happy,0,0", "the expression \"happy\""),
        ("0/0000.png,left,5,20,20,,1,0,0", "\"left\" is not a number that can be face_x"),
        ("0/0000.png,10,5,0,20,,1,0,0", "a face box of 0 x 20 pixels"),
        ("0/0000.png,10,5,NaN,20,,1,0,0", "holds no face"),
        ("../0000.png,10,5,20,20,,1,0,0", "not the name of a picture"),
        ("0/0000.png,10,5", "9 columns expected, 3 found"),
        ("0/0000.png,10,5,20,20,,2,0,0", "the picture 0/0000.png is listed twice"),
    ] {
        let dir = first_release(&["1"]);
        let table = dir.path().join("validation.csv");
        let text = fs::read_to_string(&table).unwrap();
        fs::write(&table, format!("{text}\n{line}\n")).unwrap();
        let text = message(&dir, SplitName::Test);
        assert!(text.contains("validation.csv, line 3: ") && text.contains(problem), "{text}");
        let split = skipping(&dir, SplitName::Test);
        assert_eq!((split.samples.len(), split.left_out.count(Reason::Bad)), (1, 1));
    }
}

#[test]
fn broken_parts_of_the_first_release_are_named() {
    let dir = first_release(&["1"]);
    let text = message(&dir, SplitName::Train);
    assert!(text.contains("training.csv is missing"), "{text}");
    fs::remove_file(dir.path().join("Manually_Annotated_Images/0/0000.png")).unwrap();
    let text = message(&dir, SplitName::Test);
    assert!(text.contains("validation.csv, line 2, lists the picture 0/0000.png"), "{text}");
    fs::remove_dir_all(dir.path().join("Manually_Annotated_Images")).unwrap();
    let text = message(&dir, SplitName::Test);
    assert!(text.contains("Manually_Annotated_Images is missing"), "{text}");
    write(&dir.path().join("validation.csv"), "path,expression\n0/0000.png,1\n");
    fs::create_dir(dir.path().join("Manually_Annotated_Images")).unwrap();
    let text = message(&dir, SplitName::Test);
    assert!(text.contains("validation.csv, line 1: ") && text.contains("subDirectory_filePath"), "{text}");
}

#[test]
fn a_picture_of_the_first_release_that_is_missing_cut_off_or_unreadable_is_named_with_its_line_and_can_be_skipped() {
    type Breaking = fn(&Path);
    let cases: [(Breaking, &str); 3] = [
        (|picture| fs::remove_file(picture).unwrap(), "validation.csv, line 3, lists the picture 1/0001.png"),
        (|picture| fs::write(picture, &framed_picture()[..60]).unwrap(), "validation.csv, line 3) is broken"),
        (
            |picture| {
                fs::remove_file(picture).unwrap();
                fs::create_dir(picture).unwrap();
            },
            "validation.csv, line 3) cannot be read",
        ),
    ];
    for (spoil, problem) in cases {
        let dir = first_release(&["1", "2", "3"]);
        spoil(&dir.path().join("Manually_Annotated_Images/1/0001.png"));
        let text = message(&dir, SplitName::Test);
        assert!(text.contains(problem), "{text}");
        let split = skipping(&dir, SplitName::Test);
        assert_eq!((labels(&split), split.left_out.count(Reason::Bad)), (vec!["happy", "surprise"], 1));
        assert!(split.left_out.first_bad()[0].contains(problem), "{:?}", split.left_out.first_bad());
    }
}

#[test]
fn a_picture_of_the_later_release_that_is_cut_off_is_named_and_can_be_skipped() {
    let dir = later_release(&["0", "1"]);
    fs::write(dir.path().join("val_set/images/1.jpg"), &flat_picture(16, 11, ImageFormat::Jpeg)[..30]).unwrap();
    let text = message(&dir, SplitName::Test);
    assert!(text.contains("images/1.jpg is broken"), "{text}");
    let split = skipping(&dir, SplitName::Test);
    assert_eq!((labels(&split), split.left_out.count(Reason::Bad)), (vec!["neutral"], 1));
}

/// A `.npy` file as `numpy.save` writes the text of a label.
fn npy(label: &str) -> Vec<u8> {
    let header = format!("{{'descr': '<U{}', 'fortran_order': False, 'shape': (), }}", label.len());
    let padded = format!("{header:<117}\n");
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((padded.len() as u16).to_le_bytes());
    file.extend(padded.bytes());
    file.extend(label.chars().flat_map(|character| u32::from(character).to_le_bytes()));
    file
}

fn put_later(set: &Path, id: usize, label: &str) {
    write(&set.join(format!("images/{id}.jpg")), flat_picture(16, 10 + id as u8, ImageFormat::Jpeg));
    for (kind, value) in [("exp", label), ("val", "0.5"), ("aro", "-0.2")] {
        write(&set.join(format!("annotations/{id}_{kind}.npy")), npy(value));
    }
}

fn later_release(labels: &[&str]) -> TempDir {
    let dir = TempDir::new().unwrap();
    for (id, label) in labels.iter().enumerate() {
        put_later(&dir.path().join("val_set"), id, label);
    }
    dir
}

#[test]
fn the_later_release_is_read_in_the_order_of_its_numbers() {
    let dir = later_release(&["0", "1", "2", "3", "4", "5", "6", "7", "1", "1", "5", "10"]);
    let split = load(&dir, SplitName::Test).unwrap();
    assert_eq!(
        labels(&split),
        ["neutral", "happy", "sad", "surprise", "fear", "disgust", "anger", "happy", "happy", "disgust"]
    );
    assert_eq!(split.samples[9].name, "10.jpg");
    assert_eq!(split.left_out.to_string(), "1 not a face, 1 contempt");
}

#[test]
fn valid_is_a_tenth_of_the_later_training_set() {
    let dir = TempDir::new().unwrap();
    for id in 0..40 {
        put_later(&dir.path().join("train_set"), id, if id < 30 { "2" } else { "6" });
    }
    assert_eq!(load(&dir, SplitName::Train).unwrap().class_counts(), [0, 0, 27, 0, 0, 0, 9]);
    assert_eq!(load(&dir, SplitName::Valid).unwrap().class_counts(), [0, 0, 3, 0, 0, 0, 1]);
}

#[test]
fn a_bad_label_of_the_later_release_is_named_by_its_file_and_can_be_skipped() {
    let file = Path::new("val_set/annotations/1_exp.npy");
    for (bytes, problem) in [
        (npy("11"), "the label \"11\""),
        (npy("1.5"), "the label \"1.5\""),
        (npy("1")[..40].to_vec(), "truncated"),
        (b"1".to_vec(), "not a NumPy file"),
    ] {
        let dir = later_release(&["0", "1"]);
        fs::write(dir.path().join(file), bytes).unwrap();
        let text = message(&dir, SplitName::Test);
        assert!(text.contains("1_exp.npy: ") && text.contains(problem), "{text}");
        let split = skipping(&dir, SplitName::Test);
        assert_eq!((split.samples.len(), split.left_out.count(Reason::Bad)), (1, 1));
    }
}

#[test]
fn a_picture_without_a_label_and_a_label_without_a_picture_are_named() {
    let dir = later_release(&["0", "1"]);
    fs::remove_file(dir.path().join("val_set/annotations/1_exp.npy")).unwrap();
    let text = message(&dir, SplitName::Test);
    assert!(text.contains("1_exp.npy: the label of the picture cannot be read"), "{text}");
    let dir = later_release(&["0", "1"]);
    fs::remove_file(dir.path().join("val_set/images/1.jpg")).unwrap();
    let text = message(&dir, SplitName::Test);
    assert!(text.contains("1_exp.npy lists the picture 1") && text.contains("images does not hold it"), "{text}");
    assert_eq!(skipping(&dir, SplitName::Test).left_out.to_string(), "1 bad");
}

#[test]
fn two_pictures_of_one_label_are_named_and_can_be_skipped() {
    let dir = later_release(&["0", "1"]);
    write(&dir.path().join("val_set/images/1.png"), flat_picture(16, 11, ImageFormat::Png));
    let text = message(&dir, SplitName::Test);
    assert!(text.contains("1_exp.npy: it is the label of two pictures, 1.jpg and 1.png"), "{text}");
    let split = skipping(&dir, SplitName::Test);
    assert_eq!((labels(&split), split.left_out.count(Reason::Bad)), (vec!["neutral"], 1));
}

#[test]
fn a_folder_with_both_releases_or_neither_is_refused() {
    let dir = later_release(&["0"]);
    write(&dir.path().join("training.csv"), HEADER);
    assert!(matches!(load(&dir, SplitName::Train), Err(DataError::Ambiguous { .. })));
    let text = message(&TempDir::new().unwrap(), SplitName::Train);
    assert!(text.contains("training.csv") && text.contains("train_set"), "{text}");
}
