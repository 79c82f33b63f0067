//! RAF-DB's basic part: its list, both spellings of its pictures, and the tenth that is held out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "data_files/mod.rs"]
mod data_files;

use std::collections::HashSet;
use std::fs;

use data_files::{flat_picture, write};
use image::ImageFormat;
use tempfile::TempDir;
use trainer::data::{DataError, DataSpec, LoadOptions, Reason, Split, SplitName};

fn load(dir: &TempDir, split: SplitName) -> Result<Split, DataError> {
    DataSpec::RafDb(dir.path().to_owned()).load(split)
}

fn skipping(dir: &TempDir, split: SplitName) -> Split {
    let options = LoadOptions { skip_bad: true, ..LoadOptions::default() };
    DataSpec::RafDb(dir.path().to_owned()).load_with(split, &options).unwrap()
}

/// A folder with a list of `lines`, and for each a picture whose name ends in `suffix`.
fn folder(lines: &[String], suffix: &str) -> TempDir {
    let dir = TempDir::new().unwrap();
    write(&dir.path().join("EmoLabel/list_patition_label.txt"), lines.join("\n") + "\n");
    let picture = flat_picture(10, 90, ImageFormat::Jpeg);
    for line in lines {
        let stem = line.split('.').next().unwrap();
        write(&dir.path().join(format!("Image/aligned/{stem}{suffix}.jpg")), &picture);
    }
    dir
}

/// Seven test pictures, one a label, and `each` training pictures of every label.
fn lines(each: usize) -> Vec<String> {
    let test = (1..=7).map(|label| format!("test_{label:04}.jpg {label}"));
    let train = (0..7 * each).map(|i| format!("train_{:05}.jpg {}", i + 1, i % 7 + 1));
    train.chain(test).collect()
}

#[test]
fn labels_come_by_name_into_the_canonical_order() {
    let dir = folder(&lines(1), "_aligned");
    let split = load(&dir, SplitName::Test).unwrap();
    let found: Vec<_> = split.samples.iter().map(|sample| split.classes[sample.label].as_str()).collect();
    assert_eq!(found, ["surprise", "fear", "disgust", "happy", "sad", "anger", "neutral"]);
    assert_eq!(split.samples[0].name, "test_0001_aligned.jpg");
    assert!(!split.whole_photographs && split.samples[0].picture.as_rgb8().is_some());
}

#[test]
fn copies_without_the_suffix_and_with_a_folder_around_them_are_read() {
    let dir = folder(&lines(1), "");
    let around = TempDir::new().unwrap();
    fs::rename(dir.path(), around.path().join("basic")).unwrap();
    let split = load(&around, SplitName::Test).unwrap();
    assert_eq!(split.samples.len(), 7);
    assert_eq!(split.samples[0].name, "test_0001.jpg");
}

#[test]
fn a_fixed_tenth_of_every_class_is_held_out_of_train_and_test_stays_whole() {
    let dir = folder(&lines(20), "_aligned");
    let (train, valid) = (load(&dir, SplitName::Train).unwrap(), load(&dir, SplitName::Valid).unwrap());
    assert_eq!((train.class_counts(), valid.class_counts()), (vec![18; 7], vec![2; 7]));
    assert_eq!(load(&dir, SplitName::Test).unwrap().samples.len(), 7);
    let names = |split: &Split| split.samples.iter().map(|sample| sample.name.clone()).collect::<HashSet<_>>();
    assert!(names(&train).is_disjoint(&names(&valid)));
    // A copy that spells its pictures otherwise has the same ones held out.
    let plain = load(&folder(&lines(20), ""), SplitName::Valid).unwrap();
    let spelt = |name: &str| name.replace("_aligned", "");
    assert!(plain.samples.iter().zip(&valid.samples).all(|(one, other)| one.name == spelt(&other.name)));
}

#[test]
fn missing_parts_are_named() {
    let dir = TempDir::new().unwrap();
    let text = load(&dir, SplitName::Train).unwrap_err().to_string();
    assert!(text.contains("list_patition_label.txt is missing"), "{text}");
    write(&dir.path().join("EmoLabel/list_patition_label.txt"), "train_00001.jpg 5\n");
    let text = load(&dir, SplitName::Train).unwrap_err().to_string();
    assert!(text.contains("aligned is missing") && text.contains("aligned.zip"), "{text}");
}

