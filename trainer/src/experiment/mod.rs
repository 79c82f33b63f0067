//! Experiments: named variants of one recipe, each trained with several seeds, and the table that compares them.
//!
//! This says what is to be run and what the outcome was; the command `trainer experiment` runs it.

mod file;
mod planned_run;
mod table;

pub use file::{Experiment, ExperimentFileError};
pub use planned_run::{Environment, PlannedRun, PlannedRunError, RunState};
pub use table::Table;
