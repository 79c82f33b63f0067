//! `trainer export`.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use burn::tensor::Device;
use clap::{Args, ValueEnum};
use dacl::artefact::{FaceCrop, FileEntry};
use trainer::data::{DataSpec, Split, SplitName};
use trainer::device::DeviceChoice;
use trainer::evaluation::Evaluation;
use trainer::export::{
    ExportOptions, ExportedFile, Validation, artefact_to_onnx, artefact_to_safetensors, centres_fit, check_attention,
    check_target, to_browser, to_onnx, to_safetensors,
};
use trainer::run_folder::RunFolder;
use trainer::weights_folder::FACE_CROP;

use super::centres::print_not_sure;
use super::face_crop::{margin, shift_down};
use super::loading::{Loading, load_crops};
use super::progress_bar::over_pictures;

/// Write a run's best network for the browser, for later runs and PyTorch, or for ONNX; or an artefact for the latter two.
#[derive(Args)]
pub(crate) struct Export {
    /// Folder of the run.
    #[arg(long, required_unless_present = "weights")]
    run: Option<PathBuf>,
    /// Folder of an exported artefact, to be written as safetensors or ONNX with its own temperature and face crop; its numbers are those
    /// that 8 bits left.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["run", "data", "crop_margin", "crop_shift", "Loading"])]
    weights: Option<PathBuf>,
    /// Folder to write to.
    #[arg(long)]
    out: PathBuf,
    /// What to write.
    #[arg(long, value_enum, default_value = "browser")]
    format: Format,
    /// Replace what is there.
    #[arg(long)]
    overwrite: bool,
    /// Its data, if they are not where the run had them: the split valid, and train for a run with feature_length; safetensors need none.
    #[arg(long)]
    data: Option<DataSpec>,
    /// Side of the face crop as a multiple of the face box, 0.1 to 10.
    #[arg(long, default_value_t = FACE_CROP.margin, allow_negative_numbers = true, value_parser = margin)]
    crop_margin: f32,
    /// How far the crop's centre lies below the box's, as a share of the box, -2 to 2.
    #[arg(long, default_value_t = FACE_CROP.shift_down, allow_negative_numbers = true, value_parser = shift_down)]
    crop_shift: f32,
    /// Where to compute.
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
    #[command(flatten)]
    loading: Loading,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    /// The artefact that the page loads: batch norm folded away, the big matrices in 8 bits, temperature fitted on the validation
    /// split, measured there before and after.
    Browser,
    /// Tensors by torchvision's names in 32 bits, batch norms kept: what `trainer train --init` and PyTorch read.
    Safetensors,
    /// An ONNX file in 32 bits, batch norm folded away, temperature fitted on the validation split.
    Onnx,
}

impl Export {
    /// Writes the files and prints what was measured.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let (run, weights) = (self.run.as_deref(), self.weights.as_deref());
        let run = match (run, weights) {
            (Some(run), _) => RunFolder::open(run)?,
            (None, Some(weights)) => return self.of_artefact(weights),
            (None, None) => bail!("--run or --weights is needed"),
        };
        let face_crop = FaceCrop { margin: self.crop_margin, shift_down: self.crop_shift };
        let options = ExportOptions { face_crop, overwrite: self.overwrite };
        let device = self.device.open()?;
        if self.format == Format::Safetensors {
            let written = to_safetensors(&run, &options, &self.out, &device.device)?;
            print_file(&self.out, &written);
            return Ok(());
        }
        // Asked before the pictures are read, which may take minutes.
        if self.format == Format::Browser {
            check_attention(&run)?;
        }
        check_target(&self.out, self.overwrite)?;
        let data = match self.data {
            Some(data) => data,
            None => run.description().data.parse().context("the run's data set")?,
        };
        let loading = self.loading.beside(&run.description().loading, &data);
        let split = load_crops(&data, SplitName::Valid, &loading)?;
        let name = data.to_string();
        let validation = Validation { split: &split, data: &name };
        match self.format {
            Format::Onnx => onnx(&run, validation, &options, &self.out, &device.device),
            _ => {
                let train = match centres_fit(&run) {
                    true => None,
                    false => Some(load_crops(&data, SplitName::Train, &loading)?),
                };
                browser(&run, train.as_ref(), validation, &options, &self.out, &device.device)
            }
        }
    }
}

impl Export {
    fn of_artefact(&self, weights: &Path) -> anyhow::Result<()> {
        let written = match self.format {
            Format::Browser => bail!("an artefact is what the browser reads already: say --format onnx or safetensors"),
            Format::Onnx => artefact_to_onnx(weights, self.overwrite, &self.out)?,
            Format::Safetensors => {
                artefact_to_safetensors(weights, self.overwrite, &self.out, &self.device.open()?.device)?
            }
        };
        print_file(&self.out, &written);
        Ok(())
    }
}

fn browser(
    run: &RunFolder,
    train: Option<&Split>,
    validation: Validation<'_>,
    options: &ExportOptions,
    out: &Path,
    device: &Device,
) -> anyhow::Result<()> {
    let bar = over_pictures(train.map_or(0, |train| train.samples.len()), "");
    let seen = |count: usize| bar.set_position(count as u64);
    let exported = to_browser(run, train, validation, options, out, device, seen)?;
    bar.finish_and_clear();
    let manifest = &exported.manifest;
    println!("{}", out.display());
    print_entry(&manifest.files.labels);
    print_entry(&manifest.files.attention);
    print_entry(&manifest.files.centres);
    println!("temperature {:.3}, fitted on {} pictures", manifest.temperature, exported.before.n);
    print_figures("before quantisation", &exported.before);
    print_figures("the artefact", &exported.after);
    print_not_sure(&manifest.not_sure);
    Ok(())
}

fn onnx(
    run: &RunFolder,
    validation: Validation<'_>,
    options: &ExportOptions,
    out: &Path,
    device: &Device,
) -> anyhow::Result<()> {
    let exported = to_onnx(run, validation, options, out, device)?;
    print_file(out, &exported.written);
    println!("temperature {:.3}, fitted on {} pictures", exported.temperature, exported.figures.n);
    print_figures("the network", &exported.figures);
    Ok(())
}

fn print_file(out: &Path, written: &ExportedFile) {
    println!("{}", out.display());
    print_entry(&written.file);
    if !written.with_attention {
        println!("left out: context encoder and attention heads, which the run's loss does not train");
    }
}

fn print_entry(file: &FileEntry) {
    println!("  {:<24}{:>12} bytes  sha256 {}", file.name, file.bytes, file.sha256);
}

fn print_figures(name: &str, figures: &Evaluation) {
    println!(
        "{name:<20} accuracy {:.2} %, mean class accuracy {:.2} %, calibration error {:.4}",
        100.0 * figures.accuracy,
        100.0 * figures.mean_class_accuracy,
        figures.ece
    );
}
