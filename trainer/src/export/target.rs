//! The folder that an export goes to: never written over unasked; files are complete before the first is moved into place.

use std::fs;
use std::path::Path;

use super::ExportError;

/// Refuses what is no folder, and a folder with content unless overwriting is allowed. Asked before the work, which takes minutes.
///
/// # Errors
/// When it is refused.
pub fn check(out: &Path, overwrite: bool) -> Result<(), ExportError> {
    if out.exists() && !out.is_dir() {
        return Err(ExportError::NotAFolder(out.to_owned()));
    }
    if !overwrite && fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(ExportError::Exists(out.to_owned()));
    }
    Ok(())
}

/// Writes files into a new folder beside `out`, then puts each in its place, in the order in which they are given.
pub(super) fn write(out: &Path, files: &[(&str, &[u8])]) -> Result<(), ExportError> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| ExportError::Io { path, source }
    };
    let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(io(parent))?;
    let partial = tempfile::Builder::new().prefix(".export").tempdir_in(parent).map_err(io(parent))?;
    for (name, bytes) in files {
        let path = partial.path().join(name);
        fs::write(&path, bytes).map_err(io(&path))?;
    }
    fs::create_dir_all(out).map_err(io(out))?;
    for (name, _) in files {
        let target = out.join(name);
        fs::rename(partial.path().join(name), &target).map_err(io(&target))?;
    }
    Ok(())
}
