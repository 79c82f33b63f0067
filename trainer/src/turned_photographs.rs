//! Photographs turned on purpose: whether their faces are still found, and still named rightly.

use dacl::faces::{FaceBox, FaceFinder, SeetaFinder, SeetaOptions, crop_face};
use dacl::pipeline::Pipeline;
use image::DynamicImage;
use serde::Serialize;

use crate::data::Split;
use crate::measure::MeasureError;
use crate::weights_folder::LoadedWeights;

/// A box lies on the face when it shares more than this part of what it and the upright photograph's box cover together.
const SAME_PLACE: f32 = 0.4;

/// What a finder and the network behind it made of all photographs, turned by one angle. Field names are those of
/// `trainer eval --rotate --json`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TurnedFigures {
    /// How far every photograph was turned, clockwise.
    pub degrees: f32,
    /// Photographs.
    pub n: usize,
    /// Photographs whose largest box lies where the upright photograph's face has been turned to.
    pub found: usize,
    /// Photographs whose largest box lies elsewhere; those in which no face was found upright are neither found nor misplaced.
    pub misplaced: usize,
    /// Photographs in which the largest face is named rightly.
    pub right: usize,
    /// Mean time for finding faces, in milliseconds.
    pub find_ms: f64,
}

/// Turns every photograph of `split` by each of `degrees`, in a frame that nothing is cut off by and with its edge pixels repeated,
/// and asks the finder with these `options` and the network about it.
///
/// `seen` is called after each turned photograph with their number.
///
/// # Errors
/// When the face finder cannot be made or the device fails.
pub fn turned_photographs(
    weights: LoadedWeights,
    options: SeetaOptions,
    split: &Split,
    degrees: &[f32],
    mut seen: impl FnMut(usize),
) -> Result<Vec<TurnedFigures>, MeasureError> {
    let mut upright = SeetaFinder::new(SeetaOptions { leaning: false, ..SeetaOptions::default() })?;
    let pipeline = Pipeline::new(Box::new(SeetaFinder::new(options)?), weights.face_crop, weights.recogniser);
    let blank =
        |degrees: &f32| TurnedFigures { degrees: *degrees, n: 0, found: 0, misplaced: 0, right: 0, find_ms: 0.0 };
    let mut figures: Vec<TurnedFigures> = degrees.iter().map(blank).collect();
    let mut times = vec![Vec::with_capacity(split.samples.len()); degrees.len()];
    let mut count = 0;
    for sample in &split.samples {
        let face = upright.find(&turned(&sample.picture, 0.0).to_luma8()).into_iter().next();
        for (figures, times) in figures.iter_mut().zip(&mut times) {
            let picture = turned(&sample.picture, figures.degrees);
            let analysis = pollster::block_on(pipeline.analyse(&picture))?;
            figures.n += 1;
            times.push(analysis.timings.find);
            if let Some(largest) = analysis.faces.first() {
                let expected = face.map(|face| turned_box(&face, &sample.picture, figures.degrees));
                match expected.map(|expected| share(&largest.place, &expected) > SAME_PLACE) {
                    Some(true) => figures.found += 1,
                    Some(false) => figures.misplaced += 1,
                    None => {}
                }
                figures.right += usize::from(largest.recognition.strongest().0 == sample.label);
            }
            count += 1;
            seen(count);
        }
    }
    for (figures, times) in figures.iter_mut().zip(&mut times) {
        figures.find_ms = times.iter().sum::<f64>() / times.len().max(1) as f64;
    }
    Ok(figures)
}

/// The side of the square that holds the turned photograph, as a multiple of its longer side.
fn frame(degrees: f32) -> f32 {
    let (sine, cosine) = degrees.to_radians().sin_cos();
    sine.abs() + cosine.abs()
}

/// The photograph turned clockwise: what leans the other way in it stands upright.
fn turned(picture: &DynamicImage, degrees: f32) -> DynamicImage {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let whole = FaceBox { x: 0.0, y: 0.0, width, height, angle: -degrees, score: 0.0 };
    crop_face(picture, &whole, frame(degrees))
}

/// Where the box of a face in the photograph that was not turned lies in the turned one; without its angle.
fn turned_box(face: &FaceBox, picture: &DynamicImage, degrees: f32) -> FaceBox {
    let longer = picture.width().max(picture.height()) as f32;
    let (sine, cosine) = degrees.to_radians().sin_cos();
    let (right, down) = (face.x + face.width / 2.0 - longer / 2.0, face.y + face.height / 2.0 - longer / 2.0);
    let middle = (longer * frame(degrees)).round() / 2.0;
    let (x, y) = (middle + right * cosine - down * sine, middle + right * sine + down * cosine);
    FaceBox { x: x - face.width / 2.0, y: y - face.height / 2.0, ..*face }
}

/// What two boxes share of what they cover together, were both upright.
fn share(a: &FaceBox, b: &FaceBox) -> f32 {
    let across = (a.x + a.width).min(b.x + b.width) - a.x.max(b.x);
    let down = (a.y + a.height).min(b.y + b.height) - a.y.max(b.y);
    let both = across.max(0.0) * down.max(0.0);
    both / (a.width * a.height + b.width * b.height - both)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{GrayImage, Luma};

    /// The middle of what is white in a picture.
    fn middle_of_white(picture: &DynamicImage) -> (f32, f32) {
        let grey = picture.to_luma8();
        let white: Vec<(u32, u32)> =
            grey.enumerate_pixels().filter(|(_, _, pixel)| pixel.0[0] > 127).map(|(x, y, _)| (x, y)).collect();
        let mean = |of: fn(&(u32, u32)) -> u32| white.iter().map(of).sum::<u32>() as f32 / white.len() as f32 + 0.5;
        (mean(|place| place.0), mean(|place| place.1))
    }

    #[test]
    fn the_box_of_a_turned_face_lies_where_the_photograph_has_it() {
        let (left, top, side) = (84, 12, 14);
        let inside = |start: u32, place: u32| (start..start + side).contains(&place);
        for (width, height) in [(120, 80), (110, 140)] {
            let white = |x, y| if inside(left, x) && inside(top, y) { 255 } else { 0 };
            let picture = DynamicImage::from(GrayImage::from_fn(width, height, |x, y| Luma([white(x, y)])));
            let (x, y) = middle_of_white(&turned(&picture, 0.0));
            let size = side as f32;
            let face =
                FaceBox { x: x - size / 2.0, y: y - size / 2.0, width: size, height: size, angle: 0.0, score: 1.0 };
            for degrees in [0.0, 30.0, -75.0, 90.0, 180.0] {
                let found = turned_box(&face, &picture, degrees);
                let (x, y) = middle_of_white(&turned(&picture, degrees));
                let apart = (found.x + size / 2.0 - x, found.y + size / 2.0 - y);
                assert!(apart.0.abs() < 1.0 && apart.1.abs() < 1.0, "{apart:?} at {degrees} in {width} x {height}");
            }
        }
    }
}
