//! The command `trainer`.

mod cli;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    end_with_the_reader();
    match cli::Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("trainer: {}", cli::error_text(&error));
            ExitCode::FAILURE
        }
    }
}

/// Whoever reads the output may have enough of it, as `trainer data inspect ... | head` does: then this program ends without a word, as others
/// do. Rust's runtime makes an error of it, which `println!` panics at.
#[cfg(unix)]
fn end_with_the_reader() {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;
    // Where the handler cannot be set, it stays as it was.
    let always = Arc::new(AtomicBool::new(true));
    let _ = signal_hook::flag::register_conditional_default(signal_hook::consts::SIGPIPE, always);
}

#[cfg(not(unix))]
fn end_with_the_reader() {}
