//! Progress in a terminal or a log.

use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};
use trainer::run_folder::EpochMetrics;
use trainer::training::{Observer, Progress};

/// A progress bar and a line an epoch; where nobody watches, a line every now and then.
pub(super) struct Terminal {
    bar: ProgressBar,
    last_line: Instant,
}

/// How often a line goes to a log.
const LOG_INTERVAL: Duration = Duration::from_secs(60);

impl Terminal {
    pub(super) fn new() -> Self {
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len} {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar, last_line: Instant::now() }
    }
}

impl Observer for Terminal {
    fn progress(&mut self, progress: &Progress) {
        let Progress { epoch, epochs, step, steps, means, images_per_second, seconds_left } = *progress;
        let prefix = format!("epoch {epoch}/{epochs}");
        let message = format!(
            "{images_per_second:.1} img/s  CE {:.3}  SC {:.2}  acc {:.1} %  {} left",
            means.cross_entropy,
            means.center_loss,
            100.0 * means.accuracy,
            HumanDuration(Duration::from_secs_f64(seconds_left.max(0.0))),
        );
        if self.bar.is_hidden() && self.last_line.elapsed() >= LOG_INTERVAL {
            println!("{prefix}  {step}/{steps}  {message}");
            self.last_line = Instant::now();
        }
        self.bar.set_length(steps as u64);
        self.bar.set_prefix(prefix);
        self.bar.set_message(message);
        self.bar.set_position(step as u64);
    }

    fn epoch_done(&mut self, metrics: &EpochMetrics, best: bool) {
        let attention = match (metrics.attention_mean, metrics.attention_std, metrics.attention_below_005) {
            (Some(mean), Some(std), Some(low)) => {
                format!("  attention {mean:.3} +- {std:.3}, {:.1} % below 0.05", 100.0 * low)
            }
            _ => String::new(),
        };
        let line = format!(
            "epoch {:>3}  lr {:.2e}  train CE {:.3} SC {:.3} acc {:.2} %  valid CE {:.3} acc {:.2} % mean class {:.2} %{attention}  {:.1} img/s {:.0} s{}",
            metrics.epoch,
            metrics.learning_rate,
            metrics.train_cross_entropy,
            metrics.train_center_loss,
            100.0 * metrics.train_accuracy,
            metrics.valid_cross_entropy,
            100.0 * metrics.valid_accuracy,
            100.0 * metrics.valid_mean_class_accuracy,
            metrics.images_per_second,
            metrics.seconds,
            if best { "  (best)" } else { "" },
        );
        // A hidden bar prints nothing, and a log file deserves the line too.
        match self.bar.is_hidden() {
            true => println!("{line}"),
            false => self.bar.println(line),
        }
    }
}
