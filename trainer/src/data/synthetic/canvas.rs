//! A grey drawing surface in the head's own measure: the origin at its centre, 1 half its height, y downwards.

use tiny_skia::{
    Color, FillRule, GradientStop, LineCap, Mask, Paint, Path, PathBuilder, Pixmap, Point, RadialGradient, Shader,
    SpreadMode, Stroke, Transform,
};

use super::identity::Pose;

/// Drawn larger than asked for and averaged down, so that thin lines survive.
pub(super) const OVERSAMPLING: u32 = 2;

/// The picture being drawn.
pub(super) struct Canvas {
    pixmap: Pixmap,
    transform: Transform,
}

impl Canvas {
    /// A surface for a picture of `size` pixels a side, with the head posed in it.
    pub(super) fn new(size: u32, pose: &Pose) -> Option<Self> {
        let side = size.checked_mul(OVERSAMPLING)?;
        let full = side as f32;
        let transform = Transform::from_rotate(pose.tilt)
            .post_scale(full * pose.scale, full * pose.scale)
            .post_translate(full * (0.5 + pose.shift.0), full * (0.5 + pose.shift.1));
        Some(Self { pixmap: Pixmap::new(side, side)?, transform })
    }

    /// Paints everything in one tone.
    pub(super) fn flood(&mut self, tone: f32) {
        self.pixmap.fill(grey(tone, 1.0));
    }

    /// Fills a shape. Here and below a degenerate shape (`None`) leaves no trace.
    pub(super) fn fill(&mut self, path: Option<Path>, tone: f32, alpha: f32) {
        self.fill_within(path, tone, alpha, None);
    }

    /// Fills the part of a shape that lies in `clip`.
    pub(super) fn fill_within(&mut self, path: Option<Path>, tone: f32, alpha: f32, clip: Option<&Mask>) {
        if let Some(path) = path {
            let paint = paint(Shader::SolidColor(grey(tone, alpha)));
            self.pixmap.fill_path(&path, &paint, FillRule::Winding, self.transform, clip);
        }
    }

    /// Draws a line of the given width with round ends.
    pub(super) fn stroke(&mut self, path: Option<Path>, width: f32, tone: f32, alpha: f32) {
        if let Some(path) = path {
            let paint = paint(Shader::SolidColor(grey(tone, alpha)));
            let stroke = Stroke { width, line_cap: LineCap::Round, ..Stroke::default() };
            self.pixmap.stroke_path(&path, &paint, &stroke, self.transform, None);
        }
    }

    /// Lays a soft spot over the picture, full at its centre and gone at its edge.
    pub(super) fn spot(&mut self, centre: (f32, f32), radii: (f32, f32), tone: f32, alpha: f32, clip: Option<&Mask>) {
        let fade = |position, alpha| GradientStop::new(position, grey(tone, alpha));
        let stops = vec![fade(0.0, alpha), fade(0.5, alpha * 0.6), fade(1.0, 0.0)];
        let unit = Point::from_xy(0.0, 0.0);
        let shape = Transform::from_scale(radii.0, radii.1).post_translate(centre.0, centre.1);
        let gradient = RadialGradient::new(unit, 0.0, unit, 1.0, stops, SpreadMode::Pad, shape);
        if let (Some(shader), Some(path)) = (gradient, ellipse(centre, radii)) {
            self.pixmap.fill_path(&path, &paint(shader), FillRule::Winding, self.transform, clip);
        }
    }

    /// A clip that lets only the inside of a shape be painted.
    pub(super) fn clip(&self, path: Option<&Path>) -> Option<Mask> {
        let mut mask = Mask::new(self.pixmap.width(), self.pixmap.height())?;
        mask.fill_path(path?, FillRule::Winding, true, self.transform);
        Some(mask)
    }

    /// The tone of the finished picture at a pixel of the requested size, 0 to 1.
    pub(super) fn tone(&self, x: u32, y: u32) -> f32 {
        let mut sum = 0;
        for dy in 0..OVERSAMPLING {
            for dx in 0..OVERSAMPLING {
                let pixel = self.pixmap.pixel(x * OVERSAMPLING + dx, y * OVERSAMPLING + dy);
                sum += pixel.map_or(0, |pixel| u32::from(pixel.red()));
            }
        }
        sum as f32 / (255 * OVERSAMPLING * OVERSAMPLING) as f32
    }
}

fn grey(tone: f32, alpha: f32) -> Color {
    let byte = |value: f32| (value.clamp(0.0, 1.0) * 255.0).round() as u8;
    let tone = byte(tone);
    Color::from_rgba8(tone, tone, tone, byte(alpha))
}

fn paint(shader: Shader<'_>) -> Paint<'_> {
    Paint { shader, anti_alias: true, ..Paint::default() }
}

/// An ellipse with upright axes.
pub(super) fn ellipse(centre: (f32, f32), radii: (f32, f32)) -> Option<Path> {
    let rect =
        tiny_skia::Rect::from_ltrb(centre.0 - radii.0, centre.1 - radii.1, centre.0 + radii.0, centre.1 + radii.1)?;
    PathBuilder::from_oval(rect)
}

/// An open curve through three points, the middle one at its half.
pub(super) fn arc(from: (f32, f32), middle: (f32, f32), to: (f32, f32)) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.move_to(from.0, from.1);
    let (x, y) = control(from, middle, to);
    path.quad_to(x, y, to.0, to.1);
    path.finish()
}

/// The control point that leads a quadratic curve through `middle` at its half.
pub(super) fn control(from: (f32, f32), middle: (f32, f32), to: (f32, f32)) -> (f32, f32) {
    (2.0 * middle.0 - (from.0 + to.0) / 2.0, 2.0 * middle.1 - (from.1 + to.1) / 2.0)
}

/// A closed shape between two curves that share their ends, each through its own middle.
pub(super) fn lens(from: (f32, f32), upper: (f32, f32), to: (f32, f32), lower: (f32, f32)) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.move_to(from.0, from.1);
    let (x, y) = control(from, upper, to);
    path.quad_to(x, y, to.0, to.1);
    let (x, y) = control(from, lower, to);
    path.quad_to(x, y, from.0, from.1);
    path.close();
    path.finish()
}
