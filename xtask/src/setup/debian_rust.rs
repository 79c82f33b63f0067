//! A toolchain for the browser from Debian's packages alone, for machines that do not reach rustup's server.
//!
//! Debian 12 packages a recent Rust with the source of its standard library, but not that library built for wasm32.
//! Here it is built, by building an empty crate together with it, and put where the compiler looks for it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::apt;
use crate::process::{self, QUICK};
use crate::toolchain::{self, DEBIAN_TOOLCHAIN, WASM};
use crate::version::Version;
use crate::workspace::Workspace;

const PACKAGES: [&str; 6] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "lld-22", "rust-web-clippy"];
const BIN: &str = "/usr/bin";
const LIBRARY: &str = "/usr/lib/rustlib/wasm32-unknown-unknown/lib";
const BUILD_LIMIT: Duration = Duration::from_secs(30 * 60);

/// Makes Debian's Rust able to build for the browser, and known to rustup.
pub(super) fn provide(workspace: &Workspace) -> Result<()> {
    if !toolchain::builds_wasm(debian(workspace, "rustc")) {
        apt::install(workspace, &PACKAGES)?;
        check_version(workspace)?;
        // Kept after a failure, so that the next run goes on where this one has stopped.
        let folder = workspace.cache.join("wasm-std");
        let built = build_library(workspace, &folder)?;
        install_library(workspace, &built)?;
        // Of no use any more, and made anew when needed.
        let _ = std::fs::remove_dir_all(&folder);
        ensure!(
            toolchain::builds_wasm(debian(workspace, "rustc")),
            "the standard library in {LIBRARY} does not work with {BIN}/rustc"
        );
    }
    link(workspace)
}

/// A program of Debian's, with nothing of rustup in its way.
fn debian(workspace: &Workspace, program: &str) -> Command {
    let mut command = Command::new(Path::new(BIN).join(program));
    let path = std::env::split_paths(workspace.search_path.as_os_str());
    let path = std::env::join_paths(std::iter::once(PathBuf::from(BIN)).chain(path));
    command
        .current_dir(&workspace.root)
        .env("PATH", path.as_deref().unwrap_or(OsStr::new(BIN)))
        .env_remove("CARGO")
        .env_remove("RUSTUP_TOOLCHAIN")
        // Whoever started this program may have pointed it at the libraries of another toolchain.
        .env_remove("LD_LIBRARY_PATH");
    command
}

fn check_version(workspace: &Workspace) -> Result<()> {
    let oldest = env!("CARGO_PKG_RUST_VERSION");
    let answer = process::capture(debian(workspace, "rustc").arg("--version"), QUICK)?;
    let found = Version::find(&answer).with_context(|| format!("{BIN}/rustc does not tell its version"))?;
    if Version::find(oldest).is_some_and(|oldest| found < oldest) {
        bail!("Debian's Rust is {found} and this workspace needs {oldest}");
    }
    Ok(())
}

/// Builds an empty crate and the standard library with it; returns the folder with the results.
fn build_library(workspace: &Workspace, folder: &Path) -> Result<PathBuf> {
    println!("  building the standard library for {WASM} (about a minute)");
    let manifest = "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n";
    std::fs::create_dir_all(folder.join("src"))
        .and_then(|()| std::fs::write(folder.join("Cargo.toml"), manifest))
        .and_then(|()| std::fs::write(folder.join("src/lib.rs"), ""))
        .with_context(|| format!("{} could not be written", folder.display()))?;
    let target = folder.join("target");
    let mut cargo = debian(workspace, "cargo");
    cargo
        .current_dir(folder)
        .args(["build", "--release", "-Zbuild-std=std,panic_abort,test", "--target", WASM])
        .env("CARGO_TARGET_DIR", &target)
        // The option above is reserved to nightly compilers; this asks the released one to allow it.
        .env("RUSTC_BOOTSTRAP", "1");
    process::run(&mut cargo, BUILD_LIMIT)?;
    Ok(target.join(WASM).join("release/deps"))
}

/// Puts the built library where the compiler looks for it, in place of one of an earlier compiler.
fn install_library(workspace: &Workspace, built: &Path) -> Result<()> {
    let libraries = std::fs::read_dir(built)
        .with_context(|| format!("{} could not be read", built.display()))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|file| is_library(file))
        .collect::<Vec<_>>();
    ensure!(!libraries.is_empty(), "the build left no libraries in {}", built.display());
    let root = |program| apt::as_root(workspace, program);
    // Two generations side by side would be ambiguous to the compiler.
    process::run(root("rm")?.args(["-rf", LIBRARY]), QUICK)?;
    process::run(root("mkdir")?.args(["-p", LIBRARY]), QUICK)?;
    println!("  copying {} libraries to {LIBRARY}", libraries.len());
    process::capture(root("cp")?.args(&libraries).arg(LIBRARY), QUICK)?;
    Ok(())
}

/// A part of the standard library; the empty crate itself is not.
fn is_library(file: &Path) -> bool {
    let name = file.file_name().and_then(OsStr::to_str).unwrap_or_default();
    name.starts_with("lib") && name.ends_with(".rlib") && !name.starts_with("libempty-")
}

/// Makes the toolchain known to rustup, if there is one.
fn link(workspace: &Workspace) -> Result<()> {
    let known = toolchain::installed(workspace).iter().any(|name| name == DEBIAN_TOOLCHAIN);
    if !workspace.has_rustup() || known {
        return Ok(());
    }
    let mut rustup = workspace.command_with("rustup", None);
    Ok(process::run(rustup.args(["toolchain", "link", DEBIAN_TOOLCHAIN, "/usr"]), QUICK)?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn only_the_standard_library_is_copied() {
        assert!(is_library(Path::new("deps/libstd-3a8aedac12c5d895.rlib")));
        assert!(!is_library(Path::new("deps/libempty-0123456789abcdef.rlib")));
        assert!(!is_library(Path::new("deps/libstd-3a8aedac12c5d895.rmeta")));
        assert!(!is_library(Path::new("deps/std-3a8aedac12c5d895.d")));
    }
}
