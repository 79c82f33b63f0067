//! How far a found face leans, by looking at it again at several angles.
//!
//! SeetaFace as `rustface` has it gives no landmarks, so there is no eye line to go by. But its score is the highest for a face that
//! stands upright and falls off evenly to both sides: the mean of the angles that were tried, weighted by their scores, follows the
//! face to within 2 degrees (median; 6 for nine in ten of the photographs in `docs/faces.md`).

use std::f64::consts::FRAC_1_SQRT_2;

use image::GrayImage;
use image::imageops::{FilterType, crop_imm, resize};

use super::contrast::stretch;
use super::face_box::FaceBox;
use super::seeta_search::SeetaSearch;
use super::turn::{Turn, framed};

/// What is tried, in degrees from the angle at which the face was found.
const TRIED: [f32; 5] = [-40.0, -20.0, 0.0, 20.0, 40.0];

/// By how much the weighted mean moves for each degree that a face leans: less than one, for what is tried has an end.
const GAIN: f32 = 0.87;

/// The mean comes out too small near the end of what is tried: until it moves by less than this, in degrees, the face is looked at
/// again from where it seems to be.
const NEAR: f32 = 10.0;

/// How often at most.
const MOST_LOOKS: u32 = 3;

/// A face that the upright search found with this score or a higher one is not looked at again, which spares most upright faces the
/// time: it leans too little to matter.
const SURELY_UPRIGHT: f32 = 14.0;

/// Faces that lean by less are left as they are, in degrees: the network has learnt from faces turned by up to 15.
const LEAST: f32 = 12.0;

/// How many pixels wide a face is made before it is looked at again.
const FACE: f64 = 64.0;

/// The side of the frame in which it is looked at, in pixels: 1.8 times the face.
const FRAME: u32 = 115;

/// What is found farther from the frame's middle, in pixels of the frame, is a neighbour's face.
const SAME_FACE: f64 = FACE / 2.0;

/// The face in `picture` with the angle by which it leans, and the box that was found at that angle. A face that leans too little to
/// matter, or is not found again, stays as it is.
pub(super) fn straightened(search: &mut SeetaSearch, picture: &GrayImage, face: FaceBox) -> FaceBox {
    if face.angle == 0.0 && face.score >= SURELY_UPRIGHT {
        return face;
    }
    let close = CloseUp::of(picture, &face);
    let mut angle = face.angle;
    for _ in 0..MOST_LOOKS {
        let before = angle;
        angle = close.lean(search, before);
        if (angle - before).abs() < NEAR {
            break;
        }
    }
    if angle.abs() < LEAST {
        return FaceBox { angle: 0.0, ..face };
    }
    // Scores grow with the picture that is searched: the close-up's alone would make a face less sure than it is.
    close.found(search, angle).map_or(face, |found| FaceBox { score: found.score.max(face.score), ..found })
}

/// A face with its surroundings, scaled so that it is [`FACE`] pixels wide.
struct CloseUp {
    surroundings: GrayImage,
    /// Where the face's centre is in them.
    centre: (f64, f64),
    /// Where their upper left corner is in the picture.
    corner: (f64, f64),
    /// Pixels of the picture for one of theirs.
    scale: f64,
}

impl CloseUp {
    fn of(picture: &GrayImage, face: &FaceBox) -> Self {
        let scale = f64::from(face.width.max(1.0)) / FACE;
        let (x, y) = face.centre();
        // Half the diagonal of the frame: as far as it sees, however it is turned.
        let reach = f64::from(FRAME) * scale * FRAC_1_SQRT_2;
        let within = |middle: f64, length: u32| {
            let start = (middle - reach).floor().clamp(0.0, f64::from(length - 1)) as u32;
            let end = (middle + reach).ceil().clamp(f64::from(start + 1), f64::from(length)) as u32;
            (start, end - start)
        };
        let ((left, width), (top, height)) = (within(x, picture.width()), within(y, picture.height()));
        let scaled = |length: u32| ((f64::from(length) / scale).round() as u32).max(1);
        let surroundings = crop_imm(picture, left, top, width, height).to_image();
        let surroundings = resize(&surroundings, scaled(width), scaled(height), FilterType::Triangle);
        let corner = (f64::from(left), f64::from(top));
        Self { surroundings, centre: ((x - corner.0) / scale, (y - corner.1) / scale), corner, scale }
    }

    /// The angle by which the face leans, seen from an angle near it; that one where no face is seen.
    fn lean(&self, search: &mut SeetaSearch, near: f32) -> f32 {
        let (mut scores, mut moment) = (0.0, 0.0);
        for offset in TRIED {
            let score = self.found(search, near + offset).map_or(0.0, |face| face.score);
            scores += score;
            moment += score * offset;
        }
        if scores > 0.0 { near + moment / scores / GAIN } else { near }
    }

    /// The face as it is found, in the picture, when what leans by `angle` is set upright.
    fn found(&self, search: &mut SeetaSearch, angle: f32) -> Option<FaceBox> {
        let turn = Turn::by(angle);
        let mut frame = framed(&self.surroundings, self.centre, turn, (FRAME, FRAME), |grey| grey);
        stretch(&mut frame);
        let from_middle = |face: &FaceBox| {
            let (x, y) = face.centre();
            (x - f64::from(FRAME) / 2.0, y - f64::from(FRAME) / 2.0)
        };
        let is_this_one = |face: &FaceBox| {
            let (right, down) = from_middle(face);
            right.hypot(down) <= SAME_FACE
        };
        let faces = search.of(&frame).into_iter().filter(is_this_one);
        let found = faces.max_by(|a, b| a.score.total_cmp(&b.score))?;
        let (right, down) = from_middle(&found);
        let (right, down) = turn.of(right, down);
        let in_picture = |corner: f64, centre: f64, step: f64| corner + (centre + step) * self.scale;
        let scale = self.scale as f32;
        let turned = FaceBox { width: found.width * scale, height: found.height * scale, angle, ..found };
        Some(turned.centred_on((
            in_picture(self.corner.0, self.centre.0, right),
            in_picture(self.corner.1, self.centre.1, down),
        )))
    }
}
