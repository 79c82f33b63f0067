//! The whole line for one picture: find the faces, cut them out, name their expressions.
//!
//! There is nothing of the browser in here: the same code answers `trainer predict` and the page.

use std::cell::RefCell;

use image::{DynamicImage, GrayImage};
use web_time::Instant;

use crate::artefact::FaceCrop;
use crate::faces::{FaceBox, FaceFinder, crop_face};
use crate::recognise::{DeviceFailure, Recogniser, Recognition};

/// Face finder, crop rule and recogniser.
pub struct Pipeline {
    /// Borrowed only while it works, never across an await.
    finder: RefCell<Box<dyn FaceFinder>>,
    crop: FaceCrop,
    recogniser: Recogniser,
}

/// A face and what it shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Face {
    /// Where the face is, in picture pixels.
    pub place: FaceBox,
    /// What the network says.
    pub recognition: Recognition,
}

/// Everything about one picture.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The faces, the largest first.
    pub faces: Vec<Face>,
    /// How long each part took.
    pub timings: Timings,
}

/// Milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Timings {
    /// Finding the faces; where their places were known, making the picture ready alone.
    pub find: f64,
    /// Cutting them out.
    pub crop: f64,
    /// Preprocessing and network, reading back included.
    pub network: f64,
}

impl Pipeline {
    /// Joins the parts.
    pub fn new(finder: Box<dyn FaceFinder>, crop: FaceCrop, recogniser: Recogniser) -> Self {
        Self { finder: RefCell::new(finder), crop, recogniser }
    }

    /// The recogniser.
    pub fn recogniser(&self) -> &Recogniser {
        &self.recogniser
    }

    /// Finds every face of `picture` and names its expression.
    ///
    /// # Errors
    /// When the device fails; no face is not an error.
    pub async fn analyse(&self, picture: &DynamicImage) -> Result<Analysis, DeviceFailure> {
        let started = Instant::now();
        let picture = self.recogniser.config().preprocessing.coloured(picture);
        let find = |grey: &GrayImage| self.finder.borrow_mut().find(grey);
        let places = match picture.as_luma8() {
            Some(grey) => find(grey),
            None => find(&picture.to_luma8()),
        };
        self.recognise(&picture, places, started).await
    }

    /// Names the expressions of the faces at `places`; nothing is searched for.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn analyse_at(&self, picture: &DynamicImage, places: Vec<FaceBox>) -> Result<Analysis, DeviceFailure> {
        let started = Instant::now();
        let picture = self.recogniser.config().preprocessing.coloured(picture);
        self.recognise(&picture, places, started).await
    }

    /// What the faces at `places` show; the search began at `started` and is over.
    async fn recognise(
        &self,
        picture: &DynamicImage,
        places: Vec<FaceBox>,
        started: Instant,
    ) -> Result<Analysis, DeviceFailure> {
        let found = Instant::now();
        let crops: Vec<DynamicImage> = places.iter().map(|place| cut_out(picture, place, self.crop)).collect();
        let cropped = Instant::now();
        let recognitions = self.recogniser.recognise(&crops).await?;
        let milliseconds = |from: Instant, to: Instant| to.duration_since(from).as_secs_f64() * 1e3;
        Ok(Analysis {
            faces: places
                .into_iter()
                .zip(recognitions)
                .map(|(place, recognition)| Face { place, recognition })
                .collect(),
            timings: Timings {
                find: milliseconds(started, found),
                crop: milliseconds(found, cropped),
                network: milliseconds(cropped, Instant::now()),
            },
        })
    }
}

/// The square of `picture` that the network is to see of the face at `place`.
pub fn cut_out(picture: &DynamicImage, place: &FaceBox, crop: FaceCrop) -> DynamicImage {
    let down = crop.shift_down * place.width.max(place.height);
    crop_face(picture, &place.moved_down(down), crop.margin)
}
