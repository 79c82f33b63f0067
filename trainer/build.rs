//! Tells the program what it is built from: commit, compiler, burn and features. A run keeps it beside its settings.

use std::process::Command;
use std::{env, fs};

/// Nothing else changes what is compiled.
const SOURCES: [&str; 6] = ["build.rs", "Cargo.toml", "src", "../src", "../Cargo.toml", "../Cargo.lock"];

fn main() {
    // A commit alone builds nothing anew, and the commit that is told is that of the build.
    for path in SOURCES {
        println!("cargo:rerun-if-changed={path}");
    }
    let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let commit = output("git", &["describe", "--always", "--abbrev=12"]).map(|commit| {
        let changed = output("git", &[&["status", "--porcelain", "--"], &SOURCES[..]].concat());
        commit + if changed.is_some() { "-dirty" } else { "" }
    });
    let features = ["gpu", "cuda"]
        .into_iter()
        .filter(|name| env::var_os(format!("CARGO_FEATURE_{}", name.to_uppercase())).is_some());
    let lock = fs::read_to_string("../Cargo.lock").unwrap_or_default();
    println!("cargo:rustc-env=TRAINER_COMMIT={}", commit.unwrap_or_default());
    println!("cargo:rustc-env=TRAINER_RUSTC={}", output(&rustc, &["--version"]).unwrap_or_default());
    println!("cargo:rustc-env=TRAINER_BURN={}", locked_version(&lock, "burn").unwrap_or_default());
    println!("cargo:rustc-env=TRAINER_FEATURES={}", features.collect::<Vec<_>>().join(","));
}

/// What a program prints, in one line; `None` where it fails or says nothing.
fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}

/// The version of a package in a lock file.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let version = lock.lines().skip_while(|line| *line != name).nth(1)?;
    version.strip_prefix("version = \"")?.strip_suffix('"')
}
