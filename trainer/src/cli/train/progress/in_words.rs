//! What a run tells about itself, in words: the same in a dashboard, beside a bar and in a log.

use std::path::Path;
use std::time::Duration;

use indicatif::HumanDuration;
use trainer::run_folder::EpochMetrics;

/// The figures of a finished epoch in one line.
pub(super) fn epoch_line(metrics: &EpochMetrics, best: bool) -> String {
    let attention = match (metrics.attention_mean, metrics.attention_std, metrics.attention_below_005) {
        (Some(mean), Some(std), Some(low)) => {
            format!("  attention {mean:.3} +- {std:.3}, {:.1} % below 0.05", 100.0 * low)
        }
        _ => String::new(),
    };
    format!(
        "epoch {:>3}  lr {:.2e}  train CE {:.3} SC {:.3} acc {:.2} %  valid CE {:.3} acc {:.2} % mean class {:.2} %{attention}  {:.1} img/s, {:.0} % of the time waiting for pictures  {:.0} s{}",
        metrics.epoch,
        metrics.learning_rate,
        metrics.train_cross_entropy,
        metrics.train_center_loss,
        100.0 * metrics.train_accuracy,
        metrics.valid_cross_entropy,
        100.0 * metrics.valid_accuracy,
        100.0 * metrics.valid_mean_class_accuracy,
        metrics.images_per_second,
        100.0 * metrics.waiting_for_pictures,
        metrics.seconds,
        if best { "  (best)" } else { "" },
    )
}

/// How long `seconds` are, in the largest unit that is of use. More than a clock can count, or no number, is said to be so.
pub(super) fn duration(seconds: f64) -> String {
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) => HumanDuration(duration).to_string(),
        Err(_) => "an unknown time".to_owned(),
    }
}

/// What to say of a run that was stopped within an epoch.
pub(crate) fn stopped(run: &Path, epoch: usize) -> String {
    format!("stopped in epoch {epoch}, of which nothing is kept: `{}` does it again and goes on", resuming(run))
}

/// The command that goes on with a run.
pub(super) fn resuming(run: &Path) -> String {
    format!("trainer train --resume {}", run.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_that_no_clock_can_count_are_said_to_be_unknown() {
        assert_eq!(duration(45.0), "45 seconds");
        assert_eq!(duration(7200.0), "2 hours");
        for seconds in [f64::NAN, f64::INFINITY, -1.0, 1e300] {
            assert_eq!(duration(seconds), "an unknown time", "{seconds}");
        }
    }
}
