//! What commands write down when they look at a test split.

use std::path::Path;

use trainer::data::{DataSpec, SplitName};
use trainer::evaluation::Evaluation;
use trainer::run_folder::RunFolder;
use trainer::test_evaluations;

/// Writes into the run at `weights` that `command` measured it on a test split; artefacts keep no such list, and photographs have no
/// test split. A list that cannot be written is told and stops nothing.
pub(super) fn note_test_evaluation(
    weights: &Path,
    command: &str,
    split: SplitName,
    data: &DataSpec,
    figures: &Evaluation,
) {
    let looked = split == SplitName::Test && figures.no_face.is_none() && RunFolder::open(weights).is_ok();
    if looked && let Err(error) = test_evaluations::note(weights, command, &data.to_string(), figures) {
        eprintln!("{} was not written: {error}", weights.join(test_evaluations::TEST_EVALUATIONS_FILE).display());
    }
}
