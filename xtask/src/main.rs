//! `cargo xtask ...`: everything a developer does with this workspace, in one place.
//!
//! Only the command line is here; each command has a module of its own.

mod complete;
mod cpu_program;
mod demo;
mod lint;
mod lock_file;
mod offline;
mod process;
mod process_tree;
mod search_path;
mod setup;
mod site;
mod test;
mod toolchain;
mod version;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

/// Set up, run, build and check DACL.
///
/// `demo` and `test` set up what is missing by themselves; nothing else has to be run first.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the page in release mode and serve it on this machine
    Demo(demo::Options),
    /// Run every test: native, wasm in headless Chromium with WebGPU, the page end to end
    Test(test::Options),
    /// Let the page run with a camera on the CPU for ten minutes, and check that its memory stays flat
    Soak(test::SoakOptions),
    /// Build the page into dist/ and print what a visitor downloads
    Build,
    /// Find or install the tools that building and testing need
    Setup(setup::Options),
    /// Check formatting, run clippy (native and wasm, warnings as errors), check the types of the page's modules
    Lint,
    /// Format every Rust file of the workspace
    Fmt,
    /// Complete a site that trunk has built (Trunk.toml starts this)
    #[command(hide = true)]
    Complete,
    /// Wait for the page server and print its address (`demo` starts this beside the server)
    #[command(hide = true)]
    Announce(demo::Announcement),
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Not by returning it from here, which adds a stack backtrace wherever RUST_BACKTRACE is set.
            eprintln!("Error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    if let Task::Announce(announcement) = &task {
        demo::announce(announcement);
        return Ok(());
    }
    let mut workspace = Workspace::open()?;
    match task {
        Task::Demo(options) => demo::run(&mut workspace, &options),
        Task::Test(options) => test::run(&mut workspace, &options),
        Task::Soak(options) => test::soak(&mut workspace, &options),
        Task::Build => site::run(&mut workspace),
        Task::Complete => complete::run(&workspace),
        Task::Setup(options) => setup::run(&mut workspace, &options),
        Task::Lint => lint::run(&mut workspace),
        Task::Fmt => lint::format(&workspace),
        Task::Announce(_) => Ok(()),
    }
}
