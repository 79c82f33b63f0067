//! Drawn faces: reproducible, balanced, and different from class to class.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod skipped;

use rayon::ThreadPoolBuilder;
use trainer::data::{DataError, DataSpec, Split, SplitName, SyntheticOptions};

fn load(spec: &str, split: SplitName) -> Split {
    spec.parse::<DataSpec>().unwrap().load(split).unwrap()
}

fn pixels(split: &Split) -> Vec<&[u8]> {
    split.samples.iter().map(|sample| sample.picture.as_luma8().unwrap().as_raw().as_slice()).collect()
}

#[test]
fn faces_that_fit_into_no_memory_are_refused_before_any_is_drawn() {
    // Beside Linux no system is asked how much there is.
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let total = memory.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<u64>().ok());
    if total.is_none_or(|kilobytes| kilobytes > 200_000_000) {
        return skipped::skipped("refusing what does not fit into memory", "there is too much of it, or nobody tells");
    }
    let data: DataSpec = "synthetic:train=1000000,size=512".parse().unwrap();
    let said = data.load(SplitName::Train).unwrap_err().to_string();
    assert!(said.contains("1000000 pictures take about 262.1 GB"), "{said}");
    assert!(said.contains("16.4 GB with --max-side 128"), "{said}");
}

#[test]
fn faces_are_the_same_whatever_the_number_of_threads() {
    let load_with = |threads| {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| load("synthetic:train=40,size=32", SplitName::Train))
    };
    assert_eq!(pixels(&load_with(1)), pixels(&load_with(3)));
}

#[test]
fn a_face_does_not_depend_on_how_many_are_drawn() {
    let few = load("synthetic:valid=5,size=32", SplitName::Valid);
    let many = load("synthetic:valid=30,size=32", SplitName::Valid);
    assert_eq!(pixels(&few), pixels(&many)[..5]);
}

#[test]
fn another_seed_or_split_gives_other_faces() {
    let spec = "synthetic:train=14,test=14,size=32";
    let train = load(spec, SplitName::Train);
    let test = load(spec, SplitName::Test);
    let seeded = load(&format!("{spec},seed=2"), SplitName::Train);
    for face in pixels(&train) {
        assert!(!pixels(&test).contains(&face));
        assert!(!pixels(&seeded).contains(&face));
    }
}

#[test]
fn every_class_is_equally_frequent_and_every_face_of_the_asked_size() {
    let split = load("synthetic:test=70,size=48", SplitName::Test);
    assert_eq!(split.class_counts(), [10; 7]);
    assert!(!split.whole_photographs);
    for sample in &split.samples {
        let picture = sample.picture.as_luma8().unwrap();
        assert_eq!(picture.dimensions(), (48, 48));
    }
}

#[test]
fn the_default_is_what_the_documentation_says() {
    let spec: DataSpec = "synthetic".parse().unwrap();
    let full: DataSpec = "synthetic:train=4000,valid=700,test=700,size=64,seed=1".parse().unwrap();
    assert_eq!(spec, full);
    assert_eq!(spec, DataSpec::Synthetic(SyntheticOptions::default()));
}

#[test]
fn a_spec_reads_back_from_its_own_text() {
    for text in ["synthetic", "synthetic:size=32", "synthetic:train=100,seed=9"] {
        assert_eq!(text.parse::<DataSpec>().unwrap().to_string(), text);
    }
}

#[test]
fn options_that_cannot_be_followed_are_named() {
    for (text, option) in [
        ("synthetic:size=8", "size"),
        ("synthetic:size=4096", "size"),
        ("synthetic:train=-1", "train"),
        ("synthetic:train=2000000", "train"),
        ("synthetic:seed=x", "seed"),
        ("synthetic:colour=1", "colour"),
        ("synthetic:train", "train"),
    ] {
        match text.parse::<DataSpec>() {
            Err(DataError::SyntheticOption { option: named, .. }) => assert_eq!(named, option),
            other => panic!("{text} gave {other:?}"),
        }
    }
}

#[test]
fn a_split_without_faces_is_empty() {
    let spec: DataSpec = "synthetic:test=0".parse().unwrap();
    let message = spec.load(SplitName::Test).unwrap_err().to_string();
    assert!(message.contains("split test"), "{message}");
}
