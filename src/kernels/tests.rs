//! The kernels against slow loops in 64 bits, and against burn's own layers.

use super::batch_norm::{self, Batch, BatchNorm};
use super::convolution::{self, Convolution};

/// Shapes with every way through the code: many slim maps in one product, rows of a large map, a map of one place,
/// strides that leave a rest, more padding than map.
const SHAPES: [Convolution; 8] = [
    shape(40, 6, (4, 4), 5, 3, 1, 1),
    shape(3, 4, (9, 7), 6, 3, 2, 1),
    shape(2, 3, (31, 30), 4, 7, 2, 3),
    shape(1, 2, (90, 64), 3, 3, 1, 1),
    shape(5, 8, (6, 6), 7, 1, 2, 0),
    shape(7, 5, (1, 1), 4, 3, 1, 1),
    shape(1, 300, (2, 2), 5, 3, 1, 1),
    shape(4, 3, (5, 3), 1, 5, 3, 2),
];

const fn shape(
    pictures: usize,
    channels: usize,
    (height, width): (usize, usize),
    outputs: usize,
    side: usize,
    stride: usize,
    padding: usize,
) -> Convolution {
    Convolution { pictures, channels, height, width, outputs, side, stride, padding }
}

/// Numbers between -1 and 1 that repeat only after a long while.
fn numbers(count: usize, seed: u32) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (f64::from(state) / f64::from(u32::MAX) * 2.0 - 1.0) as f32
    };
    (0..count).map(|_| next()).collect()
}

/// Calls `visit` with the places of output, input and weight of every single multiplication of a convolution.
fn each_product(shape: &Convolution, mut visit: impl FnMut(usize, usize, usize)) {
    let (out_height, out_width) = (shape.out_height(), shape.out_width());
    for picture in 0..shape.pictures {
        for (output, out_y, out_x) in product3(shape.outputs, out_height, out_width) {
            for (channel, kernel_y, kernel_x) in product3(shape.channels, shape.side, shape.side) {
                let y = (out_y * shape.stride + kernel_y).wrapping_sub(shape.padding);
                let x = (out_x * shape.stride + kernel_x).wrapping_sub(shape.padding);
                if y < shape.height && x < shape.width {
                    visit(
                        ((picture * shape.outputs + output) * out_height + out_y) * out_width + out_x,
                        ((picture * shape.channels + channel) * shape.height + y) * shape.width + x,
                        ((output * shape.channels + channel) * shape.side + kernel_y) * shape.side + kernel_x,
                    );
                }
            }
        }
    }
}

fn product3(a: usize, b: usize, c: usize) -> impl Iterator<Item = (usize, usize, usize)> {
    (0..a).flat_map(move |a| (0..b).flat_map(move |b| (0..c).map(move |c| (a, b, c))))
}

#[track_caller]
fn assert_close(found: &[f32], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (place, (found, expected)) in found.iter().zip(expected).enumerate() {
        let difference = (f64::from(*found) - expected).abs();
        assert!(difference < tolerance * expected.abs().max(1.0), "{what} at {place}: {found} instead of {expected}");
    }
}

#[test]
fn convolution_and_its_gradients_agree_with_slow_loops_in_64_bits() {
    for shape in &SHAPES {
        let x = numbers(shape.pictures * shape.channels * shape.height * shape.width, 1);
        let weight = numbers(shape.outputs * shape.channels * shape.side * shape.side, 2);
        let gradient = numbers(shape.pictures * shape.outputs * shape.out_plane(), 3);
        let (mut y, mut dx, mut dw) = (vec![0.0; gradient.len()], vec![0.0; x.len()], vec![0.0; weight.len()]);
        each_product(shape, |output, input, tap| {
            y[output] += f64::from(x[input]) * f64::from(weight[tap]);
            dx[input] += f64::from(gradient[output]) * f64::from(weight[tap]);
            dw[tap] += f64::from(gradient[output]) * f64::from(x[input]);
        });
        assert_close(&convolution::forward(&x, &weight, shape), &y, 1e-5, &format!("output of {shape:?}"));
        let (x_gradient, weight_gradient) = convolution::backward(&x, &weight, &gradient, shape, true);
        assert_close(&x_gradient.unwrap_or_default(), &dx, 1e-5, &format!("input's gradient of {shape:?}"));
        assert_close(&weight_gradient, &dw, 1e-5, &format!("weights' gradient of {shape:?}"));
        let (none, weight_gradient) = convolution::backward(&x, &weight, &gradient, shape, false);
        assert!(none.is_none());
        assert_close(&weight_gradient, &dw, 1e-5, &format!("weights' gradient alone of {shape:?}"));
    }
}

