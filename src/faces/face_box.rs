//! The box around a face, and how boxes that mean the same face are told from those that do not.

use serde::Serialize;

use super::turn::Turn;

/// A box around a face, in picture pixels. May reach over the picture's edge.
///
/// A face that leans to a side has a box that leans with it: the edges are those of the box before it was turned by `angle` about
/// its own centre.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FaceBox {
    /// Left edge; pixel `n` covers `n..n + 1`.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// Width in pixels.
    pub width: f32,
    /// Height in pixels.
    pub height: f32,
    /// How far the face leans, in degrees, clockwise as the picture is looked at; 0 for an upright one.
    pub angle: f32,
    /// How sure the finder is; higher is surer. Comparable between boxes of one finder only.
    pub score: f32,
}

/// Two boxes are one face when they share more than this part of the smaller one. Neighbours in a crowd share less;
/// a box around eyes and nose inside the box around the whole face shares all of itself.
const SAME_FACE_SHARE: f32 = 0.5;

impl FaceBox {
    /// The point in the middle of the box, in picture pixels.
    pub fn centre(&self) -> (f64, f64) {
        let middle = |edge: f32, length: f32| f64::from(edge) + f64::from(length) / 2.0;
        (middle(self.x, self.width), middle(self.y, self.height))
    }

    /// The same box with its centre elsewhere.
    pub(crate) fn centred_on(self, (x, y): (f64, f64)) -> Self {
        let start = |middle: f64, length: f32| (middle - f64::from(length) / 2.0) as f32;
        Self { x: start(x, self.width), y: start(y, self.height), ..self }
    }

    /// The same box farther down the face by `pixels`: along the face, however it leans.
    pub(crate) fn moved_down(self, pixels: f32) -> Self {
        let (x, y) = self.centre();
        let (right, down) = Turn::by(self.angle).of(0.0, pixels.into());
        self.centred_on((x + right, y + down))
    }

    fn area(&self) -> f32 {
        self.width * self.height
    }

    /// The part of the smaller of two boxes that lies in both, 0 to 1, were both upright.
    fn shared_with(&self, other: &FaceBox) -> f32 {
        let across = (self.x + self.width).min(other.x + other.width) - self.x.max(other.x);
        let down = (self.y + self.height).min(other.y + other.height) - self.y.max(other.y);
        let smaller = self.area().min(other.area());
        if across <= 0.0 || down <= 0.0 || smaller <= 0.0 { 0.0 } else { across * down / smaller }
    }
}

/// One box a face (of overlapping boxes the surest stays), the largest first.
pub(super) fn one_box_a_face(mut boxes: Vec<FaceBox>) -> Vec<FaceBox> {
    boxes.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<FaceBox> = Vec::with_capacity(boxes.len());
    for candidate in boxes {
        if kept.iter().all(|surer| surer.shared_with(&candidate) <= SAME_FACE_SHARE) {
            kept.push(candidate);
        }
    }
    kept.sort_by(|a, b| b.area().total_cmp(&a.area()));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f32, y: f32, side: f32, score: f32) -> FaceBox {
        FaceBox { x, y, width: side, height: side, angle: 0.0, score }
    }

    #[test]
    fn down_the_face_is_along_it_however_it_leans() {
        let upright = square(0.0, 0.0, 10.0, 1.0).moved_down(4.0);
        assert_eq!((upright.x, upright.y), (0.0, 4.0));
        let leaning = FaceBox { angle: 90.0, ..square(0.0, 0.0, 10.0, 1.0) }.moved_down(4.0);
        assert!((leaning.x + 4.0).abs() < 1e-5 && leaning.y.abs() < 1e-5, "{leaning:?}");
    }

    #[test]
    fn of_two_boxes_on_one_face_the_surer_stays() {
        let sure = square(10.0, 10.0, 100.0, 9.0);
        let unsure = square(20.0, 14.0, 100.0, 3.0);
        assert_eq!(one_box_a_face(vec![unsure, sure]), vec![sure]);
    }

    #[test]
    fn a_box_inside_the_box_of_a_face_is_no_second_face() {
        let face = square(0.0, 0.0, 100.0, 9.0);
        let mouth = square(40.0, 60.0, 30.0, 5.0);
        assert_eq!(one_box_a_face(vec![mouth, face]), vec![face]);
    }

    #[test]
    fn neighbours_that_touch_stay_two_faces_and_the_larger_comes_first() {
        let small = square(90.0, 0.0, 60.0, 9.0);
        let large = square(0.0, 0.0, 100.0, 3.0);
        assert_eq!(one_box_a_face(vec![small, large]), vec![large, small]);
    }
}
