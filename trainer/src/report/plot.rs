//! Line, reliability and scatter plots as SVG whose colours the page's style sheet decides, in light and in dark.

use std::fmt::Display;
use std::ops::Range;

use plotters::chart::MeshStyle;
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

use super::curves::Panel;
use super::findings::SpaceFindings;
use crate::evaluation::CalibrationBin;
use crate::figures::axis;

/// Drawn at twice the size at which it is shown: the library places everything on whole pixels.
const SIZE: (u32, u32) = (680, 440);
const SQUARE: (u32, u32) = (720, 720);
const WIDE: (u32, u32) = (1400, 1000);
/// Height of a letter.
const TEXT: i32 = 27;
/// Width of a letter and height of a line in the plane's plot, as shares of its axes.
const LETTER_WIDTH: f64 = 0.0095;
const LINE_HEIGHT: f64 = 0.032;
/// Up to so many epochs, every epoch has a dot.
const DOTTED_EPOCHS: usize = 30;

/// Stand-ins for the style sheet's colours, replaced in the finished text.
const INK: RGBColor = RGBColor(1, 0, 1);
const GRID: RGBColor = RGBColor(2, 0, 2);

/// The stand-in for the colour of a series or class; the style sheet has so many of them and starts again after the
/// last.
fn series(index: usize) -> RGBColor {
    RGBColor(3, (index % SERIES) as u8, 3)
}

/// Colours of series in the style sheet.
pub(super) const SERIES: usize = 8;

/// A figure cannot be drawn.
#[derive(Debug, thiserror::Error)]
#[error("{figure} cannot be drawn: {reason}")]
pub struct PlotError {
    figure: &'static str,
    reason: String,
}