#[test]
fn batch_norm_agrees_with_slow_loops_in_64_bits_and_its_gradients_with_finite_differences() {
    for rectify in [false, true] {
        check_batch_norm(rectify);
    }
}

fn check_batch_norm(rectify: bool) {
    let batch = Batch { pictures: 5, channels: 3, plane: 21 };
    let epsilon = 1e-5;
    let count = batch.pictures * batch.channels * batch.plane;
    let channel_of = |place: usize| place / batch.plane % batch.channels;
    // Far from 0, as where a variance taken from a sum of squares would lose its digits.
    let x: Vec<f32> = numbers(count, 4).into_iter().map(|x| 30.0 + x).collect();
    let (gamma, beta) = (numbers(3, 5), numbers(3, 6));
    let gradient = numbers(count, 7);

    let output = |x: &[f64], gamma: &[f64], beta: &[f64]| -> Vec<f64> {
        let of_channel = |channel| (0..count).filter(move |&place| channel_of(place) == channel);
        let n = (batch.pictures * batch.plane) as f64;
        let mean = |channel| of_channel(channel).map(|place| x[place]).sum::<f64>() / n;
        let means: Vec<f64> = (0..batch.channels).map(mean).collect();
        let variance =
            |channel: usize| of_channel(channel).map(|place| (x[place] - means[channel]).powi(2)).sum::<f64>() / n;
        let deviations: Vec<f64> = (0..batch.channels).map(|channel| (variance(channel) + epsilon).sqrt()).collect();
        let normalised = |place: usize| (x[place] - means[channel_of(place)]) / deviations[channel_of(place)];
        let floor = if rectify { 0.0 } else { f64::NEG_INFINITY };
        let scaled = |place: usize| gamma[channel_of(place)] * normalised(place) + beta[channel_of(place)];
        (0..count).map(|place| scaled(place).max(floor)).collect()
    };
    let wide = |values: &[f32]| -> Vec<f64> { values.iter().copied().map(f64::from).collect() };
    let (wide_x, wide_gamma, wide_beta) = (wide(&x), wide(&gamma), wide(&beta));

    let statistics = batch_norm::statistics(&x, &batch);
    let layer = BatchNorm { gamma: &gamma, beta: &beta, epsilon, rectify };
    let y = batch_norm::forward(&x, &layer, &statistics, &batch);
    assert_close(&y, &output(&wide_x, &wide_gamma, &wide_beta), 1e-4, "output");

    let loss = |y: Vec<f64>| -> f64 { y.iter().zip(&gradient).map(|(y, gradient)| y * f64::from(*gradient)).sum() };
    let slope = |values: &[f64], place: usize, loss: &dyn Fn(&[f64]) -> f64| {
        let at = |step: f64| {
            let mut values = values.to_vec();
            values[place] += step;
            loss(&values)
        };
        (at(1e-6) - at(-1e-6)) / 2e-6
    };
    let slopes = |values: &[f64], loss: &dyn Fn(&[f64]) -> f64| -> Vec<f64> {
        (0..values.len()).map(|place| slope(values, place, loss)).collect()
    };
    let back = batch_norm::backward(&x, &gradient, &layer, &statistics, &batch);
    let of_x = slopes(&wide_x, &|x| loss(output(x, &wide_gamma, &wide_beta)));
    assert_close(&back.x, &of_x, 1e-4, "input's gradient");
    let of_gamma = slopes(&wide_gamma, &|gamma| loss(output(&wide_x, gamma, &wide_beta)));
    assert_close(&back.gamma, &of_gamma, 1e-4, "gamma's gradient");
    let of_beta = slopes(&wide_beta, &|beta| loss(output(&wide_x, &wide_gamma, beta)));
    assert_close(&back.beta, &of_beta, 1e-4, "beta's gradient");
}

