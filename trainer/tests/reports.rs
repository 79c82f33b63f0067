//! Comparisons, experiments and reports on drawn faces, as a user runs them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const DATA: &str = "synthetic:train=32,valid=21,test=14,size=32,seed=5";

fn trainer(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_trainer")).args(arguments).output().unwrap()
}

fn succeeds(arguments: &[&str]) -> String {
    let output = trainer(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What a failing command says: sentences, without a trace of the program's inside.
fn fails(arguments: &[&str]) -> String {
    let output = trainer(arguments);
    assert!(!output.status.success(), "{arguments:?} should fail");
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(!text.contains("panicked") && !text.contains("backtrace"), "{text}");
    text
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Trains for a few seconds.
fn train(out: &Path, loss: &str, seed: &str) {
    let arguments = ["train", "--data", DATA, "--out", text(out), "--loss", loss, "--seed", seed, "--epochs", "1"];
    let small = ["--input-size", "32", "--batch", "16", "--context-encoder", "64,32,16", "--device", "cpu"];
    succeeds(&[arguments.as_slice(), &small].concat());
}

#[test]
fn runs_are_compared_in_groups_of_seeds_and_in_pairs() {
    let folder = tempfile::tempdir().unwrap();
    let [one, two, soft] = ["one", "two", "soft"].map(|name| folder.path().join(name));
    train(&one, "dacl", "1");
    train(&two, "dacl", "2");
    train(&soft, "softmax", "1");
    let runs = ["compare", text(&one), text(&two), text(&soft), "--data", DATA, "--device", "cpu"];
    let json = [runs.as_slice(), &["--json"]].concat();
    let printed = succeeds(&json);
    assert_eq!(succeeds(&json), printed, "the same runs give the same intervals");
    let comparison: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((&comparison["n"], &comparison["split"]), (&21.into(), &"valid".into()));
    let groups = comparison["groups"].as_array().unwrap();
    let names: Vec<&Value> = groups.iter().map(|group| &group["name"]).collect();
    assert_eq!(names, ["loss=dacl", "loss=softmax"]);
    assert!(groups[0]["accuracy"]["std"].is_number() && groups[1]["accuracy"]["std"].is_null());
    assert_eq!(comparison["pairs"].as_array().unwrap().len(), 3);
    for (run, path) in comparison["runs"].as_array().unwrap().iter().zip([&one, &two, &soft]) {
        let eval = succeeds(&["eval", "--weights", text(path), "--data", DATA, "--json", "--device", "cpu"]);
        let eval: Value = serde_json::from_str(&eval).unwrap();
        assert_eq!(run["accuracy"]["value"], eval["accuracy"]);
        assert_eq!(run["mean_class_accuracy"]["value"], eval["mean_class_accuracy"]);
        let interval = ["low", "value", "high"].map(|end| run["accuracy"][end].as_f64().unwrap());
        assert!(interval.is_sorted(), "{interval:?}");
    }
    let table = succeeds(&runs);
    assert!(table.contains("valid of synthetic") && table.contains("McNemar") && table.contains("+-"), "{table}");

    let description = fs::read_to_string(soft.join("run.json")).unwrap();
    fs::write(soft.join("run.json"), description.replace("\"anger\"", "\"contempt\"")).unwrap();
    let said = fails(&runs);
    assert!(said.contains("contempt") && said.contains("only runs of the same classes"), "{said}");
    assert!(fails(&["compare", text(&one), "--data", DATA]).contains("2 values"));
    assert!(fails(&["compare", text(&one), text(folder.path()), "--data", DATA]).contains("holds no weights"));
}
