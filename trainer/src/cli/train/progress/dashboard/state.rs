//! What the dashboard knows of a run.

use std::path::PathBuf;

use trainer::loss::LossKind;
use trainer::run_folder::{EpochMetrics, RunFolder, best_epoch};
use trainer::training::{Progress, TrainingMeans};

/// A run so far: its finished epochs and the running one.
pub(crate) struct ShownRun {
    /// The run's folder.
    pub(super) run: PathBuf,
    /// Name of the device that computes.
    pub(super) device: String,
    /// The loss.
    pub(super) loss: LossKind,
    /// Epochs of the whole run.
    pub(super) epochs: usize,
    /// The finished epochs, those before a resumption too.
    pub(super) history: Vec<EpochMetrics>,
    /// What the running epoch told last; `None` before its first steps.
    pub(super) progress: Option<Progress>,
    /// The means since the running epoch's start, by the share of its steps that was done.
    pub(super) readings: Vec<(f64, TrainingMeans)>,
}

impl ShownRun {
    /// A run at its start, or where `history` ends.
    pub(crate) fn new(run: &RunFolder, device: &str, history: &[EpochMetrics]) -> Self {
        let recipe = &run.description().recipe;
        Self {
            run: run.path().to_owned(),
            device: device.to_owned(),
            loss: recipe.loss,
            epochs: recipe.epochs,
            history: history.to_vec(),
            progress: None,
            readings: Vec::new(),
        }
    }

    /// Takes in what some steps made.
    pub(super) fn take_progress(&mut self, progress: &Progress) {
        self.progress = Some(*progress);
        self.readings.push((progress.step as f64 / progress.steps.max(1) as f64, progress.means));
    }

    /// Takes in a finished epoch.
    pub(super) fn take_epoch(&mut self, metrics: &EpochMetrics) {
        self.history.push(metrics.clone());
        self.progress = None;
        self.readings.clear();
    }

    /// The epoch that is running, from 1.
    pub(super) fn epoch(&self) -> usize {
        (self.history.len() + 1).min(self.epochs)
    }

    /// The best epoch so far, from 1; `None` before the first is done.
    pub(super) fn best(&self) -> Option<usize> {
        (!self.history.is_empty()).then(|| best_epoch(&self.history))
    }

    /// A figure over the epochs, each at its end.
    pub(super) fn over_epochs(&self, figure: impl Fn(&EpochMetrics) -> Option<f64>) -> Vec<(f64, f64)> {
        self.history.iter().filter_map(|row| Some((row.epoch as f64, figure(row)?))).collect()
    }

    /// A figure within the running epoch, over the share of its steps that was done.
    pub(super) fn within_epoch(&self, figure: impl Fn(&TrainingMeans) -> f64) -> Vec<(f64, f64)> {
        self.readings.iter().map(|(share, means)| (*share, figure(means))).collect()
    }

    /// A figure over the finished epochs and on into the running one.
    pub(super) fn up_to_now(
        &self,
        done: impl Fn(&EpochMetrics) -> Option<f64>,
        running: impl Fn(&TrainingMeans) -> f64,
    ) -> Vec<(f64, f64)> {
        let before = self.history.len() as f64;
        let mut points = self.over_epochs(done);
        points.extend(self.within_epoch(running).into_iter().map(|(share, value)| (before + share, value)));
        points
    }
}
