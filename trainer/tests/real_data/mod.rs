//! The real data set, for tests that mean nothing without it.

#[path = "../skipped/mod.rs"]
mod skipped;

use trainer::data::DataSpec;

/// FERPlus where `DACL_FERPLUS` says it lies, or `None` after saying that `what` is skipped.
pub(crate) fn ferplus(what: &str) -> Option<DataSpec> {
    let folder = std::env::var_os("DACL_FERPLUS");
    if folder.is_none() {
        skipped::skipped(what, "set DACL_FERPLUS to a FERPlus folder");
    }
    folder.map(|folder| DataSpec::Ferplus(folder.into()))
}
