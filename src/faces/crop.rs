//! The square around a face that the network is shown.
//!
//! Where the square leaves the picture, the picture's edge pixels are repeated: a face at the edge stays centred and keeps its
//! scale, and no border appears that the network never saw in training. Resizing to the network's input is not done here.

use image::{DynamicImage, GenericImageView, ImageBuffer, Luma, Pixel};

use super::FaceBox;
use super::turn::{Turn, framed};

/// What to cut: a square that leans like the face, its centre in picture pixels. It may reach outside the picture.
struct Square {
    centre: (f64, f64),
    side: u32,
    angle: f32,
}

/// The square around the centre of `face` whose side is `margin` times the longer side of the box, rounded to whole pixels; the face
/// stands upright in it. Around an upright face, pixels are copied as they are.
///
/// The side is at least 1 and at most twice the picture's longer side (beyond that, nothing but repeated edge would be added).
/// Grey in gives `Luma8`, colour gives `Rgb8`; transparency is dropped. A picture without pixels gives one black pixel.
pub fn crop_face(picture: &DynamicImage, face: &FaceBox, margin: f32) -> DynamicImage {
    let square = square_around(face, margin, picture.width().max(picture.height()));
    match picture {
        DynamicImage::ImageLuma8(grey) => DynamicImage::ImageLuma8(cut(grey, &square, |pixel| pixel)),
        DynamicImage::ImageRgb8(colour) => DynamicImage::ImageRgb8(cut(colour, &square, |pixel| pixel)),
        other if other.color().has_color() => DynamicImage::ImageRgb8(cut(other, &square, |pixel| pixel.to_rgb())),
        other => DynamicImage::ImageLuma8(cut(other, &square, |pixel| Luma([pixel.to_rgb().0[0]]))),
    }
}

fn square_around(face: &FaceBox, margin: f32, longer_side: u32) -> Square {
    let largest = f64::from(longer_side.max(1)) * 2.0;
    let wanted = f64::from(margin) * f64::from(face.width.max(face.height));
    // `max` and `min` also take a side that is not a number to 1.
    let side = wanted.round().max(1.0).min(largest);
    // Farther out than this there is the same repeated edge; the bound keeps the arithmetic below from overflowing.
    #[expect(clippy::manual_clamp, reason = "takes a middle that is not a number to a bound, as clamp does not")]
    let bounded = |middle: f64| middle.max(-1e12).min(1e12);
    let (x, y) = face.centre();
    Square { centre: (bounded(x), bounded(y)), side: side as u32, angle: face.angle }
}

