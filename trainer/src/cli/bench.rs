//! `trainer bench`.

use std::time::Duration;

use clap::Args;
use serde::Serialize;
use trainer::bench::{Speed, Work, matmul_peak, speed};
use trainer::device::DeviceChoice;
use trainer::recipe::{Preset, Recipe};

/// Measure how fast this machine computes and trains.
///
/// Pictures a second of the compact network at several input sizes: labels alone, labels and attention, and a whole DACL
/// training step. The last column compares with the device's fastest matrix product, measured first.
#[derive(Args)]
pub(crate) struct Bench {
    /// Where to compute.
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
    /// Input sizes in pixels.
    #[arg(long, value_delimiter = ',', default_value = "64,112,224")]
    sizes: Vec<usize>,
    /// Pictures a step.
    #[arg(long, default_value_t = 16)]
    batch: usize,
    /// Seconds for each figure, warm-up not counted.
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// Print JSON instead of a table.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    device: String,
    matmul_gflops: f64,
    speeds: Vec<Speed>,
}

impl Bench {
    /// Measures and prints.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let budget = Duration::try_from_secs_f64(self.seconds)
            .map_err(|_| anyhow::anyhow!("--seconds is {}: use a number of 0 or more", self.seconds))?;
        for &size in &self.sizes {
            Recipe { batch: self.batch, ..Preset::Compact.recipe().with_input_size(size) }.validate()?;
        }
        let chosen = self.device.open()?;
        if !self.json {
            println!("device: {} - {}", chosen.name, chosen.reason);
        }
        let peak = matmul_peak(&chosen.device, budget);
        let mut report = Report { device: chosen.name, matmul_gflops: peak, speeds: Vec::new() };
        if !self.json {
            println!("fastest matrix product: {peak:.0} GFLOP/s\n");
            println!("{:>6}{:>7}  {:<22}{:>10}{:>10}{:>9}", "size", "batch", "work", "images/s", "GFLOP/s", "of peak");
        }
        for size in self.sizes {
            for work in [Work::Labels, Work::LabelsAndAttention, Work::Training] {
                let speed = speed(&chosen.device, size, self.batch, work, peak, budget)?;
                if !self.json {
                    let name = match work {
                        Work::Labels => "labels",
                        Work::LabelsAndAttention => "labels and attention",
                        Work::Training => "training step",
                    };
                    let share = format!("{:.0} %", 100.0 * speed.share_of_peak);
                    println!(
                        "{:>6}{:>7}  {name:<22}{:>10.1}{:>10.0}{share:>9}",
                        size, self.batch, speed.images_per_second, speed.gflops
                    );
                }
                report.speeds.push(speed);
            }
        }
        if self.json {
            println!("{}", serde_json::to_string_pretty(&report)?);
        }
        Ok(())
    }
}
