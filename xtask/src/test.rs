//! `cargo xtask test`: native tests, wasm tests in a browser, tests of the built page.
//!
//! Every part runs even if an earlier one has failed; the last line says how many did.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, ValueEnum};

use crate::process;
use crate::setup::{self, Absence, Tool};
use crate::site;
use crate::workspace::Workspace;

/// The module of the test that takes ten minutes, in tests/page.rs.
const SOAK: &str = "soak::";

/// Building included; only something that hangs takes this long.
const PART_LIMIT: Duration = Duration::from_secs(60 * 60);

/// What `cargo xtask test` can be told.
#[derive(Args)]
pub(crate) struct Options {
    /// Run one part alone
    #[arg(long, value_name = "PART")]
    only: Option<Part>,
}

/// What `cargo xtask soak` can be told.
#[derive(Args)]
pub(crate) struct SoakOptions {
    /// How long the camera runs
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=24 * 60))]
    minutes: u64,
}

/// A part of the tests, with what it needs and how long it may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// The tests of all crates on this machine
    Native,
    /// The wasm tests in headless Chromium with WebGPU
    Web,
    /// The built page, used in headless Chromium from end to end
    Page,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Web => "web",
            Self::Page => "page",
        }
    }

    fn tools(self) -> &'static [&'static dyn Tool] {
        match self {
            Self::Native => setup::NATIVE,
            Self::Web => setup::BROWSER_TESTS,
            Self::Page => setup::PAGE_TESTS,
        }
    }

    /// What some of its tests need: without it they say so and fail, and the others run.
    fn needed_by_some(self) -> &'static [&'static dyn Tool] {
        match self {
            Self::Native | Self::Web => &[],
            Self::Page => setup::PAGE_CHECKS,
        }
    }

    fn run(self, workspace: &Workspace) -> Result<()> {
        match self {
            Self::Native => native(workspace),
            Self::Web => web(workspace),
            Self::Page => page(workspace),
        }
    }
}

/// How a part ended.
struct Outcome {
    part: &'static str,
    time: Duration,
    failure: Option<String>,
}

/// Runs `cargo xtask test`.
pub(crate) fn run(workspace: &mut Workspace, options: &Options) -> Result<()> {
    let parts = options.only.as_ref().map_or(Part::value_variants(), std::slice::from_ref);
    let start = Instant::now();
    // All tools before the first part: setting up the wasm target may change the toolchain for all of them.
    let needed = |tool: &&dyn Tool| {
        let needs =
            |part: &Part| part.tools().iter().chain(part.needed_by_some()).any(|other| other.name() == tool.name());
        parts.iter().any(needs)
    };
    let tools = setup::ALL.iter().copied().filter(needed).collect::<Vec<_>>();
    let absences = setup::provide(workspace, &tools);
    for Absence { tool, reason } in &absences {
        println!("  without {tool}: {reason}");
    }
    println!("Set-up took {}.", process::duration(start.elapsed()));

    let mut outcomes = Vec::new();
    for &part in parts {
        println!("\nTests, part {}:", part.name());
        let start = Instant::now();
        let result = have_tools(part, &absences).and_then(|()| part.run(workspace));
        let failure = result.err().map(|error| format!("{error:#}"));
        if let Some(failure) = &failure {
            println!("  {failure}");
        }
        outcomes.push(Outcome { part: part.name(), time: start.elapsed(), failure });
    }
    println!("\n{}", summary(&outcomes));
    if outcomes.iter().any(|outcome| outcome.failure.is_some()) {
        // The summary has said it all and is to stay the last word.
        std::process::exit(1);
    }
    Ok(())
}

fn have_tools(part: Part, absences: &[Absence]) -> Result<()> {
    let absent = absences
        .iter()
        .filter(|absence| part.tools().iter().any(|tool| tool.name() == absence.tool))
        .map(|absence| format!("{} is missing: {}", absence.tool, absence.reason))
        .collect::<Vec<_>>();
    if !absent.is_empty() {
        bail!("{}", absent.join("\n  "));
    }
    Ok(())
}

fn native(workspace: &Workspace) -> Result<()> {
    let mut cargo = workspace.command("cargo");
    // Whatever fails, the rest is run too, as with the parts.
    cargo.args(["test", "--release", "--workspace", "--no-fail-fast"]);
    Ok(process::run(&mut cargo, PART_LIMIT)?)
}

