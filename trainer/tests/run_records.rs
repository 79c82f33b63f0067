//! What a run keeps of its data, its programs and its looks at test pictures, and what it refuses because of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod trainer_command;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use trainer::data::{DataSpec, SplitName, data_hash};
use trainer_command::{describe, description, drawn_folder, fails, metrics, succeeds, text};

const DRAWN: &str = "synthetic:train=32,valid=14,size=48,seed=5";

/// A run of one short epoch, or of more.
fn training<'a>(data: &'a str, out: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["train", "--data", data, "--out", text(out)];
    arguments.extend("--epochs 1 --device cpu --input-size 32 --context-encoder 16,8,4 --batch 16 --seed 3".split(' '));
    arguments.extend(more);
    arguments
}

/// How runs on this machine's CPU name it.
fn cpu() -> String {
    match std::thread::available_parallelism().unwrap().get() {
        1 => "CPU, 1 thread".to_owned(),
        threads => format!("CPU, {threads} threads"),
    }
}

#[test]
fn nothing_but_who_is_asked_to_looks_at_test_pictures_and_the_run_keeps_who_did() {
    let folder = tempfile::tempdir().unwrap();
    let [faces, run, artefact] = ["faces", "run", "artefact"].map(|name| folder.path().join(name));
    let data = drawn_folder(&faces, DRAWN);
    let broken = faces.join("test/happy/one.png");
    fs::create_dir_all(broken.parent().unwrap()).unwrap();
    fs::write(&broken, "no picture").unwrap();
    succeeds(&training(&data, &run, &[]));
    succeeds(&["export", "--run", text(&run), "--out", text(&artefact), "--device", "cpu"]);
    let ask = |command: &[&str]| succeeds(&[command, &["--data", &data, "--device", "cpu"]].concat());
    let out = folder.path().join("report");
    let eval = ["eval", "--weights", text(&run)];
    let (compare, report) = (["compare", text(&run), text(&artefact)], ["report", text(&run), "--out", text(&out)]);
    for command in [eval.as_slice(), &compare, &report] {
        ask(command);
    }
    let test = ["--split", "test"];
    let said = fails(&[eval.as_slice(), &test, &["--data", &data, "--device", "cpu"]].concat());
    assert!(said.contains("one.png is broken"), "{said}");
    let list = run.join("test-evaluations.csv");
    assert!(!list.exists(), "nothing of it was measured");

    fs::copy(fs::read_dir(faces.join("valid/happy")).unwrap().next().unwrap().unwrap().path(), &broken).unwrap();
    for command in [eval.as_slice(), &compare, &report] {
        ask(&[command, &test].concat());
    }
    let mut rows = csv::Reader::from_path(&list).unwrap();
    let rows: Vec<HashMap<String, String>> = rows.deserialize().map(Result::unwrap).collect();
    let commands: Vec<&str> = rows.iter().map(|row| row["command"].as_str()).collect();
    assert_eq!(commands, ["eval", "compare", "report"]);
    for row in &rows {
        assert_eq!((row["data"].as_str(), row["pictures"].as_str()), (data.as_str(), "1"));
        assert!(row["unix_time"].parse::<u64>().unwrap() > 1_700_000_000);
    }
    assert_eq!(fs::read_dir(&artefact).unwrap().count(), 4, "an artefact's folder stays as it is");
}

#[test]
fn weights_are_measured_and_exported_on_pictures_read_as_their_run_read_them() {
    let folder = tempfile::tempdir().unwrap();
    let [faces, run, artefact, onnx] = ["faces", "run", "artefact", "onnx"].map(|name| folder.path().join(name));
    let data = drawn_folder(&faces, DRAWN);
    for split in ["train", "valid"] {
        fs::write(faces.join(split).join("happy/bad.png"), "no picture").unwrap();
    }
    assert!(fails(&training(&data, &run, &[])).contains("bad.png is broken"));
    succeeds(&training(&data, &run, &["--skip-bad", "--max-side", "40", "--grey"]));
    assert_eq!(description(&run)["loading"], json!({ "skip_bad": true, "max_side": 40, "grey": true }));
    let export = ["export", "--run", text(&run), "--device", "cpu", "--out"];
    succeeds(&[export.as_slice(), &[text(&artefact)]].concat());
    succeeds(&[export.as_slice(), &[text(&onnx), "--format", "onnx"]].concat());

    let on_data = ["--data", &data, "--device", "cpu"];
    let of_run = ["eval", "--weights", text(&run), "--json"];
    let figures: Value = serde_json::from_str(&succeeds(&[of_run.as_slice(), &on_data].concat())).unwrap();
    assert_eq!(figures["n"], 14);
    // As large as they are, the pictures give other scores.
    describe(&run, |description| description["loading"]["max_side"] = Value::Null);
    let large: Value = serde_json::from_str(&succeeds(&[of_run.as_slice(), &on_data].concat())).unwrap();
    assert_ne!(large["ece"], figures["ece"]);
    describe(&run, |description| description["loading"]["max_side"] = 40.into());
    let compare = [&["compare", text(&run), text(&artefact), "--json"], on_data.as_slice()].concat();
    let compared: Value = serde_json::from_str(&succeeds(&compare)).unwrap();
    assert_eq!(compared["runs"][0]["accuracy"]["value"], figures["accuracy"]);
    let out = folder.path().join("report");
    succeeds(&["report", text(&run), "--device", "cpu"]);
    for command in [&["eval", "--weights", text(&artefact)][..], &["report", text(&artefact), "--out", text(&out)]] {
        let command = [command, &on_data].concat();
        assert!(fails(&command).contains("bad.png is broken"), "an artefact does not tell how its data were read");
        succeeds(&[command.as_slice(), &["--skip-bad"]].concat());
    }
}

