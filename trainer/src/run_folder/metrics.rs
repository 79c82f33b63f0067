//! What was measured of each epoch, a row each.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{RunError, broken, write};
use crate::csv_text::csv_text;

/// The table's file, beside `run.json` and in each checkpoint.
pub(super) const METRICS_FILE: &str = "metrics.csv";

/// One row of `metrics.csv`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EpochMetrics {
    /// Epoch, from 1.
    pub epoch: usize,
    /// Steps of the optimiser in it.
    pub steps: usize,
    /// Learning rate of the epoch's last step.
    pub learning_rate: f64,
    /// Mean total loss over the training batches.
    pub train_loss: f64,
    /// Mean cross entropy over the training batches.
    pub train_cross_entropy: f64,
    /// Mean (sparse) center loss over the training batches, before its weight lambda.
    pub train_center_loss: f64,
    /// Share of training pictures named rightly, in training mode.
    pub train_accuracy: f64,
    /// Mean cross entropy on the validation split.
    pub valid_cross_entropy: f64,
    /// Accuracy on the validation split.
    pub valid_accuracy: f64,
    /// Mean of the recalls a class on the validation split.
    pub valid_mean_class_accuracy: f64,
    /// Mean attention over the training batches; empty when the loss has no attention.
    pub attention_mean: Option<f64>,
    /// Standard deviation of the attention.
    pub attention_std: Option<f64>,
    /// Share of attention values below 0.05.
    pub attention_below_005: Option<f64>,
    /// Training speed.
    pub images_per_second: f64,
    /// Share of the training time that steps waited for their pictures; 0 in runs of before it was measured. A GPU still has steps
    /// to do while the next one waits, so that it stands still for less than this.
    #[serde(default)]
    pub waiting_for_pictures: f64,
    /// Length of the epoch, validation included.
    pub seconds: f64,
}

pub(super) fn write_metrics(path: &Path, history: &[EpochMetrics]) -> Result<(), RunError> {
    write(path, &csv_text(history).map_err(|error| broken(path, error))?)
}

/// CSV and not JSON, whose reader may miss a number's last bit: a resumed run is to write the same figures again.
pub(super) fn read_metrics(path: &Path) -> Result<Vec<EpochMetrics>, RunError> {
    let mut reader = csv::Reader::from_path(path).map_err(|error| broken(path, error))?;
    let rows: Vec<EpochMetrics> =
        reader.deserialize().collect::<Result<_, _>>().map_err(|error| broken(path, error))?;
    if rows.is_empty() {
        return Err(broken(path, "it has no row"));
    }
    Ok(rows)
}

/// The epoch (from 1) with the highest validation accuracy, the earliest of equals.
pub fn best_epoch(history: &[EpochMetrics]) -> usize {
    let mut best = 0;
    for (index, row) in history.iter().enumerate() {
        if row.valid_accuracy > history[best].valid_accuracy {
            best = index;
        }
    }
    best + 1
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::run_folder) fn row(epoch: usize, valid_accuracy: f64) -> EpochMetrics {
        EpochMetrics {
            epoch,
            steps: 1,
            learning_rate: 0.1,
            train_loss: 1.0,
            train_cross_entropy: 1.0,
            train_center_loss: 1.0,
            train_accuracy: 0.5,
            valid_cross_entropy: 1.0,
            valid_accuracy,
            valid_mean_class_accuracy: 0.5,
            attention_mean: None,
            attention_std: None,
            attention_below_005: None,
            images_per_second: 1.0,
            waiting_for_pictures: 0.0,
            seconds: 1.0,
        }
    }

    #[test]
    fn the_best_epoch_is_the_earliest_of_the_highest() {
        let history = |accuracies: &[f64]| -> Vec<EpochMetrics> {
            (1..).zip(accuracies).map(|(epoch, &accuracy)| row(epoch, accuracy)).collect()
        };
        for (accuracies, best) in [(&[0.5][..], 1), (&[0.5, 0.7, 0.6], 2), (&[0.5, 0.7, 0.7], 2), (&[0.1, 0.2], 2)] {
            assert_eq!(best_epoch(&history(accuracies)), best, "{accuracies:?}");
        }
    }
}
