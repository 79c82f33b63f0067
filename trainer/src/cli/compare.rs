//! `trainer compare`.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use serde::Serialize;
use trainer::comparison::{
    Comparison, Entrant, Entry, GroupDifference, GroupFigures, OverSeeds, PairFigures, Pairs, RunFigures,
    agree_on_classes, compare, group_names,
};
use trainer::data::{DataSpec, LoadOptions, Split, SplitName};
use trainer::device::DeviceChoice;
use trainer::figures::{mean_and_spread, p_value, percent, points, range, range_in_points};
use trainer::statistics::{Interval, McNemarMethod};
use trainer::{measure, weights_folder};

use super::loading::{Loading, load_reporting};
use super::progress_bar::over_pictures;
use super::test_evaluations::note_test_evaluation;
use super::text_table;

/// Compare runs on the same pictures: spread over seeds, intervals and paired tests.
///
/// Runs that differ by their seed alone form a group, with mean and standard deviation. Runs are compared in pairs by
/// McNemar's test and by bootstrap intervals of their differences. docs/reports.md says how to read them.
#[derive(Args)]
pub(crate) struct Compare {
    /// Folders of runs (their best checkpoints) or of exported artefacts.
    #[arg(value_name = "RUN", required = true, num_args = 2..)]
    runs: Vec<PathBuf>,
    #[arg(long, help = format!("Data set: {}", DataSpec::KINDS))]
    data: DataSpec,
    /// Which split: train, valid or test.
    #[arg(long, default_value = "valid")]
    split: SplitName,
    /// Print JSON instead of tables.
    #[arg(long)]
    json: bool,
    /// Where to compute.
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
    #[command(flatten)]
    loading: Loading,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Compared<'a> {
    data: String,
    split: String,
    #[serde(flatten)]
    comparison: &'a Comparison,
}

impl Compare {
    /// Prints the figures.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let entrants = self.runs.iter().map(|path| Entrant::read(path)).collect::<Result<Vec<_>, _>>()?;
        if let Some(first) = entrants.first() {
            // Before the pictures are read, which may take minutes.
            agree_on_classes(&entrants, (&first.name, &first.classes))?;
        }
        let device = self.device.open()?;
        let options = self.options(&entrants);
        let mut read_as = &options[0];
        let mut split = load_reporting(&self.data, self.split, read_as)?;
        agree_on_classes(&entrants, (&self.data.to_string(), &split.classes))?;
        let names = group_names(&entrants);
        for (index, (entrant, group)) in entrants.iter().zip(&names).enumerate() {
            let twin = (0..index).find(|&other| names[other] == *group && entrants[other].seed == entrant.seed);
            if let Some(other) = twin {
                bail!(
                    "{} and {} are one seed of the same settings: two seeds of a group must differ, or its spread says nothing",
                    entrants[other].name,
                    entrant.name
                );
            }
        }
        let mut entries = Vec::new();
        for (((entrant, group), path), options) in entrants.into_iter().zip(names).zip(&self.runs).zip(&options) {
            if options != read_as {
                // The same pictures, made smaller or grey as this run learnt them.
                (read_as, split) = (options, load_reporting(&self.data, self.split, options)?);
            }
            let entry = measured(path, entrant.name, group, entrant.seed, &split, &device.device)?;
            let figures = entry.answers.evaluate(&split.classes, entry.temperature, split.whole_photographs);
            note_test_evaluation(path, "compare", self.split, &self.data, &figures);
            entries.push(entry);
        }
        let comparison = compare(&entries, &split.classes, Pairs::All);
        let (data, split) = (self.data.to_string(), self.split.to_string());
        match self.json {
            true => {
                println!("{}", serde_json::to_string_pretty(&Compared { data, split, comparison: &comparison })?)
            }
            false => {
                println!("{split} of {data}, {} pictures, on {} ({})", comparison.n, device.name, device.reason);
                print(&comparison);
            }
        }
        Ok(())
    }
}

impl Compare {
    /// How the pictures are read for each entrant. One that skips what is bad makes all do, so that all see the same pictures.
    fn options(&self, entrants: &[Entrant]) -> Vec<LoadOptions> {
        let each = |entrant: &Entrant| self.loading.beside(&entrant.loading, &self.data);
        let options: Vec<LoadOptions> = entrants.iter().map(each).collect();
        let skip_bad = options.iter().any(|options| options.skip_bad);
        options.into_iter().map(|options| LoadOptions { skip_bad, ..options }).collect()
    }
}

