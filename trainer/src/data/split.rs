//! Labelled pictures in memory.

use image::{DynamicImage, GrayImage};
use sha2::{Digest, Sha256};

use super::{LeftOut, LoadOptions, class_names};

/// One labelled picture, decoded.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Where the picture lies inside its data set, for messages.
    pub name: String,
    /// The picture in its own size, or as small as [`LoadOptions`](super::LoadOptions) asked: `ImageLuma8` or `ImageRgb8`,
    /// nothing else.
    pub picture: DynamicImage,
    /// Index into [`Split::classes`].
    pub label: usize,
    /// SHA-256 of the picture as it is stored: of its file, or of its pixels where no file holds it alone.
    pub sha256: [u8; 32],
    /// Shares of the annotators' votes, one a class and 1 in sum, where the data set tells them.
    pub votes: Option<Vec<f32>>,
    /// What training compares the network's answer with, one share a class, where [teachers](crate::distillation::teach) had a say.
    pub target: Option<Vec<f32>>,
}

/// One split of a data set in memory.
#[derive(Clone, Debug)]
pub struct Split {
    /// The pictures, in the order of the data set.
    pub samples: Vec<Sample>,
    /// Class names in label order.
    pub classes: Vec<String>,
    /// Whether the pictures show faces with their surroundings, so that the face has to be found first.
    pub whole_photographs: bool,
    /// What the data set holds but the split does not, by reason.
    pub left_out: LeftOut,
}

impl Sample {
    /// A grey picture that no file holds alone. Its pixels are hashed as they are, before `options` make it smaller.
    pub(super) fn of_pixels(name: String, picture: GrayImage, label: usize, options: &LoadOptions) -> Self {
        Self {
            name,
            label,
            sha256: Sha256::digest(picture.as_raw()).into(),
            picture: options.bounded(picture.into()),
            votes: None,
            target: None,
        }
    }
}

impl Split {
    /// A split of ready crops of this project's classes.
    pub(super) fn of_crops(samples: Vec<Sample>, left_out: LeftOut) -> Self {
        Self { samples, classes: class_names(), whole_photographs: false, left_out }
    }

    /// The class of each picture.
    pub fn labels(&self) -> Vec<usize> {
        self.samples.iter().map(|sample| sample.label).collect()
    }

    /// Pictures of each class, in label order.
    pub fn class_counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.classes.len()];
        for sample in &self.samples {
            if let Some(count) = counts.get_mut(sample.label) {
                *count += 1;
            }
        }
        counts
    }
}
