//! The attention heads: for each deep feature, how much it counts for this picture.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor, TensorData};

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

    /// The same heads with biases that make the attention `attention`, above 0 and below 1, wherever the code is 0.
    pub fn beginning_at(self, attention: f64) -> Self {
        // Half for, half against: the softmax of a pair sees their difference alone. At a half it is 0 and not -0, as they were.
        let for_it = 0.5 * (attention / (1.0 - attention)).ln();
        let biases: Vec<f32> =
            (0..2 * HEADS).map(|row| if row % 2 == 1 { for_it } else { 0.0 - for_it } as f32).collect();
        // The weights are left alone: they may not have been drawn yet, and are then drawn in their turn.
        let set = |old: Tensor<1>| {
            let biases = Tensor::from_data(TensorData::new(biases, [2 * HEADS]), &old.device());
            biases.set_require_grad(old.is_require_grad())
        };
        Self { linear: Linear { bias: self.linear.bias.map(|bias| bias.map(set)), ..self.linear } }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
        tensor.into_data().try_to_vec().unwrap()
    }

    #[test]
    fn heads_begin_at_the_attention_that_is_asked_for_and_at_a_half_as_published() {
        let (config, device) = (DaclConfig::compact(), Device::flex());
        let nothing = Tensor::zeros([2, config.context_encoder.code], &device);
        let heads = AttentionHeads::new(&config, &device);
        for attention in [0.9f32, 0.5, 0.02] {
            let found = values(heads.clone().beginning_at(attention.into()).forward(nothing.clone()));
            assert!(found.iter().all(|found| (found - attention).abs() < 1e-6), "{attention}: {:?}", &found[..2]);
        }
        let published = heads.linear.bias.clone().unwrap().val();
        assert_eq!(values(heads.beginning_at(0.5).linear.bias.unwrap().val()), values(published));
    }
}
