//! `trainer average`.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use image::GrayImage;
use trainer::data::{DataSpec, SplitName, class_averages};

use super::loading::Loading;

/// Write the mean picture of every class of a data set.
///
/// Averages over hundreds of faces show an expression and nobody's face: they can be shared where the pictures cannot.
#[derive(Args)]
pub(crate) struct Average {
    #[arg(long, help = format!("Data set of ready crops: {}", DataSpec::CROPS))]
    data: DataSpec,
    /// Which split: train, valid or test.
    #[arg(long, default_value = "train")]
    split: SplitName,
    /// Folder for the pictures and index.json.
    #[arg(long)]
    out: PathBuf,
    /// Side of the pictures in pixels.
    #[arg(
        long,
        value_name = "PIXELS",
        default_value_t = 256,
        allow_negative_numbers = true,
        value_parser = clap::value_parser!(u32).range(48..=4096)
    )]
    size: u32,
    #[command(flatten)]
    loading: Loading,
}

impl Average {
    /// Writes one PNG a class, and an index of them.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let split = self.loading.load_crops(&self.data, self.split)?;
        let told = |(class, picture)| match picture {
            Ok(picture) => Some((class, picture)),
            Err(refusal) => {
                eprintln!("left out: {refusal}");
                None
            }
        };
        let averages: Vec<(String, GrayImage)> =
            class_averages(&split, self.size).into_iter().filter_map(told).collect();
        anyhow::ensure!(!averages.is_empty(), "no class of {} has enough pictures to average", self.data);
        std::fs::create_dir_all(&self.out).with_context(|| format!("{} cannot be made", self.out.display()))?;
        let mut index = Vec::new();
        for (class, picture) in averages {
            let file = format!("{class}.png");
            let path = self.out.join(&file);
            picture.save(&path).with_context(|| format!("{} cannot be written", path.display()))?;
            println!("{}", path.display());
            index.push(serde_json::json!({ "file": file, "label": class }));
        }
        let path = self.out.join("index.json");
        std::fs::write(&path, serde_json::to_string_pretty(&index)?)
            .with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(())
    }
}
