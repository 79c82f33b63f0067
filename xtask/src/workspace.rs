//! Where things are: the workspace, its cache folder, the search path; and the environment that children get.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::search_path::SearchPath;
use crate::toolchain;

/// The workspace on this machine.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// The folder of the root Cargo.toml.
    pub(crate) root: PathBuf,
    /// Where set-up keeps what it builds; never inside the workspace.
    pub(crate) cache: PathBuf,
    /// Cargo's own folder; `bin` in it receives the tools.
    pub(crate) cargo_home: PathBuf,
    /// Where programs are looked for.
    pub(crate) search_path: SearchPath,
    /// The rustup toolchain that every child uses, native and wasm builds alike, so that they share one cache;
    /// `None` where rustup does not rule.
    pub(crate) toolchain: Option<String>,
}

impl Workspace {
    /// Finds the workspace and chooses its toolchain.
    pub(crate) fn open() -> Result<Self> {
        // Not the compile-time path: clones that share a target folder share this program too.
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .context("start this program by `cargo xtask`, which tells it where it is")?;
        let root = Path::new(&manifest).parent().context("xtask lies in no workspace")?;
        let home = std::env::home_dir().context("the HOME variable is not set; set it to your folder")?;
        let folder = |variable: &str, fallback: &str| {
            let set = std::env::var_os(variable).filter(|value| !value.is_empty());
            set.map_or_else(|| home.join(fallback), PathBuf::from)
        };
        let cargo_home = folder("CARGO_HOME", ".cargo");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut workspace = Self {
            root: root.to_owned(),
            cache: folder("XDG_CACHE_HOME", ".cache").join("dacl"),
            search_path: SearchPath::new(&cargo_home.join("bin"), &path),
            cargo_home,
            toolchain: None,
        };
        workspace.toolchain = toolchain::choose(&workspace);
        Ok(workspace)
    }

    /// A command in the workspace's folder with the chosen toolchain.
    pub(crate) fn command(&self, program: &str) -> Command {
        self.command_with(program, self.toolchain.as_deref())
    }

    /// A command in the workspace's folder with the given toolchain; `None` lets rustup decide by itself.
    pub(crate) fn command_with(&self, program: &str, toolchain: Option<&str>) -> Command {
        let found = self.search_path.find(program);
        let mut command = Command::new(found.as_deref().map_or(OsStr::new(program), Path::as_os_str));
        command.current_dir(&self.root).env("PATH", self.search_path.as_os_str());
        // What cargo and rustup told this program is about this program and the toolchain it was started with.
        for variable in ["CARGO", "CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "RUSTUP_TOOLCHAIN"] {
            command.env_remove(variable);
        }
        if let Some(toolchain) = toolchain {
            command.env("RUSTUP_TOOLCHAIN", toolchain);
        }
        command
    }

    /// Whether rustup is there to manage toolchains.
    pub(crate) fn has_rustup(&self) -> bool {
        self.search_path.find("rustup").is_some()
    }
}
