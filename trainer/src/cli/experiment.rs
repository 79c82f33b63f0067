//! `trainer experiment`.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, anyhow, bail, ensure};
use clap::Args;
use trainer::comparison::{Entrant, Pairs, agree_on_classes, compare};
use trainer::data::{LoadOptions, SplitName, data_hash};
use trainer::device::DeviceChoice;
use trainer::experiment::{Environment, Experiment, PlannedRun, RunState, Table};
use trainer::folder_lock::{LOCK_FILE, LockError, lock};
use trainer::run_folder::{RunFolder, best_epoch};
use trainer::weights_folder::weights_sha256;
use trainer::whole_file::write_whole;

use super::compare::measured;
use super::loading::{Loading, load_crops};
use super::test_evaluations::note_test_evaluation;

/// Train variants of one recipe with several seeds each, and write the table that compares them.
///
/// Every run is a run folder within one output folder. A run that is finished is not done again and one that was
/// interrupted goes on, so the same command can be given until all are there. Then the runs are measured, and
/// table-valid.md, variants-valid.csv and runs-valid.csv are written to the output folder.
#[derive(Args)]
pub(crate) struct RunExperiment {
    /// The experiment file; docs/reports.md describes it.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Folder of everything that comes out; otherwise the file's own path without its ending.
    #[arg(long)]
    out: Option<PathBuf>,
    /// The split that the table is measured on: valid or test. Epochs are chosen on valid whatever this says.
    #[arg(long, default_value = "valid", value_parser = new_pictures)]
    split: SplitName,
    /// Where to compute.
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
    #[command(flatten)]
    loading: Loading,
}

/// A split that the weights were not fitted on.
fn new_pictures(text: &str) -> Result<SplitName, String> {
    match text.parse() {
        Ok(SplitName::Train) => Err("the weights were fitted on train: use valid or test".into()),
        Ok(split) => Ok(split),
        Err(_) => Err("use valid or test".into()),
    }
}

