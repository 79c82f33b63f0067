//! What the settings of the center loss do to a run and to what is made of it, as a user sets them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod trainer_command;

use std::collections::HashMap;
use std::fs;

use burn::tensor::Device;
use trainer::run_folder::RunFolder;
use trainer_command::{DATA, fails, succeeds, text, training};

#[test]
fn lambda_the_features_and_the_heads_start_can_be_changed_from_what_is_published() {
    let folder = tempfile::tempdir().unwrap();
    let [run, artefact, report, other] = ["run", "artefact", "report", "other"].map(|name| folder.path().join(name));
    let settings = ["--lambda", "0.5", "--lambda-warmup", "1", "--feature-length", "6", "--attention-start", "0.9"];
    succeeds(&[training(text(&run), "1").as_slice(), &settings].concat());
    let mut reader = csv::Reader::from_path(run.join("metrics.csv")).unwrap();
    let row: HashMap<String, f64> = reader.deserialize().next().unwrap().unwrap();
    assert!((0.7..0.97).contains(&row["attention_mean"]), "{row:?}");
    // Three steps, with a third, two thirds and all of lambda: two thirds of it in the mean of equal losses.
    let weight = (row["train_loss"] - row["train_cross_entropy"]) / row["train_center_loss"];
    assert!((0.25..0.4).contains(&weight), "{weight}");
    succeeds(&["report", text(&run), "--out", text(&report), "--device", "cpu"]);
    let page = fs::read_to_string(report.join("report.html")).unwrap();
    assert!(page.contains("brought to a length of 6,"));

    // The run's centres lie at a length of 6 or less whatever the features' own; the artefact's are for features as they are.
    let centres = || fs::read(artefact.join("centres.safetensors")).unwrap();
    succeeds(&["export", "--run", text(&run), "--out", text(&artefact), "--device", "cpu"]);
    let exported = centres();
    succeeds(&["centres", "--weights", text(&artefact), "--data", DATA, "--device", "cpu"]);
    assert_eq!(centres(), exported, "found by the same rule on the same pictures");

    let mut from_heads = training(text(&other), "1");
    from_heads.extend(["--attention-start", "0.9", "--init", text(&artefact)]);
    assert!(fails(&from_heads).contains("brings attention heads of its own, so that attention_start = 0.9"));
}

#[test]
fn the_attention_that_heads_begin_with_changes_their_biases_and_no_random_number() {
    let folder = tempfile::tempdir().unwrap();
    let start = |attention: &str| {
        let run = folder.path().join(attention);
        let mut arguments = training(text(&run), "1");
        // With a network that stands still to the last bit.
        arguments.extend(["--attention-start", attention, "--learning-rate", "1e-35", "--weight-decay", "0"]);
        succeeds(&arguments);
        let network = RunFolder::open(&run).unwrap().best(&Device::flex()).unwrap().network;
        let (trunk, heads) = (network.trunk.conv1.weight.val().into_data(), network.heads.linear);
        (trunk, heads.weight.val().into_data(), heads.bias.unwrap().val().into_data())
    };
    let ((trunk, heads, published), (same_trunk, same_heads, high)) = (start("0.5"), start("0.9"));
    assert_eq!((trunk, heads), (same_trunk, same_heads));
    assert!(published.iter::<f32>().all(|bias| bias.abs() < 1e-30));
    let biases: Vec<f32> = high.iter().take(2).collect();
    let half_logit = 0.5 * 9f32.ln();
    assert!((biases[0] + half_logit).abs() < 1e-6 && (biases[1] - half_logit).abs() < 1e-6, "{biases:?}");
}

#[test]
fn the_centres_move_alike_whatever_the_weight_of_the_loss() {
    let folder = tempfile::tempdir().unwrap();
    let centres = |lambda: &str| -> Vec<f64> {
        let run = folder.path().join(lambda);
        let mut arguments = training(text(&run), "1");
        // With a network that stands still to the last bit, both runs see the same features.
        arguments.extend(["--lambda", lambda, "--learning-rate", "1e-35", "--weight-decay", "0"]);
        succeeds(&arguments);
        let centres = fs::read(run.join("checkpoints/epoch-0001/centres.json")).unwrap();
        serde_json::from_slice::<Vec<Vec<f64>>>(&centres).unwrap().concat()
    };
    let (small, large) = (centres("0.01"), centres("10"));
    assert_eq!(small.len(), 7 * 512);
    assert_eq!(small, large);
}
