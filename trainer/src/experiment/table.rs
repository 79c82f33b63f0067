//! The outcome of an experiment as Markdown for people and as CSV for programs.

use std::fmt::{self, Write};

use crate::comparison::{Comparison, OverSeeds, PairFigures};
use crate::data::SplitName;
use crate::statistics::{Interval, McNemarMethod};

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

/// A table cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("the table cannot be written: {0}")]
pub struct TableError(String);

impl Table<'_> {
    /// The whole outcome as Markdown.
    ///
    /// # Errors
    /// Never in practice: text always takes more text.
    pub fn markdown(&self) -> Result<String, TableError> {
        let mut text = String::new();
        self.write_markdown(&mut text).map_err(|error| TableError(error.to_string()))?;
        Ok(text)
    }

    fn write_markdown(&self, text: &mut String) -> fmt::Result {
        writeln!(text, "# {}\n", self.name)?;
        write!(text, "Measured on the {} split of `{}`, ", split_in_words(self.split), self.data)?;
        write!(text, "{} pictures, each run at the epoch that was best on the validation split.", self.comparison.n)?;
        writeln!(text, "{}\n", caution(self.split))?;
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
                mean_and_spread(accuracy),
                ends(&accuracy.interval, false),
                mean_and_spread(by_class),
                ends(&by_class.interval, false),
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
                "| {} | {:+.2} | {} | {:+.2} | {} |",
                self.comparison.groups[difference.second].name,
                100.0 * accuracy.value,
                ends(accuracy, true),
                100.0 * by_class.value,
                ends(by_class, true),
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
                "| {} | {} | {} | {} | {:.4} | {:.4} | {:+.2} | {} |",
                run.group,
                seed_text(run.seed),
                pair.mcnemar.only_first,
                pair.mcnemar.only_second,
                pair.mcnemar.p,
                pair.p_holm,
                100.0 * pair.accuracy_difference.value,
                ends(&pair.accuracy_difference, true),
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
                seed_text(run.seed),
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
    pub fn variants_csv(&self) -> Result<String, TableError> {
        let figures = ["accuracy", "mean_class_accuracy"];
        let mut heads: Vec<String> = ["split", "variant", "seeds"].map(String::from).to_vec();
        heads.extend(
            figures.iter().flat_map(|name| ["mean", "std", "low", "high"].map(|part| format!("{name}_{part}"))),
        );
        heads.extend(
            figures.iter().flat_map(|name| ["value", "low", "high"].map(|part| format!("{name}_difference_{part}"))),
        );
        let rows = self.comparison.groups.iter().enumerate().map(|(index, group)| {
            let mut row = vec![self.split.to_string(), group.name.clone(), group.runs.len().to_string()];
            for OverSeeds { spread, interval } in [&group.accuracy, &group.mean_class_accuracy] {
                let std = spread.std.map_or_else(String::new, |std| std.to_string());
                row.extend([spread.mean.to_string(), std, interval.low.to_string(), interval.high.to_string()]);
            }
            let difference = self.comparison.group_differences.iter().find(|difference| difference.second == index);
            match difference {
                Some(difference) => {
                    for Interval { value, low, high } in [&difference.accuracy, &difference.mean_class_accuracy] {
                        row.extend([value, low, high].map(f64::to_string));
                    }
                }
                None => row.extend(std::iter::repeat_n(String::new(), 3 * figures.len())),
            }
            row
        });
        csv_text(&heads, rows)
    }

    /// One row a run: its figures, and its test against the first variant's run of the same seed.
    ///
    /// # Errors
    /// Never in practice, as above.
    pub fn runs_csv(&self) -> Result<String, TableError> {
        let heads = [
            "split",
            "variant",
            "seed",
            "epoch",
            "accuracy",
            "accuracy_low",
            "accuracy_high",
            "mean_class_accuracy",
            "mean_class_accuracy_low",
            "mean_class_accuracy_high",
            "macro_f1",
            "ece",
            "only_first_right",
            "only_this_right",
            "mcnemar_method",
            "mcnemar_p",
            "p_holm",
            "accuracy_difference",
            "accuracy_difference_low",
            "accuracy_difference_high",
        ];
        let rows = self.comparison.runs.iter().zip(self.epochs).enumerate().map(|(index, (run, epoch))| {
            let mut row = vec![self.split.to_string(), run.group.clone(), seed_text(run.seed), epoch.to_string()];
            for Interval { value, low, high } in [run.accuracy, run.mean_class_accuracy] {
                row.extend([value, low, high].map(|value| value.to_string()));
            }
            row.extend([run.macro_f1.to_string(), run.ece.to_string()]);
            match self.comparison.pairs.iter().find(|pair| pair.second == index) {
                Some(pair) => row.extend(test_cells(pair)),
                None => row.extend(std::iter::repeat_n(String::new(), 8)),
            }
            row
        });
        csv_text(&heads.map(String::from), rows)
    }
}

