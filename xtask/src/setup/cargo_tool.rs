//! Programs that cargo builds and installs from the crate registry.

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Result;

use super::or_by_hand;
use crate::process::{self, Failure};
use crate::workspace::Workspace;

/// One compilation may take this long; a hanging download is given up much earlier, by cargo.
const LIMIT: Duration = Duration::from_secs(60 * 60);

/// Whether this run has built tools. Their folder is removed only then: another run may be at work in it.
static BUILT: AtomicBool = AtomicBool::new(false);

/// A crate whose programs are wanted.
pub(super) struct CrateOfTools<'a> {
    /// Its name in the registry.
    pub(super) name: &'a str,
    /// The version to install.
    pub(super) version: &'a str,
    /// Whether its default features are wanted too.
    pub(super) default_features: bool,
    /// Whether its programs compute. Those that wait for others most of the time are built with little optimisation, in
    /// a fraction of the time.
    pub(super) computes: bool,
}

/// Builds a crate's programs and puts them among cargo's.
///
/// The crate's own lock file is tried first: it is what its authors have tested. It may name a version of some crate
/// that the registry does not serve; cargo then chooses afresh.
pub(super) fn install(workspace: &Workspace, tools: &CrateOfTools<'_>) -> Result<()> {
    let CrateOfTools { name, version, .. } = tools;
    BUILT.store(true, Ordering::Relaxed);
    let mut result = process::run(cargo_install(workspace, tools).arg("--locked"), LIMIT);
    if let Err(Failure::Failed(..)) = result {
        println!("  trying again without the crate's own lock file");
        result = process::run(&mut cargo_install(workspace, tools), LIMIT);
    }
    result.map_err(|failure| or_by_hand(failure, &format!("cargo install {name} --version {version}")))
}

fn cargo_install(workspace: &Workspace, tools: &CrateOfTools<'_>) -> Command {
    let mut command = workspace.command("cargo");
    // `--force` because another version may be there already, perhaps put there by other means than cargo.
    command.args(["install", tools.name, "--version", tools.version, "--force"]);
    if !tools.default_features {
        command.arg("--no-default-features");
    }
    // Some tools ask for link-time optimisation of the whole program, which takes many minutes and saves nobody anything.
    command
        .arg("--root")
        .arg(&workspace.cargo_home)
        .env("CARGO_TARGET_DIR", build_folder(workspace))
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", if tools.computes { "2" } else { "1" })
        .env("CARGO_PROFILE_RELEASE_DEBUG", "false");
    command
}

fn build_folder(workspace: &Workspace) -> PathBuf {
    workspace.cache.join("tools-target")
}

/// Removes what building tools in this run has left, which is large and of no further use.
pub(super) fn remove_build_folder(workspace: &Workspace) {
    let folder = build_folder(workspace);
    if BUILT.load(Ordering::Relaxed) && folder.exists() {
        match std::fs::remove_dir_all(&folder) {
            Ok(()) => println!("  removed {}, where the tools were built", folder.display()),
            Err(error) => println!("  {} is of no further use but could not be removed: {error}", folder.display()),
        }
    }
}
