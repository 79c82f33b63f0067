//! Batch norm in training (Ioffe and Szegedy, 2015): statistics of the batch, output, gradients.
//!
//! For each channel with N values: `y = gamma z + beta`, `z = (x - mean) / sqrt(variance + epsilon)`; and with the gradient `g` of
//! `y`, the gradient of `x` is `gamma / sqrt(variance + epsilon) (g - sum(g) / N - z sum(g z) / N)`. A ReLU that follows is done in
//! the same pass; then `g` counts only where `y` is above 0, which is found again from `x`.

use super::tasks::{for_each, threads};

/// The sizes of a batch `[picture, channel, place]`.
pub(super) struct Batch {
    pub(super) pictures: usize,
    pub(super) channels: usize,
    /// Places of one picture's channel.
    pub(super) plane: usize,
}

/// The layer: one gamma and beta for each channel.
pub(super) struct BatchNorm<'a> {
    pub(super) gamma: &'a [f32],
    pub(super) beta: &'a [f32],
    pub(super) epsilon: f64,
    /// Whether a ReLU follows.
    pub(super) rectify: bool,
}

/// Mean and biased variance of each channel.
#[derive(Debug)]
pub(super) struct Statistics {
    pub(super) mean: Vec<f32>,
    pub(super) variance: Vec<f32>,
}

/// Gradients for the input, gamma and beta.
pub(super) struct BatchNormGradients {
    pub(super) x: Vec<f32>,
    pub(super) gamma: Vec<f32>,
    pub(super) beta: Vec<f32>,
}

impl Batch {
    /// Values of each channel.
    fn count(&self) -> f64 {
        (self.pictures * self.plane) as f64
    }

    /// The pictures' parts of one channel.
    fn channel<'a>(&self, values: &'a [f32], channel: usize) -> impl Iterator<Item = &'a [f32]> + use<'a> {
        let plane = self.plane;
        values[channel * plane..].chunks(self.channels * plane).map(move |picture| &picture[..plane])
    }

    /// Two numbers for each channel, computed on several threads.
    fn for_channels(&self, work: impl Fn(usize) -> [f32; 2] + Sync + Send) -> [Vec<f32>; 2] {
        let mut first = vec![0.0; self.channels];
        let mut second = vec![0.0; self.channels];
        // Small pieces, so that a thread that is done early takes another.
        let piece = self.channels.div_ceil(4 * threads());
        let pieces = first.chunks_mut(piece).zip(second.chunks_mut(piece)).enumerate();
        for_each(pieces, |(number, (first, second))| {
            for (index, (first, second)) in first.iter_mut().zip(second).enumerate() {
                [*first, *second] = work(number * piece + index);
            }
        });
        [first, second]
    }

    /// A new batch, each picture's channel made by `work`, which is given its number and that of the channel.
    fn map(&self, work: impl Fn(usize, usize, &mut [f32]) + Sync + Send) -> Vec<f32> {
        let mut values = vec![0.0; self.pictures * self.channels * self.plane];
        for_each(values.chunks_mut((self.channels * self.plane).max(1)).enumerate(), |(picture, values)| {
            for (channel, values) in values.chunks_mut(self.plane).enumerate() {
                work(picture * self.channels + channel, channel, values);
            }
        });
        values
    }
}

/// Mean and biased variance of each channel of `x`, each in a pass of its own: their difference would cancel digits.
pub(super) fn statistics(x: &[f32], batch: &Batch) -> Statistics {
    let [mean, variance] = batch.for_channels(|channel| {
        let mean = batch.channel(x, channel).map(|part| sum(part, |x| x)).sum::<f64>() / batch.count();
        let around = mean as f32;
        let squares = batch.channel(x, channel).map(|part| sum(part, |x| (x - around) * (x - around))).sum::<f64>();
        [around, (squares / batch.count()) as f32]
    });
    Statistics { mean, variance }
}

/// One channel's layer as `y = scale x + shift`.
#[derive(Clone, Copy)]
struct Line {
    scale: f32,
    shift: f32,
    /// What `y` may not go below.
    floor: f32,
}

impl BatchNorm<'_> {
    fn line(&self, channel: usize, statistics: &Statistics) -> Line {
        let scale = self.gamma[channel] * self.inverse_deviation(channel, statistics);
        let shift = self.beta[channel] - statistics.mean[channel] * scale;
        Line { scale, shift, floor: if self.rectify { 0.0 } else { f32::NEG_INFINITY } }
    }

    fn inverse_deviation(&self, channel: usize, statistics: &Statistics) -> f32 {
        (1.0 / (f64::from(statistics.variance[channel]) + self.epsilon).sqrt()) as f32
    }
}

