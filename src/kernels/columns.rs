//! The columns of a convolution: for each place of the output, the values of the input that it is made of.
//!
//! A row of the matrix belongs to one input channel and one place in the kernel, `(channel, y, x)` in the order of the
//! weights; a column to one place of the output, `(picture, y, x)`.

use std::ops::Range;

use super::convolution::Convolution;

/// Some places of the output: whole pictures, or some rows of one picture.
#[derive(Clone, Debug)]
pub(super) struct Tile {
    pub(super) pictures: Range<usize>,
    /// Rows of each picture's output.
    pub(super) rows: Range<usize>,
}

impl Tile {
    /// How many columns the tile has for each picture.
    pub(super) fn places(&self, shape: &Convolution) -> usize {
        self.rows.len() * shape.out_width()
    }

    /// The tile's columns among all columns of the batch.
    pub(super) fn columns(&self, shape: &Convolution) -> Range<usize> {
        let start = self.pictures.start * shape.out_plane() + self.rows.start * shape.out_width();
        start..start + self.pictures.len() * self.places(shape)
    }
}

/// Tiles of about `most` columns that make up `pictures`.
pub(super) fn tiles(shape: &Convolution, pictures: Range<usize>, most: usize) -> Vec<Tile> {
    let height = shape.out_height();
    let together = most / shape.out_plane();
    if together > 0 {
        return super::tasks::pieces(pictures, together).map(|pictures| Tile { pictures, rows: 0..height }).collect();
    }
    let rows = (most / shape.out_width()).max(1);
    let of_picture = |picture| super::tasks::pieces(0..height, rows).map(move |rows| (picture, rows));
    pictures.flat_map(of_picture).map(|(picture, rows)| Tile { pictures: picture..picture + 1, rows }).collect()
}

/// Fills `matrix` with the columns of `tile`, of which it gets the `rows`. `x` is the batch `[picture, channel, y, x]`.
pub(super) fn gather(matrix: &mut [f32], rows: Range<usize>, x: &[f32], shape: &Convolution, tile: &Tile) {
    let plane = shape.height * shape.width;
    for (row, values) in rows.zip(matrix.chunks_exact_mut(tile.columns(shape).len())) {
        let tap = Tap::of_row(row, shape);
        for (picture, values) in tile.pictures.clone().zip(values.chunks_exact_mut(tile.places(shape))) {
            let map = &x[(picture * shape.channels + tap.channel) * plane..][..plane];
            for (out_y, values) in tile.rows.clone().zip(values.chunks_exact_mut(shape.out_width())) {
                let Some(line) = tap.line(map, out_y, shape) else {
                    values.fill(0.0);
                    continue;
                };
                values[..tap.inside.start].fill(0.0);
                values[tap.inside.end..].fill(0.0);
                let values = &mut values[tap.inside.clone()];
                match shape.stride {
                    1 => values.copy_from_slice(&line[..values.len()]),
                    stride => values.iter_mut().zip(line.iter().step_by(stride)).for_each(|(to, from)| *to = *from),
                }
            }
        }
    }
}

/// Adds columns back to where [`gather`] took them from. `x` holds the channels of `rows` alone,
/// `[channel, picture, y, x]`; `rows` are those of whole channels.
pub(super) fn scatter(matrix: &[f32], rows: Range<usize>, x: &mut [f32], shape: &Convolution, tile: &Tile) {
    let plane = shape.height * shape.width;
    let first_channel = Tap::of_row(rows.start, shape).channel;
    for (row, values) in rows.zip(matrix.chunks_exact(tile.columns(shape).len())) {
        let tap = Tap::of_row(row, shape);
        for (picture, values) in tile.pictures.clone().zip(values.chunks_exact(tile.places(shape))) {
            let map = &mut x[((tap.channel - first_channel) * shape.pictures + picture) * plane..][..plane];
            for (out_y, values) in tile.rows.clone().zip(values.chunks_exact(shape.out_width())) {
                let Some(start) = tap.line_start(out_y, shape) else { continue };
                let values = &values[tap.inside.clone()];
                let line = &mut map[start..];
                match shape.stride {
                    1 => line.iter_mut().zip(values).for_each(|(to, from)| *to += from),
                    stride => line.iter_mut().step_by(stride).zip(values).for_each(|(to, from)| *to += from),
                }
            }
        }
    }
}

/// One row's place in the kernel.
struct Tap {
    channel: usize,
    y: usize,
    x: usize,
    /// The output's columns for which this place of the kernel lies within the picture.
    inside: Range<usize>,
}

impl Tap {
    fn of_row(row: usize, shape: &Convolution) -> Self {
        let Convolution { side, stride, padding, .. } = *shape;
        let (channel, y, x) = (row / (side * side), row / side % side, row % side);
        let width = shape.out_width();
        let start = padding.saturating_sub(x).div_ceil(stride).min(width);
        let end = (shape.width + padding).saturating_sub(x).div_ceil(stride).clamp(start, width);
        Self { channel, y, x, inside: start..end }
    }

    /// Where in a map the first value for the output's row `out_y` is; none if it lies outside.
    fn line_start(&self, out_y: usize, shape: &Convolution) -> Option<usize> {
        let y = (out_y * shape.stride + self.y).checked_sub(shape.padding)?;
        let x = self.inside.start * shape.stride + self.x - shape.padding;
        (y < shape.height && !self.inside.is_empty()).then_some(y * shape.width + x)
    }

    fn line<'a>(&self, map: &'a [f32], out_y: usize, shape: &Convolution) -> Option<&'a [f32]> {
        self.line_start(out_y, shape).map(|start| &map[start..])
    }
}
