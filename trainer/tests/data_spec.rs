//! How data sets and splits are named on the command line.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use trainer::data::{DataSpec, SplitName, public_name};

#[test]
fn a_spec_reads_back_from_its_own_text() {
    for text in [
        "rafdb:/data/raf",
        "affectnet:/data/affectnet",
        "fer2013:fer2013.csv",
        "ferplus:/data/ferplus",
        "folder:faces",
        "photos:C:\\photos",
    ] {
        assert_eq!(text.parse::<DataSpec>().unwrap().to_string(), text);
    }
}

#[test]
fn an_unknown_spec_is_answered_with_the_known_ones() {
    for text in ["", "ferplus", "ferplus:", "affectnet:", "celeba:/data", "/data/faces"] {
        let message = text.parse::<DataSpec>().unwrap_err().to_string();
        assert!(message.contains(&format!("\"{text}\"")), "{message}");
        assert!(message.contains("folder:DIR"), "{message}");
    }
}

#[test]
fn split_names_are_read_in_their_usual_forms() {
    for (text, split) in [
        ("train", SplitName::Train),
        ("valid", SplitName::Valid),
        ("val", SplitName::Valid),
        ("Validation", SplitName::Valid),
        ("test", SplitName::Test),
    ] {
        assert_eq!(text.parse::<SplitName>().unwrap(), split);
    }
    assert_eq!(SplitName::Valid.to_string(), "valid");
    let message = "dev".parse::<SplitName>().unwrap_err().to_string();
    assert!(message.contains("train, valid or test"), "{message}");
}

#[test]
fn no_path_is_told_to_others() {
    for (text, public) in [
        ("ferplus:/home/me/data", "ferplus"),
        ("photos:C:\\photos", "photos"),
        ("synthetic:train=32", "synthetic:train=32"),
        ("of another time:/home/me", "of another time"),
    ] {
        assert_eq!(public_name(text), public);
    }
}
