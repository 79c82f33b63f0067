//! Convolution as one matrix product for many pictures, forwards and backwards.
//!
//! With the weights as rows `W [outputs, channels side side]` and the input's columns `X` (see [`super::columns`]) the output is
//! `Y = W X`, and with the gradient `G` of `Y` the others are `W X^T`-shaped products: `G X^T` for the weights and
//! `W^T G`, added back to where the columns came from, for the input.

use super::columns::{Tile, gather, scatter, tiles};
use super::matrix::{Matrix, MatrixMut};
use super::scratch::with_scratch;
use super::tasks::{for_each, threads};

/// Values of a matrix of columns that a core's second-level cache takes beside the rest.
const CACHED: usize = 1 << 18;
/// Fewer columns than this are not given to a thread of their own: each product reads all weights. Chosen by thought, not tuned.
const FEWEST_COLUMNS: usize = 256;

/// The sizes of a convolution with square kernels, and the same stride and padding both ways.
#[derive(Clone, Debug)]
pub(super) struct Convolution {
    pub(super) pictures: usize,
    pub(super) channels: usize,
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) outputs: usize,
    /// Side of the kernel.
    pub(super) side: usize,
    pub(super) stride: usize,
    pub(super) padding: usize,
}

impl Convolution {
    pub(super) fn out_height(&self) -> usize {
        (self.height + 2 * self.padding - self.side) / self.stride + 1
    }

    pub(super) fn out_width(&self) -> usize {
        (self.width + 2 * self.padding - self.side) / self.stride + 1
    }

    /// Places of one picture's output.
    pub(super) fn out_plane(&self) -> usize {
        self.out_height() * self.out_width()
    }

    /// Values that each place of the output is made of.
    fn depth(&self) -> usize {
        self.channels * self.side * self.side
    }

    /// Pictures that one thread takes at a time: enough for a good product, and no thread left without work if possible.
    fn pictures_together(&self) -> usize {
        let share = self.pictures.div_ceil(threads());
        let fitting = (CACHED / self.depth() / self.out_plane()).clamp(1, share);
        fitting.max(FEWEST_COLUMNS.div_ceil(self.out_plane()))
    }
}

/// The output `[picture, output, y, x]` of pictures `x` `[picture, channel, y, x]`.
pub(super) fn forward(x: &[f32], weight: &[f32], shape: &Convolution) -> Vec<f32> {
    let (plane, depth) = (shape.out_plane(), shape.depth());
    let mut y = vec![0.0; shape.pictures * shape.outputs * plane];
    let weight = Matrix::new(weight, shape.outputs, depth, depth);
    let together = shape.pictures_together();
    let groups: Vec<_> = y.chunks_mut(together * shape.outputs * plane).enumerate().collect();
    // With fewer groups than threads, several threads share one.
    let helpers = threads().div_ceil(groups.len().max(1));
    for_each(groups, |(group, y)| {
        let first = group * together;
        let pictures = first..(first + together).min(shape.pictures);
        for tile in tiles(shape, pictures, (CACHED / depth).max(FEWEST_COLUMNS)) {
            let count = tile.columns(shape).len();
            with_scratch(depth * count, |columns| {
                let height = depth.div_ceil(helpers);
                for_each(columns.chunks_mut(height * count).enumerate(), |(part, columns)| {
                    let rows = part * height..(part * height + height).min(depth);
                    gather(columns, rows, x, shape, &tile);
                });
                product_into(y, first, weight, Matrix::new(columns, depth, count, count), shape, &tile, helpers);
            });
        }
    });
    y
}

