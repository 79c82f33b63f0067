//! A Python with onnxruntime, for tests that ask it what an exported network answers.
//!
//! The one on the PATH if it has the packages, else one of our own in the cache folder beside the other tools', made once. On a
//! machine that cannot fetch packages such tests skip; everything here has a limit.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

const PACKAGES: [&str; 3] = ["onnxruntime", "numpy", "pillow"];
const IMPORTS: &str = "import numpy, onnxruntime, PIL";

/// The interpreter, or why there is none. Tests that ask at the same time wait for one answer.
pub(crate) fn with_onnxruntime() -> Result<PathBuf, String> {
    static FOUND: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    FOUND.get_or_init(find).clone()
}

fn find() -> Result<PathBuf, String> {
    let usual = PathBuf::from("python3");
    if has_packages(&usual) {
        return Ok(usual);
    }
    let folder = cache()?.join("dacl/onnxruntime");
    let own = folder.join("bin/python");
    if has_packages(&own) {
        return Ok(own);
    }
    if !ends_well(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder), 120) {
        return Err("python3 is missing, or cannot make an environment (Debian: python3-venv)".into());
    }
    let fetch = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "0", "--timeout", "15"];
    if !ends_well(Command::new(&own).args(fetch).args(PACKAGES), 300) || !has_packages(&own) {
        return Err(format!("pip could not install {}, or not within five minutes", PACKAGES.join(", ")));
    }
    Ok(own)
}

fn cache() -> Result<PathBuf, String> {
    let named = |variable: &str| std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    named("XDG_CACHE_HOME")
        .or_else(|| Some(named("HOME")?.join(".cache")))
        .ok_or_else(|| "neither XDG_CACHE_HOME nor HOME is set".into())
}

fn has_packages(python: &Path) -> bool {
    ends_well(Command::new(python).args(["-c", IMPORTS]), 120)
}

/// Whether a command succeeds within so many seconds.
fn ends_well(command: &mut Command, seconds: u64) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = quiet.spawn() else { return false };
    let deadline = Instant::now() + Duration::from_secs(seconds);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(50)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}
