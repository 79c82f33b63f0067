//! One search of a picture by SeetaFace's detector, as it stands.

use std::io::Cursor;

use image::GrayImage;
use rustface::{Detector, ImageData};

use super::face_box::FaceBox;
use super::seeta_options::{FaceFinderError, SeetaOptions};

/// SeetaFace's frontal model (BSD-2-Clause, see `model/LICENSE`).
const MODEL: &[u8] = include_bytes!("model/seeta_fd_frontal_v1.0.bin");

/// The side of SeetaFace's window: no smaller face is found in a picture as it stands.
pub(super) const WINDOW: u32 = 40;

/// The detector with its model and buffers.
pub(super) struct SeetaSearch {
    detector: Box<dyn Detector>,
}

impl SeetaSearch {
    /// A detector that searches as finely as `options` say.
    pub(super) fn new(options: &SeetaOptions) -> Result<Self, FaceFinderError> {
        let mut detector = rustface::create_detector_with_model(rustface::read_model(Cursor::new(MODEL))?);
        detector.set_score_thresh(options.score_threshold.into());
        detector.set_pyramid_scale_factor(options.pyramid_factor);
        detector.set_slide_window_step(options.window_step, options.window_step);
        Ok(Self { detector })
    }

    /// The upright faces in `picture`, in its pixels.
    pub(super) fn of(&mut self, picture: &GrayImage) -> Vec<FaceBox> {
        let shorter = picture.width().min(picture.height());
        if shorter <= WINDOW {
            return Vec::new();
        }
        // rustface rounds the size of its smallest copy down, and reads outside it when that leaves less than a window.
        // Keeping the largest face a pixel under the shorter side keeps every copy large enough.
        self.detector.set_max_face_size(shorter - 1);
        let found = self.detector.detect(&ImageData::new(picture.as_raw(), picture.width(), picture.height()));
        found
            .iter()
            .map(|face| FaceBox {
                x: face.bbox().x() as f32,
                y: face.bbox().y() as f32,
                width: face.bbox().width() as f32,
                height: face.bbox().height() as f32,
                angle: 0.0,
                score: face.score() as f32,
            })
            .collect()
    }
}
