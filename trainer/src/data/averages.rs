//! The mean face of each expression: a picture to show that is nobody's.
//!
//! A class needs hundreds of pictures, so that no one is recognisable in the mean. The face is set into
//! a smooth surround, because face detectors look for a face within a scene.

use image::{
    DynamicImage, GrayImage, ImageBuffer, Luma,
    imageops::{self, FilterType},
};
use rayon::prelude::*;

use super::{DataError, Split};

type FloatGrey = ImageBuffer<Luma<f32>, Vec<f32>>;

/// Fewest pictures a class may be averaged over.
pub const FEWEST_PICTURES: usize = 200;

/// Width and height of the means before they are enlarged, in pixels.
const MEAN_SIDE: u32 = 48;
/// The part of the finished picture's side that the mean takes.
const FACE_SHARE: f32 = 0.6;
/// The part of the mean's side, at each edge, in which it blurs.
const EDGE_SHARE: f32 = 0.15;
/// How much it blurs there: standard deviation in pixels of the mean.
const EDGE_BLUR: f32 = 5.0;
/// Tone of the surround, 0 to 1.
const SURROUND: f32 = 0.55;
/// How many standard deviations of the mean's tones are spread over the range from black to white.
const SPREAD: f32 = 4.5;

/// The mean face of every class of a split, by class name and in label order, each `size` x `size` pixels.
///
/// # Errors
///
/// A class with fewer than [`FEWEST_PICTURES`] pictures gets [`DataError::TooFewToAverage`] in place of a
/// picture; the others are not affected.
pub fn class_averages(split: &Split, size: u32) -> Vec<(String, Result<GrayImage, DataError>)> {
    let average = |(label, class): (usize, &String)| {
        let pictures: Vec<_> =
            split.samples.iter().filter(|sample| sample.label == label).map(|sample| &sample.picture).collect();
        let picture = if pictures.len() < FEWEST_PICTURES {
            Err(DataError::TooFewToAverage { class: class.clone(), count: pictures.len() })
        } else {
            Ok(set_in_surround(&stretched(mean(&pictures)), size))
        };
        (class.clone(), picture)
    };
    split.classes.iter().enumerate().map(average).collect()
}

/// The mean tone of each pixel, 0 to 1, at the common side of [`MEAN_SIDE`] pixels.
fn mean(pictures: &[&DynamicImage]) -> FloatGrey {
    let pixels = (MEAN_SIDE * MEAN_SIDE) as usize;
    // Whole numbers add up to the same sum in any order, however the work is divided among threads.
    let sums = pictures
        .par_iter()
        .fold(
            || vec![0_u64; pixels],
            |mut sums, picture| {
                let small = picture.resize_exact(MEAN_SIDE, MEAN_SIDE, FilterType::Triangle).into_luma8();
                for (sum, tone) in sums.iter_mut().zip(small.as_raw()) {
                    *sum += u64::from(*tone);
                }
                sums
            },
        )
        .reduce(
            || vec![0; pixels],
            |mut sums, more| {
                for (sum, one) in sums.iter_mut().zip(more) {
                    *sum += one;
                }
                sums
            },
        );
    let scale = 255.0 * pictures.len() as f32;
    FloatGrey::from_fn(MEAN_SIDE, MEAN_SIDE, |x, y| Luma([sums[(y * MEAN_SIDE + x) as usize] as f32 / scale]))
}

/// Evens out how light and how contrasted the means are: tones around 0.5, [`SPREAD`] deviations wide.
fn stretched(mut mean: FloatGrey) -> FloatGrey {
    let count = mean.len() as f32;
    let centre = mean.iter().sum::<f32>() / count;
    let variance = mean.iter().map(|tone| (tone - centre).powi(2)).sum::<f32>() / count;
    let deviation = variance.sqrt().max(1e-3);
    for tone in mean.iter_mut() {
        *tone = 0.5 + (*tone - centre) / (SPREAD * deviation);
    }
    mean
}

