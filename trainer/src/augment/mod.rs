//! Random views of training pictures.
//!
//! A view is a function of the picture, the recipe and a random generator alone, so that a run can be repeated. Numbers that are
//! 0 in the recipe draw nothing from the generator.

mod affine;
mod colour;
mod erase;
mod five_crop;
mod jpeg;

use dacl::preprocess::{Colour, Preprocessing};
use image::{DynamicImage, imageops};
use rand::{Rng, RngExt};

use self::affine::AffineView;
use crate::recipe::{Augmentation, View};

/// One random view of `picture`, `S` by `S` pixels and with as many channels as the network looks at, before normalisation.
pub fn training_view(
    picture: &DynamicImage,
    augmentation: &Augmentation,
    preprocessing: &Preprocessing,
    rng: &mut impl Rng,
) -> DynamicImage {
    let cast;
    let picture = match augmentation.colour > 0.0 && picture.color().has_color() {
        true => {
            cast = colour::cast(picture, augmentation.colour, rng);
            &cast
        }
        false => picture,
    };
    let mut view = match &augmentation.view {
        View::Still => preprocessing.view(picture),
        View::FiveCrop => five_crop::five_crop(picture, preprocessing, rng),
        View::Affine { degrees, scale, shift } => AffineView::random(*degrees, *scale, *shift, rng)
            .of(&preprocessing.square(picture), preprocessing.input_size),
    };
    if augmentation.light > 0.0 {
        colour::relight(&mut view, augmentation.light, rng);
    }
    if augmentation.blur > 0.0 && rng.random_bool(0.5) {
        view = blurred(view, rng.random::<f32>() * augmentation.blur * preprocessing.input_size as f32);
    }
    if augmentation.jpeg > 0.0 && rng.random_bool(f64::from(augmentation.jpeg)) {
        view = jpeg::compressed(view, rng);
    }
    if augmentation.erase > 0.0 && rng.random_bool(f64::from(augmentation.erase)) {
        erase::erase(&mut view, rng);
    }
    match (preprocessing.colour, &view) {
        (Colour::Grey, DynamicImage::ImageLuma8(_)) | (Colour::Rgb, DynamicImage::ImageRgb8(_)) => view,
        (Colour::Grey, _) => DynamicImage::ImageLuma8(imageops::grayscale(&view)),
        (Colour::Rgb, _) => DynamicImage::ImageRgb8(view.into_rgb8()),
    }
}

