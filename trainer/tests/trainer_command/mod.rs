//! The trainer as a user starts it.
// Each test file uses a part of this.
#![allow(dead_code)]

use std::path::Path;
use std::process::{Command, Output};

use trainer::data::{DataSpec, SplitName};

/// Few drawn faces, for runs that take seconds.
pub(crate) const DATA: &str = "synthetic:train=48,valid=21,test=21,size=48,seed=5";

/// Arguments of a run that takes seconds: a small input, few pictures, the whole DACL step.
pub(crate) fn training<'a>(out: &'a str, epochs: &'a str) -> Vec<&'a str> {
    let settings = "--device cpu --input-size 32 --batch 16 --schedule step --seed 3 --weight-average 0.9 --mixup 0.2";
    let mut arguments = vec!["train", "--data", DATA, "--out", out, "--epochs", epochs];
    arguments.extend(settings.split(' '));
    arguments
}

/// What the trainer answers to `arguments`.
pub(crate) fn trainer(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_trainer")).args(arguments).output().unwrap()
}

/// What a command prints that has to succeed.
pub(crate) fn succeeds(arguments: &[&str]) -> String {
    let output = trainer(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What a failing command says: sentences, without a trace of the program's inside.
pub(crate) fn fails(arguments: &[&str]) -> String {
    let output = trainer(arguments);
    assert!(!output.status.success(), "{arguments:?} should fail");
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(!text.contains("panicked") && !text.contains("backtrace"), "{text}");
    text
}

/// A path as an argument.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Writes the train and valid splits of drawn faces as an image folder; its data set's name.
pub(crate) fn drawn_folder(root: &Path, drawn: &str) -> String {
    let drawn: DataSpec = drawn.parse().unwrap();
    for name in [SplitName::Train, SplitName::Valid] {
        let split = drawn.load(name).unwrap();
        for sample in &split.samples {
            let class = root.join(name.to_string()).join(&split.classes[sample.label]);
            std::fs::create_dir_all(&class).unwrap();
            sample.picture.save(class.join(format!("{}.png", sample.name))).unwrap();
        }
    }
    format!("folder:{}", text(root))
}

/// What run.json says.
pub(crate) fn description(run: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(run.join("run.json")).unwrap()).unwrap()
}

/// Alters what run.json says.
pub(crate) fn describe(run: &Path, change: impl FnOnce(&mut serde_json::Value)) {
    let mut description = description(run);
    change(&mut description);
    std::fs::write(run.join("run.json"), description.to_string()).unwrap();
}

/// The columns of metrics.csv that depend on the machine's speed.
const TIMES: [&str; 3] = ["images_per_second", "waiting_for_pictures", "seconds"];

/// The columns of metrics.csv that do not depend on the machine's speed.
pub(crate) fn metrics(run: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_path(run.join("metrics.csv")).unwrap();
    let timed: Vec<bool> = reader.headers().unwrap().iter().map(|name| TIMES.contains(&name)).collect();
    reader
        .records()
        .map(|row| row.unwrap().iter().zip(&timed).filter(|(_, timed)| !**timed).map(|(v, _)| v.to_owned()).collect())
        .collect()
}
