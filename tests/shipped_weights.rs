//! The shipped artefact: whole, and still giving the committed answers.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod golden;

use burn::tensor::Device;
use dacl::artefact::Manifest;
use dacl::recognise::{LoadError, Recogniser};
use golden::{ATTENTION, CENTRES, Golden, LABELS, MANIFEST, assert_close, pattern};

const MEGABYTE: usize = 1_000_000;

fn recogniser() -> Recogniser {
    let manifest = Manifest::parse(MANIFEST).unwrap();
    let recogniser = Recogniser::from_artefact(&manifest, LABELS, &Device::flex()).unwrap();
    recogniser.add_attention_file(&manifest, ATTENTION).unwrap();
    recogniser.add_centres_file(&manifest, CENTRES).unwrap();
    recogniser
}

/// `DACL_BLESS=1 cargo test --release --test shipped_weights` renews the committed answers after new weights were shipped.
#[test]
fn the_cpu_gives_the_committed_answers() {
    let answer = pollster::block_on(recogniser().recognise(&[pattern()])).unwrap().remove(0);
    let found = Golden {
        manifest_sha256: Golden::shipped_manifest_sha256(),
        probabilities: answer.probabilities,
        attention: answer.attention.unwrap(),
    };
    if std::env::var_os("DACL_BLESS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/answers.json");
        std::fs::write(path, serde_json::to_string_pretty(&found).unwrap()).unwrap();
        return;
    }
    let expected = Golden::committed();
    assert_eq!(found.manifest_sha256, expected.manifest_sha256, "renew the answers with DACL_BLESS=1");
    assert_close("probabilities", &found.probabilities, &expected.probabilities, 1e-4);
    assert_close("attention", &found.attention, &expected.attention, 1e-4);
}

#[test]
fn labels_come_without_the_attention_arm_and_are_the_same() {
    let manifest = Manifest::parse(MANIFEST).unwrap();
    let labels_only = Recogniser::from_artefact(&manifest, LABELS, &Device::flex()).unwrap();
    let answer = pollster::block_on(labels_only.recognise(&[pattern()])).unwrap().remove(0);
    assert!(answer.attention.is_none() && answer.distances.is_none() && answer.activation.is_none());
    let whole = pollster::block_on(recogniser().recognise(&[pattern()])).unwrap().remove(0);
    assert_eq!(answer.probabilities, whole.probabilities);
}

#[test]
fn class_weights_and_features_give_the_differences_between_answers() {
    let recogniser = recogniser();
    let upside_down = pattern().rotate180();
    let answers = pollster::block_on(recogniser.recognise(&[pattern(), upside_down])).unwrap();
    let count = answers[0].features.len();
    // What all classes share drops out of a ratio of two of them, and the biases out of two faces' ratios.
    let ratio = |face: usize| f64::from(answers[face].probabilities[1] / answers[face].probabilities[0]).ln();
    let weights = recogniser.class_weights();
    let expected: f64 = (0..count)
        .map(|feature| {
            let step = answers[0].features[feature] - answers[1].features[feature];
            f64::from((weights[count + feature] - weights[feature]) * step)
        })
        .sum();
    let found = ratio(0) - ratio(1);
    assert!(found.abs() > 0.01, "the two faces differ");
    assert!((found - expected).abs() < 1e-3 * found.abs().max(1.0), "{found} is not {expected}");
}

#[test]
fn the_artefact_is_as_small_as_promised() {
    assert!(LABELS.len() <= 13 * MEGABYTE, "the label path has {} bytes", LABELS.len());
    let all = LABELS.len() + ATTENTION.len() + CENTRES.len() + MANIFEST.len();
    assert!(all <= 24 * MEGABYTE, "the artefact has {all} bytes");
}

#[test]
fn distances_are_those_to_the_centres_in_the_artefact() {
    let answer = pollster::block_on(recogniser().recognise(&[pattern()])).unwrap().remove(0);
    let attention = answer.attention.unwrap();
    let file = safetensors::SafeTensors::deserialize(CENTRES).unwrap();
    let bytes = file.tensor("centres").unwrap().data().to_vec();
    let centres: Vec<f64> = bytes.as_chunks::<4>().0.iter().map(|&word| f64::from(f32::from_le_bytes(word))).collect();
    let expected: Vec<f32> = (0..7)
        .map(|class| {
            let (mut sum, mut weights) = (0.0, 0.0);
            for place in 0..512 {
                let weight = f64::from(attention[place]);
                sum += weight * (f64::from(answer.features[place]) - centres[class * 512 + place]).powi(2);
                weights += weight;
            }
            (sum / weights).sqrt() as f32
        })
        .collect();
    assert_close("distances", &answer.distances.unwrap(), &expected, 1e-6);
    assert!(expected.iter().all(|&distance| distance > 0.01), "{expected:?}");
}

#[test]
fn altered_or_truncated_weights_are_refused() {
    let manifest = Manifest::parse(MANIFEST).unwrap();
    let mut altered = LABELS.to_vec();
    altered[LABELS.len() / 2] ^= 1;
    let refused = |bytes: &[u8]| {
        let error = Recogniser::from_artefact(&manifest, bytes, &Device::flex()).unwrap_err();
        matches!(error, LoadError::Integrity(_))
    };
    assert!(refused(&altered));
    assert!(refused(&LABELS[..LABELS.len() - 1]));
    assert!(refused(&[]));
}

#[test]
fn manifests_that_cannot_be_are_refused_with_a_reason() {
    let edit = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut json: serde_json::Value = serde_json::from_slice(MANIFEST).unwrap();
        change(&mut json);
        Manifest::parse(&serde_json::to_vec(&json).unwrap()).unwrap_err().to_string()
    };
    assert!(edit(&|json| json["version"] = 99.into()).contains("version 99"));
    assert!(edit(&|json| json["format"] = "other".into()).contains("other"));
    assert!(edit(&|json| json["classes"] = serde_json::json!(["one"])).contains("1 class names"));
    assert!(edit(&|json| json["preprocessing"]["input_size"] = 96.into()).contains("96"));
    assert!(edit(&|json| json["temperature"] = 0.into()).contains("temperature"));
    assert!(edit(&|json| json["not_sure"]["distance"] = 0.into()).contains("distance"));
    assert!(edit(&|json| json["files"]["labels"]["name"] = "../x".into()).contains("../x"));
    assert!(edit(&|json| json["files"]["labels"]["bytes"] = (1u64 << 40).into()).contains("1099511627776 bytes"));
    assert!(edit(&|json| json["face_crop"]["margin"] = (-1).into()).contains("face crop"));
    assert!(Manifest::parse(b"{").is_err());
}
