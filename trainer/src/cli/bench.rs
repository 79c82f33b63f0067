//! `trainer bench`.

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use serde::Serialize;
use trainer::bench::{Speed, Work, matmul_peak, speed, views_per_second};
use trainer::data::{DataSpec, SplitName};
use trainer::device::DeviceChoice;
use trainer::recipe::{Precision, Preset, Recipe};
use trainer::recipe_file::AugmentationName;
use trainer::training::check_size;

use super::loading::Loading;

/// Measure how fast this machine computes and trains.
///
/// Pictures a second of the compact network at several input sizes: labels alone, labels and attention, and a whole DACL
/// training step. The last column compares with the device's fastest product of 32-bit matrices, measured first. With --data also
/// how fast the processor makes training pictures, which must be faster than the training step if the device is not to wait.
#[derive(Args)]
pub(crate) struct Bench {
    /// Where to compute.
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
    /// Input sizes in pixels.
    #[arg(long, value_delimiter = ',', default_value = "64,112,224", allow_negative_numbers = true, value_parser = pixels)]
    sizes: Vec<usize>,
    /// Pictures a step.
    #[arg(long, default_value_t = 16, allow_negative_numbers = true, value_parser = pictures)]
    batch: usize,
    /// What is measured.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "labels,labels-and-attention,training")]
    work: Vec<Work>,
    /// The numbers that the convolutions compute in.
    #[arg(long, value_enum, default_value = "f32")]
    precision: Precision,
    /// Also make training pictures of this data set.
    #[arg(long)]
    data: Option<DataSpec>,
    /// How these pictures are varied; affine unless given.
    #[arg(long, value_enum, requires = "data")]
    augmentation: Option<AugmentationName>,
    /// Seconds for each figure, warm-up not counted.
    #[arg(long, default_value_t = 5.0, allow_negative_numbers = true)]
    seconds: f64,
    /// Print JSON instead of a table.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    loading: Loading,
}

fn pixels(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| "use whole numbers of pixels, such as 64,112,224".into())
}

fn pictures(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| "use a whole number of 2 or more".into())
}

#[derive(Serialize)]
struct Measured {
    device: String,
    matmul_gflops: f64,
    precision: Precision,
    speeds: Vec<Speed>,
    views: Vec<Views>,
}

/// How fast training pictures are made.
#[derive(Serialize)]
struct Views {
    input_size: usize,
    threads: usize,
    per_second: f64,
}

impl Bench {
    /// Measures and prints.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let budget = Duration::try_from_secs_f64(self.seconds)
            .map_err(|_| anyhow::anyhow!("--seconds is {}: use a number of 0 or more", self.seconds))?;
        let recipes: Vec<Recipe> = self.sizes.iter().map(|&size| self.recipe(size)).collect();
        recipes.iter().try_for_each(Recipe::validate)?;
        let chosen = self.device.open()?;
        chosen.check_precision(self.precision)?;
        let split = match &self.data {
            Some(data) => {
                let split = self.loading.load_crops(data, SplitName::Train)?;
                recipes.iter().try_for_each(|recipe| check_size(&split, recipe))?;
                Some(Arc::new(split))
            }
            None => None,
        };
        if !self.json {
            println!("device: {} - {}", chosen.name, chosen.reason);
        }
        let peak = matmul_peak(&chosen.device, budget);
        let (device, precision) = (chosen.name.clone(), self.precision);
        let mut measured = Measured { device, matmul_gflops: peak, precision, speeds: Vec::new(), views: Vec::new() };
        if !self.json {
            println!("fastest product of 32-bit matrices: {peak:.0} GFLOP/s\n");
            println!("{:>6}{:>7}  {:<22}{:>10}{:>10}{:>9}", "size", "batch", "work", "images/s", "GFLOP/s", "of peak");
        }
        for recipe in &recipes {
            for &work in &self.work {
                let speed = speed(&chosen.device, recipe, work, peak, budget)?;
                if !self.json {
                    println!("{}", row(&speed, precision));
                }
                measured.speeds.push(speed);
            }
            if let Some(split) = &split {
                let per_second = views_per_second(split.clone(), recipe, budget)?;
                let threads = rayon::current_num_threads();
                if !self.json {
                    let name = format!("pictures, {threads} threads");
                    println!("{:>6}{:>7}  {name:<22}{per_second:>10.1}", recipe.network.input_size, recipe.batch);
                }
                measured.views.push(Views { input_size: recipe.network.input_size, threads, per_second });
            }
        }
        if self.json {
            println!("{}", serde_json::to_string_pretty(&measured)?);
        }
        Ok(())
    }

    fn recipe(&self, size: usize) -> Recipe {
        let base = Preset::Compact.recipe();
        let augmentation = self.augmentation.map_or(base.augmentation.clone(), AugmentationName::augmentation);
        Recipe { batch: self.batch, precision: self.precision, augmentation, ..base }.with_input_size(size)
    }
}

fn row(speed: &Speed, precision: Precision) -> String {
    let work = match speed.work {
        Work::Labels => "labels",
        Work::LabelsAndAttention => "labels and attention",
        Work::Training => "training step",
    };
    let name = match precision {
        Precision::F32 => work.to_owned(),
        precision => format!("{work}, {precision}"),
    };
    let share = format!("{:.0} %", 100.0 * speed.share_of_peak);
    format!(
        "{:>6}{:>7}  {name:<22}{:>10.1}{:>10.0}{share:>9}",
        speed.input_size, speed.batch, speed.images_per_second, speed.gflops
    )
}
