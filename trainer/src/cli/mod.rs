//! The command line: one file a command, errors in sentences.

mod average;
mod bench;
mod centres;
mod compare;
mod data;
mod error_text;
mod eval;
mod experiment;
mod export;
mod face_crop;
mod info;
mod loading;
mod predict;
mod progress_bar;
mod report;
mod test_evaluations;
mod text_table;
mod train;

use clap::{Parser, Subcommand};

pub(crate) use self::error_text::error_text;

/// Trains, evaluates and exports DACL networks.
#[derive(Parser)]
#[command(name = "trainer", version, about, max_term_width = 110)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Train a network, or go on with a run.
    Train(Box<train::Train>),
    /// Measure weights on a split: accuracy, per-class recall, confusion, calibration.
    Eval(eval::Eval),
    /// Find the faces in pictures and name their expressions.
    Predict(predict::Predict),
    /// Print a network's layers, shapes and parameters.
    Info(info::Info),
    /// Write a run's network for the browser, for later runs and PyTorch, or for ONNX.
    Export(export::Export),
    /// Find an artefact's class centres anew, and when its answers are better called not sure.
    Centres(centres::RenewCentres),
    /// Measure how fast this machine computes and trains.
    Bench(bench::Bench),
    /// Compare runs on the same pictures: spread over seeds, intervals and paired tests.
    Compare(compare::Compare),
    /// Train variants of one recipe with several seeds each, and write the table that compares them.
    Experiment(experiment::RunExperiment),
    /// Write a report on a run or an artefact: one HTML file that needs nothing else, and a model card.
    Report(report::Report),
    /// Write the mean picture of every class of a data set.
    Average(average::Average),
    /// Look through a data set, or make one of the faces in photographs.
    #[command(subcommand)]
    Data(data::Data),
}

impl Cli {
    /// Carries the command out.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Train(command) => command.run(),
            Command::Eval(command) => command.run(),
            Command::Predict(command) => command.run(),
            Command::Info(command) => command.run(),
            Command::Export(command) => command.run(),
            Command::Centres(command) => command.run(),
            Command::Bench(command) => command.run(),
            Command::Compare(command) => command.run(),
            Command::Experiment(command) => command.run(),
            Command::Report(command) => command.run(),
            Command::Average(command) => command.run(),
            Command::Data(command) => command.run(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;
    use std::path::{Path, PathBuf};

    use trainer::experiment::Experiment;
    use trainer::recipe_file::RecipeFile;

    use super::*;

    /// The trainer's command lines in a text: what stands after the program's name, without comments.
    fn command_lines(text: &str) -> Vec<Vec<String>> {
        let programs = ["target/release/trainer ", "trainer ", "cargo run --release -p trainer -- ", "\"$trainer\" "];
        // A line that ends in a backslash goes on in the next; what a shell does on a condition is a line of its own.
        let text = text.replace("\\\n", " ").replace("; then ", "\n").replace("; fi", "");
        let lines = text.lines().map(|line| line.trim_start_matches(['#', ' ', '$']));
        let arguments = lines.filter_map(|line| programs.iter().find_map(|program| line.strip_prefix(program)));
        let words = |line: &str| -> Vec<String> {
            line.split(" # ")
                .next()
                .unwrap_or_default()
                .split_whitespace()
                .map(|word| word.trim_matches('"').to_owned())
                .collect()
        };
        arguments.map(words).collect()
    }

    #[test]
    fn every_command_in_the_documents_is_one() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let files = |folder: &str| fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path());
        let kinds = ["md", "toml", "sh"];
        let known = |path: &PathBuf| path.extension().is_some_and(|kind| kinds.iter().any(|known| kind == *known));
        let mut commands = 0;
        for path in files("docs").chain(files("runs")).filter(known).chain([root.join("README.md")]) {
            for arguments in command_lines(&fs::read_to_string(&path).unwrap()) {
                let parsed = Cli::try_parse_from([&["trainer".to_owned()], arguments.as_slice()].concat());
                let said = parsed.err().map(|error| error.to_string()).unwrap_or_default();
                assert!(said.is_empty(), "{}: trainer {}\n{said}", path.display(), arguments.join(" "));
                commands += 1;
            }
        }
        assert!(commands > 40, "{commands} commands were found");
    }

    #[test]
    fn every_file_in_runs_is_a_recipe_or_an_experiment() {
        let runs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runs");
        let (mut recipes, mut experiments) = (0, 0);
        for path in fs::read_dir(runs).unwrap().map(|entry| entry.unwrap().path()) {
            if path.extension().is_none_or(|kind| kind != "toml") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            if text.contains("[[variants]]") {
                Experiment::read(&path).unwrap();
                experiments += 1;
            } else {
                let file = RecipeFile::read(&path).unwrap();
                file.recipe(None).unwrap();
                file.data().unwrap();
                recipes += 1;
            }
        }
        assert!(recipes >= 2 && experiments >= 3, "{recipes} recipes and {experiments} experiments were found");
    }
}
