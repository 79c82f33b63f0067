//! Chooses the Rust toolchain for all builds: one that can build for the browser.
//!
//! rustup's programs hand RUSTUP_TOOLCHAIN to everything they start, so a toolchain is never "just there": this
//! program names one for every child. Installing what is missing is the business of [`crate::setup`].

use std::process::Command;

use anyhow::{Context, Result};

use crate::process::{self, QUICK};
use crate::workspace::Workspace;

/// The target that browsers run.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The name under which set-up links Debian's Rust as a rustup toolchain.
pub(crate) const DEBIAN_TOOLCHAIN: &str = "dacl-wasm";

/// The toolchain in force if it can build for the browser, else the one that set-up has made, else the one in force.
///
/// In force is what the command line or the environment asks for, and only then rustup's choice for the folder.
pub(crate) fn choose(workspace: &Workspace) -> Option<String> {
    if !workspace.has_rustup() {
        return None;
    }
    let asked_for = std::env::var("RUSTUP_TOOLCHAIN").ok();
    let in_force = asked_for.or_else(|| folders_own(workspace));
    let mut candidates = in_force.clone().into_iter().collect::<Vec<_>>();
    if installed(workspace).iter().any(|name| name == DEBIAN_TOOLCHAIN) {
        candidates.push(DEBIAN_TOOLCHAIN.to_owned());
    }
    candidates.dedup();
    let able = candidates.into_iter().find(|name| builds_wasm(workspace.command_with("rustc", Some(name))));
    able.or(in_force)
}

/// The toolchain that rustup takes for the workspace's folder when nothing asks for another.
pub(crate) fn folders_own(workspace: &Workspace) -> Option<String> {
    let mut command = workspace.command_with("rustup", None);
    let line = process::capture(command.args(["show", "active-toolchain"]), QUICK).ok()?;
    line.split_whitespace().next().map(str::to_owned)
}

/// The default toolchain of this user.
pub(crate) fn users_default(workspace: &Workspace) -> Option<String> {
    let mut command = workspace.command_with("rustup", None);
    let line = process::capture(command.arg("default"), QUICK).ok()?;
    line.split_whitespace().next().map(str::to_owned)
}

/// The names of the toolchains that rustup knows.
pub(crate) fn installed(workspace: &Workspace) -> Vec<String> {
    let mut command = workspace.command_with("rustup", None);
    let list = process::capture(command.args(["toolchain", "list"]), QUICK).unwrap_or_default();
    list.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

/// Whether this toolchain has a program of this name, such as `cargo-clippy`; without rustup, whether anyone has.
pub(crate) fn has_component(workspace: &Workspace, toolchain: Option<&str>, program: &str) -> bool {
    let Some(toolchain) = toolchain else {
        return workspace.search_path.find(program).is_some();
    };
    let mut command = workspace.command_with("rustup", None);
    process::capture(command.args(["which", "--toolchain", toolchain, program]), QUICK).is_ok()
}

/// Whether a `rustc` can compile and link tests for the browser, found out by doing it.
///
/// Looking for files would not notice a standard library that an upgrade of the compiler has left behind.
pub(crate) fn builds_wasm(mut rustc: Command) -> bool {
    let folder = std::env::temp_dir().join(format!("dacl-wasm-probe-{}", std::process::id()));
    let source = folder.join("probe.rs");
    let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&source, "#[test]\nfn nothing() {}\n"));
    // A test, because that takes the crate `test` too, which `wasm-pack test` needs.
    rustc.args(["--test", "--target", WASM, "-o"]).arg(folder.join("probe.wasm")).arg(&source);
    let able = written.is_ok() && process::capture(&mut rustc, QUICK).is_ok();
    // Left-overs in the system's folder for temporary files harm nobody.
    let _ = std::fs::remove_dir_all(&folder);
    able
}

/// Makes a toolchain rustup's choice for the workspace's folder, so that `trunk` and `wasm-pack` work by themselves there.
pub(crate) fn make_folders_own(workspace: &Workspace, toolchain: &str) -> Result<()> {
    let mut command = workspace.command_with("rustup", None);
    command.args(["override", "set", toolchain, "--path"]).arg(&workspace.root);
    process::run(&mut command, QUICK).with_context(|| {
        let root = workspace.root.display();
        format!("rustup could not be told to use {toolchain} in {root}; run `rustup override set {toolchain}` there")
    })
}