fn web(workspace: &Workspace) -> Result<()> {
    let chromedriver = workspace.search_path.find("chromedriver").context("chromedriver was not found")?;
    let mut wasm_pack = workspace.command("wasm-pack");
    wasm_pack
        .args(["test", "--headless", "--chrome", "--release", "--mode", "no-install", "--chromedriver"])
        .arg(chromedriver);
    Ok(process::run(&mut wasm_pack, PART_LIMIT)?)
}

fn page(workspace: &Workspace) -> Result<()> {
    let mut node = workspace.command("node");
    // File by file: what a folder means to `node --test` differs between versions.
    node.arg("--test").args(unit_tests(workspace)?);
    let units = process::run(&mut node, PART_LIMIT);
    let site = site::build(workspace)?;
    process::run(page_tests(workspace, &site).args(["--skip", SOAK]), PART_LIMIT)?;
    // Only now: what fails without a browser keeps nobody from seeing what fails in one.
    Ok(units?)
}

/// The tests of the page in a browser; what is added narrows them down.
fn page_tests(workspace: &Workspace, site: &Path) -> Command {
    let mut cargo = workspace.command("cargo");
    // The whole workspace, as in the native part: for a single crate, cargo would build its dependencies anew with
    // fewer features.
    cargo.args(["test", "--release", "--workspace", "--test", "page", "--", "--ignored"]).env("DACL_SITE", site);
    cargo
}

/// Runs `cargo xtask soak`: the one test of the page that takes long.
pub(crate) fn soak(workspace: &mut Workspace, options: &SoakOptions) -> Result<()> {
    setup::ensure(workspace, setup::PAGE_TESTS)?;
    let site = site::build(workspace)?;
    let mut tests = page_tests(workspace, &site);
    tests.args(["--nocapture", SOAK]).env("DACL_SOAK_MINUTES", options.minutes.to_string());
    Ok(process::run(&mut tests, PART_LIMIT + Duration::from_secs(60 * options.minutes))?)
}

/// Tests of the page's modules that need no browser.
fn unit_tests(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let folder = workspace.root.join("tests/page-units");
    let entries = fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<PathBuf>>>()?;
    let mut tests: Vec<PathBuf> =
        paths.into_iter().filter(|path| path.to_string_lossy().ends_with(".test.mjs")).collect();
    ensure!(!tests.is_empty(), "{} has no tests", folder.display());
    tests.sort();
    Ok(tests)
}

fn summary(outcomes: &[Outcome]) -> String {
    let failed = outcomes.iter().filter(|outcome| outcome.failure.is_some()).count();
    let mut text = String::from("Tests:\n");
    for outcome in outcomes {
        let result = outcome.failure.as_ref().map_or("passed".to_owned(), |failure| format!("FAILED: {failure}"));
        let time = process::duration(outcome.time);
        text.push_str(&format!("  {:6}  {time:>12}  {result}\n", outcome.part));
    }
    let passed = outcomes.len() - failed;
    text.push_str(&format!("{passed} passed, {failed} failed"));
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn outcome(part: Part, seconds: u64, failure: Option<&str>) -> Outcome {
        Outcome { part: part.name(), time: Duration::from_secs(seconds), failure: failure.map(str::to_owned) }
    }

    #[test]
    fn the_summary_ends_in_a_count_on_a_line_of_its_own() {
        let outcomes = [
            outcome(Part::Native, 125, None),
            outcome(Part::Web, 61, Some("`wasm-pack test` failed (exit status: 1)")),
            outcome(Part::Page, 5, None),
        ];
        assert_eq!(
            summary(&outcomes),
            "Tests:\n  \
             native     2 min 5 s  passed\n  \
             web        1 min 1 s  FAILED: `wasm-pack test` failed (exit status: 1)\n  \
             page           5.0 s  passed\n\
             2 passed, 1 failed"
        );
    }

    #[test]
    fn a_missing_tool_fails_the_parts_that_need_it_and_no_other() {
        let absences = [Absence { tool: "chromedriver", reason: "install it".to_owned() }];
        assert!(have_tools(Part::Native, &absences).is_ok());
        let error = have_tools(Part::Web, &absences).unwrap_err().to_string();
        assert_eq!(error, "chromedriver is missing: install it");
        assert!(have_tools(Part::Page, &absences).is_err());
    }
}
