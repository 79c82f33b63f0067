//! npm, which fetches the packages that checks of the page need. Debian has it apart from Node.

use anyhow::Result;

use super::{Finding, Tool, apt, program};
use crate::workspace::Workspace;

/// The first that reads this project's lock file; Debian 12 has a newer one.
const OLDEST: &str = "7.0.0";

/// `npm`.
pub(super) struct Npm;

impl Tool for Npm {
    fn name(&self) -> &'static str {
        "npm"
    }

    fn look(&self, workspace: &Workspace) -> Finding {
        program::look_for_at_least(workspace, self.name(), OLDEST)
    }

    fn install(&self, workspace: &mut Workspace) -> Result<()> {
        apt::install(workspace, &["npm"])
    }
}
