//! The outcome of an experiment as Markdown for people and as CSV for programs.

use std::fmt::{self, Write};

use serde::Serialize;

use crate::comparison::Comparison;
use crate::csv_text::csv_text;
use crate::data::SplitName;
use crate::evaluation::caution;
use crate::figures::{mean_and_spread, p_value, points, range, range_in_points};
use crate::statistics::McNemarMethod;

/// What the tables are made of.
pub struct Table<'a> {
    /// Name of the experiment.
    pub name: &'a str,
    /// The data set.
    pub data: &'a str,
    /// The split that was measured.
    pub split: SplitName,
    /// The measurements; the first group is what the others are held against.
    pub comparison: &'a Comparison,
    /// The epoch that each run was measured at, in the order of the comparison's runs.
    pub epochs: &'a [usize],
}

impl Table<'_> {
    /// The whole outcome as Markdown.
    ///
    /// # Errors
    /// Never in practice: text always takes more text.
    pub fn markdown(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        self.write_markdown(&mut text)?;
        Ok(text)
    }

    fn write_markdown(&self, text: &mut String) -> fmt::Result {
        writeln!(text, "# {}\n", self.name)?;
        write!(text, "Measured on the {} split of `{}`, ", self.split.in_words(), self.data)?;
        write!(text, "{} pictures, each run at the epoch that was best on the validation split.", self.comparison.n)?;
        writeln!(text, " {}\n", caution(self.split))?;
        self.write_variants(text)?;
        if let [first, _, ..] = self.comparison.groups.as_slice() {
            writeln!(text, "\n## Against {}\n", first.name)?;
            self.write_differences(text)?;
            self.write_tests(&first.name, text)?;
        }
        writeln!(text, "\n## Runs\n")?;
        self.write_runs(text)
    }

    fn write_variants(&self, text: &mut String) -> fmt::Result {
        let interval = self.interval();
        write_head(text, &["variant", "seeds", "accuracy, %", &interval, "mean class accuracy, %", &interval])?;
        for group in &self.comparison.groups {
            let (accuracy, by_class) = (&group.accuracy, &group.mean_class_accuracy);
            writeln!(
                text,
                "| {} | {} | {} | {} | {} | {} |",
                group.name,
                group.runs.len(),
                mean_and_spread(&accuracy.spread),
                range(&accuracy.interval),
                mean_and_spread(&by_class.spread),
                range(&by_class.interval),
            )?;
        }
        let resamples = self.comparison.resamples;
        writeln!(
            text,
            "\nMean ± standard deviation over the seeds. Intervals: {resamples} bootstrap resamples of pictures"
        )?;
        writeln!(text, "and seeds.")
    }

    fn write_differences(&self, text: &mut String) -> fmt::Result {
        let interval = self.interval();
        write_head(text, &["variant", "accuracy, points", &interval, "mean class accuracy, points", &interval])?;
        for difference in &self.comparison.group_differences {
            let (accuracy, by_class) = (&difference.accuracy, &difference.mean_class_accuracy);
            writeln!(
                text,
                "| {} | {} | {} | {} | {} |",
                self.comparison.groups[difference.second].name,
                points(accuracy.value),
                range_in_points(accuracy),
                points(by_class.value),
                range_in_points(by_class),
            )?;
        }
        writeln!(text, "\nAn interval that holds 0 leaves open which of the two is better.\n")
    }

    fn write_tests(&self, first: &str, text: &mut String) -> fmt::Result {
        let only_first = format!("only {first} right");
        let heads = ["variant", "seed", &only_first, "only the variant right", "McNemar's p", "p after Holm"];
        write_head(text, &[heads.as_slice(), &["accuracy, points", &self.interval()]].concat())?;
        for pair in &self.comparison.pairs {
            let run = &self.comparison.runs[pair.second];
            writeln!(
                text,
                "| {} | {} | {} | {} | {} | {} | {} | {} |",
                run.group,
                run.seed,
                pair.mcnemar.only_first,
                pair.mcnemar.only_second,
                p_value(pair.mcnemar.p),
                p_value(pair.p_holm),
                points(pair.accuracy_difference.value),
                range_in_points(&pair.accuracy_difference),
            )?;
        }
        writeln!(text, "\nRuns of one seed on the same pictures; these intervals speak of other pictures alone.")
    }

    fn write_runs(&self, text: &mut String) -> fmt::Result {
        let heads =
            ["variant", "seed", "epoch", "accuracy, %", "mean class accuracy, %", "macro F1", "calibration error"];
        write_head(text, &heads)?;
        for (run, epoch) in self.comparison.runs.iter().zip(self.epochs) {
            writeln!(
                text,
                "| {} | {} | {epoch} | {:.2} | {:.2} | {:.4} | {:.4} |",
                run.group,
                run.seed,
                100.0 * run.accuracy.value,
                100.0 * run.mean_class_accuracy.value,
                run.macro_f1,
                run.ece
            )?;
        }
        Ok(())
    }

    /// The head of a column of intervals.
    fn interval(&self) -> String {
        format!("{:.0} % interval", 100.0 * self.comparison.confidence)
    }

    /// One row a variant: means, deviations, intervals, and differences from the first variant. All are shares, not
    /// percent.
    ///
    /// # Errors
    /// Never in practice, as above.
    pub fn variants_csv(&self) -> Result<Vec<u8>, csv::Error> {
        let rows = self.comparison.groups.iter().enumerate().map(|(index, group)| {
            let difference = self.comparison.group_differences.iter().find(|difference| difference.second == index);
            let accuracy = difference.map(|difference| difference.accuracy);
            let by_class = difference.map(|difference| difference.mean_class_accuracy);
            VariantRow {
                split: self.split.to_string(),
                variant: &group.name,
                seeds: group.runs.len(),
                accuracy_mean: group.accuracy.spread.mean,
                accuracy_std: group.accuracy.spread.std,
                accuracy_low: group.accuracy.interval.low,
                accuracy_high: group.accuracy.interval.high,
                mean_class_accuracy_mean: group.mean_class_accuracy.spread.mean,
                mean_class_accuracy_std: group.mean_class_accuracy.spread.std,
                mean_class_accuracy_low: group.mean_class_accuracy.interval.low,
                mean_class_accuracy_high: group.mean_class_accuracy.interval.high,
                accuracy_difference_value: accuracy.map(|interval| interval.value),
                accuracy_difference_low: accuracy.map(|interval| interval.low),
                accuracy_difference_high: accuracy.map(|interval| interval.high),
                mean_class_accuracy_difference_value: by_class.map(|interval| interval.value),
                mean_class_accuracy_difference_low: by_class.map(|interval| interval.low),
                mean_class_accuracy_difference_high: by_class.map(|interval| interval.high),
            }
        });
        csv_text(rows)
    }

    /// One row a run: its figures, and its test against the first variant's run of the same seed.
    ///
    /// # Errors
    /// Never in practice, as above.
    pub fn runs_csv(&self) -> Result<Vec<u8>, csv::Error> {
        let rows = self.comparison.runs.iter().zip(self.epochs).enumerate().map(|(index, (run, &epoch))| {
            let pair = self.comparison.pairs.iter().find(|pair| pair.second == index);
            RunRow {
                split: self.split.to_string(),
                variant: &run.group,
                seed: run.seed,
                epoch,
                accuracy: run.accuracy.value,
                accuracy_low: run.accuracy.low,
                accuracy_high: run.accuracy.high,
                mean_class_accuracy: run.mean_class_accuracy.value,
                mean_class_accuracy_low: run.mean_class_accuracy.low,
                mean_class_accuracy_high: run.mean_class_accuracy.high,
                macro_f1: run.macro_f1,
                ece: run.ece,
                only_first_right: pair.map(|pair| pair.mcnemar.only_first),
                only_this_right: pair.map(|pair| pair.mcnemar.only_second),
                mcnemar_method: pair.map(|pair| pair.mcnemar.method),
                mcnemar_p: pair.map(|pair| pair.mcnemar.p),
                p_holm: pair.map(|pair| pair.p_holm),
                accuracy_difference: pair.map(|pair| pair.accuracy_difference.value),
                accuracy_difference_low: pair.map(|pair| pair.accuracy_difference.low),
                accuracy_difference_high: pair.map(|pair| pair.accuracy_difference.high),
            }
        });
        csv_text(rows)
    }
}

