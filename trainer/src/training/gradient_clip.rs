//! Shortens gradients that are too long.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::Tensor;

/// Scales all gradients of `module` by one factor so that their common Euclidean norm is at most `longest`.
///
/// The factor stays on the device: nothing waits for it.
pub(super) fn clip_by_global_norm<M: Module>(gradients: GradientsParams, module: &M, longest: f64) -> GradientsParams {
    let mut squares = Squares { gradients: &gradients, sum: None };
    module.visit(&mut squares);
    let Some(sum) = squares.sum else { return gradients };
    // longest / max(norm, longest): 1 for gradients that are short enough.
    let factor = sum.sqrt().clamp_min(longest).recip().mul_scalar(longest);
    let mut scaling = Scaling { gradients, factor };
    module.visit(&mut scaling);
    scaling.gradients
}

struct Squares<'a> {
    gradients: &'a GradientsParams,
    sum: Option<Tensor<1>>,
}

impl ModuleVisitor for Squares<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.get::<D>(param.id) {
            let square = (gradient.clone() * gradient).sum();
            self.sum = Some(match self.sum.take() {
                Some(sum) => sum + square,
                None => square,
            });
        }
    }
}

struct Scaling {
    gradients: GradientsParams,
    factor: Tensor<1>,
}

impl ModuleVisitor for Scaling {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.remove::<D>(param.id) {
            let factor = self.factor.clone().reshape([1; D]);
            self.gradients.register(param.id, gradient * factor);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use burn::nn::{Linear, LinearConfig};
    use burn::tensor::{Device, TensorData};

    /// Gradients `2, -3, 6` of two weights and a bias: their norm is 7.
    fn clipped(longest: f64) -> Vec<f32> {
        let device = Device::flex().autodiff();
        let layer: Linear = LinearConfig::new(2, 1).init(&device);
        let input = Tensor::<2>::from_data(TensorData::from([[2.0f32 / 6.0, -0.5]]), &device);
        let gradients = layer.forward(input).sum().mul_scalar(6.0).backward();
        let gradients = clip_by_global_norm(GradientsParams::from_grads(gradients, &layer), &layer, longest);
        let mut values: Vec<f32> = gradients.get::<2>(layer.weight.id).unwrap().into_data().try_to_vec().unwrap();
        let bias = gradients.get::<1>(layer.bias.as_ref().unwrap().id).unwrap();
        values.extend(bias.into_data().try_to_vec::<f32>().unwrap());
        values
    }

    #[test]
    fn all_gradients_are_shortened_together_to_the_longest_norm() {
        for (found, expected) in clipped(3.5).iter().zip([1.0f32, -1.5, 3.0]) {
            assert!((found - expected).abs() < 1e-5, "{found} instead of {expected}");
        }
    }

    #[test]
    fn gradients_that_are_short_enough_stay() {
        for (found, expected) in clipped(7.1).iter().zip([2.0f32, -3.0, 6.0]) {
            assert!((found - expected).abs() < 1e-5, "{found} instead of {expected}");
        }
    }
}
