//! `trainer data`.

mod inspect;
mod prepare;

use clap::Subcommand;

/// Look through a data set, or make one of the faces in photographs.
#[derive(Subcommand)]
pub(crate) enum Data {
    // Described where they are defined: a comment here would take the place of the whole help text.
    Inspect(inspect::Inspect),
    Prepare(prepare::Prepare),
}

impl Data {
    /// Carries the command out.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Inspect(command) => command.run(),
            Self::Prepare(command) => command.run(),
        }
    }
}