impl PlotError {
    pub(super) fn of(figure: &'static str, reason: impl Display) -> Self {
        Self { figure, reason: reason.to_string() }
    }
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;
type Mesh<'a, 'b, 'c> = MeshStyle<'a, 'b, RangedCoordf64, RangedCoordf64, SVGBackend<'c>>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

/// Columns over epochs: training as full lines, validation dashed.
pub(super) fn curves(panel: &Panel<'_>) -> Result<String, PlotError> {
    let epochs = panel.columns.first().map_or(0, |column| column.values.len());
    let values = || panel.columns.iter().flat_map(|column| column.values.iter().flatten().copied());
    let x = 1.0..(epochs as f64).max(2.0);
    let y = axis(values());
    svg(SIZE, "curves over epochs", |area| {
        let mut chart = framed(&area, x, y.clone())?;
        let span = y.end - y.start;
        dressed(&mut chart.configure_mesh())
            .disable_x_mesh()
            .x_desc("epoch")
            .x_labels(epochs.clamp(2, 8))
            .x_label_formatter(&|epoch| if epoch.fract().abs() < 1e-9 { format!("{epoch:.0}") } else { String::new() })
            .y_labels(6)
            .y_label_formatter(&|value| number(*value, span))
            .draw()?;
        for (index, column) in panel.columns.iter().enumerate() {
            let points: Vec<(f64, f64)> = column
                .values
                .iter()
                .enumerate()
                .filter_map(|(epoch, value)| Some((epoch as f64 + 1.0, (*value)?)))
                .collect();
            let style = series(index).stroke_width(4);
            match column.is_validation() {
                true => chart.draw_series(DashedLineSeries::new(points.clone(), 14, 9, style)).map(|_| ())?,
                false => chart.draw_series(LineSeries::new(points.clone(), style)).map(|_| ())?,
            }
            if epochs <= DOTTED_EPOCHS {
                chart.draw_series(points.iter().map(|&point| Circle::new(point, 6, series(index).filled())))?;
            }
        }
        Ok(())
    })
}

/// Accuracy over confidence, bar by bar, with the diagonal on which the two are equal.
pub(super) fn reliability(bins: &[CalibrationBin]) -> Result<String, PlotError> {
    svg(SQUARE, "a reliability diagram", |area| {
        let mut chart = framed(&area, 0.0..1.0, 0.0..1.0)?;
        dressed(&mut chart.configure_mesh())
            .disable_x_mesh()
            .x_desc("confidence")
            .y_desc("share that is right")
            .x_labels(6)
            .y_labels(6)
            .x_label_formatter(&|share| format!("{share:.1}"))
            .y_label_formatter(&|share| format!("{share:.1}"))
            .draw()?;
        let width = 1.0 / bins.len().max(1) as f64;
        let bars = bins.iter().enumerate().filter_map(|(index, bin)| {
            let left = index as f64 * width;
            Some(Rectangle::new([(left + 0.1 * width, 0.0), (left + 0.9 * width, bin.accuracy()?)], series(0).filled()))
        });
        chart.draw_series(bars)?;
        chart.draw_series(DashedLineSeries::new([(0.0, 0.0), (1.0, 1.0)], 12, 8, INK.stroke_width(3)))?;
        Ok(())
    })
}

/// Pictures as dots, means of classes as named discs, centres as crosses.
pub(super) fn space(found: &SpaceFindings, classes: &[String]) -> Result<String, PlotError> {
    let places = || {
        let marks = found.classes.iter().flat_map(|class| [class.mean, class.centre]).flatten();
        found.points.iter().map(|(_, place)| *place).chain(marks)
    };
    let (x, y) = (axis(places().map(|place| place[0])), axis(places().map(|place| place[1])));
    svg(WIDE, "the plane of the features", |area| {
        let mut chart = framed(&area, x.clone(), y.clone())?;
        let (across, up) = (x.end - x.start, y.end - y.start);
        dressed(&mut chart.configure_mesh())
            .x_desc("first component")
            .y_desc("second component")
            .x_labels(8)
            .y_labels(6)
            .x_label_formatter(&|value| number(*value, across))
            .y_label_formatter(&|value| number(*value, up))
            .draw()?;
        let dots = found.points.iter().map(|&(class, [x, y])| Circle::new((x, y), 5, series(class).mix(0.55).filled()));
        chart.draw_series(dots)?;
        for (index, class) in found.classes.iter().enumerate() {
            if let Some([x, y]) = class.centre {
                chart.draw_series([Cross::new((x, y), 13, series(index).stroke_width(6))])?;
            }
            if let Some([x, y]) = class.mean {
                chart.draw_series([Circle::new((x, y), 13, series(index).filled())])?;
                chart.draw_series([Circle::new((x, y), 13, INK.stroke_width(2))])?;
            }
        }
        let named = found.classes.iter().zip(classes);
        let wanted: Vec<(&str, [f64; 2])> = named
            .filter_map(|(class, name)| {
                let [x, y] = class.mean?;
                Some((name.as_str(), [x + 0.015 * across, y + 0.03 * up]))
            })
            .collect();
        let line = [LETTER_WIDTH * across, LINE_HEIGHT * up];
        for (name, [x, y]) in apart(wanted, line) {
            chart.draw_series([Text::new(name.to_owned(), (x, y), text())])?;
        }
        Ok(())
    })
}

/// An empty chart with room for the labels of its axes.
fn framed<'a, 'b>(
    area: &'a Area<'b>,
    x: Range<f64>,
    y: Range<f64>,
) -> Result<Chart<'a, 'b>, Box<dyn std::error::Error>> {
    let mut builder = ChartBuilder::on(area);
    builder.margin(14).margin_right(30).x_label_area_size(70).y_label_area_size(96);
    Ok(builder.build_cartesian_2d(x, y)?)
}

/// Axes, grid and labels in the stand-ins for the style sheet's colours.
fn dressed<'m, 'a, 'b, 'c>(mesh: &'m mut Mesh<'a, 'b, 'c>) -> &'m mut Mesh<'a, 'b, 'c> {
    mesh.light_line_style(TRANSPARENT).bold_line_style(GRID).axis_style(GRID).label_style(text())
}

/// Names at their places, moved up where they would lie over one another. `size` is the width of a letter and the
/// height of a line.
fn apart(mut names: Vec<(&str, [f64; 2])>, size: [f64; 2]) -> Vec<(&str, [f64; 2])> {
    names.sort_by(|one, other| one.1[1].total_cmp(&other.1[1]));
    let mut placed: Vec<(&str, [f64; 2])> = Vec::new();
    for (name, [x, mut y]) in names {
        let width = |name: &str| size[0] * name.chars().count() as f64;
        let beside = |other: &(&str, [f64; 2])| x + width(name) < other.1[0] || other.1[0] + width(other.0) < x;
        // The placed ones are in the order of their height, so one pass upwards finds a gap.
        placed.sort_by(|one, other| one.1[1].total_cmp(&other.1[1]));
        for other in &placed {
            if !beside(other) && (y - other.1[1]).abs() < size[1] {
                y = other.1[1] + size[1];
            }
        }
        placed.push((name, [x, y]));
    }
    placed
}

fn text() -> TextStyle<'static> {
    ("sans-serif", TEXT).into_font().color(&INK)
}