/// A line of the variants' table.
#[derive(Serialize)]
struct VariantRow<'a> {
    split: String,
    variant: &'a str,
    seeds: usize,
    accuracy_mean: f64,
    accuracy_std: Option<f64>,
    accuracy_low: f64,
    accuracy_high: f64,
    mean_class_accuracy_mean: f64,
    mean_class_accuracy_std: Option<f64>,
    mean_class_accuracy_low: f64,
    mean_class_accuracy_high: f64,
    accuracy_difference_value: Option<f64>,
    accuracy_difference_low: Option<f64>,
    accuracy_difference_high: Option<f64>,
    mean_class_accuracy_difference_value: Option<f64>,
    mean_class_accuracy_difference_low: Option<f64>,
    mean_class_accuracy_difference_high: Option<f64>,
}

/// A line of the runs' table.
#[derive(Serialize)]
struct RunRow<'a> {
    split: String,
    variant: &'a str,
    seed: u64,
    epoch: usize,
    accuracy: f64,
    accuracy_low: f64,
    accuracy_high: f64,
    mean_class_accuracy: f64,
    mean_class_accuracy_low: f64,
    mean_class_accuracy_high: f64,
    macro_f1: f64,
    ece: f64,
    only_first_right: Option<u64>,
    only_this_right: Option<u64>,
    mcnemar_method: Option<McNemarMethod>,
    mcnemar_p: Option<f64>,
    p_holm: Option<f64>,
    accuracy_difference: Option<f64>,
    accuracy_difference_low: Option<f64>,
    accuracy_difference_high: Option<f64>,
}

