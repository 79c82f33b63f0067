//! The kernels as operations of burn's CPU back end.

use burn::backend::flex::{FlexTensor, Layout};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Flex, TensorMetadata, backend_extension};
use burn::tensor::{Bytes, DType, Shape};

use super::batch_norm::{self, Batch, BatchNorm};
use super::convolution::{self, Convolution};

/// Operations beyond burn's own.
#[backend_extension(Flex, Autodiff: cfg(feature = "autodiff"))]
pub(crate) trait CpuKernels: Backend {
    /// Convolution of `x` `[batch, channels, height, width]` with `weight` `[outputs, channels, side, side]`.
    fn convolve(x: FloatTensor<Self>, weight: FloatTensor<Self>, stride: usize, padding: usize) -> FloatTensor<Self>;

    /// `x` `[batch, channels, height, width]` with mean 0 and variance 1 in each channel, times `gamma`, plus `beta`,
    /// negative results cut off at 0 if `rectify`; and that mean and the biased variance, `[channels]`.
    fn normalise(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        epsilon: f64,
        rectify: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}

impl CpuKernels for Flex {
    fn convolve(x: FlexTensor, weight: FlexTensor, stride: usize, padding: usize) -> FlexTensor {
        let shape = convolution_of(&x, &weight, stride, padding);
        let (x, weight) = (x.to_contiguous(), weight.to_contiguous());
        let y = convolution::forward(x.storage(), weight.storage(), &shape);
        tensor(y, [shape.pictures, shape.outputs, shape.out_height(), shape.out_width()])
    }

    fn normalise(
        x: FlexTensor,
        gamma: FlexTensor,
        beta: FlexTensor,
        epsilon: f64,
        rectify: bool,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let (x, gamma, beta) = (x.to_contiguous(), gamma.to_contiguous(), beta.to_contiguous());
        let batch = batch_of(&x);
        let statistics = batch_norm::statistics(x.storage(), &batch);
        let layer = BatchNorm { gamma: gamma.storage(), beta: beta.storage(), epsilon, rectify };
        let y = batch_norm::forward(x.storage(), &layer, &statistics, &batch);
        let channels = [batch.channels];
        (tensor(y, dimensions(&x)), tensor(statistics.mean, channels), tensor(statistics.variance, channels))
    }
}

/// The convolution that tensors `[batch, channels, height, width]` and `[outputs, channels, side, side]` ask for.
pub(super) fn convolution_of(x: &FlexTensor, weight: &FlexTensor, stride: usize, padding: usize) -> Convolution {
    let [pictures, channels, height, width] = dimensions(x);
    let [outputs, _, side, _] = dimensions(weight);
    Convolution { pictures, channels, height, width, outputs, side, stride, padding }
}

/// The batch in a tensor `[batch, channels, height, width]`.
pub(super) fn batch_of(x: &FlexTensor) -> Batch {
    let [pictures, channels, height, width] = dimensions(x);
    Batch { pictures, channels, plane: height * width }
}

/// The four sizes of a tensor.
pub(super) fn dimensions(x: &FlexTensor) -> [usize; 4] {
    x.shape().dims()
}

/// A tensor of `values` in row-major order.
pub(super) fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::new(Bytes::from_elems(values), Layout::contiguous(Shape::from(shape.to_vec())), DType::F32)
}
