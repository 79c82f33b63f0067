//! One process at a time in a folder.

use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::Path;

/// The file in a folder that is locked.
pub const LOCK_FILE: &str = ".lock";

/// A folder could not be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process has it.
    #[error("another process is at work there")]
    Taken,
    /// The file cannot be made.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Locks a folder for as long as the file, or a copy of its handle in any process, is open: a process that is killed leaves no lock behind.
///
/// # Errors
/// When another process has it, or the file cannot be made.
pub fn lock(folder: &Path) -> Result<File, LockError> {
    let file = File::create(folder.join(LOCK_FILE))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LockError::Taken),
        // Some file systems of a network have no locks; there nothing guards, as before there were any.
        Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => Ok(file),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}
