//! The attention heads: for each deep feature, how much it counts for this picture.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor};

use super::context_encoder::attention_linear;
use super::{DaclConfig, HEADS};

/// 512 binary heads, computed as one dense layer: outputs `2 j` (exclude) and `2 j + 1` (include) belong to head `j`.
#[derive(Module, Debug)]
pub struct AttentionHeads {
    /// The dense layer, code to `2 * 512` scores.
    pub linear: Linear,
}

impl AttentionHeads {
    /// Heads with random weights: Kaiming normal over the fan-in, biases 0.
    pub fn new(config: &DaclConfig, device: &Device) -> Self {
        Self { linear: attention_linear(config.context_encoder.code, 2 * HEADS, device) }
    }

    /// Attention `[batch, 512]` in 0..1 of a code `[batch, 64]`: the softmax share of "include" in every head.
    pub fn forward(&self, code: Tensor<2>) -> Tensor<2> {
        attention_of_scores(self.linear.forward(code))
    }
}

/// Attention `[batch, 512]` of the heads' scores `[batch, 2 * 512]`.
pub(super) fn attention_of_scores(scores: Tensor<2>) -> Tensor<2> {
    let [batch, _] = scores.dims();
    let shares = softmax(scores.reshape([batch, HEADS, 2]), 2);
    shares.narrow(2, 1, 1).reshape([batch, HEADS])
}