/// The kernels as burn sees them: through its dispatch and its graph of gradients.
#[cfg(feature = "autodiff")]
mod as_layers {
    #![allow(clippy::unwrap_used)]

    use burn::nn::conv::Conv2dConfig;
    use burn::nn::{BatchNorm, BatchNormConfig, PaddingConfig2d};
    use burn::tensor::activation::relu;
    use burn::tensor::{Device, Tensor, TensorData, Tolerance};

    use super::super::{convolve, normalise, normalise_relu};
    use super::numbers;

    fn input(shape: [usize; 4], device: &Device) -> Tensor<4> {
        Tensor::from_data(TensorData::new(numbers(shape.iter().product(), 8), shape), device).require_grad()
    }

    #[test]
    fn a_convolution_layer_gives_burns_own_output_and_gradients() {
        let device = Device::flex().autodiff();
        let layer = Conv2dConfig::new([8, 16], [3, 3])
            .with_stride([2, 2])
            .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
            .init(&device);
        let both = [convolve, |layer: &_, x| burn::nn::conv::Conv2d::forward(layer, x)].map(|forward| {
            let x = input([6, 8, 11, 11], &device);
            let y = forward(&layer, x.clone());
            let gradients = (y.clone() * y.clone()).sum().backward();
            let of = |gradient: Option<Tensor<4>>| gradient.unwrap().into_data();
            (y.into_data(), of(x.grad(&gradients)), of(layer.weight.val().grad(&gradients)))
        });
        let [(y, dx, dw), (burns_y, burns_dx, burns_dw)] = both;
        y.assert_approx_eq::<f32>(&burns_y, Tolerance::absolute(1e-4));
        for (ours, burns) in [(dx, burns_dx), (dw, burns_dw)] {
            ours.assert_approx_eq::<f32>(&burns, Tolerance::rel_abs(1e-4, 1e-3));
        }
    }

    #[test]
    fn a_batch_norm_layer_gives_burns_own_output_gradients_and_running_statistics() {
        assert_same([normalise, |layer, x| layer.forward(x)]);
        assert_same([normalise_relu, |layer, x| relu(layer.forward(x))]);
    }

    fn assert_same(both: [fn(&BatchNorm, Tensor<4>) -> Tensor<4>; 2]) {
        let device = Device::flex().autodiff();
        let both = both.map(|forward| {
            let layer = BatchNormConfig::new(5).init(&device);
            let x = input([6, 5, 4, 3], &device);
            let y = forward(&layer, x.clone());
            let gradients = (y.clone().powi_scalar(3)).sum().backward();
            let of_layer = [&layer.gamma, &layer.beta].map(|param| param.val().grad(&gradients).unwrap().into_data());
            let [of_gamma, of_beta] = of_layer;
            let gradients = [x.grad(&gradients).unwrap().into_data(), of_gamma, of_beta];
            let running = [&layer.running_mean, &layer.running_var].map(|state| state.value_sync().into_data());
            (y.into_data(), gradients, running)
        });
        let [(y, gradients, running), (burns_y, burns_gradients, burns_running)] = both;
        y.assert_approx_eq::<f32>(&burns_y, Tolerance::absolute(1e-4));
        for (ours, burns) in gradients.iter().zip(&burns_gradients) {
            ours.assert_approx_eq::<f32>(burns, Tolerance::rel_abs(1e-4, 1e-3));
        }
        for (ours, burns) in running.iter().zip(&burns_running) {
            ours.assert_approx_eq::<f32>(burns, Tolerance::absolute(1e-5));
        }
    }
}
