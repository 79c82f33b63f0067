//! What training tells while it works.

use crate::run_folder::EpochMetrics;

/// Where a run is within an epoch, for whoever shows progress.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Epoch, from 1.
    pub epoch: usize,
    /// Epochs of the run.
    pub epochs: usize,
    /// Steps done in this epoch.
    pub step: usize,
    /// Steps of an epoch.
    pub steps: usize,
    /// Means since the epoch's start.
    pub means: TrainingMeans,
    /// Learning rate of the last step.
    pub learning_rate: f64,
    /// Speed since the epoch's start.
    pub images_per_second: f64,
    /// Seconds until the run's end at that speed, validation not counted.
    pub seconds_left: f64,
}

/// Means over the training pictures seen so far in an epoch.
#[derive(Clone, Copy, Debug, Default)]
pub struct TrainingMeans {
    /// Cross entropy.
    pub cross_entropy: f64,
    /// (Sparse) center loss before its weight.
    pub center_loss: f64,
    /// The same times lambda, which may grow from step to step.
    pub weighted_center_loss: f64,
    /// Share named rightly.
    pub accuracy: f64,
    /// Mean attention.
    pub attention_mean: f64,
    /// Standard deviation of the attention.
    pub attention_std: f64,
    /// Share of attention below 0.05.
    pub attention_below_005: f64,
}

/// What training tells while it works.
pub trait Observer {
    /// After some steps.
    fn progress(&mut self, progress: &Progress);
    /// After every epoch, when its checkpoint is on disk.
    fn epoch_done(&mut self, metrics: &EpochMetrics, best: bool);
    /// Whether the run is to stop; asked before every step.
    fn stop_requested(&self) -> bool {
        false
    }
}