/// Enlarges a mean into the middle of a picture. Towards its edge it blurs, and beyond it runs out into
/// an even grey: an edge that a detector, or an eye, could take for part of the face would be worse.
fn set_in_surround(mean: &FloatGrey, size: u32) -> GrayImage {
    let side = ((size as f32 * FACE_SHARE) as u32).max(1);
    let margin = size.saturating_sub(side) / 2;
    let sharp = imageops::resize(mean, side, side, FilterType::CatmullRom);
    let soft = imageops::resize(&imageops::blur(mean, EDGE_BLUR), side, side, FilterType::CatmullRom);
    GrayImage::from_fn(size, size, |x, y| {
        let (x, out_x) = nearest(x, margin, side);
        let (y, out_y) = nearest(y, margin, side);
        let depth = x.min(y).min(side - 1 - x).min(side - 1 - y);
        let sharpness = smooth_step(depth as f32 / (side as f32 * EDGE_SHARE));
        let outside = (out_x as f32).hypot(out_y as f32) / margin.max(1) as f32;
        let presence = smooth_step(1.0 - outside);
        let (Luma([sharp]), Luma([soft])) = (sharp.get_pixel(x, y), soft.get_pixel(x, y));
        let tone = soft + (sharp - soft) * sharpness;
        let tone = SURROUND + (tone - SURROUND) * presence;
        Luma([(tone.clamp(0.0, 1.0) * 255.0).round() as u8])
    })
}

/// From 0 to 1 without a kink at either end; flat outside.
fn smooth_step(x: f32) -> f32 {
    let x = x.clamp(0.0, 1.0);
    x * x * (3.0 - 2.0 * x)
}

/// The place on the face that is nearest to a place in the picture, and how far off it is.
fn nearest(place: u32, margin: u32, side: u32) -> (u32, u32) {
    let on_face = place.clamp(margin, margin + side - 1);
    (on_face - margin, on_face.abs_diff(place))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::data::{LeftOut, Sample};

    /// `count` pictures of one class, alternately with a light and a dark left half.
    fn split(count: usize) -> Split {
        let picture = |tone| GrayImage::from_fn(48, 48, |x, _| Luma([if x < 24 { tone } else { 200 }])).into();
        Split {
            samples: (0..count)
                .map(|i| Sample {
                    name: i.to_string(),
                    picture: picture(if i % 2 == 0 { 20 } else { 60 }),
                    label: 0,
                    sha256: [0; 32],
                    votes: None,
                    target: None,
                })
                .collect(),
            classes: vec!["neutral".to_owned()],
            whole_photographs: false,
            left_out: LeftOut::default(),
        }
    }

    #[test]
    fn the_mean_is_taken_pixel_by_pixel() {
        let split = split(2);
        let pictures: Vec<_> = split.samples.iter().map(|s| &s.picture).collect();
        let mean = mean(&pictures);
        assert!((mean.get_pixel(5, 20).0[0] - 40.0 / 255.0).abs() < 1e-4);
        assert!((mean.get_pixel(40, 20).0[0] - 200.0 / 255.0).abs() < 1e-4);
    }

    #[test]
    fn the_face_lies_in_the_middle_of_an_even_surround() {
        let (class, picture) = class_averages(&split(FEWEST_PICTURES), 200).remove(0);
        let picture = picture.unwrap();
        assert_eq!((class.as_str(), picture.dimensions()), ("neutral", (200, 200)));
        let tone = |x, y| f32::from(picture.get_pixel(x, y).0[0]) / 255.0;
        for (x, y) in [(0, 0), (199, 0), (0, 199), (199, 199)] {
            assert!((tone(x, y) - SURROUND).abs() < 0.02);
        }
        assert!(tone(60, 100) < 0.4 && tone(140, 100) > 0.6);
    }

    #[test]
    fn a_class_of_few_pictures_is_refused() {
        let (_, refusal) = class_averages(&split(FEWEST_PICTURES - 1), 200).remove(0);
        let message = refusal.unwrap_err().to_string();
        assert!(message.contains("199 pictures of neutral"), "{message}");
    }
}
