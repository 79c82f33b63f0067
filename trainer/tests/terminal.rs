//! `trainer train` in a terminal: a pseudo-terminal that `script` of util-linux makes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(unix)]

mod skipped;
mod trainer_command;

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use trainer_command::{metrics, succeeds, text};

const ENTERED: &str = "\u{1b}[?1049h";
const LEFT: &str = "\u{1b}[?1049l";
const LIMIT: Duration = Duration::from_secs(300);

/// A shell command in a terminal of 80 columns and 24 lines.
struct InTerminal {
    child: Child,
    shown: Arc<Mutex<Vec<u8>>>,
    reader: JoinHandle<()>,
}

impl InTerminal {
    /// Starts the trainer and then asks the terminal for its settings; `None` where the program `script` is missing.
    fn start(arguments: &[&str], environment: &[(&str, &str)]) -> Option<Self> {
        if !Command::new("script").arg("--version").output().is_ok_and(|output| output.status.success()) {
            skipped::skipped("training in a terminal", "no `script` of util-linux is installed");
            return None;
        }
        let command: Vec<String> = arguments.iter().map(|argument| format!("'{argument}'")).collect();
        let program = env!("CARGO_BIN_EXE_trainer");
        let command = format!("stty rows 24 cols 80; '{program}' {}; echo \"status $?\"; stty -a", command.join(" "));
        let mut child = Command::new("script")
            .args(["-qec", &command, "/dev/null"])
            .env("TERM", "xterm-256color")
            .env_remove("CI")
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let shown = Arc::new(Mutex::new(Vec::new()));
        let (mut output, kept) = (child.stdout.take().unwrap(), shown.clone());
        let reader = std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                kept.lock().unwrap().extend_from_slice(&bytes[..count]);
            }
        });
        Some(Self { child, shown, reader })
    }

    fn shown(&self) -> String {
        String::from_utf8_lossy(&self.shown.lock().unwrap()).into_owned()
    }

    fn wait_for(&self, wanted: &str) {
        let started = Instant::now();
        while !self.shown().contains(wanted) {
            assert!(started.elapsed() < LIMIT, "{wanted:?} did not come: {}", self.shown());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn press(&mut self, key: &str) {
        self.child.stdin.as_mut().unwrap().write_all(key.as_bytes()).unwrap();
    }

    /// All that was shown until the terminal's settings, and those.
    fn end(mut self) -> (String, String) {
        self.wait_for("iexten");
        drop(self.child.stdin.take());
        self.child.wait().unwrap();
        // All that it wrote has been read when its end has.
        let Self { shown, reader, .. } = self;
        reader.join().unwrap();
        let shown = String::from_utf8_lossy(&shown.lock().unwrap()).into_owned();
        let (before, after) = shown.split_once("status ").unwrap();
        (before.to_owned(), after.to_owned())
    }
}

fn training<'a>(out: &'a Path, epochs: &'a str, batch: &'a str) -> Vec<&'a str> {
    let data = "synthetic:train=160,valid=21,test=7,size=48,seed=5";
    let mut arguments = vec!["train", "--data", data, "--out", text(out), "--epochs", epochs, "--batch", batch];
    arguments.extend("--device cpu --input-size 32 --context-encoder 64,32,16 --seed 3".split(' '));
    arguments
}

/// Whether the terminal echoes and takes lines, as a shell wants it.
fn is_as_it_was(settings: &str) -> bool {
    let words: Vec<&str> = settings.split_whitespace().collect();
    ["icanon", "echo", "isig", "icrnl"].iter().all(|setting| words.contains(setting))
}

#[test]
fn q_and_ctrl_c_end_a_run_that_can_be_gone_on_with_and_give_the_terminal_back() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole");
    succeeds(&training(&whole, "4", "8"));
    for (name, key) in [("q", "q"), ("ctrl-c", "\u{3}")] {
        let stopped = folder.path().join(name);
        let Some(mut terminal) = InTerminal::start(&training(&stopped, "4", "8"), &[]) else { return };
        // One word: between words, the cursor is moved where nothing is to be drawn.
        terminal.wait_for("learning");
        terminal.press(key);
        let (shown, settings) = terminal.end();
        let (_, after) = shown.split_once(LEFT).expect("the screen is given back");
        assert!(shown.contains(ENTERED), "{shown}");
        let hint = format!("trainer train --resume {}", stopped.display());
        assert!(after.contains("trainer: stopped in epoch ") && after.contains(&hint), "{after}");
        assert!(settings.starts_with('1') && is_as_it_was(&settings), "{settings}");
    }
    let stopped = folder.path().join("q");
    succeeds(&["train", "--resume", text(&stopped), "--device", "cpu"]);
    assert_eq!(metrics(&stopped), metrics(&whole));
}

#[test]
fn a_run_that_reaches_its_end_leaves_the_lines_of_its_epochs_behind() {
    let folder = tempfile::tempdir().unwrap();
    let Some(terminal) = InTerminal::start(&training(&folder.path().join("run"), "2", "16"), &[]) else { return };
    let (shown, settings) = terminal.end();
    let (_, after) = shown.split_once(LEFT).expect("the screen is given back");
    assert!(after.contains("epoch   1  lr ") && after.contains("epoch   2  lr "), "{after}");
    assert!(settings.starts_with('0') && is_as_it_was(&settings), "{settings}");
}

#[test]
fn an_error_is_told_after_the_terminal_is_given_back() {
    let folder = tempfile::tempdir().unwrap();
    let Some(terminal) = InTerminal::start(&training(&folder.path().join("run"), "1", "200"), &[]) else { return };
    let (shown, settings) = terminal.end();
    let (_, after) = shown.split_once(LEFT).expect("the screen is given back");
    assert!(after.contains("fewer than one batch"), "{shown}");
    assert!(is_as_it_was(&settings), "{settings}");
}

/// A name, flags and environment variables.
type Case<'a> = (&'a str, &'a [&'a str], &'a [(&'a str, &'a str)]);

#[test]
fn there_is_no_dashboard_where_it_is_not_wanted_or_nobody_sees_it() {
    let folder = tempfile::tempdir().unwrap();
    let cases: [Case<'_>; 3] =
        [("plain", &["--plain"], &[]), ("dumb", &[], &[("TERM", "dumb")]), ("ci", &[], &[("CI", "true")])];
    for (name, flags, environment) in cases {
        let run = folder.path().join(name);
        let arguments = [training(&run, "1", "200").as_slice(), flags].concat();
        let Some(terminal) = InTerminal::start(&arguments, environment) else { return };
        let (shown, _) = terminal.end();
        assert!(shown.contains("fewer than one batch") && !shown.contains(ENTERED), "{name}: {shown}");
    }
}
