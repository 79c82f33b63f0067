//! What a run knows of its evaluations on test splits: whoever looks often chooses by them, and whoever reads a figure should know.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

use crate::evaluation::Evaluation;

/// The list in the run's folder.
pub const TEST_EVALUATIONS_FILE: &str = "test-evaluations.csv";

/// One line of it.
#[derive(Serialize)]
struct TestEvaluation<'a> {
    /// Seconds since 1970, UTC.
    unix_time: u64,
    command: &'a str,
    data: &'a str,
    pictures: usize,
    accuracy: f64,
    mean_class_accuracy: f64,
}

/// Adds a line on what `command` measured on the test split of `data` to the list of the run at `folder`.
///
/// # Errors
/// When the disk does not take it.
pub fn note(folder: &Path, command: &str, data: &str, figures: &Evaluation) -> Result<(), csv::Error> {
    let path = folder.join(TEST_EVALUATIONS_FILE);
    let line = TestEvaluation {
        unix_time: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs()),
        command,
        data,
        pictures: figures.n,
        accuracy: figures.accuracy,
        mean_class_accuracy: figures.mean_class_accuracy,
    };
    let mut writer = csv::WriterBuilder::new().has_headers(!path.exists()).from_writer(Vec::new());
    writer.serialize(line)?;
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    OpenOptions::new().append(true).create(true).open(path)?.write_all(&bytes)?;
    Ok(())
}
