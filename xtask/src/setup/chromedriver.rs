//! chromedriver, by which tests drive Chromium; it must be of the same major version.

use anyhow::Result;

use super::chromium::Chromium;
use super::{Finding, Tool, apt, program};
use crate::version::Version;
use crate::workspace::Workspace;

/// `chromedriver`.
pub(super) struct Chromedriver;

impl Tool for Chromedriver {
    fn name(&self) -> &'static str {
        "chromedriver"
    }

    fn look(&self, workspace: &Workspace) -> Finding {
        let mut finding = program::look(workspace, self.name(), "chromedriver");
        let major = |finding: &Finding| {
            let version = finding.version.as_deref().and_then(Version::find)?;
            Some(version.major())
        };
        if let (Some(driver), Some(browser)) = (major(&finding), major(&Chromium.look(workspace)))
            && driver != browser
        {
            finding.problem = Some(format!("it drives Chromium {driver}, but Chromium {browser} is installed"));
        }
        finding
    }

    fn install(&self, workspace: &mut Workspace) -> Result<()> {
        apt::install(workspace, &["chromium", "chromium-driver"])
    }
}
