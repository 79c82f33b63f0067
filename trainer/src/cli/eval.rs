//! `trainer eval`.

use std::path::PathBuf;

use clap::Args;
use dacl::faces::SeetaOptions;
use serde_json::json;
use trainer::data::{DataSpec, Split, SplitName, same_classes};
use trainer::device::{ChosenDevice, DeviceChoice};
use trainer::evaluation::Evaluation;
use trainer::turned_photographs::{TurnedFigures, turned_photographs};
use trainer::weights_folder::LoadedWeights;
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
    /// Turn every photograph clockwise by each of these degrees, such as -30,0,30, and count faces and right answers, without and with
    /// the search for faces that lean; for photos:DIR.
    #[arg(long, value_name = "DEGREES", value_delimiter = ',', allow_hyphen_values = true, value_parser = degrees)]
    rotate: Vec<f32>,
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

fn degrees(text: &str) -> Result<f32, String> {
    let finite = text.parse().ok().filter(|degrees: &f32| degrees.is_finite());
    finite.ok_or_else(|| "use degrees, such as -30,0,30".into())
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
        let (weights_name, data) = (self.weights.display().to_string(), self.data.to_string());
        same_classes((&weights_name, &weights.recogniser.config().classes), (&data, &split.classes))?;
        if !self.rotate.is_empty() {
            return self.rotated(weights, &split, &device);
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

impl Eval {
    /// Prints what becomes of turned photographs.
    fn rotated(&self, weights: LoadedWeights, split: &Split, device: &ChosenDevice) -> anyhow::Result<()> {
        anyhow::ensure!(
            split.whole_photographs,
            "--rotate is for whole photographs (photos:DIR): {} holds ready crops",
            self.data
        );
        // A pipeline keeps its network, so that the second one needs one of its own.
        let mut again = weights_folder::open(&self.weights, &device.device)?;
        again.face_crop = weights.face_crop;
        let bar = over_pictures(2 * self.rotate.len() * split.samples.len(), "");
        let measure = |weights, leaning, before: usize| {
            let options = SeetaOptions { leaning, ..SeetaOptions::default() };
            turned_photographs(weights, options, split, &self.rotate, |count| bar.set_position((before + count) as u64))
        };
        let without = measure(weights, false, 0)?;
        let with = measure(again, true, self.rotate.len() * split.samples.len())?;
        bar.finish_and_clear();
        if self.json {
            println!("{}", serde_json::to_string_pretty(&json!({ "upright_only": without, "leaning": with }))?);
            return Ok(());
        }
        println!("{} photographs of {}, on {} ({})\n", split.samples.len(), self.data, device.name, device.reason);
        println!("{:>7}  {:^34}  {:^34}", "", "upright faces only", "faces that lean, too");
        let heads = format!("{:>8}{:>8}{:>9}{:>9}", "found", "wrong", "accuracy", "ms");
        println!("{:>7}  {heads}  {heads}", "degrees");
        for (without, with) in without.iter().zip(&with) {
            println!("{:>7}  {}  {}", without.degrees, cells(without), cells(with));
        }
        Ok(())
    }
}

fn cells(figures: &TurnedFigures) -> String {
    let accuracy = 100.0 * figures.right as f64 / figures.n.max(1) as f64;
    format!("{:>8}{:>8}{accuracy:>7.1} %{:>9.1}", figures.found, figures.misplaced, figures.find_ms)
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
