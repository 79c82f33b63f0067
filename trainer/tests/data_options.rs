//! What can be asked of every loader: skipping what is bad, and bounding the memory that pictures take.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "data_files/mod.rs"]
mod data_files;

use std::fs;

use data_files::{flat_picture, write};
use image::{DynamicImage, ImageFormat};
use tempfile::TempDir;
use trainer::data::{DataSpec, LoadOptions, Reason, SplitName};

fn skip_bad() -> LoadOptions {
    LoadOptions { skip_bad: true, ..LoadOptions::default() }
}

fn folder_of(names: &[String]) -> TempDir {
    let dir = TempDir::new().unwrap();
    for name in names {
        write(&dir.path().join(name), flat_picture(20, 90, ImageFormat::Png));
    }
    dir
}

#[test]
fn bad_pictures_and_unknown_classes_of_an_image_folder_are_skipped_and_the_first_few_are_told() {
    let names: Vec<_> = (0..9).map(|i| format!("train/happy/{i}.png")).collect();
    let dir = folder_of(&names);
    for broken in &names[2..] {
        fs::write(dir.path().join(broken), "no picture").unwrap();
    }
    write(&dir.path().join("train/bored/a.png"), flat_picture(20, 90, ImageFormat::Png));
    let spec = DataSpec::Folder(dir.path().to_owned());
    assert!(spec.load(SplitName::Train).is_err());
    let split = spec.load_with(SplitName::Train, &skip_bad()).unwrap();
    assert_eq!((split.samples.len(), split.left_out.count(Reason::Bad)), (2, 8));
    let told = split.left_out.first_bad();
    assert_eq!(told.len(), 5);
    assert!(told[0].contains("bored is not named after an expression"), "{told:?}");
    // The decoder's own reason follows the sentence.
    assert!(told[1].contains("2.png is broken") && told[1].contains(": The image format"), "{told:?}");
}

#[test]
fn bad_lines_of_photographs_and_of_ferplus_are_skipped() {
    let photos = folder_of(&["a.png".to_owned()]);
    write(&photos.path().join("labels.csv"), "image,label\na.png,happy\nb.png,sad\nc.png,bored\na.png,happy\n");
    let split = DataSpec::Photos(photos.path().to_owned()).load_with(SplitName::Test, &skip_bad()).unwrap();
    assert_eq!((split.samples.len(), split.left_out.to_string().as_str()), (1, "3 bad"));

    let ferplus = folder_of(&["FER2013Test/a.png".to_owned()]);
    let lines = ["a.png,box,9,0,0,0,0,0,0,0,0,0", "a.png,box,9", "b.png,box,9,0,0,0,x,0,0,0,0,0"];
    write(&ferplus.path().join("FER2013Test/label.csv"), lines.join("\n"));
    let split = DataSpec::Ferplus(ferplus.path().to_owned()).load_with(SplitName::Test, &skip_bad()).unwrap();
    assert_eq!((split.samples.len(), split.left_out.to_string().as_str()), (1, "2 bad"));
}

#[test]
fn what_concerns_the_whole_data_set_is_never_skipped() {
    let dir = TempDir::new().unwrap();
    for spec in [DataSpec::Folder(dir.path().to_owned()), DataSpec::Photos(dir.path().to_owned())] {
        assert!(spec.load_with(SplitName::Train, &skip_bad()).is_err());
    }
    write(&dir.path().join("labels.csv"), "picture,label\n");
    assert!(DataSpec::Photos(dir.path().to_owned()).load_with(SplitName::Train, &skip_bad()).is_err());
}

#[test]
fn pictures_are_kept_no_larger_and_in_no_more_colours_than_asked() {
    let dir = TempDir::new().unwrap();
    let wide = DynamicImage::new_rgb8(300, 200);
    fs::create_dir_all(dir.path().join("train/sad")).unwrap();
    wide.save(dir.path().join("train/sad/wide.png")).unwrap();
    write(&dir.path().join("train/sad/small.png"), flat_picture(20, 90, ImageFormat::Png));
    let spec = DataSpec::Folder(dir.path().to_owned());
    let options = LoadOptions { max_side: Some(60), grey: true, ..LoadOptions::default() };
    let split = spec.load_with(SplitName::Train, &options).unwrap();
    let sizes: Vec<_> = split.samples.iter().map(|one| one.picture.as_luma8().unwrap().dimensions()).collect();
    assert_eq!(sizes, [(20, 20), (60, 40)]);
    let as_it_is = spec.load(SplitName::Train).unwrap();
    assert_eq!(as_it_is.samples[1].picture.as_rgb8().unwrap().dimensions(), (300, 200));
    assert_eq!(as_it_is.samples[1].sha256, split.samples[1].sha256, "the hash is of what is stored");
}
