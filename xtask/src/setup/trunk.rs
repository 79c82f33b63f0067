//! trunk, which builds the page and serves it.

use anyhow::Result;

use super::cargo_tool::{self, CrateOfTools};
use super::{Finding, Tool, program};
use crate::workspace::Workspace;

/// The newest that Rust 1.95 compiles; 0.22.1 asks for 1.96.1.
const VERSION: &str = "0.21.14";

/// `trunk`.
pub(super) struct Trunk;

impl Tool for Trunk {
    fn name(&self) -> &'static str {
        "trunk"
    }

    fn look(&self, workspace: &Workspace) -> Finding {
        program::look_for_at_least(workspace, self.name(), VERSION)
    }

    fn install(&self, workspace: &mut Workspace) -> Result<()> {
        let tools = CrateOfTools { name: "trunk", version: VERSION, default_features: true, computes: false };
        cargo_tool::install(workspace, &tools)
    }
}
