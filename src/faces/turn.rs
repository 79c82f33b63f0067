//! Turning: where a point goes, and the picture on the slant that a crop or a search sees upright.
//!
//! Angles are in degrees, clockwise as a picture is looked at. Between pixels, grey values are linear; outside the picture its edge
//! pixels are repeated, as in an upright crop.

use image::{GenericImageView, GrayImage, ImageBuffer, Luma, Pixel};

/// Turns by a fixed angle.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    sine: f64,
    cosine: f64,
}

impl Turn {
    pub(super) fn by(degrees: f32) -> Self {
        let (sine, cosine) = f64::from(degrees).to_radians().sin_cos();
        Self { sine, cosine }
    }

    /// Where the point (`right`, `down`) goes when it is turned about (0, 0).
    pub(super) fn of(self, right: f64, down: f64) -> (f64, f64) {
        (right * self.cosine - down * self.sine, right * self.sine + down * self.cosine)
    }

    /// Width and height of the smallest upright rectangle that holds a turned one.
    fn around(self, width: f64, height: f64) -> (f64, f64) {
        let (sine, cosine) = (self.sine.abs(), self.cosine.abs());
        (width * cosine + height * sine, width * sine + height * cosine)
    }
}

/// What a frame of `width` x `height` pixels shows of `picture` when its centre lies on (`x`, `y`) and it is turned: pixel (0, 0) is
/// the frame's own upper left one. A picture without pixels gives black.
pub(super) fn framed<V, P>(
    picture: &V,
    (x, y): (f64, f64),
    turn: Turn,
    (width, height): (u32, u32),
    convert: impl Fn(V::Pixel) -> P,
) -> ImageBuffer<P, Vec<u8>>
where
    V: GenericImageView,
    P: Pixel<Subpixel = u8>,
{
    if picture.width() == 0 || picture.height() == 0 {
        return ImageBuffer::new(width, height);
    }
    let (last_column, last_row) = (f64::from(picture.width() - 1), f64::from(picture.height() - 1));
    ImageBuffer::from_fn(width, height, |column, row| {
        let from_centre = |at: u32, length: u32| f64::from(at) + 0.5 - f64::from(length) / 2.0;
        let (right, down) = turn.of(from_centre(column, width), from_centre(row, height));
        // Centres of pixels lie at halves. `max` and `min` also take what is not a number into the picture.
        let across = (x + right - 0.5).max(0.0).min(last_column);
        let along = (y + down - 0.5).max(0.0).min(last_row);
        between(picture, across, along, &convert)
    })
}

/// The value at a place between the centres of four pixels.
fn between<V, P>(picture: &V, across: f64, along: f64, convert: impl Fn(V::Pixel) -> P) -> P
where
    V: GenericImageView,
    P: Pixel<Subpixel = u8>,
{
    let (left, top) = (across as u32, along as u32);
    let (right, bottom) = ((left + 1).min(picture.width() - 1), (top + 1).min(picture.height() - 1));
    let (to_right, to_bottom) = (across.fract() as f32, along.fract() as f32);
    let mix = |a: P, b: P, share: f32| {
        a.map2(&b, |a, b| (f32::from(a) + share * (f32::from(b) - f32::from(a))).round() as u8)
    };
    let at = |x, y| convert(picture.get_pixel(x, y));
    mix(mix(at(left, top), at(right, top), to_right), mix(at(left, bottom), at(right, bottom), to_right), to_bottom)
}

/// The whole of `picture` so that what is turned in it by `degrees` stands upright, in a frame as large as that needs.
pub(super) fn turned_back(picture: &GrayImage, degrees: f32) -> GrayImage {
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    let turn = Turn::by(degrees);
    let (across, down) = turn.around(width, height);
    framed(
        picture,
        (width / 2.0, height / 2.0),
        turn,
        (across.round() as u32, down.round() as u32),
        |grey: Luma<u8>| grey,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_goes_clockwise_as_a_picture_is_looked_at() {
        let (right, down) = Turn::by(90.0).of(0.0, -1.0);
        assert!((right - 1.0).abs() < 1e-9 && down.abs() < 1e-9, "up goes to ({right}, {down})");
    }

    #[test]
    fn a_frame_that_is_not_turned_shows_the_picture_as_it_is() {
        let picture = GrayImage::from_fn(9, 7, |x, y| Luma([(x * 20 + y * 3) as u8]));
        assert_eq!(framed(&picture, (4.5, 3.5), Turn::by(0.0), (9, 7), |grey: Luma<u8>| grey), picture);
    }

    #[test]
    fn what_leans_stands_upright_when_it_is_turned_back() {
        // A bright bar that points to the right: something upright that leans by 90 degrees.
        let picture = GrayImage::from_fn(40, 20, |x, _| Luma([if x >= 20 { 200 } else { 50 }]));
        let upright = turned_back(&picture, 90.0);
        assert_eq!(upright.dimensions(), (20, 40));
        assert_eq!((upright.get_pixel(10, 5)[0], upright.get_pixel(10, 35)[0]), (200, 50));
    }
}
