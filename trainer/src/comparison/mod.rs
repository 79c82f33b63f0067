//! Runs side by side on one split: their figures, the spread over seeds, and whether a difference is more than chance.

mod entrant;
mod grouping;

use serde::Serialize;

use crate::evaluation::Answers;
use crate::statistics::{Bootstrap, Interval, McNemar, Score, Scoreboard, Spread, holm};

pub use entrant::{Entrant, EntrantError, agree_on_classes};
pub(crate) use entrant::{flat, prefixed};
pub use grouping::group_names;

/// Resamples behind every interval.
const RESAMPLES: usize = 10_000;
/// Seed of the resamples: the same runs give the same intervals.
const BOOTSTRAP_SEED: u64 = 1;

/// One run with its answers.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What the run is called in tables.
    pub name: String,
    /// Runs of one group differ by their seed alone.
    pub group: String,
    /// The run's seed.
    pub seed: u64,
    /// Answers to the split; those of all entries are to the same pictures in the same order.
    pub answers: Answers,
    /// What divides its logits.
    pub temperature: f64,
}

/// Which runs are tested against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pairs {
    /// Every run with every other, and every group with every other.
    All,
    /// Every run with the run of the same seed in the first group, and every group with the first.
    AgainstFirstGroup,
}

/// Everything that was found. Field names are those of `trainer compare --json`.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// Pictures of the split.
    pub n: usize,
    /// Class names in order.
    pub classes: Vec<String>,
    /// Share of the resamples that lies within the intervals.
    pub confidence: f64,
    /// Resamples behind the intervals.
    pub resamples: usize,
    /// Each run, in the order given.
    pub runs: Vec<RunFigures>,
    /// Runs that differ by their seed alone, together.
    pub groups: Vec<GroupFigures>,
    /// Tests between runs.
    pub pairs: Vec<PairFigures>,
    /// Differences between groups.
    pub group_differences: Vec<GroupDifference>,
}

/// Figures of one run; the intervals speak of other pictures, not of other seeds.
#[derive(Clone, Debug, Serialize)]
pub struct RunFigures {
    /// Name of the run.
    pub name: String,
    /// Name of its group.
    pub group: String,
    /// Its seed.
    pub seed: u64,
    /// Share named rightly.
    pub accuracy: Interval,
    /// Mean of the recalls of the classes that occur.
    pub mean_class_accuracy: Interval,
    /// Mean of the F1 scores of the classes that occur.
    pub macro_f1: f64,
    /// Expected calibration error.
    pub ece: f64,
}

/// Figures of a group of runs; the intervals speak of other pictures and other seeds.
#[derive(Clone, Debug, Serialize)]
pub struct GroupFigures {
    /// Name of the group: the settings in which it differs from the others.
    pub name: String,
    /// Indices of its runs.
    pub runs: Vec<usize>,
    /// Accuracy over the seeds.
    pub accuracy: OverSeeds,
    /// Mean class accuracy over the seeds.
    pub mean_class_accuracy: OverSeeds,
}

/// A figure over the seeds of a group.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct OverSeeds {
    /// Mean and standard deviation.
    #[serde(flatten)]
    pub spread: Spread,
    /// Interval of the mean.
    pub interval: Interval,
}

/// Two runs on the same pictures.
#[derive(Clone, Debug, Serialize)]
pub struct PairFigures {
    /// Index of the first run.
    pub first: usize,
    /// Index of the second run.
    pub second: usize,
    /// McNemar's test of their accuracies.
    pub mcnemar: McNemar,
    /// Its p-value after Holm's correction for all pairs of this comparison.
    pub p_holm: f64,
    /// Accuracy of the second less that of the first.
    pub accuracy_difference: Interval,
    /// Mean class accuracy of the second less that of the first.
    pub mean_class_accuracy_difference: Interval,
}

/// Two groups on the same pictures.
#[derive(Clone, Debug, Serialize)]
pub struct GroupDifference {
    /// Index of the first group.
    pub first: usize,
    /// Index of the second group.
    pub second: usize,
    /// Mean accuracy of the second less that of the first.
    pub accuracy: Interval,
    /// Mean class accuracy of the second less that of the first.
    pub mean_class_accuracy: Interval,
}

