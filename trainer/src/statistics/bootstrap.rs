//! Intervals by the bootstrap: the same pictures are drawn again for every run, so that differences stay paired.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::Serialize;

use super::{Score, Scoreboard};
use crate::random::generator;

/// Share of the resamples that lies within an interval.
pub const CONFIDENCE: f64 = 0.95;

/// A figure with the interval that it would fall into with other pictures of the same kind.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The figure on the pictures as they are.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The scores of several runs on many resamples of the same pictures.
pub struct Bootstrap {
    measured: Vec<Score>,
    /// One row a resample, one score a run.
    resamples: Vec<Vec<Score>>,
    seed: u64,
}

impl Bootstrap {
    /// Draws `count` resamples. The outcome depends on the board and on `seed` alone, never on the number of threads.
    pub fn of(board: &Scoreboard, count: usize, seed: u64) -> Self {
        let pictures = board.pictures();
        let resample = |index: usize| {
            let mut rng = of_resample(seed, index, Draw::Pictures);
            board.scores((0..pictures).map(|_| rng.random_range(0..pictures)))
        };
        Self {
            measured: board.scores(0..pictures),
            resamples: (0..count).into_par_iter().map(resample).collect(),
            seed,
        }
    }

    /// The scores of all runs on the pictures as they are.
    pub fn measured(&self) -> &[Score] {
        &self.measured
    }

    /// The interval of a figure of one run, for other pictures and the same weights.
    pub fn run(&self, run: usize, figure: fn(&Score) -> f64) -> Interval {
        self.interval(|_, scores| figure(&scores[run]))
    }

    /// The interval of how much larger a figure of the run `second` is than that of `first`.
    pub fn difference(&self, first: usize, second: usize, figure: fn(&Score) -> f64) -> Interval {
        self.interval(|_, scores| figure(&scores[second]) - figure(&scores[first]))
    }

    /// The interval of the mean of a figure over the runs of a group, for other pictures and other seeds: every
    /// resample draws the runs as well.
    pub fn group(&self, runs: &[usize], figure: fn(&Score) -> f64) -> Interval {
        self.interval(|resample, scores| self.mean(runs, Draw::Runs, resample, scores, figure))
    }

    /// The interval of how much larger the mean of a figure over the runs `second` is than that over `first`.
    ///
    /// Where `paired`, both groups have the same seeds in the same order, and a run is drawn with its counterpart; otherwise
    /// each group is drawn by itself.
    pub fn group_difference(
        &self,
        first: &[usize],
        second: &[usize],
        paired: bool,
        figure: fn(&Score) -> f64,
    ) -> Interval {
        let second_draw = if paired { Draw::Runs } else { Draw::OtherRuns };
        self.interval(|resample, scores| {
            self.mean(second, second_draw, resample, scores, figure)
                - self.mean(first, Draw::Runs, resample, scores, figure)
        })
    }

    /// Mean over `runs`, all of them for what was measured, drawn with replacement for a resample.
    fn mean(
        &self,
        runs: &[usize],
        draw: Draw,
        resample: Option<usize>,
        scores: &[Score],
        figure: fn(&Score) -> f64,
    ) -> f64 {
        let sum: f64 = match resample {
            None => runs.iter().map(|&run| figure(&scores[run])).sum(),
            Some(index) => {
                let mut rng = of_resample(self.seed, index, draw);
                (0..runs.len()).map(|_| figure(&scores[runs[rng.random_range(0..runs.len())]])).sum()
            }
        };
        sum / runs.len() as f64
    }

    /// The percentile interval of a statistic, which is told the number of the resample or `None`.
    fn interval(&self, statistic: impl Fn(Option<usize>, &[Score]) -> f64) -> Interval {
        let value = statistic(None, &self.measured);
        let mut values: Vec<f64> =
            self.resamples.iter().enumerate().map(|(index, scores)| statistic(Some(index), scores)).collect();
        values.sort_by(f64::total_cmp);
        let tail = (1.0 - CONFIDENCE) / 2.0;
        Interval { value, low: quantile(&values, tail), high: quantile(&values, 1.0 - tail) }
    }
}

/// The value below which `share` of the sorted values lie, between two of them where it falls there.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let position = share * sorted.len().saturating_sub(1) as f64;
    let at = |index: usize| sorted.get(index).copied().unwrap_or(f64::NAN);
    let (below, above) = (at(position.floor() as usize), at(position.ceil() as usize));
    below + (above - below) * position.fract()
}

