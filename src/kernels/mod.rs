//! What the network spends its time on, written for the CPU: convolution and batch norm.
//!
//! burn's CPU back end multiplies matrices for each picture by itself, and takes a convolution's gradients with
//! convolutions again. In a trunk's deep stages, where a picture has only a few places left, these matrices are too
//! slim to keep a processor busy. Here the pictures of a batch share one matrix, forwards and backwards
//! (docs/experiments.md has the figures). On a GPU outside the browser a convolution in 32 bits is a matrix product too;
//! everything else is burn's own.

// Without gradients, as in the browser, the backward halves are not called and the linker leaves them out.
#![cfg_attr(not(feature = "autodiff"), allow(dead_code))]

mod batch_norm;
mod by_product;
mod columns;
mod convolution;
mod extension;
#[cfg(feature = "autodiff")]
mod gradients;
mod matrix;
mod scratch;
mod tasks;
#[cfg(test)]
mod tests;

use burn::backend::{Dispatch, DispatchDevice};
use burn::module::Param;
use burn::nn::conv::Conv2d;
use burn::nn::{BatchNorm, PaddingConfig2d};
use burn::tensor::activation::relu;
use burn::tensor::{DType, Device, FloatDType, Tensor};

use self::extension::CpuKernels;

/// Pictures or maps `[batch, channels, height, width]` through a convolution layer.
pub(crate) fn convolve(layer: &Conv2d, x: Tensor<4>) -> Tensor<4> {
    let weight = layer.weight.val();
    let y = match supported(layer) {
        Some((stride, padding)) if has_cpu_kernels(&x) => {
            Tensor::from_dispatch(Dispatch::convolve(x.into_dispatch(), weight.into_dispatch(), stride, padding))
        }
        // Of one pixel, burn makes a product itself. What a browser's GPU gains or loses was not measured.
        Some((stride, padding)) if !cfg!(target_family = "wasm") && layer.kernel_size != [1, 1] && is_single(&x) => {
            by_product::convolve(x, weight, stride, padding)
        }
        _ => return layer.forward(x),
    };
    match &layer.bias {
        Some(bias) => y + bias.val().reshape([1, -1, 1, 1]),
        None => y,
    }
}

/// The same, computed in `precision`: input and weights are converted on the way in, the output back to 32 bits on the way out.
pub(crate) fn convolve_in(layer: &Conv2d, x: Tensor<4>, precision: FloatDType) -> Tensor<4> {
    if precision == FloatDType::F32 {
        return convolve(layer, x);
    }
    let weight = Param::initialized(layer.weight.id, layer.weight.val().cast(precision));
    let bias = layer.bias.as_ref().map(|bias| Param::initialized(bias.id, bias.val().cast(precision)));
    let converted = Conv2d { weight, bias, padding: layer.padding.clone(), ..*layer };
    converted.forward(x.cast(precision)).cast(FloatDType::F32)
}

/// A batch norm layer on maps `[batch, channels, height, width]`; in training its running statistics move on.
pub(crate) fn normalise(layer: &BatchNorm, x: Tensor<4>) -> Tensor<4> {
    normalise_or(layer, x, false, |y| y)
}

/// A batch norm layer and the ReLU after it.
pub(crate) fn normalise_relu(layer: &BatchNorm, x: Tensor<4>) -> Tensor<4> {
    normalise_or(layer, x, true, relu)
}

/// The kernel with or without its ReLU, or burn's layer and then `activation`.
fn normalise_or(
    layer: &BatchNorm,
    x: Tensor<4>,
    rectify: bool,
    activation: impl Fn(Tensor<4>) -> Tensor<4>,
) -> Tensor<4> {
    if !has_cpu_kernels(&x) || !x.device().is_autodiff() || !layer.training.is_enabled() {
        return activation(layer.forward(x));
    }
    let (gamma, beta) = (layer.gamma.val().into_dispatch(), layer.beta.val().into_dispatch());
    let (y, mean, variance) = Dispatch::normalise(x.into_dispatch(), gamma, beta, layer.epsilon, rectify);
    for (running, batch) in [(&layer.running_mean, mean), (&layer.running_var, variance)] {
        let batch = Tensor::<1>::from_dispatch(batch).detach();
        let old = running.value_sync();
        running.update((old * (1.0 - layer.momentum) + batch * layer.momentum).detach());
    }
    Tensor::from_dispatch(y)
}

/// Stride and padding of a layer that the kernels can do: square, symmetric, dense.
fn supported(layer: &Conv2d) -> Option<(usize, usize)> {
    let PaddingConfig2d::Explicit(padding, bottom, left, right) = layer.padding else { return None };
    let symmetric = [bottom, left, right] == [padding; 3];
    let square = layer.stride[0] == layer.stride[1] && layer.kernel_size[0] == layer.kernel_size[1];
    (symmetric && square && layer.dilation == [1, 1] && layer.groups == 1).then_some((layer.stride[0], padding))
}

/// Whether the kernels can do `x`: it is on the CPU, in 32 bits.
fn has_cpu_kernels(x: &Tensor<4>) -> bool {
    let device: Device = x.device().inner();
    matches!(device.as_dispatch(), DispatchDevice::Flex(_)) && is_single(x)
}

fn is_single(x: &Tensor<4>) -> bool {
    x.dtype() == DType::F32
}