const ACCURACY: fn(&Score) -> f64 = |score| score.accuracy;
const MEAN_CLASS_ACCURACY: fn(&Score) -> f64 = |score| score.mean_class_accuracy;

/// Compares runs by their answers to the same pictures.
pub fn compare(entries: &[Entry], classes: &[String], pairs: Pairs) -> Comparison {
    let labels = entries.first().map_or_else(Vec::new, |entry| entry.answers.labels.clone());
    let mut board = Scoreboard::new(labels, classes.len());
    for entry in entries {
        board.add(&entry.answers.chosen());
    }
    let bootstrap = Bootstrap::of(&board, RESAMPLES, BOOTSTRAP_SEED);
    let groups = groups(entries);
    Comparison {
        n: board.pictures(),
        classes: classes.to_vec(),
        confidence: crate::statistics::CONFIDENCE,
        resamples: RESAMPLES,
        runs: entries.iter().enumerate().map(|(run, entry)| run_figures(run, entry, classes, &bootstrap)).collect(),
        pairs: pair_figures(&chosen_pairs(entries, &groups, pairs), &board, &bootstrap),
        group_differences: group_differences(entries, &groups, &bootstrap, pairs),
        groups: groups.into_iter().map(|group| group_figures(group, &bootstrap)).collect(),
    }
}

struct Group {
    name: String,
    runs: Vec<usize>,
}

/// Groups in the order of their first run, each with its runs in the order of their seeds.
fn groups(entries: &[Entry]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (run, entry) in entries.iter().enumerate() {
        match groups.iter_mut().find(|group| group.name == entry.group) {
            Some(group) => group.runs.push(run),
            None => groups.push(Group { name: entry.group.clone(), runs: vec![run] }),
        }
    }
    for group in &mut groups {
        group.runs.sort_by_key(|&run| entries[run].seed);
    }
    groups
}

fn chosen_pairs(entries: &[Entry], groups: &[Group], pairs: Pairs) -> Vec<(usize, usize)> {
    match (pairs, groups.split_first()) {
        (Pairs::AgainstFirstGroup, Some((first, others))) => {
            let counterpart = |run: usize| {
                first
                    .runs
                    .iter()
                    .copied()
                    .find(|&other| entries[other].seed == entries[run].seed)
                    .map(|first| (first, run))
            };
            others.iter().flat_map(|group| &group.runs).filter_map(|&run| counterpart(run)).collect()
        }
        _ => (0..entries.len()).flat_map(|first| (first + 1..entries.len()).map(move |other| (first, other))).collect(),
    }
}

fn run_figures(run: usize, entry: &Entry, classes: &[String], bootstrap: &Bootstrap) -> RunFigures {
    let evaluation = entry.answers.evaluate(classes, entry.temperature, false);
    RunFigures {
        name: entry.name.clone(),
        group: entry.group.clone(),
        seed: entry.seed,
        accuracy: bootstrap.run(run, ACCURACY),
        mean_class_accuracy: bootstrap.run(run, MEAN_CLASS_ACCURACY),
        macro_f1: evaluation.macro_f1,
        ece: evaluation.ece,
    }
}

fn group_figures(group: Group, bootstrap: &Bootstrap) -> GroupFigures {
    let over_seeds = |figure: fn(&Score) -> f64| {
        let values: Vec<f64> = group.runs.iter().map(|&run| figure(&bootstrap.measured()[run])).collect();
        OverSeeds { spread: Spread::of(&values), interval: bootstrap.group(&group.runs, figure) }
    };
    GroupFigures {
        accuracy: over_seeds(ACCURACY),
        mean_class_accuracy: over_seeds(MEAN_CLASS_ACCURACY),
        name: group.name,
        runs: group.runs,
    }
}

fn pair_figures(pairs: &[(usize, usize)], board: &Scoreboard, bootstrap: &Bootstrap) -> Vec<PairFigures> {
    let tests: Vec<McNemar> = pairs
        .iter()
        .map(|&(first, second)| {
            let (only_first, only_second) = board.discordant(first, second);
            McNemar::of(only_first, only_second)
        })
        .collect();
    let adjusted = holm(&tests.iter().map(|test| test.p).collect::<Vec<f64>>());
    let figures = |((&(first, second), mcnemar), p_holm): ((&(usize, usize), McNemar), f64)| PairFigures {
        first,
        second,
        mcnemar,
        p_holm,
        accuracy_difference: bootstrap.difference(first, second, ACCURACY),
        mean_class_accuracy_difference: bootstrap.difference(first, second, MEAN_CLASS_ACCURACY),
    };
    pairs.iter().zip(tests).zip(adjusted).map(figures).collect()
}

