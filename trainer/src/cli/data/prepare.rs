//! `trainer data prepare`.

use std::path::PathBuf;

use clap::Args;
use dacl::artefact::FaceCrop;
use trainer::data::{DataSpec, PrepareOptions, SUMMARY, SplitName, WITHOUT_FACE, prepare};
use trainer::weights_folder::FACE_CROP;

use super::super::face_crop::{margin, shift_down};
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
    #[arg(long, default_value_t = FACE_CROP.margin, allow_negative_numbers = true, value_parser = margin)]
    margin: f32,
    /// How far the square's centre lies below the box's, as a share of the box, -2 to 2.
    #[arg(long, value_name = "SHARE", default_value_t = FACE_CROP.shift_down, allow_negative_numbers = true, value_parser = shift_down)]
    shift_down: f32,
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
        let options = PrepareOptions {
            crop: FaceCrop { margin: self.margin, shift_down: self.shift_down },
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