/// A Gaussian blur of that standard deviation in pixels.
fn blurred(view: DynamicImage, deviation: f32) -> DynamicImage {
    match deviation > 0.2 {
        // Not the fast blur, whose boxes of whole pixels have few deviations to offer below three pixels.
        true => view.blur(deviation),
        // Below a fifth of a pixel it changes nothing that 8 bits can hold.
        false => view,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Preset;
    use image::{GrayImage, Luma, Rgb, RgbImage};
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    fn coloured_picture() -> DynamicImage {
        DynamicImage::ImageRgb8(RgbImage::from_fn(50, 40, |x, y| Rgb([4 * x as u8, 5 * y as u8, 70])))
    }

    fn view(augmentation: &Augmentation, seed: u64) -> DynamicImage {
        let preprocessing = Preset::Compact.recipe().with_input_size(32).preprocessing;
        training_view(&coloured_picture(), augmentation, &preprocessing, &mut ChaCha8Rng::seed_from_u64(seed))
    }

    #[test]
    fn of_a_wide_picture_training_sees_the_square_that_evaluation_sees() {
        let preprocessing = Preset::Compact.recipe().with_input_size(32).preprocessing;
        let still =
            Augmentation { view: View::Affine { degrees: 0.0, scale: [1.0, 1.0], shift: 0.0 }, ..Augmentation::NONE };
        // The same from left and from right, so that a flip changes nothing.
        let picture = GrayImage::from_fn(64, 32, |x, y| Luma([(x.min(63 - x) * 6 + y) as u8])).into();
        let seen = training_view(&picture, &still, &preprocessing, &mut ChaCha8Rng::seed_from_u64(1));
        assert_eq!(seen, preprocessing.view(&picture));
    }

    #[test]
    fn the_same_generator_gives_the_same_view_and_another_a_different_one() {
        assert_eq!(view(&Augmentation::STRONG, 1).to_luma8().dimensions(), (32, 32));
        assert_eq!(view(&Augmentation::STRONG, 1), view(&Augmentation::STRONG, 1));
        assert_ne!(view(&Augmentation::STRONG, 1), view(&Augmentation::STRONG, 2));
    }

    #[test]
    fn every_change_changes_the_picture_and_none_changes_nothing() {
        let plain = view(&Augmentation::NONE, 3);
        assert_eq!(plain, view(&Augmentation::NONE, 4), "nothing random is left");
        let none = Augmentation::NONE;
        for (name, augmentation) in [
            ("light", Augmentation { light: 0.3, ..none.clone() }),
            ("colour", Augmentation { colour: 0.3, ..none.clone() }),
            ("blur", Augmentation { blur: 0.1, ..none.clone() }),
            ("jpeg", Augmentation { jpeg: 1.0, ..none.clone() }),
            ("erase", Augmentation { erase: 1.0, ..none.clone() }),
            ("five crops", Augmentation::PAPER),
            ("affine", Augmentation { view: Augmentation::AFFINE.view, ..none.clone() }),
        ] {
            let changed = (0..20).filter(|&seed| view(&augmentation, seed) != plain).count();
            assert!(changed >= 5, "{name} changed {changed} of 20 views");
        }
    }

    /// Mean difference of neighbours in a row.
    fn roughness(picture: &DynamicImage) -> f64 {
        let grey = picture.to_luma8();
        let steps = grey.rows().flat_map(|row| {
            let row: Vec<u8> = row.map(|pixel| pixel.0[0]).collect();
            row.windows(2).map(|two| f64::from(two[0].abs_diff(two[1]))).collect::<Vec<_>>()
        });
        steps.sum::<f64>() / f64::from(grey.width() * grey.height())
    }

    #[test]
    fn a_blur_has_the_deviation_that_was_asked_for() {
        // As bright as 8 bits allow, in a line, of which a point's blur keeps more than of a single pixel.
        let line: DynamicImage = GrayImage::from_fn(41, 3, |x, _| Luma([if x == 20 { 255 } else { 0 }])).into();
        for asked in [0.5f32, 1.0, 1.6, 2.24] {
            let row: Vec<f64> =
                blurred(line.clone(), asked).to_luma8().iter().take(41).copied().map(f64::from).collect();
            let second: f64 = row.iter().zip(-20i32..).map(|(value, x)| value * f64::from(x * x)).sum();
            let found = (second / row.iter().sum::<f64>()).sqrt();
            assert!((found / f64::from(asked) - 1.0).abs() < 0.1, "{found} instead of {asked}");
        }
        assert_eq!(blurred(line.clone(), 0.1), line);
    }

    #[test]
    fn blur_smooths_and_compression_stays_near_what_it_was() {
        let preprocessing = Preset::Compact.recipe().with_input_size(32).preprocessing;
        let chequered: DynamicImage =
            GrayImage::from_fn(32, 32, |x, y| Luma([if (x / 2 + y / 2) % 2 == 0 { 60 } else { 190 }])).into();
        let view = |augmentation: &Augmentation, seed| {
            training_view(&chequered, augmentation, &preprocessing, &mut ChaCha8Rng::seed_from_u64(seed))
        };
        let plain = roughness(&view(&Augmentation::NONE, 0));
        let blurred: Vec<f64> =
            (0..40).map(|seed| roughness(&view(&Augmentation { blur: 0.1, ..Augmentation::NONE }, seed))).collect();
        assert!(blurred.iter().all(|&found| found <= plain), "no blur sharpens: {blurred:?}");
        let half = blurred.iter().filter(|&&found| found < 0.9 * plain).count();
        assert!((10..=30).contains(&half), "half of the views are blurred, {half} of 40");
        for seed in 0..20 {
            let compressed = view(&Augmentation { jpeg: 1.0, ..Augmentation::NONE }, seed).to_luma8();
            let (before, after) = (chequered.to_luma8(), compressed);
            let difference: f64 =
                before.iter().zip(after.iter()).map(|(one, other)| f64::from(one.abs_diff(*other))).sum::<f64>()
                    / 1024.0;
            assert!(difference > 0.0 && difference < 25.0, "{difference} a pixel with seed {seed}");
        }
    }
}