#[test]
fn a_run_keeps_what_it_was_made_of() {
    let folder = tempfile::tempdir().unwrap();
    let [first, run] = ["first", "run"].map(|name| folder.path().join(name));
    succeeds(&training(DRAWN, &first, &[]));
    let lessons = ["--init", text(&first), "--teacher", text(&first), "--teacher-share", "0.5"];
    succeeds(&training(DRAWN, &run, &lessons));
    let kept = description(&run);
    let spec: DataSpec = DRAWN.parse().unwrap();
    let [train, valid] = [SplitName::Train, SplitName::Valid].map(|split| spec.load(split).unwrap());
    assert_eq!(kept["data_sha256"], data_hash(&[(SplitName::Train, &train), (SplitName::Valid, &valid)]));
    assert_eq!((&kept["data"], &kept["classes"][6]), (&DRAWN.into(), &"anger".into()));
    assert_eq!((&kept["init"], &kept["teachers"]), (&json!(text(&first)), &json!([text(&first)])));
    let weights = fs::read(first.join("checkpoints/epoch-0001/network.bpk")).unwrap();
    let hash = dacl::artefact::sha256_hex(&weights);
    assert_eq!((&kept["init_sha256"], &kept["teachers_sha256"]), (&json!(hash), &json!([hash])));
    assert_eq!(kept["version"], env!("CARGO_PKG_VERSION"));
    let mut rows = csv::Reader::from_path(run.join("metrics.csv")).unwrap();
    let row: HashMap<String, f64> = rows.deserialize().next().unwrap().unwrap();
    assert!((0.0..1.0).contains(&row["waiting_for_pictures"]), "{row:?}");
    assert_eq!((&kept["device"], &kept["resumed_on"]), (&json!(cpu()), &json!([])));
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock")).unwrap();
    let burn = kept["build"]["burn"].as_str().unwrap();
    assert!(lock.contains(&format!("name = \"burn\"\nversion = \"{burn}\"")), "{burn}");
    assert!(kept["build"]["rustc"].as_str().unwrap().starts_with("rustc 1."), "{kept}");
    let features: Vec<&str> = [("gpu", cfg!(feature = "gpu")), ("cuda", cfg!(feature = "cuda"))]
        .iter()
        .filter(|f| f.1)
        .map(|f| f.0)
        .collect();
    assert_eq!(kept["build"]["features"], json!(features));
    match kept["commit"].as_str() {
        Some(commit) => assert!(commit.len() >= 12 && !commit.contains(char::is_whitespace), "{commit}"),
        None => assert!(!Path::new(env!("CARGO_MANIFEST_DIR")).join("../.git").exists(), "git knows the commit"),
    }
}

#[test]
fn a_run_is_not_gone_on_with_on_other_data_start_weights_or_teachers_and_keeps_its_devices() {
    let folder = tempfile::tempdir().unwrap();
    let [faces, first, run] = ["faces", "first", "run"].map(|name| folder.path().join(name));
    let data = drawn_folder(&faces, DRAWN);
    succeeds(&training(&data, &first, &[]));
    let lessons = ["--init", text(&first), "--teacher", text(&first), "--teacher-share", "0.5"];
    succeeds(&training(&data, &run, &lessons));
    let whole = metrics(&run);
    // As if it had been stopped in its first epoch.
    let undone = || fs::remove_dir_all(run.join("checkpoints")).unwrap();
    undone();
    let refused = || fails(&["train", "--resume", text(&run), "--device", "cpu"]);

    let elsewhere = faces.join("train/happy/moved.png");
    let one = fs::read_dir(faces.join("train/sad")).unwrap().next().unwrap().unwrap().path();
    fs::rename(&one, &elsewhere).unwrap();
    let said = refused();
    assert!(said.contains("pictures or labels have changed"), "{said}");
    fs::rename(&elsewhere, &one).unwrap();

    let weights = first.join("checkpoints/epoch-0001/network.bpk");
    let bytes = fs::read(&weights).unwrap();
    fs::write(&weights, [bytes.as_slice(), b"more"].concat()).unwrap();
    let said = refused();
    assert!(said.contains("start weights") && said.contains("changed since the run began"), "{said}");
    fs::write(&weights, bytes).unwrap();
    let hash = description(&run)["teachers_sha256"][0].clone();
    describe(&run, |description| description["teachers_sha256"][0] = "of other weights".into());
    let said = refused();
    assert!(said.contains("teacher") && said.contains("changed since the run began"), "{said}");
    describe(&run, |description| description["teachers_sha256"][0] = hash);

    describe(&run, |description| description["device"] = "another device".into());
    succeeds(&["train", "--resume", text(&run), "--device", "cpu"]);
    assert_eq!(metrics(&run), whole);
    assert_eq!(description(&run)["resumed_on"], json!([cpu()]));
}
