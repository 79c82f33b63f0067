//! `trainer data prepare`.

use std::path::PathBuf;

use clap::Args;
use trainer::data::{DataSpec, PrepareOptions, SUMMARY, SplitName, WITHOUT_FACE, prepare};
use trainer::weights_folder::FACE_CROP;

use super::super::loading::{Loading, report_bad};

/// Find the faces in whole photographs and write them as an image folder, which folder:OUT reads.
///
/// The face stage is the page's own: of several faces the largest is taken, as a square around its box. Photographs without a
/// face that is found are listed in without-face.csv; what was asked and found is in prepared.json. Nothing is ever written
/// over, and OUT appears only when all of it is there.
#[derive(Args)]
pub(crate) struct Prepare {
    /// Data set: photos:DIR, or another whose pictures show more than a face, such as folder:DIR.
    data: DataSpec,
    /// Folder to make.
    #[arg(long)]
    out: PathBuf,
    /// Side of the square that is cut out, as a multiple of the face box, 0.1 to 10.
    #[arg(long, default_value_t = FACE_CROP.margin)]
    margin: f32,
    /// Which split to prepare: train, valid or test. All that are there unless given; photographs are one split, which is
    /// written as test unless this names another.
    #[arg(long)]
    split: Option<SplitName>,
    #[command(flatten)]
    loading: Loading,
}

impl Prepare {
    /// Writes the faces and prints the counts.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        anyhow::ensure!(
            (0.1..=10.0).contains(&self.margin),
            "--margin is {}: use a number from 0.1 to 10",
            self.margin
        );
        let options = PrepareOptions {
            margin: self.margin,
            splits: self.split.into_iter().collect(),
            loading: self.loading.options(),
        };
        let prepared = prepare(&self.data, &self.out, &options)?;
        for split in prepared.splits {
            report_bad(&split.split, split.bad, &split.first_bad);
            println!(
                "{}: {} faces, {} pictures without one; left out: {}",
                split.split, split.faces, split.without_face, split.left_out
            );
        }
        for absent in prepared.absent {
            println!("{}: none: {}", absent.split, absent.reason);
        }
        println!("{} ({WITHOUT_FACE}, {SUMMARY})", self.out.display());
        Ok(())
    }
}
