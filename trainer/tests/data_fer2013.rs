//! FER2013's table.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "data_files/mod.rs"]
mod data_files;

use std::fs;

use data_files::write;
use tempfile::TempDir;
use trainer::data::{DataError, DataSpec, LoadOptions, Reason, Split, SplitName};

fn load(dir: &TempDir, split: SplitName) -> Result<Split, DataError> {
    DataSpec::Fer2013(dir.path().to_owned()).load(split)
}

/// The pixels of a picture whose first is `first` and all others 7.
fn pixels(first: &str) -> String {
    format!("{first}{}", " 7".repeat(2303))
}

fn folder(lines: &[String]) -> TempDir {
    let dir = TempDir::new().unwrap();
    write(&dir.path().join("fer2013.csv"), format!("emotion,pixels,Usage\n{}\n", lines.join("\n")));
    dir
}

#[test]
fn labels_come_by_name_into_the_canonical_order() {
    let lines: Vec<_> = (0..7).map(|label| format!("{label},{},Training", pixels("200"))).collect();
    let split = load(&folder(&lines), SplitName::Train).unwrap();
    let found: Vec<_> = split.samples.iter().map(|sample| split.classes[sample.label].as_str()).collect();
    assert_eq!(found, ["anger", "disgust", "fear", "happy", "sad", "surprise", "neutral"]);
    let picture = split.samples[0].picture.as_luma8().unwrap();
    assert_eq!(
        (picture.dimensions(), picture.get_pixel(0, 0).0[0], picture.get_pixel(47, 47).0[0]),
        ((48, 48), 200, 7)
    );
}

#[test]
fn usages_are_the_splits_and_names_count_all_rows() {
    let usages = ["Training", "PublicTest", "PrivateTest", "Training"];
    let lines: Vec<_> = usages.iter().map(|usage| format!("3,{},{usage}", pixels("0"))).collect();
    let dir = folder(&lines);
    let names =
        |split| -> Vec<String> { load(&dir, split).unwrap().samples.into_iter().map(|sample| sample.name).collect() };
    assert_eq!(names(SplitName::Train), ["fer0000000", "fer0000003"]);
    assert_eq!(names(SplitName::Valid), ["fer0000001"]);
    assert_eq!(names(SplitName::Test), ["fer0000002"]);
}

#[test]
fn the_table_itself_may_be_named_and_its_columns_may_be_spelt_and_ordered_otherwise() {
    let dir = TempDir::new().unwrap();
    let table = dir.path().join("icml_face_data.csv");
    write(&table, format!("emotion, Usage, pixels\n5,PublicTest,{}\n", pixels("1")));
    let split = DataSpec::Fer2013(table).load(SplitName::Valid).unwrap();
    assert_eq!(split.classes[split.samples[0].label], "surprise");
}

#[test]
fn a_bad_line_is_named_by_its_number_and_can_be_skipped() {
    for (line, problem) in [
        (format!("7,{},Training", pixels("0")), "the emotion \"7\""),
        (format!("happy,{},Training", pixels("0")), "the emotion \"happy\""),
        (format!("3,{},Training", pixels("256")), "pixel 1, \"256\", is not a number from 0 to 255"),
        (format!("3,{} 1,Training", pixels("0")), "2304 pixels expected, 2305 found"),
        ("3,1 2 3,Training".to_owned(), "2304 pixels expected, 3 found"),
        (format!("3,{},Practice", pixels("0")), "the usage \"Practice\""),
        ("3".to_owned(), "3 columns expected, 1 found"),
    ] {
        let dir = folder(&[format!("3,{},Training", pixels("0")), line]);
        let text = load(&dir, SplitName::Train).unwrap_err().to_string();
        assert!(text.contains("fer2013.csv, line 3: ") && text.contains(problem), "{text}");
        let options = LoadOptions { skip_bad: true, ..LoadOptions::default() };
        let split = DataSpec::Fer2013(dir.path().to_owned()).load_with(SplitName::Train, &options).unwrap();
        assert_eq!((split.samples.len(), split.left_out.count(Reason::Bad)), (1, 1));
    }
}

#[test]
fn a_line_that_names_no_split_is_counted_once() {
    let dir = folder(&[
        format!("3,{},Training", pixels("0")),
        format!("3,{},PublicTest", pixels("0")),
        format!("3,{},Practice", pixels("0")),
        format!("9,{},PublicTest", pixels("0")),
    ]);
    let options = LoadOptions { skip_bad: true, ..LoadOptions::default() };
    let bad = |split| DataSpec::Fer2013(dir.path().to_owned()).load_with(split, &options).unwrap().left_out.total();
    assert_eq!([bad(SplitName::Train), bad(SplitName::Valid)], [1, 1]);
}

#[test]
fn a_missing_table_and_a_wrong_header_are_named() {
    let dir = TempDir::new().unwrap();
    let text = load(&dir, SplitName::Train).unwrap_err().to_string();
    assert!(text.contains("fer2013.csv is missing"), "{text}");
    fs::write(dir.path().join("fer2013.csv"), "label,pixels,Usage\n").unwrap();
    let text = load(&dir, SplitName::Train).unwrap_err().to_string();
    assert!(text.contains("fer2013.csv, line 1: ") && text.contains("Found: label,pixels,Usage"), "{text}");
}