/// A number with as many digits as an axis of this span needs.
fn number(value: f64, span: f64) -> String {
    match span {
        span if span >= 20.0 => format!("{value:.0}"),
        span if span >= 2.0 => format!("{value:.1}"),
        span if span >= 0.2 => format!("{value:.2}"),
        span if span >= 0.02 => format!("{value:.3}"),
        span if span >= 0.002 => format!("{value:.4}"),
        _ => format!("{value:.1e}"),
    }
}

/// Draws and dresses an SVG: hidden from screen readers, which get the figure's own text, and coloured by the style
/// sheet.
fn svg(size: (u32, u32), figure: &'static str, draw: impl FnOnce(Area<'_>) -> Drawn) -> Result<String, PlotError> {
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, size).into_drawing_area();
        draw(area.clone()).map_err(|error| PlotError::of(figure, error))?;
        area.present().map_err(|error| PlotError::of(figure, error))?;
    }
    let shown = format!("<svg width=\"{}\" height=\"{}\"", size.0, size.1);
    let mut text = text.replacen(&shown, "<svg aria-hidden=\"true\"", 1);
    text = text.replace(&hex(INK), "currentColor").replace(&hex(GRID), "var(--grid)");
    for index in 0..SERIES {
        text = text.replace(&hex(series(index)), &format!("var(--series-{index})"));
    }
    Ok(text)
}

/// A colour as the library writes it.
fn hex(RGBColor(red, green, blue): RGBColor) -> String {
    format!("#{red:02X}{green:02X}{blue:02X}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::report::curves::{Column, Curves};

    #[test]
    fn curves_are_drawn_in_the_colours_of_the_style_sheet_alone() {
        let text = "epoch,train_accuracy,valid_accuracy\n1,0.2,0.3\n2,0.4,0.5\n";
        let curves_of_file = Curves::parse(text.as_bytes()).unwrap();
        let drawn = curves(&curves_of_file.panels()[0]).unwrap();
        assert!(
            drawn.contains("var(--series-0)") && drawn.contains("var(--series-1)") && drawn.contains("currentColor")
        );
        assert!(
            !drawn.contains("=\"#"),
            "a fixed colour would not follow the reader's choice of light or dark: {drawn}"
        );
        assert!(drawn.starts_with("<svg aria-hidden=\"true\" viewBox="), "{}", &drawn[..80]);
    }

    #[test]
    fn a_curve_of_one_epoch_or_of_one_value_can_be_drawn() {
        let one = Column { name: "learning_rate".into(), values: vec![Some(0.01)] };
        let flat = Column { name: "learning_rate".into(), values: vec![Some(0.0), None, Some(0.0)] };
        for column in [one, flat] {
            let panel = Panel { title: "Learning rate".into(), columns: vec![&column] };
            assert!(curves(&panel).unwrap().contains("<circle"));
        }
    }

    #[test]
    fn names_that_would_lie_over_one_another_move_apart() {
        let wanted = vec![("fear", [0.0, 0.0]), ("sad", [1.0, 0.5]), ("anger", [1.0, 0.2]), ("happy", [90.0, 0.0])];
        let placed = apart(wanted, [1.0, 1.0]);
        let height = |name: &str| placed.iter().find(|(other, _)| *other == name).map(|(_, [_, y])| *y);
        assert_eq!(height("happy"), Some(0.0), "a name that is far away stays");
        assert_eq!([height("fear"), height("anger"), height("sad")], [Some(0.0), Some(1.0), Some(2.0)]);
    }
}
