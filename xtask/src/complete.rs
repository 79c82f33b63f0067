//! `cargo xtask complete`: what a site needs beyond what trunk makes. trunk starts it after each build, by Trunk.toml, and says by
//! its variables where the site is.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::cpu_program;
use crate::offline;
use crate::workspace::Workspace;

/// The folder in which trunk assembles a site before it takes the last one's place.
const SITE: &str = "TRUNK_STAGING_DIR";

/// Set by [`crate::demo`], and by whoever serves while working on the page: the program with WebGPU computes on the CPU as well, and
/// nobody waits for the second one.
pub(crate) const ONE_PROGRAM: &str = "DACL_ONE_PROGRAM";

/// Runs `cargo xtask complete`.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let site = std::env::var_os(SITE).with_context(|| format!("trunk starts this; it sets {SITE}"))?;
    let site = PathBuf::from(site);
    if std::env::var_os(ONE_PROGRAM).is_none() {
        cpu_program::build(workspace, &site)?;
    }
    let version = offline::prepare(&site, &workspace.root.join("www/service-worker.js"))?;
    println!("  version {version}");
    Ok(())
}
