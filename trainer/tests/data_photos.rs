//! Whole photographs with a table of labels.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "data_files/mod.rs"]
mod data_files;

use data_files::{flat_picture, write, zip};
use image::ImageFormat;
use tempfile::TempDir;
use trainer::data::{DataError, DataSpec, LoadOptions, Split, SplitName};

fn load(dir: &TempDir) -> Result<Split, DataError> {
    DataSpec::Photos(dir.path().to_owned()).load(SplitName::Test)
}

fn skipping(dir: &TempDir) -> Result<Split, DataError> {
    let options = LoadOptions { skip_bad: true, ..LoadOptions::default() };
    DataSpec::Photos(dir.path().to_owned()).load_with(SplitName::Test, &options)
}

fn folder_with(table: &str) -> TempDir {
    let dir = TempDir::new().unwrap();
    write(&dir.path().join("labels.csv"), table);
    dir
}

const TABLE: &str = "image,label\nphoto0.webp,happiness\nphoto1.webp,sadness\nphoto2.webp,contempt\n";

fn entries() -> Vec<(&'static str, Vec<u8>)> {
    ["photo0.webp", "photo1.webp", "photo2.webp"].map(|name| (name, flat_picture(35, 120, ImageFormat::WebP))).to_vec()
}

fn assert_is_the_whole_table(split: &Split) {
    assert!(split.whole_photographs);
    let found: Vec<_> =
        split.samples.iter().map(|sample| (sample.name.as_str(), split.classes[sample.label].as_str())).collect();
    assert_eq!(found, [("photo0.webp", "happy"), ("photo1.webp", "sad")]);
    assert_eq!(split.left_out.to_string(), "1 contempt");
}

#[test]
fn reads_photographs_from_a_zip() {
    let dir = folder_with(TABLE);
    zip(&dir.path().join("photos.zip"), &entries());
    assert_is_the_whole_table(&load(&dir).unwrap());
}

#[test]
fn reads_photographs_from_the_folder_and_prefers_them_to_the_zip() {
    let dir = folder_with(TABLE);
    write(&dir.path().join("photos.zip"), "not looked at");
    for (name, bytes) in entries() {
        write(&dir.path().join(name), bytes);
    }
    assert_is_the_whole_table(&load(&dir).unwrap());
}

#[test]
fn of_entries_that_could_each_be_a_photograph_the_one_of_its_very_name_is_taken_and_else_none() {
    let (white, black) = (flat_picture(35, 250, ImageFormat::WebP), flat_picture(35, 5, ImageFormat::WebP));
    let split = |entries: &[(&str, Vec<u8>)]| {
        let dir = folder_with("image,label\nphoto0.webp,happy\n");
        zip(&dir.path().join("photos.zip"), entries);
        load(&dir)
    };
    let (small, large, exact) = ("small/photo0.webp", "large/photo0.webp", "photo0.webp");
    let text = split(&[(small, white.clone()), (large, black.clone())]).unwrap_err().to_string();
    assert!(
        text.contains("small/photo0.webp and ") && text.contains("could each be the picture that is listed"),
        "{text}"
    );
    for order in [[small, large, exact], [exact, small, large], [small, exact, large]] {
        let entries = order.map(|name| (name, if name == exact { white.clone() } else { black.clone() }));
        let picture = split(&entries).unwrap().samples.remove(0).picture;
        assert!(picture.to_luma8().get_pixel(9, 9).0[0] > 200, "{order:?}");
    }
}

#[test]
fn every_split_name_loads_all_photographs() {
    let dir = folder_with(TABLE);
    zip(&dir.path().join("photos.zip"), &entries());
    let spec = DataSpec::Photos(dir.path().to_owned());
    for split in [SplitName::Train, SplitName::Valid, SplitName::Test] {
        assert_eq!(spec.load(split).unwrap().samples.len(), 2);
    }
}

#[test]
fn a_missing_table_is_named() {
    let text = load(&TempDir::new().unwrap()).unwrap_err().to_string();
    assert!(text.contains("labels.csv is missing"), "{text}");
}

#[test]
fn a_bad_label_is_named_by_its_line() {
    let dir = folder_with("image,label\nphoto0.webp,happy\nphoto1.webp,bored\n");
    let text = load(&dir).unwrap_err().to_string();
    assert!(text.contains("line 3: the label \"bored\""), "{text}");
}

#[test]
fn a_photograph_that_is_listed_but_absent_is_named() {
    let without_pictures = folder_with(TABLE);
    let text = load(&without_pictures).unwrap_err().to_string();
    assert!(text.contains("labels.csv, line 2, lists the picture photo0.webp"), "{text}");

    let incomplete = folder_with(TABLE);
    zip(&incomplete.path().join("photos.zip"), &entries()[..1]);
    let text = load(&incomplete).unwrap_err().to_string();
    assert!(text.contains("labels.csv, line 3, lists the picture photo1.webp"), "{text}");
}

#[test]
fn a_photograph_that_is_cut_off_is_named_with_its_line_and_can_be_skipped() {
    let dir = folder_with(TABLE);
    for (name, bytes) in entries() {
        write(&dir.path().join(name), bytes);
    }
    let whole = flat_picture(35, 120, ImageFormat::WebP);
    write(&dir.path().join("photo1.webp"), &whole[..whole.len() / 2]);
    let text = load(&dir).unwrap_err().to_string();
    assert!(text.contains("photo1.webp (") && text.contains("labels.csv, line 3) is broken"), "{text}");
    let split = skipping(&dir).unwrap();
    assert_eq!((split.samples.len(), split.left_out.to_string().as_str()), (1, "1 contempt, 1 bad"));
}

#[test]
fn a_table_without_its_columns_is_refused_with_those_that_are_needed() {
    let text = load(&folder_with("photo,emotion\na.png,happy\n")).unwrap_err().to_string();
    assert!(text.contains("labels.csv, line 1: ") && text.contains("Needed: image,label"), "{text}");
}

#[test]
fn a_broken_zip_is_refused() {
    let dir = folder_with(TABLE);
    write(&dir.path().join("photos.zip"), "not an archive");
    assert!(matches!(load(&dir), Err(DataError::Archive { .. })));
    assert!(matches!(skipping(&dir), Err(DataError::Archive { .. })));
}
