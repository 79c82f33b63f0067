//! The context encoder: three dense units that turn the whole last feature map into a short code.

use burn::module::Module;
use burn::nn::{BatchNorm, BatchNormConfig, Initializer, Linear, LinearConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

use super::DaclConfig;

/// Flattened feature map `[batch, 512 s s]` to code `[batch, 64]`, each value in -1..1.
#[derive(Module, Debug)]
pub struct ContextEncoder {
    /// First unit, ReLU.
    pub unit1: ContextUnit,
    /// Second unit, ReLU.
    pub unit2: ContextUnit,
    /// Third unit, tanh.
    pub unit3: ContextUnit,
}

/// A dense layer with bias and its batch norm; the activation is the encoder's.
#[derive(Module, Debug)]
pub struct ContextUnit {
    /// The dense layer.
    pub linear: Linear,
    /// Its batch norm.
    pub bn: BatchNorm,
}

impl ContextEncoder {
    /// An encoder with random weights: Kaiming normal over the fan-in, biases 0.
    pub fn new(config: &DaclConfig, device: &Device) -> Self {
        let widths = &config.context_encoder;
        Self {
            unit1: ContextUnit::new(config.context_inputs(), widths.hidden1, device),
            unit2: ContextUnit::new(widths.hidden1, widths.hidden2, device),
            unit3: ContextUnit::new(widths.hidden2, widths.code, device),
        }
    }

    /// Code `[batch, 64]` of the flattened feature map `[batch, 512 s s]`.
    pub fn forward(&self, flat: Tensor<2>) -> Tensor<2> {
        let x = relu(self.unit1.forward(flat));
        let x = relu(self.unit2.forward(x));
        self.unit3.forward(x).tanh()
    }
}

impl ContextUnit {
    fn new(inputs: usize, outputs: usize, device: &Device) -> Self {
        Self { linear: attention_linear(inputs, outputs, device), bn: BatchNormConfig::new(outputs).init(device) }
    }

    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.bn.forward(self.linear.forward(x))
    }
}

/// A dense layer of the attention network: weights Kaiming normal over the fan-in, bias 0.
pub(super) fn attention_linear(inputs: usize, outputs: usize, device: &Device) -> Linear {
    let initializer = Initializer::KaimingNormal { gain: 2f64.sqrt(), fan_out_only: false };
    let linear = LinearConfig::new(inputs, outputs).with_initializer(initializer).init(device);
    Linear { bias: Some(Initializer::Zeros.init([outputs], device)), ..linear }
}
