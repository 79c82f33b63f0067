//! The face stage: where the faces of a picture are, and the square cut-out of one that the network is shown.
//!
//! [`FaceFinder`] is the seam: the pipeline knows no more of face detection than this trait, and [`SeetaFinder`] is the
//! implementation that is shipped. [`crop_face`] cuts. The same code runs natively and in the browser.
//! Not here: reading picture files, resizing a crop to the network's input, normalisation.

mod contrast;
mod crop;
mod face_box;
mod lean;
mod seeta;
mod seeta_options;
mod seeta_search;
mod turn;

#[cfg(test)]
mod drawn_face;

pub use crop::crop_face;
pub use face_box::FaceBox;
pub use seeta::SeetaFinder;
pub use seeta_options::{FaceFinderError, SeetaOptions};

/// Finds faces in a grey picture.
pub trait FaceFinder {
    /// The faces in `picture`, the largest first, in the picture's own pixels; one box a face.
    ///
    /// A picture without a face, and one that is too small to hold any, gives an empty list; no picture is an error.
    /// Colour pictures are made grey with [`image::DynamicImage::to_luma8`].
    fn find(&mut self, picture: &image::GrayImage) -> Vec<FaceBox>;
}
