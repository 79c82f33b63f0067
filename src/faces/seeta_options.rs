//! What can be set about the search for faces, and what is refused.

use super::seeta_search::WINDOW;

/// How [`SeetaFinder`] looks for faces. The defaults were chosen by measuring; the figures are in `docs/faces.md`.
#[derive(Clone, Debug, PartialEq)]
pub struct SeetaOptions {
    /// The longer side, in pixels, of the copy that is searched: larger pictures are scaled down to it. Time grows with its square.
    pub largest_dimension: u32,
    /// The smallest face worth finding, in picture pixels, at least 20. Together with `largest_dimension` it decides how far a
    /// picture is enlarged (below 40) or shrunk (above 40) before the search.
    pub smallest_face: u32,
    /// Boxes with a lower score are dropped; above 0. Higher gives fewer faces and fewer mistakes.
    pub score_threshold: f32,
    /// Each copy of the picture is this much smaller than the one before: 0.1 to 0.95. Higher is slower and misses less.
    pub pyramid_factor: f32,
    /// The search window moves by this many pixels of the copy; at least 1. Lower is slower and misses less.
    pub window_step: u32,
    /// The searched copy gets a border of repeated edge pixels, this part of its shorter side wide: 0 to 1. Without it, faces that
    /// reach over the picture's edge are missed or boxed askew.
    pub border: f32,
    /// Whether a picture in which no face was found is searched again, three quarters as large and with its contrast equalised.
    /// Finds faces against the light and in noise; costs pictures without a face about half of the time again.
    pub second_look: bool,
    /// Whether faces that lean to a side are looked for and set upright. Where a face stands upright, the others have to lean by less
    /// than about 25 degrees to be found. Costs pictures without an upright face two more searches.
    pub leaning: bool,
}

impl Default for SeetaOptions {
    fn default() -> Self {
        Self {
            largest_dimension: 320,
            smallest_face: 20,
            score_threshold: 2.0,
            pyramid_factor: 0.8,
            window_step: 4,
            border: 0.1,
            second_look: true,
            leaning: true,
        }
    }
}

/// Why a [`SeetaFinder`] could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FaceFinderError {
    /// An option lies outside the range that the search can work with.
    #[error("the face finder's {option} is {value}, but must be {allowed}")]
    Option {
        /// Field of [`SeetaOptions`].
        option: &'static str,
        /// The value that was given.
        value: f64,
        /// The values that are possible.
        allowed: &'static str,
    },
    /// The model inside the program does not read as a SeetaFace model.
    #[error("the face model inside this program is damaged, so the program must be built or downloaded again: {0}")]
    Model(#[from] std::io::Error),
}

impl SeetaOptions {
    /// Refuses what `rustface` would answer with a panic, or with a search that never ends.
    pub(super) fn check(&self) -> Result<(), FaceFinderError> {
        let refuse = |option, value, allowed| Err(FaceFinderError::Option { option, value, allowed });
        if !(WINDOW..=4096).contains(&self.largest_dimension) {
            return refuse("largest_dimension", self.largest_dimension.into(), "40 to 4096 pixels");
        }
        if self.smallest_face < 20 {
            return refuse("smallest_face", self.smallest_face.into(), "20 pixels or more");
        }
        if !(self.score_threshold > 0.0 && self.score_threshold.is_finite()) {
            return refuse("score_threshold", self.score_threshold.into(), "a number above 0");
        }
        if !(0.1..=0.95).contains(&self.pyramid_factor) {
            return refuse("pyramid_factor", self.pyramid_factor.into(), "0.1 to 0.95");
        }
        if !(1..=WINDOW).contains(&self.window_step) {
            return refuse("window_step", self.window_step.into(), "1 to 40 pixels");
        }
        if !(0.0..=1.0).contains(&self.border) {
            return refuse("border", self.border.into(), "0 to 1");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faces::SeetaFinder;

    #[test]
    fn options_that_cannot_be_searched_with_are_refused_by_name() {
        let good = SeetaOptions::default;
        for (options, name) in [
            (SeetaOptions { largest_dimension: 39, ..good() }, "largest_dimension"),
            (SeetaOptions { largest_dimension: 5000, ..good() }, "largest_dimension"),
            (SeetaOptions { smallest_face: 0, ..good() }, "smallest_face"),
            (SeetaOptions { score_threshold: 0.0, ..good() }, "score_threshold"),
            (SeetaOptions { score_threshold: f32::NAN, ..good() }, "score_threshold"),
            (SeetaOptions { pyramid_factor: 1.0, ..good() }, "pyramid_factor"),
            (SeetaOptions { pyramid_factor: f32::NAN, ..good() }, "pyramid_factor"),
            (SeetaOptions { window_step: 0, ..good() }, "window_step"),
            (SeetaOptions { border: 1.5, ..good() }, "border"),
        ] {
            let message = SeetaFinder::new(options).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(message.contains(name), "{name} is not named in: {message:?}");
        }
    }
}
