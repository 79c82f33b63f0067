//! Asks a recogniser about a whole split.

use dacl::faces::{FaceFinderError, SeetaFinder, SeetaOptions};
use dacl::pipeline::Pipeline;
use dacl::recognise::{DeviceFailure, Recogniser, Recognition};
use image::DynamicImage;

use crate::data::Split;
use crate::evaluation::Answers;
use crate::weights_folder::LoadedWeights;

/// Pictures that go through the network together.
const BATCH: usize = 32;

/// A split of photographs could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// The face finder cannot be made.
    #[error(transparent)]
    Finder(#[from] FaceFinderError),
    /// The device failed.
    #[error(transparent)]
    Device(#[from] DeviceFailure),
}

/// The answers to a split, of whichever kind its pictures are.
///
/// `seen` is called with the number of pictures done.
///
/// # Errors
/// When the face finder is needed and cannot be made, or the device fails.
pub fn split(weights: LoadedWeights, split: &Split, seen: impl FnMut(usize)) -> Result<Answers, MeasureError> {
    match split.whole_photographs {
        true => photographs(weights, split, seen),
        false => Ok(crops(&weights.recogniser, split, seen)?),
    }
}

/// The answers to a split of ready crops.
///
/// `seen` is called with the number of pictures done.
///
/// # Errors
/// When the device fails.
pub fn crops(recogniser: &Recogniser, split: &Split, seen: impl FnMut(usize)) -> Result<Answers, DeviceFailure> {
    Ok(answers(split, recognitions(recogniser, split, seen)?))
}

/// Everything that the network says of each picture of a split of ready crops.
///
/// `seen` is called with the number of pictures done.
///
/// # Errors
/// When the device fails.
pub fn recognitions(
    recogniser: &Recogniser,
    split: &Split,
    mut seen: impl FnMut(usize),
) -> Result<Vec<Recognition>, DeviceFailure> {
    let mut recognitions = Vec::with_capacity(split.samples.len());
    for samples in split.samples.chunks(BATCH) {
        let pictures: Vec<DynamicImage> = samples.iter().map(|sample| sample.picture.clone()).collect();
        recognitions.extend(pollster::block_on(recogniser.recognise(&pictures))?);
        seen(recognitions.len());
    }
    Ok(recognitions)
}

/// What of it counts as an answer.
pub(crate) fn answers(split: &Split, recognitions: Vec<Recognition>) -> Answers {
    Answers {
        labels: split.labels(),
        logits: recognitions.into_iter().map(|recognition| Some(recognition.logits)).collect(),
    }
}

/// The answers to a split of ready crops and to their mirror images, averaged before softmax: twice the work, and usually a few
/// tenths of a percent better.
///
/// # Errors
/// When the device fails.
pub fn crops_and_mirrors(
    recogniser: &Recogniser,
    split: &Split,
    mut seen: impl FnMut(usize),
) -> Result<Answers, DeviceFailure> {
    let mut answers = Answers::default();
    for samples in split.samples.chunks(BATCH) {
        let pictures =
            samples.iter().flat_map(|sample| [sample.picture.clone(), sample.picture.fliph()]).collect::<Vec<_>>();
        let recognitions = pollster::block_on(recogniser.recognise(&pictures))?;
        answers.labels.extend(samples.iter().map(|sample| sample.label));
        answers.logits.extend(recognitions.chunks(2).map(|both| {
            let sums = both[0].logits.iter().zip(&both[1].logits).map(|(plain, mirrored)| (plain + mirrored) / 2.0);
            Some(sums.collect())
        }));
        seen(answers.labels.len());
    }
    Ok(answers)
}

/// The answers to a split of whole photographs: the largest face that is found speaks for its photograph.
///
/// # Errors
/// When the face finder cannot be made or the device fails.
pub fn photographs(
    weights: LoadedWeights,
    split: &Split,
    mut seen: impl FnMut(usize),
) -> Result<Answers, MeasureError> {
    let finder = SeetaFinder::new(SeetaOptions::default())?;
    let pipeline = Pipeline::new(Box::new(finder), weights.face_crop, weights.recogniser);
    let mut answers = Answers::default();
    for sample in &split.samples {
        let analysis = pollster::block_on(pipeline.analyse(&sample.picture))?;
        let largest = analysis.faces.into_iter().next();
        answers.labels.push(sample.label);
        answers.logits.push(largest.map(|face| face.recognition.logits));
        seen(answers.labels.len());
    }
    Ok(answers)
}
