//! Stochastic gradient descent with momentum: `g <- g + decay w`, `v <- momentum v + g`, `w <- w - rate v`.
//!
//! That is burn's own with dampening 0, and PyTorch's. On the CPU the three lines are one pass over the weights.

use burn::backend::Flex;
use burn::backend::flex::{FlexTensor, Layout};
use burn::optim::{LearningRate, Optimizer, RecordState, StateSink, StateSource};
use burn::tensor::{Bytes, DType, Device, Tensor};
use rayon::prelude::*;

/// Values that a thread takes at a time.
const PIECE: usize = 1 << 15;

/// The optimiser of every recipe.
#[derive(Clone, Debug)]
pub(super) struct Sgd {
    pub(super) momentum: f64,
    /// Coupled weight decay.
    pub(super) decay: f64,
    /// What the gradients come multiplied by.
    pub(super) gradient_scale: f64,
}

/// What is kept of a parameter from step to step.
#[derive(Clone)]
pub(super) struct Velocity<const D: usize> {
    velocity: Tensor<D>,
}

/// The name that burn's own SGD gives it in a checkpoint.
const LEAF: &str = "momentum.velocity";

impl<const D: usize> RecordState for Velocity<D> {
    fn state_flatten(&self, prefix: &str, out: &mut StateSink) {
        out.push_tensor(prefix, LEAF, self.velocity.to_data());
    }

    fn state_unflatten(prefix: &str, source: &mut StateSource, device: &Device) -> Option<Self> {
        let velocity = Tensor::from_data(source.take_tensor(prefix, LEAF)?, device);
        Some(Self { velocity })
    }
}

impl Optimizer for Sgd {
    type State<const D: usize> = Velocity<D>;

    fn step<const D: usize>(
        &self,
        rate: LearningRate,
        weights: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<Velocity<D>>,
    ) -> (Tensor<D>, Option<Velocity<D>>) {
        let velocity = state.map(|state| state.velocity);
        let (weights, velocity) = match weights.clone().try_into_primitive::<Flex>() {
            Ok(values) if values.dtype() == DType::F32 => self.on_cpu(rate, values, gradient, velocity),
            _ => self.on_any_device(rate, weights, gradient, velocity),
        };
        (weights, Some(Velocity { velocity }))
    }

    fn to_device<const D: usize>(state: Velocity<D>, device: &Device) -> Velocity<D> {
        Velocity { velocity: state.velocity.to_device(device) }
    }
}

impl Sgd {
    fn on_any_device<const D: usize>(
        &self,
        rate: f64,
        weights: Tensor<D>,
        gradient: Tensor<D>,
        velocity: Option<Tensor<D>>,
    ) -> (Tensor<D>, Tensor<D>) {
        let gradient = gradient * (1.0 / self.gradient_scale) + weights.clone() * self.decay;
        let velocity = match velocity {
            Some(velocity) => velocity * self.momentum + gradient,
            None => gradient,
        };
        (weights - velocity.clone() * rate, velocity)
    }