#[test]
fn a_bad_line_is_named_by_its_number_and_can_be_skipped() {
    for (line, problem) in [
        ("test_0008.jpg 8", "the label \"8\" is not a number from 1 to 7"),
        ("test_0008.jpg 0", "the label \"0\""),
        ("test_0008.jpg happy", "the label \"happy\""),
        ("test_0008.jpg", "a name and a label expected"),
        ("valid_0008.jpg 4", "begins with neither train_ nor test_"),
        ("../test_0008.jpg 4", "\"../test_0008.jpg\" is not the name of a picture"),
        ("test_0007.jpg 7", "listed twice"),
    ] {
        let dir = folder(&lines(1), "_aligned");
        let list = dir.path().join("EmoLabel/list_patition_label.txt");
        let text = fs::read_to_string(&list).unwrap() + line + "\n";
        fs::write(&list, text).unwrap();
        let text = load(&dir, SplitName::Test).unwrap_err().to_string();
        assert!(text.contains("list_patition_label.txt, line 15: ") && text.contains(problem), "{text}");
        // The name tells the split of a bad line too; where it does not, the line is counted with train.
        let own = if line.starts_with("test_") { SplitName::Test } else { SplitName::Train };
        for name in [SplitName::Train, SplitName::Test] {
            let split = skipping(&dir, name);
            assert_eq!((split.samples.len(), split.left_out.total()), (7, usize::from(name == own)), "{line}: {name}");
            assert!(split.left_out.first_bad().iter().all(|told| told.contains(problem)));
        }
    }
}

#[test]
fn bad_lines_and_bad_pictures_are_counted_in_one_split_each() {
    let dir = folder(&lines(20), "_aligned");
    let list = dir.path().join("EmoLabel/list_patition_label.txt");
    let text = fs::read_to_string(&list).unwrap() + "train_00141.jpg 9\ntest_0008.jpg 9\nother.jpg 1\n";
    fs::write(&list, text).unwrap();
    for split in [SplitName::Train, SplitName::Valid] {
        let first = load(&folder(&lines(20), "_aligned"), split).unwrap().samples[0].name.clone();
        fs::write(dir.path().join("Image/aligned").join(first), "no picture").unwrap();
    }
    let bad = [SplitName::Train, SplitName::Valid, SplitName::Test]
        .map(|split| skipping(&dir, split).left_out.count(Reason::Bad));
    assert_eq!(bad, [3, 1, 1]);
}

#[test]
fn absent_and_truncated_pictures_are_named_and_can_be_skipped() {
    let dir = folder(&lines(1), "_aligned");
    let aligned = dir.path().join("Image/aligned");
    fs::remove_file(aligned.join("test_0003_aligned.jpg")).unwrap();
    let text = load(&dir, SplitName::Test).unwrap_err().to_string();
    assert!(text.contains("label.txt, line 10, lists the picture test_0003_aligned.jpg"), "{text}");
    let bytes = flat_picture(10, 90, ImageFormat::Jpeg);
    fs::write(aligned.join("test_0003_aligned.jpg"), &bytes[..20]).unwrap();
    let text = load(&dir, SplitName::Test).unwrap_err().to_string();
    assert!(text.contains("label.txt, line 10) is broken"), "{text}");
    let split = skipping(&dir, SplitName::Test);
    assert_eq!((split.samples.len(), split.left_out.to_string().as_str()), (6, "1 bad"));
}

#[test]
fn a_list_that_is_not_text_is_refused() {
    let dir = folder(&lines(1), "_aligned");
    fs::write(dir.path().join("EmoLabel/list_patition_label.txt"), b"test_0001.jpg 4\n\xff\xfe 1\n").unwrap();
    let error = load(&dir, SplitName::Test).unwrap_err();
    assert!(error.to_string().contains("list_patition_label.txt cannot be read"), "{error}");
    let reason = std::error::Error::source(&error).unwrap().to_string();
    assert!(reason.contains("UTF-8"), "{reason}");
}

#[test]
fn a_split_of_nothing_but_bad_pictures_says_what_is_bad() {
    let dir = folder(&["test_0001.jpg 4".to_owned()], "_aligned");
    fs::write(dir.path().join("Image/aligned/test_0001_aligned.jpg"), "no picture").unwrap();
    let options = LoadOptions { skip_bad: true, ..LoadOptions::default() };
    let error = DataSpec::RafDb(dir.path().to_owned()).load_with(SplitName::Test, &options).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("left out: 1 bad") && text.contains("test_0001_aligned.jpg ("), "{text}");
}
