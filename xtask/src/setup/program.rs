//! Programs that are on this machine, and their versions.

use super::Finding;
use crate::process::{self, QUICK};
use crate::version::Version;
use crate::workspace::Workspace;

/// Looks for a program and asks for its version.
pub(super) fn look(workspace: &Workspace, tool: &'static str, program: &str) -> Finding {
    let Some(place) = workspace.search_path.find(program) else {
        return Finding::missing(tool);
    };
    let mut finding = Finding::program(tool, version(workspace, program).as_ref(), &place);
    if finding.version.is_none() {
        finding.problem = Some("it does not tell its version, so it may be broken".to_owned());
    }
    finding
}

/// As [`look`], for a tool of which only this version or a newer one will do.
pub(super) fn look_for_at_least(workspace: &Workspace, tool: &'static str, wanted: &str) -> Finding {
    let mut finding = look(workspace, tool, tool);
    if let Some(found) = finding.version.as_deref().and_then(Version::find)
        && Version::find(wanted).is_some_and(|wanted| found < wanted)
    {
        finding.problem = Some(format!("version {wanted} or newer is needed"));
    }
    finding
}

/// What a program answers to `--version`.
pub(super) fn version(workspace: &Workspace, program: &str) -> Option<Version> {
    let mut command = workspace.command(program);
    let answer = process::capture(command.arg("--version"), QUICK).ok()?;
    Version::find(&answer)
}