/// The answers of one run to the split.
pub(super) fn measured(
    path: &Path,
    name: String,
    group: String,
    seed: u64,
    split: &Split,
    device: &burn::tensor::Device,
) -> anyhow::Result<Entry> {
    let weights = weights_folder::open(path, device)?;
    let temperature = weights.recogniser.config().temperature;
    let bar = over_pictures(split.samples.len(), &name);
    let answers = measure::split(weights, split, |count| bar.set_position(count as u64)).context(name.clone())?;
    bar.finish_and_clear();
    Ok(Entry { name, group, seed, answers, temperature })
}

/// The comparison as tables for people.
fn print(comparison: &Comparison) {
    let confidence = format!("{:.0} % interval", 100.0 * comparison.confidence);
    println!("\nruns, with the {confidence} for other pictures");
    print_runs(comparison);
    println!("\ngroups of runs that differ by their seed alone, with the {confidence} for other pictures and seeds");
    print_groups(comparison);
    if !comparison.group_differences.is_empty() {
        println!("\ndifferences between groups in points, the second less the first");
        print_group_differences(comparison);
    }
    println!("\npairs of runs, differences in points, the second less the first");
    print_pairs(comparison);
    println!("\n* exact binomial; the others by chi-squared with continuity correction");
}

fn print_runs(comparison: &Comparison) {
    let row = |run: &RunFigures| {
        [
            run.name.clone(),
            run.seed.to_string(),
            share(&run.accuracy),
            share(&run.mean_class_accuracy),
            format!("{:.4}", run.macro_f1),
            format!("{:.4}", run.ece),
        ]
    };
    let heads = ["run", "seed", "accuracy", "mean class accuracy", "macro F1", "calibration error"];
    text_table::print(heads, comparison.runs.iter().map(row));
}

fn print_groups(comparison: &Comparison) {
    let row = |group: &GroupFigures| {
        let (accuracy, by_class) = (over_seeds(&group.accuracy), over_seeds(&group.mean_class_accuracy));
        [group.name.clone(), group.runs.len().to_string(), accuracy, by_class]
    };
    text_table::print(["group", "runs", "accuracy", "mean class accuracy"], comparison.groups.iter().map(row));
}

fn print_group_differences(comparison: &Comparison) {
    let name = |group: usize| comparison.groups[group].name.clone();
    let row = |pair: &GroupDifference| {
        [name(pair.first), name(pair.second), difference(&pair.accuracy), difference(&pair.mean_class_accuracy)]
    };
    let heads = ["first", "second", "accuracy", "mean class accuracy"];
    text_table::print(heads, comparison.group_differences.iter().map(row));
}

fn print_pairs(comparison: &Comparison) {
    let name = |run: usize| comparison.runs[run].name.clone();
    let row = |pair: &PairFigures| {
        [
            name(pair.first),
            name(pair.second),
            pair.mcnemar.only_first.to_string(),
            pair.mcnemar.only_second.to_string(),
            format!("{}{}", p_value(pair.mcnemar.p), exactness(pair.mcnemar.method)),
            p_value(pair.p_holm),
            difference(&pair.accuracy_difference),
            difference(&pair.mean_class_accuracy_difference),
        ]
    };
    let heads =
        ["first", "second", "only first", "only second", "McNemar p", "p (Holm)", "accuracy", "mean class accuracy"];
    text_table::print(heads, comparison.pairs.iter().map(row));
}

fn share(interval: &Interval) -> String {
    format!("{} [{}]", percent(interval.value), range(interval))
}

fn difference(interval: &Interval) -> String {
    format!("{} [{}]", points(interval.value), range_in_points(interval))
}

fn over_seeds(figure: &OverSeeds) -> String {
    format!("{} % [{}]", mean_and_spread(&figure.spread), range(&figure.interval))
}

fn exactness(method: McNemarMethod) -> &'static str {
    match method {
        McNemarMethod::ExactBinomial => "*",
        McNemarMethod::ChiSquared => " ",
    }
}
