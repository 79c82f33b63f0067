//! `trainer export`.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use dacl::artefact::FaceCrop;
use trainer::data::{DataSpec, SplitName};
use trainer::device::DeviceChoice;
use trainer::export::{ExportOptions, export};
use trainer::run_folder::RunFolder;
use trainer::weights_folder::FACE_CROP;

/// Write the weight artefact that the browser loads.
///
/// Takes the best checkpoint, folds batch norm away, stores the big matrices in 8 bits, fits the temperature on the run's
/// validation split, and measures the network there before and after.
#[derive(Args)]
pub(crate) struct Export {
    /// Folder of the run.
    #[arg(long)]
    run: PathBuf,
    /// Folder of the artefact.
    #[arg(long)]
    out: PathBuf,
    /// Replace an artefact that is there.
    #[arg(long)]
    overwrite: bool,
    /// Validation data, if it is not where the run had it.
    #[arg(long)]
    data: Option<DataSpec>,
    /// Side of the face crop as a multiple of the face box.
    #[arg(long, default_value_t = FACE_CROP.margin)]
    crop_margin: f32,
    /// How far the crop's centre lies below the box's, as a share of the box.
    #[arg(long, default_value_t = FACE_CROP.shift_down, allow_negative_numbers = true)]
    crop_shift: f32,
    /// Where to compute.
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
}

impl Export {
    /// Writes the artefact and prints what was measured.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let run = RunFolder::open(&self.run)?;
        let data = match self.data {
            Some(data) => data,
            None => run.description().data.parse().context("the run's data set")?,
        };
        anyhow::ensure!(
            (0.1..=10.0).contains(&self.crop_margin) && self.crop_shift.abs() <= 2.0,
            "--crop-margin takes a number from 0.1 to 10, --crop-shift one from -2 to 2"
        );
        let device = self.device.open()?;
        let valid = data.load(SplitName::Valid)?;
        let options = ExportOptions {
            face_crop: FaceCrop { margin: self.crop_margin, shift_down: self.crop_shift },
            data: data.to_string(),
            overwrite: self.overwrite,
        };
        let exported = export(&run, &valid, options, &self.out, &device.device)?;
        let manifest = &exported.manifest;
        println!("{}", self.out.display());
        for file in [&manifest.files.labels, &manifest.files.attention] {
            println!("  {:<24}{:>12} bytes  sha256 {}", file.name, file.bytes, file.sha256);
        }
        println!("temperature {:.3}, fitted on {} pictures", manifest.temperature, exported.before.n);
        for (name, figures) in [("before quantisation", &exported.before), ("the artefact", &exported.after)] {
            println!(
                "{name:<20} accuracy {:.2} %, mean class accuracy {:.2} %, calibration error {:.4}",
                100.0 * figures.accuracy,
                100.0 * figures.mean_class_accuracy,
                figures.ece
            );
        }
        Ok(())
    }
}
