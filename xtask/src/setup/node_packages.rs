//! The packages of package-lock.json, in node_modules: axe-core for the page's tests, TypeScript for `lint`. Nothing that is
//! shipped needs them.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};

use super::{Finding, Tool, or_by_hand};
use crate::process;
use crate::workspace::Workspace;

/// A few megabytes; npm gives up a hanging download by itself.
const LIMIT: Duration = Duration::from_secs(5 * 60);

/// The packages.
pub(super) struct NodePackages;

impl Tool for NodePackages {
    fn name(&self) -> &'static str {
        "Node packages"
    }

    fn look(&self, workspace: &Workspace) -> Finding {
        let folder = folder(workspace);
        if !folder.is_dir() {
            return Finding::missing(self.name());
        }
        let mut finding = Finding::program(self.name(), None, &folder);
        let wanted = fs::read(lock_file(workspace)).ok();
        if wanted.is_none() || fs::read(installed(workspace)).ok() != wanted {
            finding.problem = Some("they are not those of package-lock.json".to_owned());
        }
        finding
    }

    fn install(&self, workspace: &mut Workspace) -> Result<()> {
        let mut npm = workspace.command("npm");
        // No package's own scripts are run, and nothing is asked or sent besides.
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"])
            .args(["--fetch-retries=2", "--fetch-timeout=30000"]);
        process::run(&mut npm, LIMIT).map_err(|failure| or_by_hand(failure, "npm ci"))?;
        let note = installed(workspace);
        fs::copy(lock_file(workspace), &note).with_context(|| format!("{} could not be written", note.display()))?;
        Ok(())
    }
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.root.join("node_modules")
}

fn lock_file(workspace: &Workspace) -> PathBuf {
    workspace.root.join("package-lock.json")
}

/// The lock file that the packages were installed from; `npm ci` empties the folder first, so it is never that of others.
fn installed(workspace: &Workspace) -> PathBuf {
    folder(workspace).join(".installed-from.json")
}
