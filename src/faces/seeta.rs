//! Faces found by SeetaFace's funnel cascade (`rustface`), whose model is part of the program.
//!
//! SeetaFace looks for upright faces that fill a 40-pixel window, in ever smaller copies of a picture. So what decides speed and the
//! smallest face is the size of the first copy, and this module chooses that size, smooths while scaling, turns the copy where
//! nothing stands upright in it, and brings the boxes back into picture pixels. The detector itself is `rustface`'s.

use image::GrayImage;
use image::imageops::{FilterType, resize};

use super::FaceFinder;
use super::contrast::{equalise, stretch};
use super::face_box::{FaceBox, one_box_a_face};
use super::lean::straightened;
use super::seeta_options::{FaceFinderError, SeetaOptions};
use super::seeta_search::{SeetaSearch, WINDOW};
use super::turn::{Turn, turned_back};

/// The second look is at a copy of this part of the size: smoothing away noise finds more than detail does.
const SECOND_LOOK_SIZE: f32 = 0.75;

/// What is searched where no face stands upright, in degrees: faces that lean by 20 to 60 are found, those that lean less before.
const TURNED: [f32; 2] = [-40.0, 40.0];

/// Finds frontal faces with SeetaFace. Make one and keep it: the model is read once and buffers are reused.
pub struct SeetaFinder {
    search: SeetaSearch,
    options: SeetaOptions,
}

impl SeetaFinder {
    /// A finder with these options.
    ///
    /// # Errors
    /// When an option is out of its range.
    pub fn new(options: SeetaOptions) -> Result<Self, FaceFinderError> {
        options.check()?;
        Ok(Self { search: SeetaSearch::new(&options)?, options })
    }

    /// The size of the copy of a `width` x `height` picture that is searched.
    fn copy_size(&self, width: u32, height: u32) -> (u32, u32) {
        let longer = f64::from(width.max(height));
        let by_size = f64::from(self.options.largest_dimension) / longer;
        let by_face = f64::from(WINDOW) / f64::from(self.options.smallest_face);
        let scale = by_size.min(by_face);
        let scaled = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
        (scaled(width), scaled(height))
    }

    /// The upright faces in `copy`, and those that reach over its edge.
    fn upright(&mut self, copy: &GrayImage) -> Vec<FaceBox> {
        let border = (copy.width().min(copy.height()) as f32 * self.options.border).round() as u32;
        let mut faces = self.search.of(&with_border(copy, border));
        for face in &mut faces {
            face.x -= border as f32;
            face.y -= border as f32;
        }
        faces
    }

    /// The faces in `copy` that lean by about `angle`.
    fn leaning(&mut self, copy: &GrayImage, angle: f32) -> Vec<FaceBox> {
        let turned = turned_back(copy, angle);
        let turn = Turn::by(angle);
        let middle = |picture: &GrayImage| (f64::from(picture.width()) / 2.0, f64::from(picture.height()) / 2.0);
        let (from, to) = (middle(&turned), middle(copy));
        let back = |face: FaceBox| {
            let (x, y) = face.centre();
            let (right, down) = turn.of(x - from.0, y - from.1);
            FaceBox { angle, ..face }.centred_on((to.0 + right, to.1 + down))
        };
        self.search.of(&turned).into_iter().map(back).collect()
    }

    /// The faces in `copy` as it was searched, each looked at again for how far it leans.
    fn straightened(&mut self, copy: &GrayImage, faces: Vec<FaceBox>) -> Vec<FaceBox> {
        match self.options.leaning {
            true => faces.into_iter().map(|face| straightened(&mut self.search, copy, face)).collect(),
            false => faces,
        }
    }
}

impl FaceFinder for SeetaFinder {
    fn find(&mut self, picture: &GrayImage) -> Vec<FaceBox> {
        let (width, height) = picture.dimensions();
        if width == 0 || height == 0 {
            return Vec::new();
        }
        let (copy_width, copy_height) = self.copy_size(width, height);
        let copy = resize(picture, copy_width, copy_height, FilterType::Triangle);
        let mut searched = copy.clone();
        stretch(&mut searched);
        let mut faces = self.upright(&searched);
        if faces.is_empty() && self.options.leaning {
            faces = TURNED.into_iter().flat_map(|angle| self.leaning(&searched, angle)).collect();
        }
        if faces.is_empty() && self.options.second_look {
            let smaller = |side: u32| ((side as f32 * SECOND_LOOK_SIZE).round() as u32).max(1);
            searched = resize(&copy, smaller(copy_width), smaller(copy_height), FilterType::Triangle);
            equalise(&mut searched);
            faces = self.upright(&searched);
        }
        // Straightening changes sizes and places: what was one box a face, the largest first, is made so again.
        let mut faces = one_box_a_face(self.straightened(&searched, one_box_a_face(faces)));
        let (across, down) = (width as f32 / searched.width() as f32, height as f32 / searched.height() as f32);
        for face in &mut faces {
            face.x *= across;
            face.y *= down;
            face.width *= across;
            face.height *= down;
        }
        faces
    }
}

