//! `cargo xtask setup`: finds what building and testing need, and installs what is missing.
//!
//! Each tool has a file of its own that knows how to look for it and how to install it. What the commands do with
//! the tools is not decided here.

mod apt;
mod c_compiler;
mod cargo_tool;
mod chromedriver;
mod chromium;
mod debian_rust;
mod finding;
mod node;
mod node_packages;
mod npm;
mod program;
mod trunk;
mod wasm_bindgen;
mod wasm_opt;
mod wasm_pack;
mod wasm_target;

use anyhow::{Error, Result, anyhow, bail};
use clap::Args;

pub(crate) use self::finding::Finding;
use crate::workspace::Workspace;

/// What `cargo xtask setup` can be told.
#[derive(Args)]
pub(crate) struct Options {
    /// Only report what is there; fail if something is missing
    #[arg(long)]
    check: bool,
}

/// Something that a build or a test needs on this machine.
pub(crate) trait Tool: Sync {
    /// What it is called in reports.
    fn name(&self) -> &'static str;
    /// Looks for it without changing anything.
    fn look(&self, workspace: &Workspace) -> Finding;
    /// Installs it. An error says in a sentence what to do by hand.
    fn install(&self, workspace: &mut Workspace) -> Result<()>;
}

/// What native builds need.
pub(crate) const NATIVE: &[&dyn Tool] = &[&c_compiler::CCompiler];

/// What it takes to build the page.
pub(crate) const SITE: &[&dyn Tool] =
    &[&c_compiler::CCompiler, &wasm_target::WasmTarget, &wasm_bindgen::WasmBindgen, &wasm_opt::WasmOpt, &trunk::Trunk];

/// What the tests inside a browser need.
pub(crate) const BROWSER_TESTS: &[&dyn Tool] = &[
    &c_compiler::CCompiler,
    &wasm_target::WasmTarget,
    &wasm_bindgen::WasmBindgen,
    &wasm_pack::WasmPack,
    &chromium::Chromium,
    &chromedriver::Chromedriver,
];

/// What the tests of the built page need.
pub(crate) const PAGE_TESTS: &[&dyn Tool] = &[
    &c_compiler::CCompiler,
    &wasm_target::WasmTarget,
    &wasm_bindgen::WasmBindgen,
    &wasm_opt::WasmOpt,
    &trunk::Trunk,
    &chromium::Chromium,
    &chromedriver::Chromedriver,
    &node::Node,
];

/// What checks of the page's modules need besides.
pub(crate) const PAGE_CHECKS: &[&dyn Tool] = &[&node::Node, &npm::Npm, &node_packages::NodePackages];

/// Everything, in the order of installation: what later ones are built with comes first.
pub(crate) const ALL: &[&dyn Tool] = &[
    &c_compiler::CCompiler,
    &wasm_target::WasmTarget,
    &wasm_bindgen::WasmBindgen,
    &wasm_pack::WasmPack,
    &wasm_opt::WasmOpt,
    &trunk::Trunk,
    &chromium::Chromium,
    &chromedriver::Chromedriver,
    &node::Node,
    &npm::Npm,
    &node_packages::NodePackages,
];

/// A tool that is not there and could not be installed.
pub(crate) struct Absence {
    /// The tool's name.
    pub(crate) tool: &'static str,
    /// Why, and what to do.
    pub(crate) reason: String,
}

/// An error with what a person can type instead.
fn or_by_hand(error: impl Into<Error>, command: &str) -> Error {
    anyhow!("{:#}; install by hand: {command}", error.into())
}

/// Runs `cargo xtask setup`.
pub(crate) fn run(workspace: &mut Workspace, options: &Options) -> Result<()> {
    if options.check {
        return check(workspace);
    }
    ensure(workspace, ALL)
}

/// Makes sure that all of `tools` are there, or fails with a sentence for each that is not.
pub(crate) fn ensure(workspace: &mut Workspace, tools: &[&dyn Tool]) -> Result<()> {
    let absences = provide(workspace, tools);
    if absences.is_empty() {
        return Ok(());
    }
    let reasons =
        absences.iter().map(|absence| format!("\n* {}: {}", absence.tool, absence.reason)).collect::<String>();
    bail!("set-up is not complete:{reasons}")
}

/// Looks for each of `tools`, installs what is missing, and returns what is missing still. One failure does not keep
/// the others from being installed.
pub(crate) fn provide(workspace: &mut Workspace, tools: &[&dyn Tool]) -> Vec<Absence> {
    println!("Set-up:");
    let mut absences = Vec::new();
    for tool in tools {
        if let Err(error) = provide_one(workspace, *tool) {
            println!("  {} is missing", tool.name());
            let reason = format!("{error:#}");
            absences.push(Absence { tool: tool.name(), reason });
        }
    }
    if absences.is_empty() {
        cargo_tool::remove_build_folder(workspace);
    }
    absences
}

fn provide_one(workspace: &mut Workspace, tool: &dyn Tool) -> Result<()> {
    let finding = tool.look(workspace);
    let Some(problem) = &finding.problem else {
        println!("  {finding}");
        return Ok(());
    };
    println!("  {}: {problem}; seeing to it", tool.name());
    tool.install(workspace)?;
    let finding = tool.look(workspace);
    if let Some(problem) = finding.problem {
        bail!("it was installed, yet {problem}");
    }
    println!("  {finding}");
    Ok(())
}

fn check(workspace: &Workspace) -> Result<()> {
    let findings = ALL.iter().map(|tool| tool.look(workspace)).collect::<Vec<_>>();
    print!("{}", finding::table(&findings));
    let missing = findings.iter().filter(|finding| finding.problem.is_some()).count();
    if missing > 0 {
        bail!("{missing} of {} are missing; `cargo xtask setup` gets them", findings.len());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn setup_gets_everything_that_some_command_needs() {
        let all = ALL.iter().map(|tool| tool.name()).collect::<Vec<_>>();
        for tool in [NATIVE, SITE, BROWSER_TESTS, PAGE_TESTS, PAGE_CHECKS].concat() {
            assert!(all.contains(&tool.name()), "{}", tool.name());
        }
    }
}
