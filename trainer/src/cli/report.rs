//! `trainer report`.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use trainer::data::{DataSpec, LoadOptions, Split, SplitName};
use trainer::device::DeviceChoice;
use trainer::report::{CARD_FILE, Findings, Inside, Origin, PAGE_FILE, Subject, Temperature, write};

use super::loading::{Loading, load_reporting};
use super::progress_bar::over_pictures;
use super::test_evaluations::note_test_evaluation;

/// Write a report on a run or an artefact: one HTML file that needs nothing else, and a model card.
///
/// Curves, confusion, figures a class, calibration, attention, features and centres, settings and origin. No picture of
/// the data set gets into it.
#[derive(Args)]
pub(crate) struct Report {
    /// Folder of a run (its best checkpoint) or of an exported artefact.
    #[arg(value_name = "RUN")]
    subject: PathBuf,
    /// Data set; otherwise the run's own. Needed for an artefact.
    #[arg(long)]
    data: Option<DataSpec>,
    /// Which split: train, valid or test.
    #[arg(long, default_value = "valid")]
    split: SplitName,
    /// Folder of the report; otherwise the folder report in the run's. Needed for an artefact, whose folder stays as it
    /// is.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Where to compute.
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
    #[command(flatten)]
    loading: Loading,
}

impl Report {
    /// Writes page and card.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let device = self.device.open()?;
        let subject = Subject::open(&self.subject, &device.device)?;
        let (data, out) = match &subject.origin {
            Origin::Run(run) => (
                match self.data {
                    Some(data) => data,
                    None => run.description.data.parse().context("the run's data set")?,
                },
                self.out.unwrap_or_else(|| self.subject.join("report")),
            ),
            Origin::Artefact(_) => (
                self.data.context("an artefact does not say where its data lie: --data is needed")?,
                self.out.context("an artefact's folder holds its files and nothing else: --out is needed")?,
            ),
        };
        let own = match &subject.origin {
            Origin::Run(run) => run.description.loading.clone(),
            Origin::Artefact(_) => LoadOptions::default(),
        };
        let options = self.loading.beside(&own, &data);
        let split = load_reporting(&data, self.split, &options)?;
        Findings::check(&subject, &data, &split)?;
        let inside = looked_into(&subject, &split)?;
        let temperature = match (&subject.origin, self.split) {
            (Origin::Artefact(manifest), _) => {
                Temperature { value: manifest.temperature, origin: "fitted at export".into() }
            }
            (Origin::Run(_), SplitName::Valid) => {
                Temperature { value: inside.answers.fit_temperature(), origin: "fitted on these very pictures".into() }
            }
            (Origin::Run(_), _) => {
                let valid = load_reporting(&data, SplitName::Valid, &options)?;
                Findings::check(&subject, &data, &valid)?;
                let answers = looked_into(&subject, &valid)?.answers;
                Temperature { value: answers.fit_temperature(), origin: "fitted on the validation split".into() }
            }
        };
        let findings = Findings::of(subject, &data, self.split, inside, temperature)?;
        write(&findings, &out)?;
        note_test_evaluation(&self.subject, "report", self.split, &data, &findings.calibrated);
        println!("{}\n{}", out.join(PAGE_FILE).display(), out.join(CARD_FILE).display());
        Ok(())
    }
}

fn looked_into(subject: &Subject, split: &Split) -> anyhow::Result<Inside> {
    let bar = over_pictures(split.samples.len(), "");
    let inside = Inside::of(subject, split, |count| bar.set_position(count as u64))?;
    bar.finish_and_clear();
    Ok(inside)
}
