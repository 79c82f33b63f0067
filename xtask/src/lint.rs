//! `cargo xtask lint` and `cargo xtask fmt`: formatting, clippy with warnings as errors, and the types of the page's modules.
//!
//! The toolchain that builds for the browser may come without these two, so each step takes the first toolchain at
//! hand that has its program.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::setup;
use crate::toolchain::{self, WASM};
use crate::workspace::Workspace;

const FORMAT_LIMIT: Duration = Duration::from_secs(5 * 60);
const TYPES_LIMIT: Duration = Duration::from_secs(10 * 60);
const CLIPPY_LIMIT: Duration = Duration::from_secs(60 * 60);

/// One of the checks.
type Step = fn(&mut Workspace) -> Result<()>;

/// Runs `cargo xtask fmt`.
pub(crate) fn format(workspace: &Workspace) -> Result<()> {
    let toolchain = toolchain_with(workspace, "cargo-fmt", "rustfmt")?;
    let mut cargo = cargo(workspace, &toolchain);
    Ok(process::run(cargo.args(["fmt", "--all"]), FORMAT_LIMIT)?)
}

/// Runs `cargo xtask lint`: all steps, even if one fails.
pub(crate) fn run(workspace: &mut Workspace) -> Result<()> {
    let steps: [(&str, Step); 5] = [
        ("formatting", |workspace| check_format(workspace)),
        ("clippy, native", |workspace| clippy(workspace, &["--workspace"])),
        ("clippy, wasm", |workspace| clippy_wasm(workspace, &[])),
        ("clippy, wasm for the CPU alone", |workspace| clippy_wasm(workspace, &["--no-default-features"])),
        ("types of the page", check_types),
    ];
    let mut failed = Vec::new();
    for (name, step) in steps {
        println!("Lint, {name}:");
        if let Err(error) = step(workspace) {
            println!("  {error:#}");
            failed.push(name);
        }
    }
    if !failed.is_empty() {
        bail!("not clean: {}", failed.join("; "));
    }
    println!("No complaints.");
    Ok(())
}

fn check_format(workspace: &Workspace) -> Result<()> {
    let toolchain = toolchain_with(workspace, "cargo-fmt", "rustfmt")?;
    let mut cargo = cargo(workspace, &toolchain);
    process::run(cargo.args(["fmt", "--all", "--check"]), FORMAT_LIMIT).context("`cargo xtask fmt` puts it right")
}

fn clippy_wasm(workspace: &Workspace, features: &[&str]) -> Result<()> {
    let toolchain = toolchain_with(workspace, "cargo-clippy", "clippy")?;
    if !toolchain::builds_wasm(workspace.command_with("rustc", toolchain.as_deref())) {
        let name = toolchain.as_deref().unwrap_or("this Rust");
        println!("  skipped: {name} has clippy but not the target {WASM}");
        return Ok(());
    }
    clippy(workspace, &[&["--package", "dacl", "--target", WASM], features].concat())
}

/// Clippy in release mode, as everything else here: what build scripts and macros need is then compiled once.
fn clippy(workspace: &Workspace, scope: &[&str]) -> Result<()> {
    let toolchain = toolchain_with(workspace, "cargo-clippy", "clippy")?;
    let mut cargo = cargo(workspace, &toolchain);
    cargo.args(["clippy", "--release", "--all-targets"]).args(scope).args(["--", "-D", "warnings"]);
    Ok(process::run(&mut cargo, CLIPPY_LIMIT)?)
}

/// The types that the page's modules and their unit tests name in their comments, by TypeScript: it checks and writes nothing.
fn check_types(workspace: &mut Workspace) -> Result<()> {
    setup::ensure(workspace, setup::PAGE_CHECKS)?;
    let compiler = workspace.root.join("node_modules/typescript/bin/tsc");
    // Code that runs on the page, in a worker and in a service worker, and in Node, knows different globals.
    for project in ["www/tsconfig.json", "www/tsconfig.service-worker.json", "tests/page-units/tsconfig.json"] {
        let mut node = workspace.command("node");
        node.arg(&compiler).args(["--project", project]);
        process::run(&mut node, TYPES_LIMIT)?;
    }
    Ok(())
}

fn cargo(workspace: &Workspace, toolchain: &Option<String>) -> Command {
    workspace.command_with("cargo", toolchain.as_deref())
}

/// The builds' own toolchain if it has the program, else the user's default; `None` where rustup does not rule.
fn toolchain_with(workspace: &Workspace, program: &str, component: &str) -> Result<Option<String>> {
    let builds = workspace.toolchain.clone();
    let candidates = match builds {
        None => vec![None],
        some => vec![some, toolchain::users_default(workspace)],
    };
    let found =
        candidates.into_iter().find(|toolchain| toolchain::has_component(workspace, toolchain.as_deref(), program));
    found.with_context(|| {
        format!("no toolchain here has {component}; install it: rustup component add {component} --toolchain stable")
    })
}
