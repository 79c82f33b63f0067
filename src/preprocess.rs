//! From a cropped face to the network's input: colour, size, normalisation.
//!
//! Evaluation in the trainer and the page in the browser both go through [`Preprocessing::input`], so that what was
//! measured is what is shown. Training's random views are made in the trainer.

use image::DynamicImage;
use image::imageops::FilterType;
use serde::{Deserialize, Serialize};

/// How a picture becomes numbers. Travels in the artefact's manifest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preprocessing {
    /// Side of the network's input in pixels.
    pub input_size: u32,
    /// Whether colour is taken away first.
    pub colour: Colour,
    /// Share of the picture's side that is kept around its centre, in 0..1: 1 keeps everything, the paper's
    /// evaluation keeps 224 / 256.
    pub centre: f32,
    /// Mean of each channel (red, green, blue) over values in 0..1.
    pub mean: [f32; 3],
    /// Standard deviation of each channel.
    pub std: [f32; 3],
}

/// What the network sees of a picture's colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Colour {
    /// Luminance, the same in all three channels.
    Grey,
    /// Red, green and blue.
    Rgb,
}

/// Channel statistics of ImageNet, which torchvision's weights were trained with.
pub const IMAGENET_MEAN: [f32; 3] = [0.485, 0.456, 0.406];
/// Standard deviations that belong to [`IMAGENET_MEAN`].
pub const IMAGENET_STD: [f32; 3] = [0.229, 0.224, 0.225];
/// Channel statistics of the DACL authors' code.
pub const DACL_MEAN: [f32; 3] = [0.5752, 0.4495, 0.4012];
/// Standard deviations that belong to [`DACL_MEAN`].
pub const DACL_STD: [f32; 3] = [0.2086, 0.1911, 0.1827];

impl Preprocessing {
    /// What leaves nothing of a picture, or no finite number, and what is allowed in its place.
    pub fn fault(&self) -> Option<String> {
        let Self { centre, mean, std, .. } = self;
        if !(*centre > 0.0 && *centre <= 1.0) {
            return Some(format!("preprocessing.centre is {centre}: use a number above 0, up to 1"));
        }
        if !mean.iter().all(|mean| mean.is_finite()) {
            return Some(format!("preprocessing.mean is {mean:?}: use three numbers"));
        }
        if !std.iter().all(|std| std.is_finite() && *std > 0.0) {
            return Some(format!("preprocessing.std is {std:?}: use three numbers above 0"));
        }
        None
    }

    /// The network's input for a cropped face: `3 * input_size * input_size` values, channel by channel, each channel
    /// row by row.
    ///
    /// The central square of the picture is resized with a filter that averages when it shrinks.
    pub fn input(&self, picture: &DynamicImage) -> Vec<f32> {
        self.normalised(&self.view(picture))
    }

    /// What the network sees of a picture, before normalisation: the central square, `input_size` by `input_size` pixels.
    pub fn view(&self, picture: &DynamicImage) -> DynamicImage {
        let square = self.square(picture);
        match square.width() == self.input_size {
            true => square,
            false => square.resize_exact(self.input_size, self.input_size, FilterType::Triangle),
        }
    }

    /// The central square that the network sees, in the picture's own pixels.
    pub fn square(&self, picture: &DynamicImage) -> DynamicImage {
        let (width, height) = (picture.width().max(1), picture.height().max(1));
        let side = ((width.min(height) as f32 * self.centre).round() as u32).clamp(1, width.min(height));
        self.coloured(picture).crop_imm((width - side) / 2, (height - side) / 2, side, side)
    }

    /// The picture with as many channels as the network looks at.
    pub fn coloured(&self, picture: &DynamicImage) -> DynamicImage {
        match self.colour {
            Colour::Grey => DynamicImage::ImageLuma8(picture.to_luma8()),
            Colour::Rgb => DynamicImage::ImageRgb8(picture.to_rgb8()),
        }
    }

    /// Normalised channel planes of a picture of any size, red, green, blue; a grey picture gives three planes too.
    pub fn normalised(&self, picture: &DynamicImage) -> Vec<f32> {
        let plane = |values: &mut dyn Iterator<Item = u8>, channel: usize| -> Vec<f32> {
            let (scale, offset) = (1.0 / (255.0 * self.std[channel]), -self.mean[channel] / self.std[channel]);
            values.map(|value| f32::from(value) * scale + offset).collect()
        };
        match picture {
            DynamicImage::ImageLuma8(grey) => {
                (0..3).flat_map(|channel| plane(&mut grey.as_raw().iter().copied(), channel)).collect()
            }
            other => {
                let rgb = other.to_rgb8();
                (0..3).flat_map(|channel| plane(&mut rgb.pixels().map(|pixel| pixel.0[channel]), channel)).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{GrayImage, Luma, Rgb, RgbImage};

    fn grey(input_size: u32) -> Preprocessing {
        Preprocessing { input_size, colour: Colour::Grey, centre: 1.0, mean: IMAGENET_MEAN, std: IMAGENET_STD }
    }

    #[test]
    fn a_flat_grey_picture_becomes_its_normalised_value_in_every_channel() {
        let picture = DynamicImage::ImageLuma8(GrayImage::from_pixel(48, 48, Luma([51])));
        let input = grey(64).input(&picture);
        assert_eq!(input.len(), 3 * 64 * 64);
        for channel in 0..3 {
            let expected = (0.2 - IMAGENET_MEAN[channel]) / IMAGENET_STD[channel];
            for value in &input[channel * 4096..(channel + 1) * 4096] {
                assert!((value - expected).abs() < 1e-5, "{value} instead of {expected}");
            }
        }
    }

    #[test]
    fn colours_keep_their_channel_order() {
        let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(8, 8, Rgb([255, 0, 0])));
        let input = Preprocessing { colour: Colour::Rgb, ..grey(8) }.input(&picture);
        assert!((input[0] - (1.0 - IMAGENET_MEAN[0]) / IMAGENET_STD[0]).abs() < 1e-5);
        assert!((input[64] + IMAGENET_MEAN[1] / IMAGENET_STD[1]).abs() < 1e-5);
    }

    #[test]
    fn the_centre_share_cuts_the_border_away() {
        let mut picture = GrayImage::from_pixel(100, 100, Luma([255]));
        for y in 10..90 {
            for x in 10..90 {
                picture.put_pixel(x, y, Luma([0]));
            }
        }
        let input = Preprocessing { centre: 0.8, ..grey(40) }.input(&DynamicImage::ImageLuma8(picture));
        let black = -IMAGENET_MEAN[0] / IMAGENET_STD[0];
        assert!(input[..1600].iter().all(|value| (value - black).abs() < 1e-5));
    }

    #[test]
    fn a_picture_of_one_pixel_is_enlarged_without_complaint() {
        let picture = DynamicImage::ImageLuma8(GrayImage::from_pixel(1, 1, Luma([128])));
        assert_eq!(grey(32).input(&picture).len(), 3 * 32 * 32);
    }

    #[test]
    fn shrinking_averages_instead_of_picking_pixels() {
        let board = GrayImage::from_fn(128, 128, |x, y| Luma([if (x + y) % 2 == 0 { 255 } else { 0 }]));
        let input = grey(32).input(&DynamicImage::ImageLuma8(board));
        let middle = (0.5 - IMAGENET_MEAN[0]) / IMAGENET_STD[0];
        assert!((input[16 * 32 + 16] - middle).abs() < 0.05);
    }
}
