//! Finds programs the way a shell does.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// The folders that hold programs, in the order in which they are searched.
#[derive(Clone, Debug)]
pub(crate) struct SearchPath(OsString);

impl SearchPath {
    /// `first`, then the folders of `path` (the text of the PATH variable).
    pub(crate) fn new(first: &Path, path: &OsStr) -> Self {
        let rest = std::env::split_paths(path).filter(|folder| folder != first);
        let folders = std::iter::once(first.to_owned()).chain(rest);
        // Joining fails only for a folder with the separator in its name, which no shell could search either.
        Self(std::env::join_paths(folders).unwrap_or_else(|_| path.to_owned()))
    }

    /// The value for a child's PATH variable.
    pub(crate) fn as_os_str(&self) -> &OsStr {
        &self.0
    }

    /// The first program of this name.
    pub(crate) fn find(&self, program: &str) -> Option<PathBuf> {
        let name = format!("{program}{}", std::env::consts::EXE_SUFFIX);
        std::env::split_paths(&self.0).map(|folder| folder.join(&name)).find(|file| is_program(file))
    }
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn takes_the_first_folder_with_an_executable_file() {
        let base = std::env::temp_dir().join(format!("xtask-search-path-{}", std::process::id()));
        let [plain, first, second] = ["plain", "first", "second"].map(|name| base.join(name));
        for (folder, mode) in [(&plain, 0o644), (&first, 0o755), (&second, 0o755)] {
            std::fs::create_dir_all(folder).unwrap();
            let file = folder.join("tool");
            std::fs::write(&file, "").unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        }
        let rest = std::env::join_paths([&second, &first]).unwrap();
        let path = SearchPath::new(&plain, &rest);
        let found = (path.find("tool"), path.find("missing"));
        std::fs::remove_dir_all(&base).unwrap();
        assert_eq!(found, (Some(second.join("tool")), None));
    }
}
