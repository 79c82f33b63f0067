//! The trainer as a user starts it.
// Each test file uses a part of this.
#![allow(dead_code)]

use std::path::Path;
use std::process::{Command, Output};

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