fn test_cells(pair: &PairFigures) -> [String; 8] {
    let method = match pair.mcnemar.method {
        McNemarMethod::ExactBinomial => "exact-binomial",
        McNemarMethod::ChiSquared => "chi-squared",
    };
    let Interval { value, low, high } = pair.accuracy_difference;
    [
        pair.mcnemar.only_first.to_string(),
        pair.mcnemar.only_second.to_string(),
        method.into(),
        pair.mcnemar.p.to_string(),
        pair.p_holm.to_string(),
        value.to_string(),
        low.to_string(),
        high.to_string(),
    ]
}

fn csv_text(heads: &[String], rows: impl Iterator<Item = Vec<String>>) -> Result<String, TableError> {
    let failed = |error: &dyn fmt::Display| TableError(error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in std::iter::once(heads.to_vec()).chain(rows) {
        writer.write_record(&row).map_err(|error| failed(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    String::from_utf8(bytes).map_err(|error| failed(&error))
}

fn write_head(text: &mut String, heads: &[&str]) -> fmt::Result {
    writeln!(text, "| {} |\n|{}", heads.join(" | "), "---|".repeat(heads.len()))
}

/// What figures on a split are worth, where they are not what they seem.
fn caution(split: SplitName) -> &'static str {
    match split {
        SplitName::Train => " The weights were fitted on these very pictures, so this says nothing about new ones.",
        SplitName::Valid => {
            " The epoch was chosen on these very pictures, which flatters the figures; `--split test` measures on others."
        }
        SplitName::Test => "",
    }
}

fn split_in_words(split: SplitName) -> &'static str {
    match split {
        SplitName::Train => "training",
        SplitName::Valid => "validation",
        SplitName::Test => "test",
    }
}

fn seed_text(seed: Option<u64>) -> String {
    seed.map_or_else(String::new, |seed| seed.to_string())
}

fn mean_and_spread(figure: &OverSeeds) -> String {
    let std = figure.spread.std.map_or_else(String::new, |std| format!(" ± {:.2}", 100.0 * std));
    format!("{:.2}{std}", 100.0 * figure.spread.mean)
}

/// The ends of an interval in percent or, with their signs, in points.
fn ends(interval: &Interval, signed: bool) -> String {
    let (low, high) = (100.0 * interval.low, 100.0 * interval.high);
    if signed { format!("{low:+.2} to {high:+.2}") } else { format!("{low:.2} to {high:.2}") }
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
            Entry { name: format!("{group}-{seed}"), group: group.into(), seed: Some(seed), answers, temperature: 1.0 }
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
        let rows = |text: String| -> Vec<std::collections::HashMap<String, String>> {
            csv::Reader::from_reader(text.as_bytes()).deserialize().collect::<Result<_, _>>().unwrap()
        };
        let variants = rows(table.variants_csv().unwrap());
        assert_eq!((variants.len(), variants[0]["accuracy_mean"].as_str()), (2, "0.625"));
        assert_eq!((variants[0]["accuracy_difference_value"].as_str(), variants[1]["split"].as_str()), ("", "test"));
        assert_eq!(variants[1]["accuracy_difference_value"], "0.3125");
        let runs = rows(table.runs_csv().unwrap());
        assert_eq!((runs.len(), runs[1]["only_this_right"].as_str(), runs[1]["epoch"].as_str()), (4, "4", "2"));
        assert!((runs[1]["mcnemar_p"].parse::<f64>().unwrap() - 0.125).abs() < 1e-12);
        assert_eq!(runs[0]["mcnemar_p"], "");
    }
}