/// The picture with its edge pixels repeated `border` times on every side.
fn with_border(picture: &GrayImage, border: u32) -> GrayImage {
    let (width, height) = picture.dimensions();
    let inside = |at: u32, length: u32| at.saturating_sub(border).min(length - 1);
    GrayImage::from_fn(width + 2 * border, height + 2 * border, |x, y| {
        *picture.get_pixel(inside(x, width), inside(y, height))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::faces::drawn_face::{draw_face, draw_leaning_face};
    use image::Luma;

    fn finder() -> SeetaFinder {
        SeetaFinder::new(SeetaOptions::default()).unwrap()
    }

    fn backdrop(width: u32, height: u32) -> GrayImage {
        GrayImage::from_pixel(width, height, Luma([120]))
    }

    /// That `found` lies on a face drawn at (`x`, `y`) with this head width: centre within a fifth of the width, size within a third.
    fn assert_on(found: &FaceBox, x: f32, y: f32, width: f32) {
        let (centre_x, centre_y) = (found.x + found.width / 2.0, found.y + found.height / 2.0);
        let off = (centre_x - x).hypot(centre_y - y) / width;
        let size = found.width / width;
        assert!(off < 0.2, "{found:?} lies {off} head widths off ({x}, {y})");
        assert!((0.75..1.35).contains(&size), "{found:?} is {size} times as wide as the head ({width})");
    }

    #[test]
    fn a_face_is_found_where_it_was_drawn_at_every_size_and_place() {
        let mut finder = finder();
        for (x, y, width) in [(160.0, 120.0, 70.0), (90.0, 110.0, 100.0), (220.0, 130.0, 130.0), (150.0, 120.0, 150.0)]
        {
            let mut picture = backdrop(320, 240);
            draw_face(&mut picture, x, y, width);
            let found = finder.find(&picture);
            assert_eq!(found.len(), 1, "one face {width} wide at ({x}, {y}), found {found:?}");
            assert_on(&found[0], x, y, width);
        }
    }

    #[test]
    fn a_face_that_leans_is_found_with_its_angle() {
        let mut finder = finder();
        for degrees in [-80.0, -70.0, -40.0, -30.0, 30.0, 40.0, 60.0, 70.0, 80.0] {
            for (x, y, width) in [(160.0, 120.0, 110.0), (210.0, 115.0, 75.0)] {
                let mut picture = backdrop(320, 240);
                draw_leaning_face(&mut picture, x, y, width, degrees);
                let found = finder.find(&picture);
                assert_eq!(found.len(), 1, "one face that leans by {degrees}, found {found:?}");
                assert_on(&found[0], x, y, width);
                let off = (found[0].angle - degrees).abs();
                assert!(off < 13.0, "{} is told of a face that leans by {degrees}", found[0].angle);
            }
        }
    }

    #[test]
    fn two_faces_that_lean_towards_each_other_keep_their_own_places_and_angles() {
        let mut picture = backdrop(320, 240);
        draw_leaning_face(&mut picture, 90.0, 120.0, 84.0, 35.0);
        draw_leaning_face(&mut picture, 200.0, 120.0, 96.0, -35.0);
        let found = finder().find(&picture);
        assert_eq!(found.len(), 2, "found {found:?}");
        for (face, (x, width, degrees)) in found.iter().zip([(200.0, 96.0, -35.0), (90.0, 84.0, 35.0)]) {
            assert_on(face, x, 120.0, width);
            assert!((face.angle - degrees).abs() < 13.0, "{face:?} leans by {degrees}");
        }
    }

    #[test]
    fn a_face_that_hardly_leans_counts_as_upright() {
        let mut finder = finder();
        for degrees in [-6.0, -3.0, 0.0, 3.0, 6.0] {
            let mut picture = backdrop(320, 240);
            draw_leaning_face(&mut picture, 160.0, 120.0, 110.0, degrees);
            let found = finder.find(&picture);
            assert_eq!(found.len(), 1, "at {degrees} degrees, found {found:?}");
            assert_eq!(found[0].angle, 0.0, "at {degrees} degrees");
        }
    }

    #[test]
    fn where_leaning_faces_are_not_asked_for_none_is_looked_for() {
        let mut picture = backdrop(320, 240);
        draw_leaning_face(&mut picture, 160.0, 120.0, 110.0, 80.0);
        let upright = SeetaOptions { leaning: false, ..SeetaOptions::default() };
        assert_eq!(SeetaFinder::new(upright).unwrap().find(&picture), Vec::new());
        assert_eq!(finder().find(&picture).len(), 1);
    }

    #[test]
    fn boxes_are_in_picture_pixels_whether_the_picture_is_shrunk_or_enlarged() {
        let mut finder = finder();
        for factor in [0.5, 1.0, 2.0, 4.0] {
            let mut picture = backdrop((300.0 * factor) as u32, (240.0 * factor) as u32);
            let (x, y, width) = (180.0 * factor, 120.0 * factor, 110.0 * factor);
            draw_face(&mut picture, x, y, width);
            let found = finder.find(&picture);
            assert_eq!(found.len(), 1, "at {factor} times the size, found {found:?}");
            assert_on(&found[0], x, y, width);
        }
    }

    #[test]
    fn two_faces_side_by_side_give_two_boxes_the_larger_first() {
        let mut picture = backdrop(320, 240);
        draw_face(&mut picture, 80.0, 120.0, 90.0);
        draw_face(&mut picture, 225.0, 120.0, 125.0);
        let found = finder().find(&picture);
        assert_eq!(found.len(), 2, "found {found:?}");
        assert_on(&found[0], 225.0, 120.0, 125.0);
        assert_on(&found[1], 80.0, 120.0, 90.0);
    }

    #[test]
    fn a_face_that_reaches_over_the_edge_is_found_where_it_is() {
        let mut finder = finder();
        for (x, y) in [(36.0, 120.0), (284.0, 120.0), (160.0, 192.0)] {
            let mut picture = backdrop(320, 240);
            draw_face(&mut picture, x, y, 120.0);
            let found = finder.find(&picture);
            assert_eq!(found.len(), 1, "at ({x}, {y}) found {found:?}");
            assert_on(&found[0], x, y, 120.0);
        }
    }

    #[test]
    fn a_face_in_the_dark_is_found() {
        let mut picture = backdrop(320, 240);
        draw_face(&mut picture, 160.0, 120.0, 110.0);
        for grey in picture.iter_mut() {
            *grey = 4 + *grey / 10;
        }
        let found = finder().find(&picture);
        assert_eq!(found.len(), 1, "found {found:?}");
        assert_on(&found[0], 160.0, 120.0, 110.0);
    }

    #[test]
    fn a_face_against_the_light_is_found_by_the_second_look() {
        let mut picture = backdrop(320, 240);
        draw_face(&mut picture, 160.0, 120.0, 110.0);
        for (x, y, grey) in picture.enumerate_pixels_mut() {
            let behind = (x as f32 - 160.0).hypot(y as f32 - 122.0) > 90.0;
            grey[0] = if behind { 225 + ((x + y) % 30) as u8 } else { grey[0] / 16 };
        }
        let once = SeetaOptions { second_look: false, leaning: false, ..SeetaOptions::default() };
        assert_eq!(SeetaFinder::new(once).unwrap().find(&picture), Vec::new());
        let found = finder().find(&picture);
        assert_eq!(found.len(), 1, "found {found:?}");
        assert_on(&found[0], 160.0, 120.0, 110.0);
    }

    #[test]
    fn one_finder_answers_alike_before_and_after_other_pictures() {
        let mut finder = finder();
        let mut picture = backdrop(320, 240);
        draw_face(&mut picture, 160.0, 120.0, 110.0);
        let first = finder.find(&picture);
        assert_eq!(first.len(), 1);
        finder.find(&backdrop(60, 90));
        finder.find(&backdrop(900, 500));
        assert_eq!(finder.find(&picture), first);
    }

    #[test]
    fn pictures_without_a_face_give_none() {
        let mut finder = finder();
        let slope = GrayImage::from_fn(320, 240, |x, y| Luma([((x + y) / 3) as u8]));
        let stripes = GrayImage::from_fn(320, 240, |x, _| Luma([if x / 20 % 2 == 0 { 40 } else { 200 }]));
        let noise = |grain: u32| {
            let hash = |x: u32, y: u32| {
                (x.wrapping_mul(0x9e37_79b9) ^ y.wrapping_mul(0x85eb_ca6b)).wrapping_mul(0xc2b2_ae35) >> 24
            };
            GrayImage::from_fn(320, 240, |x, y| Luma([hash(x / grain + 1, y / grain + 1) as u8]))
        };
        let noises = [1, 3, 8, 20].map(noise);
        for picture in [GrayImage::new(320, 240), backdrop(320, 240), slope, stripes].iter().chain(&noises) {
            assert_eq!(finder.find(picture), Vec::new());
        }
    }

    #[test]
    fn pictures_too_small_or_too_thin_for_a_face_give_none() {
        let mut finder = finder();
        for (width, height) in
            [(0, 0), (0, 9), (9, 0), (1, 1), (2, 3), (19, 19), (1, 5000), (5000, 1), (3, 700), (6000, 39)]
        {
            let noise = GrayImage::from_fn(width, height, |x, y| Luma([(x * 31 + y * 17) as u8]));
            assert_eq!(finder.find(&noise), Vec::new(), "{width} x {height}");
        }
    }

    #[test]
    fn every_size_about_a_window_is_searched_without_a_panic() {
        let mut finder = finder();
        for side in 18..130 {
            let noise = GrayImage::from_fn(side, side + side % 7, |x, y| Luma([(x * x * 31 + y * 17 * x) as u8]));
            finder.find(&noise);
        }
    }
}
