//! The accuracy of the shipped weights is what their manifest and the README say.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod real_data;

use std::path::Path;

use burn::tensor::Device;
use dacl::artefact::Manifest;
use trainer::data::SplitName;
use trainer::{measure, weights_folder};

/// What the page's weights have to reach on FER2013Valid: majority protocol, seven classes.
const LOWEST_ACCURACY: f64 = 0.86;
/// The same for the mean over classes, and for every class alone: rare expressions count.
const LOWEST_MEAN_CLASS_ACCURACY: f64 = 0.72;
const LOWEST_RECALL: f64 = 0.45;
const HIGHEST_CALIBRATION_ERROR: f64 = 0.03;

#[test]
fn the_shipped_weights_reach_what_their_manifest_says() {
    let Some(data) = real_data::ferplus("measuring the shipped weights") else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/weights");
    let manifest = Manifest::parse(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    let weights = weights_folder::open(&folder, &Device::flex()).unwrap();
    let valid = data.load(SplitName::Valid).unwrap();
    let answers = measure::crops(&weights.recogniser, &valid, |_| {}).unwrap();
    let found = answers.evaluate(&valid.classes, manifest.temperature, false);
    assert_eq!(found.n, manifest.measured.n);
    assert!(found.accuracy >= LOWEST_ACCURACY, "{}", found.accuracy);
    assert!(found.mean_class_accuracy >= LOWEST_MEAN_CLASS_ACCURACY, "{}", found.mean_class_accuracy);
    assert!(found.recall.iter().flatten().all(|&recall| recall >= LOWEST_RECALL), "{:?}", found.recall);
    assert!(found.ece <= HIGHEST_CALIBRATION_ERROR, "{}", found.ece);
    // A picture or two may fall to the other side of a tie on another processor.
    assert!((found.accuracy - manifest.measured.accuracy).abs() < 0.002, "{}", found.accuracy);
    assert!((found.ece - manifest.measured.ece).abs() < 0.002, "{}", found.ece);
    // One picture of disgust is a twenty-fourth of its recall, and a seventh of that in the mean.
    let (mean, measured) = (found.mean_class_accuracy, manifest.measured.mean_class_accuracy);
    assert!((mean - measured).abs() < 0.0075, "{mean}");
}

#[test]
fn the_readme_has_the_figures_of_the_manifest() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let manifest = Manifest::parse(&std::fs::read(root.join("www/weights/manifest.json")).unwrap()).unwrap();
    let measured = manifest.measured;
    let pictures = format!("{},{:03}", measured.n / 1000, measured.n % 1000);
    let (accuracy, by_class) = (100.0 * measured.accuracy, 100.0 * measured.mean_class_accuracy);
    let row = format!(" | {pictures} | {accuracy:.1} % | {by_class:.1} % | {:.3} |", measured.ece);
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    assert!(readme.contains(&row), "no row of the README ends in{row}");
    let not_sure = manifest.not_sure;
    let told = format!("{:.1} % of the answers on FER2013Valid are sure then", 100.0 * not_sure.coverage);
    assert!(
        readme.contains(&told) && readme.contains(&format!("{:.1} % of these right", 100.0 * not_sure.accuracy)),
        "{told}"
    );
}
