//! `trainer eval`.

use std::path::PathBuf;

use clap::Args;
use trainer::data::{DataSpec, SplitName};
use trainer::device::DeviceChoice;
use trainer::evaluation::Evaluation;
use trainer::{measure, weights_folder};

use super::face_crop::margin;
use super::loading::{Loading, load_reporting};
use super::progress_bar::over_pictures;
use super::test_evaluations::note_test_evaluation;

/// Measure weights on a split: accuracy, per-class recall, confusion, calibration.
///
/// On whole photographs (photos:DIR) the face stage runs first; a photograph without a face that is found counts as wrong and
/// is reported apart.
#[derive(Args)]
pub(crate) struct Eval {
    /// Folder of an exported artefact, or of a run (its best checkpoint, before quantisation).
    #[arg(long, value_name = "DIR")]
    weights: PathBuf,
    #[arg(long, help = format!("Data set: {}", DataSpec::KINDS))]
    data: DataSpec,
    /// Which split: train, valid or test.
    #[arg(long, default_value = "valid")]
    split: SplitName,
    /// Side of the face crop as a multiple of the face box, 0.1 to 10, instead of the weights' own; for photos:DIR.
    #[arg(long, value_name = "MARGIN", allow_negative_numbers = true, value_parser = margin)]
    crop_margin: Option<f32>,
    /// Average the answers to each picture and to its mirror image; for ready crops.
    #[arg(long)]
    flip: bool,
    /// Print JSON instead of a table.
    #[arg(long)]
    json: bool,
    /// Where to compute.
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
    #[command(flatten)]
    loading: Loading,
}

impl Eval {
    /// Prints the figures.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let device = self.device.open()?;
        let mut weights = weights_folder::open(&self.weights, &device.device)?;
        if let Some(margin) = self.crop_margin {
            weights.face_crop.margin = margin;
        }
        let options = self.loading.beside(&weights_folder::own_loading(&self.weights)?, &self.data);
        let split = load_reporting(&self.data, self.split, &options)?;
        anyhow::ensure!(
            self.crop_margin.is_none() || split.whole_photographs,
            "--crop-margin is for whole photographs (photos:DIR): {} holds ready crops",
            self.data
        );
        anyhow::ensure!(
            !(self.flip && split.whole_photographs),
            "--flip is for ready crops: {} holds whole photographs",
            self.data
        );
        let names = &weights.recogniser.config().classes;
        if *names != split.classes {
            anyhow::bail!(
                "the weights know the classes {}, {} has {}",
                names.join(", "),
                self.data,
                split.classes.join(", ")
            );
        }
        let temperature = weights.recogniser.config().temperature;
        let bar = over_pictures(split.samples.len(), "");
        let seen = |count: usize| bar.set_position(count as u64);
        let answers = match self.flip {
            true => measure::crops_and_mirrors(&weights.recogniser, &split, seen)?,
            false => measure::split(weights, &split, seen)?,
        };
        bar.finish_and_clear();
        let figures = answers.evaluate(&split.classes, temperature, split.whole_photographs);
        note_test_evaluation(&self.weights, "eval", self.split, &self.data, &figures);
        match self.json {
            true => println!("{}", serde_json::to_string_pretty(&figures)?),
            false => {
                println!("{} of {}, on {} ({})", self.split, self.data, device.name, device.reason);
                println!("left out: {}", split.left_out);
                print(&figures);
            }
        }
        Ok(())
    }
}

/// The figures as a table for people.
fn print(figures: &Evaluation) {
    println!("pictures             {:>8}", figures.n);
    println!("accuracy             {:>8.2} %", 100.0 * figures.accuracy);
    println!("mean class accuracy  {:>8.2} %", 100.0 * figures.mean_class_accuracy);
    println!("macro F1             {:>8.4}", figures.macro_f1);
    println!("calibration error    {:>8.4}", figures.ece);
    if let Some(no_face) = figures.no_face {
        println!("no face found        {no_face:>8}");
    }
    println!("\nrows are true classes, columns answers");
    print!("{:<10}", "");
    for class in &figures.classes {
        print!("{class:>10}");
    }
    println!("{:>10}", "recall");
    for ((class, row), recall) in figures.classes.iter().zip(&figures.confusion).zip(&figures.recall) {
        print!("{class:<10}");
        for count in row {
            print!("{count:>10}");
        }
        match recall {
            Some(recall) => println!("{:>8.1} %", 100.0 * recall),
            None => println!("{:>10}", "-"),
        }
    }
}
