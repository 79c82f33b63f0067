//! A C and a C++ compiler: Rust links with the first, and some crates bring C or C++ of their own.

use anyhow::Result;

use super::{Finding, Tool, apt, program};
use crate::workspace::Workspace;

/// `cc` and `c++`.
pub(super) struct CCompiler;

impl Tool for CCompiler {
    fn name(&self) -> &'static str {
        "C compiler"
    }

    fn look(&self, workspace: &Workspace) -> Finding {
        let mut finding = program::look(workspace, self.name(), "cc");
        if finding.problem.is_none() && workspace.search_path.find("c++").is_none() {
            finding.problem = Some("the C++ compiler (c++) beside it is missing".to_owned());
        }
        finding
    }

    fn install(&self, workspace: &mut Workspace) -> Result<()> {
        apt::install(workspace, &["build-essential"])
    }
}
