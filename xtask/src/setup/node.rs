//! Node, whose own test runner tests the page's modules that need no browser. Nothing that is shipped needs it.

use anyhow::Result;

use super::{Finding, Tool, apt, program};
use crate::workspace::Workspace;

/// The first version whose test runner is more than a trial; Debian 12 has it.
const OLDEST: &str = "18.0.0";

/// `node`.
pub(super) struct Node;

impl Tool for Node {
    fn name(&self) -> &'static str {
        "node"
    }

    fn look(&self, workspace: &Workspace) -> Finding {
        program::look_for_at_least(workspace, self.name(), OLDEST)
    }

    fn install(&self, workspace: &mut Workspace) -> Result<()> {
        apt::install(workspace, &["nodejs"])
    }
}
