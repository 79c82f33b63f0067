//! Contrast for the search: dark, pale and backlit pictures are brought to where faces can be seen.
//!
//! SeetaFace passes over every window whose grey values spread by less than 10 of 255, whatever is in it: without this, no face
//! is found in a dark room. What the network is shown does not go through here.

use image::GrayImage;

/// This part of the darkest and of the brightest pixels may run into black and white: a lamp must not decide the range.
const CLIPPED: f32 = 0.01;

/// No stretch is stronger than this: beyond it lies nothing but the camera's noise.
const STRONGEST: f32 = 16.0;

/// Stretches the grey values of `picture` from its 1 % darkest to its 1 % brightest over 0 to 255.
pub(super) fn stretch(picture: &mut GrayImage) {
    let counts = count(picture);
    let clipped = (picture.as_raw().len() as f32 * CLIPPED) as usize;
    let dark = first_beyond(counts.iter(), clipped);
    let bright = 255_usize.saturating_sub(first_beyond(counts.iter().rev(), clipped));
    let gain = 255.0 / ((bright as f32 - dark as f32).max(255.0 / STRONGEST));
    let stretched: [u8; 256] = std::array::from_fn(|grey| ((grey as f32 - dark as f32) * gain).clamp(0.0, 255.0) as u8);
    map(picture, &stretched);
}

/// Gives every grey the place that it has among the pixels of `picture` sorted by brightness, so that dark parts and bright
/// parts get contrast each by its area.
pub(super) fn equalise(picture: &mut GrayImage) {
    let pixels = picture.as_raw().len().max(1);
    let mut sum = 0;
    let equalised = count(picture).map(|count| {
        sum += count;
        (sum * 255 / pixels) as u8
    });
    map(picture, &equalised);
}

/// How many pixels of the picture have each grey.
fn count(picture: &GrayImage) -> [usize; 256] {
    let mut counts = [0; 256];
    for &grey in picture.as_raw() {
        counts[usize::from(grey)] += 1;
    }
    counts
}

fn map(picture: &mut GrayImage, table: &[u8; 256]) {
    for grey in picture.iter_mut() {
        *grey = table[usize::from(*grey)];
    }
}

/// The first place at which the sum of the counts so far is greater than `passed_over`.
fn first_beyond<'a>(counts: impl Iterator<Item = &'a usize>, passed_over: usize) -> usize {
    let mut sum = 0;
    counts
        .take_while(|&&count| {
            sum += count;
            sum <= passed_over
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn a_dark_picture_comes_to_fill_the_range_and_one_lamp_does_not_stop_it() {
        let mut picture = GrayImage::from_fn(40, 40, |x, _| Luma([10 + x as u8]));
        picture.put_pixel(3, 3, Luma([255]));
        stretch(&mut picture);
        assert_eq!(picture.get_pixel(0, 9), &Luma([0]));
        assert_eq!(picture.get_pixel(39, 9), &Luma([255]));
        assert!((126..=130).contains(&picture.get_pixel(20, 9)[0]), "{:?}", picture.get_pixel(20, 9));
    }

    #[test]
    fn a_picture_that_fills_the_range_stays_as_it_is() {
        let picture = GrayImage::from_fn(256, 4, |x, _| Luma([x as u8]));
        let mut stretched = picture.clone();
        stretch(&mut stretched);
        let change = picture.iter().zip(stretched.iter()).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(change <= Some(3), "changed by {change:?}");
    }

    #[test]
    fn equalising_gives_a_dark_half_half_of_the_range() {
        let mut picture =
            GrayImage::from_fn(100, 8, |x, _| Luma([if x < 50 { 10 + x as u8 / 10 } else { 200 + x as u8 / 2 }]));
        equalise(&mut picture);
        let dark = picture.get_pixel(49, 0)[0] - picture.get_pixel(0, 0)[0];
        assert!((95..=128).contains(&dark), "the dark half spans {dark}");
        assert_eq!(picture.get_pixel(99, 0), &Luma([255]));
        equalise(&mut GrayImage::new(0, 0));
    }

    #[test]
    fn flat_and_empty_pictures_are_stretched_no_further_than_the_bound() {
        stretch(&mut GrayImage::new(0, 0));
        let mut nearly_flat = GrayImage::from_fn(20, 20, |x, _| Luma([100 + (x % 2) as u8]));
        stretch(&mut nearly_flat);
        assert!(nearly_flat.iter().all(|grey| *grey <= STRONGEST as u8), "{:?}", nearly_flat.iter().max());
    }
}