fn group_differences(entries: &[Entry], groups: &[Group], bootstrap: &Bootstrap, pairs: Pairs) -> Vec<GroupDifference> {
    let last_first = match pairs {
        Pairs::All => groups.len(),
        Pairs::AgainstFirstGroup => groups.len().min(1),
    };
    let difference = |first: usize, second: usize| {
        let (one, other) = (&groups[first].runs, &groups[second].runs);
        let seeds = |runs: &[usize]| runs.iter().map(|&run| entries[run].seed).collect::<Vec<_>>();
        let paired = seeds(one) == seeds(other);
        GroupDifference {
            first,
            second,
            accuracy: bootstrap.group_difference(one, other, paired, ACCURACY),
            mean_class_accuracy: bootstrap.group_difference(one, other, paired, MEAN_CLASS_ACCURACY),
        }
    };
    (0..last_first)
        .flat_map(|first| (first + 1..groups.len()).map(move |second| (first, second)))
        .map(|(first, second)| difference(first, second))
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A run that names the first `right` of ten pictures rightly.
    fn entry(group: &str, seed: u64, right: usize) -> Entry {
        let labels: Vec<usize> = (0..10).map(|picture| picture % 2).collect();
        let logits = labels.iter().enumerate().map(|(picture, &label)| {
            let answer = if picture < right { label } else { 1 - label };
            Some((0..2).map(|class| if class == answer { 2.0 } else { 0.0 }).collect())
        });
        let answers = Answers { logits: logits.collect(), labels: labels.clone() };
        Entry { name: format!("{group}-{seed}"), group: group.into(), seed, answers, temperature: 1.0 }
    }

    fn classes() -> Vec<String> {
        vec!["neutral".into(), "happy".into()]
    }

    #[test]
    fn groups_have_the_mean_and_spread_of_their_seeds() {
        let entries = [entry("a", 1, 6), entry("b", 1, 10), entry("a", 2, 8)];
        let comparison = compare(&entries, &classes(), Pairs::All);
        assert_eq!(comparison.groups.len(), 2);
        let group = &comparison.groups[0];
        assert_eq!((group.name.as_str(), group.runs.as_slice()), ("a", [0, 2].as_slice()));
        assert!((group.accuracy.spread.mean - 0.7).abs() < 1e-12);
        assert!((group.accuracy.spread.std.unwrap() - 0.02f64.sqrt()).abs() < 1e-12);
        assert_eq!(comparison.groups[1].accuracy.spread.std, None);
        assert_eq!(comparison.pairs.len(), 3);
        let first = &comparison.pairs[0];
        assert_eq!((first.first, first.second, first.mcnemar.only_first, first.mcnemar.only_second), (0, 1, 0, 4));
        assert!((first.accuracy_difference.value - 0.4).abs() < 1e-12);
        assert!((first.mcnemar.p - 0.125).abs() < 1e-12 && first.p_holm >= first.mcnemar.p);
        assert!((comparison.group_differences[0].accuracy.value - 0.3).abs() < 1e-12);
    }

    #[test]
    fn against_the_first_group_only_runs_of_the_same_seed_meet() {
        let entries = [entry("a", 1, 6), entry("a", 2, 7), entry("b", 2, 8), entry("b", 1, 9), entry("c", 3, 5)];
        let comparison = compare(&entries, &classes(), Pairs::AgainstFirstGroup);
        let met: Vec<(usize, usize)> = comparison.pairs.iter().map(|pair| (pair.first, pair.second)).collect();
        assert_eq!(met, [(0, 3), (1, 2)]);
        let groups: Vec<(usize, usize)> =
            comparison.group_differences.iter().map(|difference| (difference.first, difference.second)).collect();
        assert_eq!(groups, [(0, 1), (0, 2)]);
    }
}