impl RunExperiment {
    /// Trains what is not there yet, then measures and writes the tables.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let mut experiment = Experiment::read(&self.file)?;
        for run in &mut experiment.runs {
            run.loading = self.loading.beside(&run.loading, &experiment.data);
        }
        let out = self.out.clone().unwrap_or_else(|| self.file.with_extension(""));
        ensure!(out != self.file, "{} has no ending to leave off: say --out", self.file.display());
        std::fs::create_dir_all(&out).with_context(|| out.display().to_string())?;
        let lock = locked(&out)?;
        let states = experiment.runs.iter().map(|run| run.state(&out)).collect::<Result<Vec<_>, _>>()?;
        let kept = out.join("experiment.toml");
        write_whole(&kept, experiment.text.as_bytes()).with_context(|| kept.display().to_string())?;
        self.train(&experiment, &states, &out, &lock)?;
        self.measure(&experiment, &out)
    }

    /// Trains every run that is not done, one after the other. A run that fails does not keep the others from being
    /// done.
    fn train(&self, experiment: &Experiment, states: &[RunState], out: &Path, lock: &File) -> anyhow::Result<()> {
        // Also where all is done: the table says that all runs had what the file names.
        let all_done = states.iter().all(|&state| state == RunState::Done);
        let environment = self.environment(experiment, all_done)?;
        for (run, _) in experiment.runs.iter().zip(states).filter(|(_, state)| **state != RunState::New) {
            run.check(out, &environment)?;
        }
        if all_done {
            return Ok(());
        }
        let mut failed = Vec::new();
        for (index, (run, &state)) in experiment.runs.iter().zip(states).enumerate() {
            let state_in_words = match state {
                RunState::Done => "done already".into(),
                RunState::New => "starts".into(),
                RunState::Begun(epochs) => format!("goes on after epoch {epochs}"),
            };
            let (number, seed) = (index + 1, run.recipe.seed);
            println!("run {number} of {}: {}, seed {seed}, {state_in_words}", states.len(), run.variant);
            if state == RunState::New {
                run.begin(out, &environment)?;
            }
            if state != RunState::Done && !train_in_a_process(run, out, self.device, lock)? {
                failed.push(run.folder(out).display().to_string());
            }
        }
        if failed.is_empty() {
            return Ok(());
        }
        bail!(
            "{} of {} runs failed ({}): there is no table yet. What went wrong is said above; the same command goes on \
             where it can",
            failed.len(),
            states.len(),
            failed.join(", ")
        )
    }

    /// What runs are begun with and held against. Start weights that are gone are missed only by runs that are not `all_done`.
    fn environment(&self, experiment: &Experiment, all_done: bool) -> anyhow::Result<Environment> {
        let options = loading(experiment);
        let train = load_crops(&experiment.data, SplitName::Train, &options)?;
        let valid = load_crops(&experiment.data, SplitName::Valid, &options)?;
        let data_sha256 = data_hash(&[(SplitName::Train, &train), (SplitName::Valid, &valid)]);
        let init = experiment.runs.first().and_then(|run| run.init.as_deref().map(Path::new));
        let init_sha256 = init.filter(|init| !all_done || init.exists()).map(weights_sha256).transpose()?;
        Ok(Environment { classes: valid.classes, data_sha256, init_sha256, device: self.device.open()?.name.clone() })
    }

    fn measure(&self, experiment: &Experiment, out: &Path) -> anyhow::Result<()> {
        let device = self.device.open()?;
        let split = load_crops(&experiment.data, self.split, &loading(experiment))?;
        let folders: Vec<PathBuf> = experiment.runs.iter().map(|run| run.folder(out)).collect();
        let entrants = folders.iter().map(|folder| Entrant::read(folder)).collect::<Result<Vec<_>, _>>()?;
        agree_on_classes(&entrants, (&experiment.data.to_string(), &split.classes))?;
        let (mut entries, mut epochs) = (Vec::new(), Vec::new());
        for run in &experiment.runs {
            let folder = run.folder(out);
            let (name, group) = (folder.display().to_string(), run.variant.clone());
            // Mends what a process that was killed right after its last epoch left undone.
            epochs.push(best_epoch(&RunFolder::resume(&folder)?.history()?));
            let entry = measured(&folder, name, group, run.recipe.seed, &split, &device.device)?;
            let figures = entry.answers.evaluate(&split.classes, entry.temperature, split.whole_photographs);
            note_test_evaluation(&folder, "experiment", self.split, &experiment.data, &figures);
            entries.push(entry);
        }
        let comparison = compare(&entries, &split.classes, Pairs::AgainstFirstGroup);
        let name = out.file_name().map_or_else(|| "experiment".into(), |name| name.to_string_lossy());
        let data = experiment.data.to_string();
        let table = Table { name: &name, data: &data, split: self.split, comparison: &comparison, epochs: &epochs };
        let markdown = table.markdown()?;
        for (file, text) in [
            (format!("table-{}.md", self.split), markdown.clone().into_bytes()),
            (format!("variants-{}.csv", self.split), table.variants_csv()?),
            (format!("runs-{}.csv", self.split), table.runs_csv()?),
        ] {
            let file = out.join(file);
            write_whole(&file, &text).with_context(|| file.display().to_string())?;
        }
        println!("\n{markdown}\nwritten to {}", out.display());
        Ok(())
    }
}

/// Trains in a process of its own, so that a crash or a device that runs out of memory does not take the other runs
/// along. Says whether it reached the end.
fn train_in_a_process(run: &PlannedRun, out: &Path, device: DeviceChoice, lock: &File) -> anyhow::Result<bool> {
    let program = std::env::current_exe().context("the trainer's own program file")?;
    let status = Command::new(program)
        .arg("train")
        .arg("--resume")
        .arg(run.folder(out))
        .args(["--device", &device.to_string()])
        // The lock lives as long as anyone holds the file: a training that outlives this process keeps others away.
        .stdin(Stdio::from(lock.try_clone().context("the experiment's lock")?))
        .status()
        .context("the training process")?;
    Ok(status.success() && run.state(out)? == RunState::Done)
}

/// How the runs read their data, all alike.
fn loading(experiment: &Experiment) -> LoadOptions {
    experiment.runs.first().map(|run| run.loading.clone()).unwrap_or_default()
}

/// Keeps a second `trainer experiment` out of the folder, for two would train the same runs.
fn locked(out: &Path) -> anyhow::Result<File> {
    lock(out).map_err(|error| match error {
        LockError::Taken => {
            anyhow!(
                "another `trainer experiment`, or a training that it started, is still at work in {}",
                out.display()
            )
        }
        LockError::Io(error) => anyhow::Error::new(error).context(out.join(LOCK_FILE).display().to_string()),
    })
}