    fn on_cpu<const D: usize>(
        &self,
        rate: f64,
        weights: FlexTensor,
        gradient: Tensor<D>,
        velocity: Option<Tensor<D>>,
    ) -> (Tensor<D>, Tensor<D>) {
        let shape = gradient.shape();
        let values = |tensor: Tensor<D>| -> FlexTensor {
            match tensor.try_into_primitive::<Flex>() {
                Ok(values) => values.to_contiguous(),
                // A parameter's gradient and velocity are where the parameter is.
                Err(error) => unreachable!("{error:?}"),
            }
        };
        let (weights, gradient) = (weights.to_contiguous(), values(gradient));
        let velocity = velocity.map(values);
        let (weights, gradient) = (weights.storage::<f32>(), gradient.storage::<f32>());
        let (momentum, decay, rate) = (self.momentum as f32, self.decay as f32, rate as f32);
        let inverse_scale = (1.0 / self.gradient_scale) as f32;
        let mut new_velocity = match &velocity {
            Some(velocity) => velocity.storage::<f32>().to_vec(),
            None => vec![0.0; weights.len()],
        };
        let mut new_weights = vec![0.0; weights.len()];
        let new = new_weights.par_chunks_mut(PIECE).zip(new_velocity.par_chunks_mut(PIECE));
        new.zip(weights.par_chunks(PIECE).zip(gradient.par_chunks(PIECE))).for_each(
            |((new_weights, velocity), (weights, gradient))| {
                for (((new, velocity), weight), gradient) in
                    new_weights.iter_mut().zip(velocity).zip(weights).zip(gradient)
                {
                    *velocity = momentum * *velocity + (inverse_scale * gradient + decay * weight);
                    *new = weight - rate * *velocity;
                }
            },
        );
        let tensor = |values: Vec<f32>| {
            let layout = Layout::contiguous(shape.clone());
            Tensor::from_primitive::<Flex>(FlexTensor::new(Bytes::from_elems(values), layout, DType::F32))
        };
        (tensor(new_weights), tensor(new_velocity))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use burn::module::Param;
    use burn::nn::Linear;
    use burn::optim::decay::WeightDecayConfig;
    use burn::optim::momentum::MomentumConfig;
    use burn::optim::{GradientsParams, ModuleOptimizer, SgdConfig};

    fn layer(device: &Device) -> Linear {
        let weight = Tensor::<2>::from_data([[0.5, -1.0, 2.0], [0.1, 0.0, -0.3]], device);
        Linear { weight: Param::from_tensor(weight), bias: None }
    }

    /// The weights after three steps of different rates on `sum((x w)^2)`.
    fn trained(mut optimiser: ModuleOptimizer) -> Vec<f32> {
        let device = Device::flex().autodiff();
        let mut layer = layer(&device);
        for rate in [0.1, 0.05, 0.01] {
            let x = Tensor::<2>::from_data([[1.0, 2.0], [-0.5, 0.3]], &device);
            let gradients = layer.forward(x).powi_scalar(2).sum().backward();
            let gradients = GradientsParams::from_grads(gradients, &layer);
            layer = optimiser.step(rate, layer, gradients);
        }
        layer.weight.val().into_data().try_to_vec().unwrap()
    }

    #[test]
    fn steps_are_burns_own_with_dampening_0() {
        let burns = SgdConfig::new()
            .with_momentum(Some(MomentumConfig::new().with_momentum(0.9).with_dampening(0.0)))
            .with_weight_decay(Some(WeightDecayConfig::new(0.01)));
        let ours = trained(Sgd { momentum: 0.9, decay: 0.01, gradient_scale: 1.0 }.into());
        for (ours, burns) in ours.iter().zip(trained(burns.init())) {
            assert!((ours - burns).abs() < 1e-6, "{ours} instead of {burns}");
        }
    }

    #[test]
    fn the_one_pass_on_the_cpu_gives_what_the_three_lines_give() {
        let device = Device::flex();
        let tensor = |values: [f32; 4]| Tensor::<1>::from_data(values, &device);
        let (weights, gradient) = (tensor([1.0, -2.0, 0.0, 0.5]), tensor([0.3, 0.2, -0.1, 0.0]));
        let sgd = Sgd { momentum: 0.9, decay: 0.1, gradient_scale: 4.0 };
        for velocity in [None, Some(tensor([0.5, -0.5, 0.25, 1.0]))] {
            let primitive = weights.clone().try_into_primitive::<Flex>().unwrap();
            let one = sgd.on_cpu(0.2, primitive, gradient.clone(), velocity.clone());
            let three = sgd.on_any_device(0.2, weights.clone(), gradient.clone(), velocity);
            for (one, three) in [(one.0, three.0), (one.1, three.1)] {
                let difference: f32 = (one - three).abs().max().into_scalar();
                assert!(difference < 1e-6);
            }
        }
    }
}
