//! `cargo xtask build`: the page as a folder that any static host can serve, and what it weighs.
//!
//! How the page is built says Trunk.toml; this calls trunk and weighs what comes out.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::cpu_program;
use crate::process;
use crate::setup;
use crate::workspace::Workspace;

/// A first build compiles a few hundred crates; only something that hangs takes this long.
const BUILD_LIMIT: Duration = Duration::from_secs(60 * 60);

/// Runs `cargo xtask build`.
pub(crate) fn run(workspace: &mut Workspace) -> Result<()> {
    setup::ensure(workspace, setup::SITE)?;
    let site = build(workspace)?;
    println!("\nThe site is in {}. A visitor downloads one of the two programs, and of the rest:\n", site.display());
    print!("{}", table(&weigh(&site)?));
    Ok(())
}

/// Builds the page in release mode and returns the folder it is in.
pub(crate) fn build(workspace: &Workspace) -> Result<PathBuf> {
    let site = workspace.root.join("dist");
    let mut trunk = trunk(workspace);
    trunk.args(["build", "--release", "--dist"]).arg(&site);
    process::run(&mut trunk, BUILD_LIMIT)?;
    Ok(site)
}

/// trunk, which would fetch a missing tool by itself: set-up has seen to the tools, so it may not.
pub(crate) fn trunk(workspace: &Workspace) -> Command {
    let mut command = workspace.command("trunk");
    command.args(["--offline=true", "--skip-version-check"]);
    // trunk takes NO_COLOR=1, which many tools understand, for a mistake.
    if std::env::var_os("NO_COLOR").is_some() {
        command.env("NO_COLOR", "true");
    }
    command
}

/// The parts of the site that are weighed apart.
const PARTS: [&str; 5] =
    ["program with WebGPU", "program for the CPU", "scripts, styles, html", "weights", "pictures and the rest"];

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Weight {
    files: usize,
    bytes: u64,
    /// `None` once a file could not be compressed because there is no gzip here.
    gzipped: Option<u64>,
}

fn weigh(site: &Path) -> Result<[Weight; PARTS.len()]> {
    let mut weights = [Weight { gzipped: Some(0), ..Weight::default() }; PARTS.len()];
    let mut folders = vec![site.to_owned()];
    while let Some(folder) = folders.pop() {
        let unreadable = || format!("{} could not be read", folder.display());
        for entry in std::fs::read_dir(&folder).with_context(unreadable)? {
            let entry = entry.with_context(unreadable)?;
            let path = entry.path();
            let metadata = entry.metadata().with_context(unreadable)?;
            if metadata.is_dir() {
                folders.push(path);
                continue;
            }
            let weight = &mut weights[part(path.strip_prefix(site).unwrap_or(&path))];
            weight.files += 1;
            weight.bytes += metadata.len();
            weight.gzipped = weight.gzipped.zip(gzipped(&path)).map(|(sum, bytes)| sum + bytes);
        }
    }
    Ok(weights)
}

/// Which of [`PARTS`] a file belongs to, by its path inside the site.
fn part(file: &Path) -> usize {
    if file.starts_with("weights") {
        return 3;
    }
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("wasm") if is_for_cpu(file) => 1,
        Some("wasm") => 0,
        Some("js" | "mjs" | "css" | "html" | "webmanifest") => 2,
        _ => 4,
    }
}

fn is_for_cpu(file: &Path) -> bool {
    file.to_string_lossy().starts_with(cpu_program::NAME)
}

fn gzipped(file: &Path) -> Option<u64> {
    let output = Command::new("gzip").args(["-9", "-c"]).arg(file).output().ok()?;
    output.status.success().then_some(output.stdout.len() as u64)
}

fn table(weights: &[Weight; PARTS.len()]) -> String {
    let sum = weights.iter().fold(Weight { gzipped: Some(0), ..Weight::default() }, |sum, weight| Weight {
        files: sum.files + weight.files,
        bytes: sum.bytes + weight.bytes,
        gzipped: sum.gzipped.zip(weight.gzipped).map(|(a, b)| a + b),
    });
    let rows = PARTS.iter().zip(weights).chain(std::iter::once((&"together", &sum)));
    let mut text = format!("{:22} {:>5} {:>10} {:>10}\n", "", "files", "size", "gzip -9");
    for (name, weight) in rows {
        let gzipped = weight.gzipped.map_or("-".to_owned(), kilobytes);
        let (files, size) = (weight.files, kilobytes(weight.bytes));
        text.push_str(&format!("{name:22} {files:>5} {size:>10} {gzipped:>10}\n"));
    }
    text
}

fn kilobytes(bytes: u64) -> String {
    format!("{:.1} kB", bytes as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn every_file_of_a_site_is_weighed_once_and_in_its_part() {
        let site = std::env::temp_dir().join(format!("xtask-site-{}", std::process::id()));
        std::fs::create_dir_all(site.join("weights")).unwrap();
        for (name, bytes) in [
            ("a.wasm", 5000),
            ("dacl-cpu_bg.wasm", 400),
            ("a.js", 300),
            ("index.html", 200),
            ("weights/label.bin", 900),
            ("sample.png", 70),
        ] {
            std::fs::write(site.join(name), vec![0; bytes]).unwrap();
        }
        let weights = weigh(&site).unwrap();
        std::fs::remove_dir_all(&site).unwrap();
        assert_eq!(weights.map(|weight| weight.bytes), [5000, 400, 500, 900, 70]);
        assert_eq!(weights.map(|weight| weight.files), [1, 1, 2, 1, 1]);
        assert!(weights[0].gzipped.is_none_or(|bytes| bytes < 5000));
    }

    #[test]
    fn the_table_ends_in_the_sum() {
        let weight = |files, bytes, gzipped| Weight { files, bytes, gzipped };
        let weights = [
            weight(1, 4_000_000, Some(1_500_000)),
            weight(1, 1_000_000, Some(500_000)),
            weight(3, 50_000, Some(20_000)),
            weight(3, 20_000_000, None),
            weight(0, 0, Some(0)),
        ];
        let table = table(&weights);
        assert_eq!(table.lines().last(), Some("together                   8 25050.0 kB          -"));
    }
}