/// The pixels of `square`, each turned by `convert`.
fn cut<V, P>(picture: &V, square: &Square, convert: impl Fn(V::Pixel) -> P) -> ImageBuffer<P, Vec<u8>>
where
    V: GenericImageView,
    P: Pixel<Subpixel = u8>,
{
    let (width, height) = picture.dimensions();
    if width == 0 || height == 0 {
        return ImageBuffer::new(1, 1);
    }
    if square.angle != 0.0 {
        return framed(picture, square.centre, Turn::by(square.angle), (square.side, square.side), convert);
    }
    let start = |middle: f64| (middle - f64::from(square.side) / 2.0).round() as i64;
    let (left, top) = (start(square.centre.0), start(square.centre.1));
    let inside = |start: i64, step: u32, length: u32| (start + i64::from(step)).clamp(0, i64::from(length) - 1) as u32;
    ImageBuffer::from_fn(square.side, square.side, |x, y| {
        convert(picture.get_pixel(inside(left, x, width), inside(top, y, height)))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]

    use super::*;
    use crate::faces::drawn_face::draw_leaning_face;
    use image::{GrayImage, Rgb, RgbImage, RgbaImage};

    fn face(x: f32, y: f32, width: f32, height: f32) -> FaceBox {
        FaceBox { x, y, width, height, angle: 0.0, score: 1.0 }
    }

    /// A picture whose pixel tells where it is: red its column, green its row.
    fn coordinates(width: u32, height: u32) -> DynamicImage {
        DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| Rgb([x as u8, y as u8, 7])))
    }

    #[test]
    fn the_crop_is_the_square_of_the_asked_size_about_the_centre_of_the_box() {
        let crop = crop_face(&coordinates(200, 200), &face(80.0, 60.0, 20.0, 40.0), 1.5).to_rgb8();
        assert_eq!(crop.dimensions(), (60, 60));
        assert_eq!(crop.get_pixel(0, 0), &Rgb([60, 50, 7]));
        assert_eq!(crop.get_pixel(59, 59), &Rgb([119, 109, 7]));
    }

    #[test]
    fn a_face_that_leans_stands_upright_in_its_crop() {
        let picture = |degrees| {
            let mut picture = GrayImage::from_pixel(240, 200, Luma([120]));
            draw_leaning_face(&mut picture, 120.0, 100.0, 80.0, degrees);
            DynamicImage::ImageLuma8(picture)
        };
        let upright = crop_face(&picture(0.0), &face(80.0, 60.0, 80.0, 80.0), 1.2).to_luma8();
        for degrees in [-70.0, -30.0, 15.0, 45.0] {
            let leaning = FaceBox { angle: degrees, ..face(80.0, 60.0, 80.0, 80.0) };
            let crop = crop_face(&picture(degrees), &leaning, 1.2).to_luma8();
            assert_eq!(crop.dimensions(), upright.dimensions());
            let apart: u32 = crop.iter().zip(upright.iter()).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
            let mean = f64::from(apart) / crop.len() as f64;
            assert!(mean < 2.0, "at {degrees} degrees the greys differ by {mean} on average");
        }
    }

    #[test]
    fn over_the_edge_the_edge_pixels_are_repeated() {
        let crop = crop_face(&coordinates(100, 100), &face(-10.0, 70.0, 40.0, 40.0), 1.0).to_rgb8();
        assert_eq!(crop.dimensions(), (40, 40));
        assert_eq!(crop.get_pixel(0, 0), &Rgb([0, 70, 7]));
        assert_eq!(crop.get_pixel(10, 0), &Rgb([0, 70, 7]));
        assert_eq!(crop.get_pixel(11, 0), &Rgb([1, 70, 7]));
        assert_eq!(crop.get_pixel(39, 39), &Rgb([29, 99, 7]));
    }

    #[test]
    fn grey_stays_grey_and_colour_becomes_plain_colour() {
        let (width, height) = (30, 30);
        let box_ = face(5.0, 5.0, 10.0, 10.0);
        let grey = DynamicImage::ImageLuma8(GrayImage::from_pixel(width, height, Luma([77])));
        let see_through = DynamicImage::ImageRgba8(RgbaImage::from_pixel(width, height, image::Rgba([9, 8, 7, 0])));
        let deep = DynamicImage::ImageLuma16(grey.to_luma16());
        for (picture, expected) in [
            (&grey, DynamicImage::ImageLuma8(GrayImage::from_pixel(10, 10, Luma([77])))),
            (&deep, DynamicImage::ImageLuma8(GrayImage::from_pixel(10, 10, Luma([77])))),
            (&see_through, DynamicImage::ImageRgb8(RgbImage::from_pixel(10, 10, Rgb([9, 8, 7])))),
        ] {
            assert_eq!(crop_face(picture, &box_, 1.0), expected);
        }
    }

    #[test]
    fn whatever_is_asked_a_square_of_bounded_size_comes_back() {
        let numbers = [
            f32::NEG_INFINITY,
            f32::MIN,
            -300.5,
            -1.0,
            0.0,
            0.4,
            13.0,
            5000.0,
            1e30,
            f32::MAX,
            f32::INFINITY,
            f32::NAN,
        ];
        for picture in [coordinates(9, 5), coordinates(1, 1), coordinates(0, 4), DynamicImage::new_luma8(0, 0)] {
            let largest = 2 * picture.width().max(picture.height()).max(1);
            for x in numbers {
                for width in numbers {
                    for (height, angle) in [(1.0, 0.0), (40.0, 20.0), (f32::NAN, f32::NAN), (9.0, f32::INFINITY)] {
                        for margin in numbers {
                            let leaning = FaceBox { angle, ..face(x, -x, width, height) };
                            let crop = crop_face(&picture, &leaning, margin);
                            assert_eq!(crop.width(), crop.height());
                            assert!((1..=largest).contains(&crop.width()), "side {}", crop.width());
                        }
                    }
                }
            }
        }
    }
}
