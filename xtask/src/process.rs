//! Runs child processes: says what it runs, and stops what outlives its time limit.
//!
//! Which program, toolchain and environment a child gets is decided in [`crate::workspace`].

use std::fmt;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::process_tree;

/// The limit for what takes a moment: long enough for a machine under heavy load, where a wrong "no" would set off
/// installations and builds.
pub(crate) const QUICK: Duration = Duration::from_secs(3 * 60);

/// Why a child process did not do its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It could not be started, or waiting for it failed.
    NotRun(String, std::io::Error),
    /// It ended with a status other than success.
    Failed(String, ExitStatus),
    /// It was stopped because it took longer than its limit.
    TooLong(String, Duration),
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRun(line, error) => write!(formatter, "`{line}` could not be run: {error}"),
            Self::Failed(line, status) => write!(formatter, "`{line}` failed ({status})"),
            Self::TooLong(line, limit) => {
                let limit = duration(*limit);
                write!(formatter, "`{line}` was stopped because it took longer than {limit}")
            }
        }
    }
}

impl std::error::Error for Failure {}

/// Prints the command, runs it with this terminal's output, and waits for its success.
pub(crate) fn run(command: &mut Command, limit: Duration) -> Result<(), Failure> {
    let line = command_line(command);
    println!("  $ {line}");
    let started = command.stdin(Stdio::null()).spawn();
    let mut child = started.map_err(|error| Failure::NotRun(line.clone(), error))?;
    finish(&mut child, line, limit)
}

/// Runs a command without a word and returns what it wrote to its standard output.
pub(crate) fn capture(command: &mut Command, limit: Duration) -> Result<String, Failure> {
    let line = command_line(command);
    let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = started.map_err(|error| Failure::NotRun(line.clone(), error))?;
    // Read beside the wait: a full pipe would stop the child for ever.
    let reader = child.stdout.take().map(|mut pipe| {
        thread::spawn(move || {
            let mut text = Vec::new();
            // What came before a read error is still the answer.
            let _ = pipe.read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        })
    });
    finish(&mut child, line, limit)?;
    Ok(reader.and_then(|reader| reader.join().ok()).unwrap_or_default())
}

fn finish(child: &mut Child, line: String, limit: Duration) -> Result<(), Failure> {
    match wait(child, limit) {
        Err(error) => Err(Failure::NotRun(line, error)),
        Ok(None) => Err(Failure::TooLong(line, limit)),
        Ok(Some(status)) if status.success() => Ok(()),
        Ok(Some(status)) => Err(Failure::Failed(line, status)),
    }
}

/// The child's exit status, or `None` if it had to be stopped at the limit, with all that it had started.
fn wait(child: &mut Child, limit: Duration) -> std::io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() >= limit {
            process_tree::kill(child)?;
            return Ok(None);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(100));
    }
}

/// The command as a person would type it: the program without its folder, and the arguments.
fn command_line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or(program.as_os_str());
    let mut line = program.to_string_lossy().into_owned();
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}

/// A time in words: `0.4 s`, `12 s`, `3 min 20 s`.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 9.95 {
        return format!("{seconds:.1} s");
    }
    let seconds = seconds.round() as u64;
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn captures_more_output_than_a_pipe_holds() {
        let text = capture(&mut shell("yes line | head -n 100000"), Duration::from_secs(20));
        assert_eq!(text.unwrap().lines().count(), 100_000);
    }

    #[test]
    fn a_failing_child_is_reported_with_its_status() {
        let failure = capture(&mut shell("exit 3"), Duration::from_secs(20)).unwrap_err();
        assert_eq!(failure.to_string(), "`sh -c exit 3` failed (exit status: 3)");
    }

    #[test]
    fn a_missing_program_is_reported_by_name() {
        let failure = capture(&mut Command::new("no-such-program-here"), Duration::from_secs(1));
        assert!(failure.unwrap_err().to_string().starts_with("`no-such-program-here` could not be run"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_child_over_its_limit_is_killed_with_its_own_children() {
        let file = std::env::temp_dir().join(format!("xtask-grandchild-{}", std::process::id()));
        let script = format!("sleep 60 & echo $! > {}; wait", file.display());
        let start = Instant::now();
        let failure = capture(&mut shell(&script), Duration::from_secs(2)).unwrap_err();
        let grandchild = std::fs::read_to_string(&file).unwrap();
        std::fs::remove_file(&file).unwrap();
        assert!(matches!(failure, Failure::TooLong(..)), "{failure}");

        // A signal takes effect a moment later; a zombie waits for its new parent to collect it.
        let stat = format!("/proc/{}/stat", grandchild.trim());
        let runs = || std::fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z ") && !stat.contains(") X "));
        while runs() && start.elapsed() < Duration::from_secs(30) {
            thread::sleep(Duration::from_millis(10));
        }
        assert!(!runs(), "process {grandchild} still runs");
    }

    #[test]
    fn times_read_like_times() {
        assert_eq!(duration(Duration::from_millis(420)), "0.4 s");
        assert_eq!(duration(Duration::from_secs(12)), "12 s");
        assert_eq!(duration(Duration::from_millis(59_800)), "1 min");
        assert_eq!(duration(Duration::from_secs(200)), "3 min 20 s");
    }
}