impl Line {
    fn at(self, x: f32) -> f32 {
        self.scale * x + self.shift
    }

    /// The gradient before the ReLU from the one after it.
    fn passed(self, x: f32, gradient: f32) -> f32 {
        if self.at(x) > self.floor { gradient } else { 0.0 }
    }
}

/// The output of `x`.
pub(super) fn forward(x: &[f32], layer: &BatchNorm<'_>, statistics: &Statistics, batch: &Batch) -> Vec<f32> {
    batch.map(|part, channel, y| {
        let line = layer.line(channel, statistics);
        for (y, &x) in y.iter_mut().zip(&x[part * batch.plane..]) {
            *y = line.at(x).max(line.floor);
        }
    })
}

/// The gradients of `x`, gamma and beta from the `gradient` of the output.
pub(super) fn backward(
    x: &[f32],
    gradient: &[f32],
    layer: &BatchNorm<'_>,
    statistics: &Statistics,
    batch: &Batch,
) -> BatchNormGradients {
    let [beta_gradient, gamma_gradient] = batch.for_channels(|channel| {
        let (line, mean) = (layer.line(channel, statistics), statistics.mean[channel]);
        let parts = batch.channel(gradient, channel).zip(batch.channel(x, channel));
        let sums = parts.map(|(gradient, x)| {
            sums(gradient, x, |gradient, x| {
                let gradient = line.passed(x, gradient);
                [gradient, gradient * (x - mean)]
            })
        });
        let [plain, weighted] = sums.fold([0.0, 0.0], |[a, b], [plain, weighted]| [a + plain, b + weighted]);
        [plain as f32, (weighted * f64::from(layer.inverse_deviation(channel, statistics))) as f32]
    });
    let count = batch.count() as f32;
    let x_gradient = batch.map(|part, channel, result| {
        // scale (g - b/N - z c/N) with z = (x - mean) inverse, as one factor for g, one for x, and the rest.
        let line = layer.line(channel, statistics);
        let slope = -line.scale * layer.inverse_deviation(channel, statistics) * gamma_gradient[channel] / count;
        let rest = -line.scale * beta_gradient[channel] / count - slope * statistics.mean[channel];
        let (gradient, x) = (&gradient[part * batch.plane..], &x[part * batch.plane..]);
        for ((result, &gradient), &x) in result.iter_mut().zip(gradient).zip(x) {
            *result = line.scale * line.passed(x, gradient) + slope * x + rest;
        }
    });
    BatchNormGradients { x: x_gradient, gamma: gamma_gradient, beta: beta_gradient }
}

/// Sums in lanes that a processor adds at once, and these in 64 bits.
const LANES: usize = 16;

fn sum(values: &[f32], term: impl Fn(f32) -> f32) -> f64 {
    let mut lanes = [0.0; LANES];
    let chunks = values.chunks_exact(LANES);
    let rest: f64 = chunks.remainder().iter().map(|&value| f64::from(term(value))).sum();
    for chunk in chunks {
        for (lane, &value) in lanes.iter_mut().zip(chunk) {
            *lane += term(value);
        }
    }
    rest + lanes.into_iter().map(f64::from).sum::<f64>()
}

/// Two sums over pairs of values.
fn sums(a: &[f32], b: &[f32], terms: impl Fn(f32, f32) -> [f32; 2]) -> [f64; 2] {
    let (mut first, mut second) = ([0.0; LANES], [0.0; LANES]);
    let (a_chunks, b_chunks) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rests = a_chunks.remainder().iter().zip(b_chunks.remainder());
    let mut total = [0.0, 0.0];
    let mut add = |terms: [f32; 2]| total.iter_mut().zip(terms).for_each(|(total, term)| *total += f64::from(term));
    rests.for_each(|(&a, &b)| add(terms(a, b)));
    for (a, b) in a_chunks.zip(b_chunks) {
        for lane in 0..LANES {
            let [one, other] = terms(a[lane], b[lane]);
            first[lane] += one;
            second[lane] += other;
        }
    }
    first.into_iter().zip(second).for_each(|(one, other)| add([one, other]));
    total
}
