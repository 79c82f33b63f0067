//! Convolution as one matrix product, put together from burn's own operations, for GPUs in 32 bits.
//!
//! Without matrix units for such numbers, which no graphics API offers, burn's convolution is a loop over the kernel in each
//! thread; in a trunk's last stages that is far slower than burn's matrix product (docs/experiments.md has the figures).

use burn::tensor::ops::PadMode;
use burn::tensor::{Slice, Tensor};

/// Fewest rows of each of the products that a weight's gradient is the sum of: it has few values and each is a sum over all places
/// of all pictures, which one product would leave to a few of the GPU's processors.
const FEWEST_ROWS: usize = 1024;

/// Maps `x` `[batch, channels, height, width]` through `weight` `[outputs, channels, side, side]`.
pub(super) fn convolve(x: Tensor<4>, weight: Tensor<4>, stride: usize, padding: usize) -> Tensor<4> {
    let [pictures, channels, height, width] = x.dims();
    let [outputs, _, side, _] = weight.dims();
    let places = |length: usize| (length + 2 * padding - side) / stride + 1;
    let (rows, columns) = (places(height), places(width));
    let padded = match padding {
        0 => x,
        _ => x.pad((padding, padding, padding, padding), PadMode::Constant(0.0)),
    };
    // Channels last: then each place's values lie together.
    let padded = padded.permute([0, 2, 3, 1]);
    let reach = |offset: usize, count: usize| {
        Slice::new(offset as isize, Some((offset + (count - 1) * stride + 1) as isize), stride as isize)
    };
    let all = || Slice::new(0, None, 1);
    let taps = (0..side * side)
        .map(|tap| padded.clone().slice([all(), reach(tap / side, rows), reach(tap % side, columns), all()]));
    let depth = side * side * channels;
    let groups = groups(pictures, rows * columns);
    let matrix = Tensor::cat(taps.collect(), 3).reshape([groups, pictures / groups * rows * columns, depth]);
    let weight = weight.permute([2, 3, 1, 0]).reshape([1, depth, outputs]);
    matrix.matmul(weight).reshape([pictures, rows, columns, outputs]).permute([0, 3, 1, 2])
}

/// Into how many groups of equal size pictures of so many places are put: as many as have rows enough.
fn groups(pictures: usize, places: usize) -> usize {
    let least = FEWEST_ROWS.div_ceil(places).clamp(1, pictures);
    (least..=pictures).find(|&together| pictures.is_multiple_of(together)).map_or(1, |together| pictures / together)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use burn::tensor::module::conv2d;
    use burn::tensor::ops::ConvOptions;
    use burn::tensor::{Device, Distribution, Tolerance};

    #[test]
    fn pictures_are_grouped_evenly_with_rows_enough_in_each_group() {
        assert_eq!(groups(128, 28 * 28), 64);
        assert_eq!(groups(128, 16), 2);
        assert_eq!(groups(8, 16), 1);
        assert_eq!(groups(7, 600), 1);
        assert_eq!(groups(6, 600), 3);
        assert_eq!(groups(1, 4), 1);
    }

    #[test]
    fn the_product_is_burns_convolution_forwards() {
        let device = Device::flex();
        for (side, stride, padding) in [(3, 1, 1), (3, 2, 1), (7, 2, 3), (1, 2, 0), (2, 1, 0)] {
            let x = Tensor::<4>::random([4, 3, 33, 32], Distribution::Normal(0.0, 1.0), &device);
            let weight = Tensor::<4>::random([5, 3, side, side], Distribution::Normal(0.0, 1.0), &device);
            let options = ConvOptions::new([stride, stride], [padding, padding], [1, 1], 1);
            let expected = conv2d(x.clone(), weight.clone(), None, options);
            convolve(x, weight, stride, padding)
                .into_data()
                .assert_approx_eq::<f32>(&expected.into_data(), Tolerance::absolute(1e-4));
        }
    }

    #[cfg(feature = "autodiff")]
    #[test]
    fn the_product_is_burns_convolution_backwards() {
        let device = Device::flex().autodiff();
        let random = |shape: [usize; 4]| Tensor::<4>::random(shape, Distribution::Normal(0.0, 1.0), &device);
        let (x, weight) = (random([4, 3, 33, 32]).require_grad(), random([5, 3, 3, 3]).require_grad());
        let pull = random([4, 5, 17, 16]);
        let gradients = |y: Tensor<4>| {
            let gradients = (y * pull.clone()).sum().backward();
            [&x, &weight].map(|tensor| tensor.grad(&gradients).unwrap().into_data())
        };
        let options = ConvOptions::new([2, 2], [1, 1], [1, 1], 1);
        let expected = gradients(conv2d(x.clone(), weight.clone(), None, options));
        let found = gradients(convolve(x.clone(), weight.clone(), 2, 1));
        for (found, expected) in found.iter().zip(&expected) {
            found.assert_approx_eq::<f32>(expected, Tolerance::absolute(1e-3));
        }
    }
}