fn write_head(text: &mut String, heads: &[&str]) -> fmt::Result {
    writeln!(text, "| {} |\n|{}", heads.join(" | "), "---|".repeat(heads.len()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::comparison::{Entry, Pairs, compare};
    use crate::evaluation::Answers;

    fn comparison() -> Comparison {
        let entry = |group: &str, seed: u64, right: usize| {
            let logits = (0..8).map(|picture| Some(if picture < right { vec![1.0, 0.0] } else { vec![0.0, 1.0] }));
            let answers = Answers { logits: logits.collect(), labels: vec![0; 8] };
            Entry { name: format!("{group}-{seed}"), group: group.into(), seed, answers, temperature: 1.0 }
        };
        let entries = [entry("softmax", 1, 4), entry("dacl", 1, 8), entry("softmax", 2, 6), entry("dacl", 2, 7)];
        compare(&entries, &["neutral".into(), "happy".into()], Pairs::AgainstFirstGroup)
    }

    #[test]
    fn the_table_says_on_which_split_it_was_measured_and_what_the_seeds_gave() {
        let comparison = comparison();
        let table = |split| Table {
            name: "ablation",
            data: "synthetic",
            split,
            comparison: &comparison,
            epochs: &[1, 2, 3, 4],
        };
        let markdown = table(SplitName::Valid).markdown().unwrap();
        assert!(markdown.contains("validation split of `synthetic`, 8 pictures") && markdown.contains("flatters"));
        assert!(markdown.contains("| softmax | 2 | 62.50 ± 17.68 |"), "{markdown}");
        assert!(markdown.contains("| dacl | 1 | 0 | 4 | 0.1250 |"), "{markdown}");
        assert!(markdown.contains("| dacl | +31.25 |"), "{markdown}");
        assert!(!table(SplitName::Test).markdown().unwrap().contains("flatters"));
    }

    #[test]
    fn the_csv_has_a_row_for_each_variant_and_each_run() {
        let comparison = comparison();
        let table = Table {
            name: "ablation",
            data: "synthetic",
            split: SplitName::Test,
            comparison: &comparison,
            epochs: &[1, 2, 3, 4],
        };
        let rows = |text: Vec<u8>| -> Vec<std::collections::HashMap<String, String>> {
            csv::Reader::from_reader(text.as_slice()).deserialize().collect::<Result<_, _>>().unwrap()
        };
        let variants = rows(table.variants_csv().unwrap());
        assert_eq!((variants.len(), variants[0]["accuracy_mean"].as_str()), (2, "0.625"));
        assert_eq!((variants[0]["accuracy_difference_value"].as_str(), variants[1]["split"].as_str()), ("", "test"));
        assert_eq!(variants[1]["accuracy_difference_value"], "0.3125");
        let runs = rows(table.runs_csv().unwrap());
        assert_eq!((runs.len(), runs[1]["only_this_right"].as_str(), runs[1]["epoch"].as_str()), (4, "4", "2"));
        assert_eq!(runs[1]["mcnemar_method"], "exact-binomial");
        assert!((runs[1]["mcnemar_p"].parse::<f64>().unwrap() - 0.125).abs() < 1e-12);
        assert_eq!(runs[0]["mcnemar_p"], "");
    }
}
