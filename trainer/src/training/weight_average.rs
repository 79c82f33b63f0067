//! The moving average of the weights, which answers better than the weights of any one step.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::Tensor;
use dacl::network::Dacl;

/// `w_avg <- d w_avg + (1 - d) w` after every step, for every weight and every statistic of batch norm.
///
/// The decay starts low, `min(d, (1 + t) / (10 + t))` at step `t`, so that the random start is soon forgotten (as TensorFlow's
/// moving averages do it).
#[derive(Debug)]
pub struct WeightAverage {
    network: Dacl,
    decay: f64,
    steps: usize,
}

impl WeightAverage {
    /// An average over `network` alone.
    pub fn start(network: &Dacl, decay: f64) -> Self {
        Self { network: network.valid(), decay, steps: 0 }
    }

    /// An average that has seen `steps` steps, as from a checkpoint.
    pub fn resumed(network: Dacl, decay: f64, steps: usize) -> Self {
        Self { network, decay, steps }
    }

    /// Takes the weights after a step into the average.
    pub fn with(self, network: &Dacl) -> Self {
        let Self { network: average, decay, steps } = self;
        let keep = decay.min((1 + steps) as f64 / (10 + steps) as f64);
        let mut current = Collected::default();
        network.valid().visit(&mut current);
        // The mapper takes them from the end.
        current.tensors.reverse();
        let network = average.map(&mut Blend { current: current.tensors, keep });
        Self { network, decay, steps: steps + 1 }
    }

    /// The averaged network, for evaluation.
    pub fn network(&self) -> &Dacl {
        &self.network
    }
}

#[derive(Default)]
struct Collected {
    tensors: Vec<Tensor<1>>,
}

impl ModuleVisitor for Collected {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.tensors.push(param.val().reshape([-1]));
    }
}

/// A module is visited and mapped in the same order.
struct Blend {
    current: Vec<Tensor<1>>,
    keep: f64,
}

impl ModuleMapper for Blend {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(current) = self.current.pop() else { return param };
        let (id, average, mapper) = param.consume();
        let current = current.reshape(average.shape());
        let blended = average.mul_scalar(self.keep) + current.mul_scalar(1.0 - self.keep);
        Param::from_mapped_value(id, blended, mapper)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use burn::tensor::Device;
    use dacl::network::{ContextEncoderConfig, DaclConfig};

    fn network(seed: u64) -> Dacl {
        let context_encoder = ContextEncoderConfig { hidden1: 4, hidden2: 4, code: 4 };
        let config = DaclConfig { input_size: 32, context_encoder, ..DaclConfig::compact() };
        let device = Device::flex().autodiff();
        device.seed(seed);
        Dacl::new(&config, &device).unwrap()
    }

    /// Weights, and the statistics of a batch norm.
    fn weights(network: &Dacl) -> Vec<f32> {
        let statistics = network.trunk.bn1.running_mean.value_sync();
        let weights = network.fc.weight.val().inner().reshape([-1]);
        Tensor::cat(vec![weights, statistics.inner()], 0).into_data().try_to_vec().unwrap()
    }

    #[test]
    fn the_average_follows_its_formula_with_the_decay_that_grows() {
        let (first, second) = (network(1), network(2));
        let before = weights(&second);
        second.forward_label(Tensor::ones([2, 3, 32, 32], &Device::flex().autodiff()));
        assert!(weights(&second) != before, "the statistics move as in training");
        let mut average = WeightAverage::start(&first, 0.15);
        let mut expected = weights(&first);
        // (1 + 0) / (10 + 0) = 0.1, then 2 / 11 is more than 0.15.
        for keep in [0.1f32, 0.15, 0.15] {
            average = average.with(&second);
            expected =
                expected.iter().zip(weights(&second)).map(|(old, new)| keep * old + (1.0 - keep) * new).collect();
        }
        for (found, expected) in weights(average.network()).iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{found} instead of {expected}");
        }
    }

    #[test]
    fn averaging_leaves_the_network_in_training_alone() {
        let (first, second) = (network(1), network(2));
        let statistics = |network: &Dacl| -> Vec<f32> { network.context_encoder.clone().valid().visit_values() };
        let before = (weights(&second), statistics(&second));
        let _ = WeightAverage::start(&first, 0.9).with(&second);
        assert_eq!(before, (weights(&second), statistics(&second)));
    }

    trait VisitValues {
        fn visit_values(&self) -> Vec<f32>;
    }

    impl<M: Module> VisitValues for M {
        fn visit_values(&self) -> Vec<f32> {
            let mut collected = Collected::default();
            self.visit(&mut collected);
            collected.tensors.into_iter().flat_map(|tensor| tensor.into_data().try_to_vec::<f32>().unwrap()).collect()
        }
    }
}
