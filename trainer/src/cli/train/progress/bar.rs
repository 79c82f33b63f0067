//! Progress as a bar and a line an epoch; where nobody watches, a line every now and then.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use trainer::run_folder::EpochMetrics;
use trainer::training::{Observer, Progress};

use super::in_words::{duration, epoch_line};

pub(super) struct Bar {
    bar: ProgressBar,
    last_line: Instant,
}

/// How often a line goes to a log.
const LOG_INTERVAL: Duration = Duration::from_secs(60);

impl Bar {
    pub(super) fn new() -> Self {
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len} {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar, last_line: Instant::now() }
    }
}

impl Observer for Bar {
    fn progress(&mut self, progress: &Progress) {
        let Progress { epoch, epochs, step, steps, means, images_per_second, seconds_left, .. } = *progress;
        let prefix = format!("epoch {epoch}/{epochs}");
        let message = format!(
            "{images_per_second:.1} img/s  CE {:.3}  SC {:.2}  acc {:.1} %  {} left",
            means.cross_entropy,
            means.center_loss,
            100.0 * means.accuracy,
            duration(seconds_left),
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
        let line = epoch_line(metrics, best);
        // A hidden bar prints nothing, and a log file deserves the line too.
        match self.bar.is_hidden() {
            true => println!("{line}"),
            false => self.bar.println(line),
        }
    }
}