/// Writes `weight` times `columns` to the places of `tile`. `y` begins with the picture `first`.
fn product_into(
    y: &mut [f32],
    first: usize,
    weight: Matrix<'_>,
    columns: Matrix<'_>,
    shape: &Convolution,
    tile: &Tile,
    helpers: usize,
) {
    let (plane, outputs) = (shape.out_plane(), shape.outputs);
    let height = outputs.div_ceil(helpers);
    let multiply = |product: MatrixMut<'_>| {
        for_each(product.split_rows(height), |(rows, mut product)| product.set_product(weight.rows(rows), columns));
    };
    let count = tile.columns(shape).len();
    if tile.pictures.len() == 1 {
        let start = (tile.pictures.start - first) * outputs * plane + tile.rows.start * shape.out_width();
        return multiply(MatrixMut::new(&mut y[start..], outputs, count, plane));
    }
    with_scratch(outputs * count, |product| {
        multiply(MatrixMut::new(product, outputs, count, count));
        let start = (tile.pictures.start - first) * outputs * plane;
        let pictures = y[start..].chunks_exact_mut(outputs * plane).take(tile.pictures.len());
        for (picture, y) in pictures.enumerate() {
            for (row, y) in product.chunks_exact(count).zip(y.chunks_exact_mut(plane)) {
                y.copy_from_slice(&row[picture * plane..][..plane]);
            }
        }
    });
}

/// Gradients for the input, if `wants_input`, and for the weights, from the `gradient` of the output.
pub(super) fn backward(
    x: &[f32],
    weight: &[f32],
    gradient: &[f32],
    shape: &Convolution,
    wants_input: bool,
) -> (Option<Vec<f32>>, Vec<f32>) {
    let (depth, all) = (shape.depth(), shape.pictures * shape.out_plane());
    let gradient = swap_outer(gradient, shape.pictures, shape.outputs, shape.out_plane());
    let gradient = Matrix::new(&gradient, shape.outputs, all, all);
    let weight = Matrix::new(weight, shape.outputs, depth, depth);
    let mut weight_gradient = vec![0.0; shape.outputs * depth];
    // Each thread has some of the matrix's rows to itself; for the input's gradient they must be whole channels.
    let unit = if wants_input { shape.side * shape.side } else { 1 };
    let height = (depth / unit).div_ceil(threads()) * unit;
    let map = shape.pictures * shape.height * shape.width;
    let mut x_gradient = if wants_input { vec![0.0; shape.channels * map] } else { Vec::new() };
    let mut x_parts = x_gradient.chunks_mut((height / unit * map).max(1));
    let parts: Vec<_> = MatrixMut::new(&mut weight_gradient, shape.outputs, depth, depth)
        .split_columns(height)
        .map(|(rows, weight_gradient)| (rows, weight_gradient, x_parts.next()))
        .collect();
    for_each(parts, |(rows, mut weight_gradient, mut x_gradient)| {
        let most = (CACHED / rows.len()).max(FEWEST_COLUMNS);
        for tile in tiles(shape, 0..shape.pictures, most) {
            let gradient = gradient.columns(tile.columns(shape));
            let count = tile.columns(shape).len();
            with_scratch(rows.len() * count, |columns| {
                gather(columns, rows.clone(), x, shape, &tile);
                weight_gradient.add_product(gradient, Matrix::new(columns, rows.len(), count, count).transposed());
                if let Some(x_gradient) = &mut x_gradient {
                    let weight = weight.columns(rows.clone()).transposed();
                    MatrixMut::new(columns, rows.len(), count, count).set_product(weight, gradient);
                    scatter(columns, rows.clone(), x_gradient, shape, &tile);
                }
            });
        }
    });
    let x_gradient =
        wants_input.then(|| swap_outer(&x_gradient, shape.channels, shape.pictures, shape.height * shape.width));
    (x_gradient, weight_gradient)
}

/// `[a, b, inner]` to `[b, a, inner]`.
fn swap_outer(values: &[f32], a: usize, b: usize, inner: usize) -> Vec<f32> {
    let mut swapped = vec![0.0; values.len()];
    for_each(swapped.chunks_exact_mut(a * inner).enumerate(), |(second, swapped)| {
        for (first, swapped) in swapped.chunks_exact_mut(inner).enumerate() {
            swapped.copy_from_slice(&values[(first * b + second) * inner..][..inner]);
        }
    });
    swapped
}
