//! wasm-pack, which runs the wasm tests in a browser.

use anyhow::Result;

use super::cargo_tool::{self, CrateOfTools};
use super::{Finding, Tool, program};
use crate::workspace::Workspace;

const VERSION: &str = "0.15.1";

/// `wasm-pack`.
pub(super) struct WasmPack;

impl Tool for WasmPack {
    fn name(&self) -> &'static str {
        "wasm-pack"
    }

    fn look(&self, workspace: &Workspace) -> Finding {
        program::look_for_at_least(workspace, self.name(), VERSION)
    }

    fn install(&self, workspace: &mut Workspace) -> Result<()> {
        let tools = CrateOfTools { name: "wasm-pack", version: VERSION, default_features: true, computes: false };
        cargo_tool::install(workspace, &tools)
    }
}
