//! The Rust target wasm32-unknown-unknown, and a toolchain that has it.
//!
//! rustup is asked first. Where its server cannot be reached, Debian's Rust takes its place: [`super::debian_rust`].

use std::time::Duration;

use anyhow::{Result, anyhow};

use super::{Finding, Tool, debian_rust};
use crate::process::{self, QUICK};
use crate::toolchain::{self, DEBIAN_TOOLCHAIN, WASM};
use crate::version::Version;
use crate::workspace::Workspace;

/// rustup hangs rather than fails when its server does not answer.
const RUSTUP_LIMIT: Duration = Duration::from_secs(60);

/// The target's standard library and linker.
pub(super) struct WasmTarget;

impl Tool for WasmTarget {
    fn name(&self) -> &'static str {
        "wasm32 target"
    }

    fn look(&self, workspace: &Workspace) -> Finding {
        let able = toolchain::builds_wasm(workspace.command("rustc"));
        let mut rustc = workspace.command("rustc");
        let answer = process::capture(rustc.arg("--version"), QUICK).unwrap_or_default();
        let toolchain = workspace.toolchain.as_deref();
        Finding {
            tool: self.name(),
            version: Version::find(&answer).map(|version| version.to_string()),
            place: Some(toolchain.map_or("rustc on the PATH".to_owned(), |name| format!("toolchain {name}"))),
            problem: if !able {
                Some(format!("this toolchain cannot build for {WASM}"))
            } else if needs_override(workspace) {
                Some("rustup takes another toolchain in this folder".to_owned())
            } else {
                None
            },
        }
    }

    fn install(&self, workspace: &mut Workspace) -> Result<()> {
        if !toolchain::builds_wasm(workspace.command("rustc")) && !add_by_rustup(workspace) {
            println!("  turning to Debian's own Rust");
            debian_rust::provide(workspace).map_err(|error| {
                anyhow!("{error:#}; where rustup's server can be reached, `rustup target add {WASM}` is all it takes")
            })?;
            if workspace.has_rustup() {
                workspace.toolchain = Some(DEBIAN_TOOLCHAIN.to_owned());
            }
        }
        if needs_override(workspace) {
            toolchain::make_folders_own(workspace, DEBIAN_TOOLCHAIN)?;
        }
        Ok(())
    }
}

/// Whether rustup has to be told that this folder uses the toolchain that set-up has made. Toolchains that a person
/// has asked for are that person's affair.
fn needs_override(workspace: &Workspace) -> bool {
    workspace.toolchain.as_deref() == Some(DEBIAN_TOOLCHAIN)
        && toolchain::folders_own(workspace).as_deref() != Some(DEBIAN_TOOLCHAIN)
}

/// The ordinary way; `false` if it does not lead there.
fn add_by_rustup(workspace: &Workspace) -> bool {
    // What rustup does not manage itself, it cannot add to.
    if !workspace.has_rustup() || workspace.toolchain.as_deref() == Some(DEBIAN_TOOLCHAIN) {
        return false;
    }
    let added = process::run(workspace.command("rustup").args(["target", "add", WASM]), RUSTUP_LIMIT);
    match added {
        Ok(()) => toolchain::builds_wasm(workspace.command("rustc")),
        Err(failure) => {
            println!("  {failure}");
            false
        }
    }
}
