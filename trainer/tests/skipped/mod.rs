//! Tests that cannot run here say so, past the test runner, which swallows what a passing test prints.

use std::io::Write;

/// Says that `what` is skipped and why.
pub(crate) fn skipped(what: &str, why: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {what} ({why})");
}
