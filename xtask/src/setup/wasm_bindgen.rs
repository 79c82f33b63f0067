//! wasm-bindgen's command line. It must be of exactly the version of the crate: the two share a private format.

use anyhow::Result;

use super::cargo_tool::{self, CrateOfTools};
use super::{Finding, Tool, program};
use crate::lock_file::locked_version;
use crate::workspace::Workspace;

/// `wasm-bindgen` and `wasm-bindgen-test-runner`.
pub(super) struct WasmBindgen;

impl Tool for WasmBindgen {
    fn name(&self) -> &'static str {
        "wasm-bindgen"
    }

    fn look(&self, workspace: &Workspace) -> Finding {
        let mut finding = program::look(workspace, self.name(), "wasm-bindgen");
        if finding.problem.is_some() {
            return finding;
        }
        finding.problem = match wanted(workspace) {
            Err(error) => Some(format!("{error:#}")),
            Ok(wanted) if finding.version.as_deref() != Some(wanted.as_str()) => {
                Some(format!("Cargo.lock has wasm-bindgen {wanted}, so that version is needed"))
            }
            Ok(_) if workspace.search_path.find("wasm-bindgen-test-runner").is_none() => {
                Some("wasm-bindgen-test-runner beside it is missing".to_owned())
            }
            Ok(_) => None,
        };
        finding
    }

    fn install(&self, workspace: &mut Workspace) -> Result<()> {
        let version = wanted(workspace)?;
        let tools =
            CrateOfTools { name: "wasm-bindgen-cli", version: &version, default_features: true, computes: true };
        cargo_tool::install(workspace, &tools)
    }
}

fn wanted(workspace: &Workspace) -> Result<String> {
    locked_version(&workspace.root.join("Cargo.lock"), "wasm-bindgen")
}
