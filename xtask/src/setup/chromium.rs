//! Chromium, in which the browser tests run.

use anyhow::Result;

use super::{Finding, Tool, apt, program};
use crate::workspace::Workspace;

const PROGRAMS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Chromium or Chrome.
pub(super) struct Chromium;

impl Tool for Chromium {
    fn name(&self) -> &'static str {
        "Chromium"
    }

    fn look(&self, workspace: &Workspace) -> Finding {
        let program = PROGRAMS.into_iter().find(|program| workspace.search_path.find(program).is_some());
        program.map_or(Finding::missing(self.name()), |program| program::look(workspace, self.name(), program))
    }

    fn install(&self, workspace: &mut Workspace) -> Result<()> {
        apt::install(workspace, &["chromium", "chromium-driver", "fonts-dejavu-core"])
    }
}
