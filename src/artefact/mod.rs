//! The weight artefact: what leaves the trainer and enters the browser.
//!
//! A folder of `manifest.json`, the class centres, and two weight files: label path and attention arm, so that a label can be shown
//! before the attention has arrived. This module reads and writes bytes; where they come from (disk, network) is the caller's business.

mod integrity;
mod manifest;
mod weight_file;

pub use integrity::{IntegrityError, hexadecimal, sha256_hex};
pub use manifest::{
    FORMAT, FORMAT_VERSION, FaceCrop, FileEntry, Files, MANIFEST_FILE, Manifest, ManifestError, Measured, NotSure,
    Provenance,
};
pub use weight_file::{WeightFileError, read_weights, write_weights};
