//! The program for browsers without a usable GPU: the same crate without its feature `webgpu`, a small part of the size.
//!
//! trunk builds the program with WebGPU, by what stands in www/index.html, and knows no second build of one crate; so this does
//! what trunk does, with the same tools.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;

use crate::process;
use crate::toolchain::WASM;
use crate::workspace::Workspace;

/// The beginning of its files' names in the site.
pub(crate) const NAME: &str = "dacl-cpu";

/// The folder beside cargo's others that it is built in. Cargo gives the library's files the same names whatever its features are: in
/// one folder, the two programs' builds would overwrite each other, and each be taken for the other.
const FOLDER: &str = "cpu";

/// A first build compiles a few hundred crates; only something that hangs takes this long.
const LIMIT: Duration = Duration::from_secs(60 * 60);

/// Builds the program into the folder `site`.
pub(crate) fn build(workspace: &Workspace, site: &Path) -> Result<()> {
    let target = target_folder(workspace);
    let mut cargo = workspace.command("cargo");
    cargo
        .args(["build", "--release", "--package", "dacl", "--lib", "--no-default-features", "--target", WASM])
        .arg("--target-dir")
        .arg(&target);
    process::run(&mut cargo, LIMIT)?;

    let mut wasm_bindgen = workspace.command("wasm-bindgen");
    wasm_bindgen.args(["--target", "web", "--no-typescript", "--out-name", NAME, "--out-dir"]).arg(site);
    process::run(wasm_bindgen.arg(target.join(WASM).join("release/dacl.wasm")), LIMIT)?;

    let binary = site.join(format!("{NAME}_bg.wasm"));
    let mut wasm_opt = workspace.command("wasm-opt");
    Ok(process::run(wasm_opt.arg("-Os").arg(&binary).arg("--output").arg(&binary), LIMIT)?)
}

fn target_folder(workspace: &Workspace) -> PathBuf {
    let folder = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.root.join("target"), PathBuf::from);
    folder.join(FOLDER)
}
