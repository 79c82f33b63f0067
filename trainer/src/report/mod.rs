//! The report of a run: one HTML file that needs nothing else, and a model card.
//!
//! Data flows one way: the subject (a run or an artefact) answers a split, the findings are worked out of its answers,
//! and page and card say them. No picture of the data set gets into a report.

mod attention;
mod curves;
mod findings;
mod heat_map;
mod inside;
mod model_card;
mod page;
mod plot;
mod projection;
mod provenance;
mod subject;

use std::fs;
use std::path::{Path, PathBuf};

use self::plot::PlotError;
use crate::whole_file::write_whole;

pub use findings::{Findings, FindingsError, OwnData, Temperature};
pub use inside::Inside;
pub use subject::{Origin, Subject, SubjectError};

/// Name of the page in the report's folder.
pub const PAGE_FILE: &str = "report.html";
/// Name of the model card in the report's folder.
pub const CARD_FILE: &str = "MODEL_CARD.md";

/// A report cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A figure cannot be drawn.
    #[error(transparent)]
    Plot(#[from] PlotError),
    /// The folder cannot be made, or a file not be written.
    #[error("{path}: {source}")]
    Io {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Writes page and card into the folder `out`; an earlier report there is replaced.
///
/// # Errors
/// When a figure cannot be drawn or the disk does not take it.
pub fn write(findings: &Findings, out: &Path) -> Result<(), ReportError> {
    let page = page::html(findings)?;
    let io = |path: PathBuf| move |source| ReportError::Io { path, source };
    fs::create_dir_all(out).map_err(io(out.to_owned()))?;
    for (name, text) in [(PAGE_FILE, page), (CARD_FILE, model_card::markdown(findings))] {
        let path = out.join(name);
        write_whole(&path, text.as_bytes()).map_err(io(path))?;
    }
    Ok(())
}
