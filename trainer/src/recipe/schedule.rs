//! How the learning rate changes over a run.

use serde::{Deserialize, Serialize};

/// How the learning rate falls over a run, after a linear warm-up.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Schedule {
    /// A tenth every so many epochs.
    Step {
        /// Epochs between two falls.
        every: usize,
        /// Length of the warm-up in steps.
        #[serde(default)]
        warmup_steps: usize,
    },
    /// Half a cosine from the start to nearly zero.
    Cosine {
        /// Length of the warm-up in steps.
        #[serde(default)]
        warmup_steps: usize,
    },
}

impl Schedule {
    /// Learning rate of step `step` (from 0) of a run that starts at `start` and has `epochs` epochs of
    /// `steps_per_epoch` steps.
    pub fn learning_rate(self, start: f64, step: usize, steps_per_epoch: usize, epochs: usize) -> f64 {
        let (Self::Step { warmup_steps, .. } | Self::Cosine { warmup_steps }) = self;
        if step < warmup_steps {
            return start * (step + 1) as f64 / warmup_steps as f64;
        }
        match self {
            Self::Step { every, .. } => start * 0.1f64.powi((step / (steps_per_epoch * every).max(1)) as i32),
            Self::Cosine { warmup_steps } => {
                let total = (steps_per_epoch * epochs).saturating_sub(warmup_steps).max(1);
                let done = ((step - warmup_steps) as f64 / total as f64).min(1.0);
                start * 0.5 * (1.0 + (std::f64::consts::PI * done).cos())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_schedule_falls_to_a_tenth_at_the_named_epochs() {
        let schedule = Schedule::Step { every: 20, warmup_steps: 0 };
        let rate = |epoch: usize| schedule.learning_rate(0.01, epoch * 10, 10, 60);
        for (epoch, expected) in [(0, 1e-2), (19, 1e-2), (20, 1e-3), (39, 1e-3), (40, 1e-4), (59, 1e-4)] {
            assert!((rate(epoch) / expected - 1.0).abs() < 1e-9, "epoch {epoch}");
        }
    }

    #[test]
    fn the_cosine_schedule_warms_up_peaks_and_ends_near_zero() {
        let rate = |step: usize| Schedule::Cosine { warmup_steps: 10 }.learning_rate(0.1, step, 100, 2);
        assert!((rate(0) - 0.01).abs() < 1e-12 && (rate(9) - 0.1).abs() < 1e-12 && (rate(10) - 0.1).abs() < 1e-12);
        assert!((rate(105) - 0.05).abs() < 1e-9, "half way through the cosine the rate is half");
        assert!(rate(199) < 1e-5);
    }

    #[test]
    fn the_step_schedule_warms_up_too() {
        let rate = |step: usize| Schedule::Step { every: 1, warmup_steps: 4 }.learning_rate(0.1, step, 10, 2);
        assert!((rate(0) - 0.025).abs() < 1e-12 && (rate(4) - 0.1).abs() < 1e-12 && (rate(10) - 0.01).abs() < 1e-12);
    }
}
