//! wasm-opt of the binaryen project, which makes the page's wasm smaller and faster.
//!
//! Debian 12's own, version 108, is too old: it writes every exported table as table 0, and wasm-bindgen's table of
//! JavaScript values is table 1, so what it makes fails as it starts. The crate `wasm-opt` carries binaryen 116.

use anyhow::Result;

use super::cargo_tool::{self, CrateOfTools};
use super::{Finding, Tool, apt, program};
use crate::version::Version;
use crate::workspace::Workspace;

/// The oldest that is known to work.
const OLDEST: &str = "116";

/// The release of the crate with that version in it.
const CRATE_VERSION: &str = "0.116.1";

/// `wasm-opt`.
pub(super) struct WasmOpt;

impl Tool for WasmOpt {
    fn name(&self) -> &'static str {
        "wasm-opt"
    }

    fn look(&self, workspace: &Workspace) -> Finding {
        program::look_for_at_least(workspace, self.name(), OLDEST)
    }

    fn install(&self, workspace: &mut Workspace) -> Result<()> {
        let recent = |version: Version| Version::find(OLDEST).is_some_and(|oldest| version >= oldest);
        // A package installs in seconds, but is not there for everybody.
        if apt::candidate(workspace, "binaryen").is_some_and(recent) && apt::install(workspace, &["binaryen"]).is_ok() {
            return Ok(());
        }
        // The default feature is for debugging information, which a release build has none of, and a third of the code.
        let tools = CrateOfTools { name: "wasm-opt", version: CRATE_VERSION, default_features: false, computes: true };
        cargo_tool::install(workspace, &tools)
    }
}
