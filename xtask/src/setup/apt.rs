//! Installs packages of Debian and its kin, as root or by a `sudo` that asks for no password.
//!
//! It never waits for a person and never for long: what cannot be done becomes a sentence that says what to type.

use std::process::Command;
use std::sync::Once;
use std::time::Duration;

use anyhow::{Result, bail};

use super::or_by_hand;
use crate::process::{self, QUICK};
use crate::version::Version;
use crate::workspace::Workspace;

const DOWNLOAD_LIMIT: Duration = Duration::from_secs(15 * 60);
const INSTALL_LIMIT: Duration = Duration::from_secs(20 * 60);

/// Installs packages with what they depend on and no more.
pub(super) fn install(workspace: &Workspace, packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    if workspace.search_path.find("apt-get").is_none() {
        bail!("this system has no apt-get; install what Debian calls {names} in your system's own way");
    }
    download_and_install(workspace, packages)
        .map_err(|error| or_by_hand(error, &format!("sudo apt-get install {names}")))
}

fn download_and_install(workspace: &Workspace, packages: &[&str]) -> Result<()> {
    // Downloading apart from installing: a download may be stopped at any moment, dpkg may not.
    let mut download = apt_get(workspace)?;
    download.args(["install", "--download-only", "--yes", "--no-install-recommends"]).args(packages);
    let mut install = apt_get(workspace)?;
    install.args(["install", "--no-download", "--yes", "--no-install-recommends"]).args(packages);
    if let Err(error) = update(workspace) {
        println!("  the package lists could not be renewed ({error:#}); trying with the old ones");
    }
    process::run(&mut download, DOWNLOAD_LIMIT)?;
    Ok(process::run(&mut install, INSTALL_LIMIT)?)
}

/// The version that apt would install, if it knows the package.
pub(super) fn candidate(workspace: &Workspace, package: &str) -> Option<Version> {
    let mut command = workspace.command("apt-cache");
    command.env("LC_ALL", "C").args(["policy", package]);
    candidate_in(&process::capture(&mut command, QUICK).ok()?)
}

fn candidate_in(policy: &str) -> Option<Version> {
    let version = policy.lines().find_map(|line| line.trim().strip_prefix("Candidate: "))?;
    // An epoch, as in `1:22.1.8`, is Debian's and no part of the version.
    Version::find(version.split_once(':').map_or(version, |(_, version)| version))
}

/// Renews the package lists, once in the life of this program.
fn update(workspace: &Workspace) -> Result<()> {
    static UPDATED: Once = Once::new();
    let mut result = Ok(());
    UPDATED.call_once(|| {
        result = apt_get(workspace).and_then(|mut command| {
            process::run(command.arg("update"), Duration::from_secs(3 * 60)).map_err(Into::into)
        });
    });
    result
}

fn apt_get(workspace: &Workspace) -> Result<Command> {
    let mut command = as_root(workspace, "apt-get")?;
    // Of all places to wait in, only a locked dpkg is worth a while.
    command.args([
        "-qq",
        "-o",
        "Acquire::Retries=2",
        "-o",
        "Acquire::http::Timeout=30",
        "-o",
        "DPkg::Lock::Timeout=120",
    ]);
    Ok(command)
}

/// A command that runs as root without asking anybody.
pub(super) fn as_root(workspace: &Workspace, program: &str) -> Result<Command> {
    let user = process::capture(workspace.command("id").arg("-u"), QUICK)?;
    let mut command = if user.trim() == "0" {
        workspace.command(program)
    } else {
        let mut sudo = workspace.command("sudo");
        if process::capture(sudo.args(["-n", "true"]), QUICK).is_err() {
            bail!("installing system packages needs root, and there is no `sudo` that asks for no password");
        }
        let mut sudo = workspace.command("sudo");
        // sudo clears the environment, so the setting goes on its command line.
        sudo.args(["-n", "DEBIAN_FRONTEND=noninteractive", program]);
        sudo
    };
    command.env("DEBIAN_FRONTEND", "noninteractive");
    Ok(command)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn reads_the_candidate_and_leaves_the_epoch() {
        let policy = "lld-22:\n  Installed: (none)\n  Candidate: 1:22.1.8-1~deb12u1\n  Version table:\n";
        assert_eq!(candidate_in(policy).unwrap().to_string(), "22.1.8");
        assert!(candidate_in("x:\n  Candidate: (none)\n").is_none());
        assert!(candidate_in("").is_none());
    }
}