/// What is drawn; each has random numbers of its own.
#[derive(Clone, Copy)]
enum Draw {
    Pictures,
    Runs,
    OtherRuns,
}

/// The random numbers of one resample.
fn of_resample(seed: u64, resample: usize, draw: Draw) -> ChaCha8Rng {
    generator(seed, [resample as u64, draw as u64, 0])
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESAMPLES: usize = 4000;

    fn accuracy(score: &Score) -> f64 {
        score.accuracy
    }

    fn mean_class_accuracy(score: &Score) -> f64 {
        score.mean_class_accuracy
    }

    /// A run that is right for the first so many pictures of each class.
    fn board(labels: &[usize], classes: usize, runs: &[&dyn Fn(usize) -> bool]) -> Scoreboard {
        let mut board = Scoreboard::new(labels.to_vec(), classes);
        for right in runs {
            let answers: Vec<Option<usize>> =
                labels.iter().enumerate().map(|(picture, &label)| right(picture).then_some(label)).collect();
            board.add(&answers);
        }
        board
    }

    fn assert_interval(interval: Interval, value: f64, standard_error: f64) {
        let close = |one: f64, other: f64| (one - other).abs() < 0.12 * standard_error;
        assert!((interval.value - value).abs() < 1e-12, "{interval:?}");
        let (low, high) = (value - 1.96 * standard_error, value + 1.96 * standard_error);
        assert!(close(interval.low, low) && close(interval.high, high), "{interval:?}, expected {low} to {high}");
    }

    #[test]
    fn the_interval_of_an_accuracy_is_that_of_the_binomial_distribution() {
        let board = board(&[0; 1000], 1, &[&|picture| picture < 800]);
        let bootstrap = Bootstrap::of(&board, RESAMPLES, 1);
        assert_interval(bootstrap.run(0, accuracy), 0.8, (0.8f64 * 0.2 / 1000.0).sqrt());
    }

    #[test]
    fn the_interval_of_a_paired_difference_knows_only_the_discordant_pictures() {
        // 30 pictures only the second names rightly, 10 only the first: the standard error worked out by hand is
        // sqrt(b + c - (b - c)^2 / n) / n = sqrt(40 - 1) / 400.
        let first = |picture: usize| picture < 300 || (330..340).contains(&picture);
        let second = |picture: usize| picture < 330;
        let board = board(&[0; 400], 1, &[&first, &second]);
        let bootstrap = Bootstrap::of(&board, RESAMPLES, 1);
        assert_interval(bootstrap.difference(0, 1, accuracy), 0.05, 39f64.sqrt() / 400.0);
    }

    #[test]
    fn the_interval_of_the_mean_class_accuracy_weighs_classes_alike() {
        // 900 pictures of recall 0.9 and 100 of recall 0.5: variance (0.09 / 900 + 0.25 / 100) / 4, nearly.
        let labels: Vec<usize> = (0..1000).map(|picture| usize::from(picture >= 900)).collect();
        let board = board(&labels, 2, &[&|picture| picture < 810 || (900..950).contains(&picture)]);
        let bootstrap = Bootstrap::of(&board, RESAMPLES, 1);
        let variance: f64 = (0.09 / 900.0 + 0.25 / 100.0) / 4.0;
        assert_interval(bootstrap.run(0, mean_class_accuracy), 0.7, variance.sqrt());
    }

    #[test]
    fn the_interval_of_a_group_grows_with_the_spread_over_its_seeds() {
        let (low, high) = (|picture: usize| picture < 600, |picture: usize| picture < 900);
        let same = board(&[0; 1000], 1, &[&low, &low, &low]);
        let apart = board(&[0; 1000], 1, &[&low, &high, &low]);
        let width = |board: &Scoreboard| {
            let interval = Bootstrap::of(board, RESAMPLES, 1).group(&[0, 1, 2], accuracy);
            interval.high - interval.low
        };
        assert!(width(&apart) > 3.0 * width(&same));
    }

    #[test]
    fn the_same_seed_gives_the_same_interval_on_any_number_of_threads() {
        let board = board(&[0; 100], 1, &[&|picture| picture % 3 == 0, &|picture| picture % 2 == 0]);
        let interval = || Bootstrap::of(&board, 500, 7).group_difference(&[0], &[1], true, accuracy);
        let first = interval();
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().map(|pool| pool.install(interval));
        assert_eq!(alone.ok(), Some(first));
        assert_ne!(Bootstrap::of(&board, 500, 8).difference(0, 1, accuracy), first);
    }
}
