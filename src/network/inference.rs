//! The network that answers questions: batch norm is folded away, and label path and attention arm stand alone.

use burn::module::Module;
use burn::nn::Linear;
use burn::nn::conv::Conv2d;
use burn::nn::pool::MaxPool2d;
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

use super::dacl::pooled;
use super::heads::attention_of_scores;
use super::trunk::{BlockPlan, STAGE_CHANNELS, block_plans, padding, stem_pool};
use super::{DaclConfig, HEADS, WeightError, Weights};
use crate::kernels::convolve;

/// Trunk and classifier: pictures to logits. Works without the attention arm.
#[derive(Module, Debug)]
pub struct LabelPath {
    conv1: Conv2d,
    maxpool: MaxPool2d,
    blocks: Vec<FoldedBlock>,
    fc: Linear,
}

/// What the label path gives.
pub struct LabelOutput {
    /// The trunk's last feature map `[batch, 512, s, s]`: what the attention arm reads.
    pub feature_map: Tensor<4>,
    /// Deep features `[batch, 512]`: the feature map's average, never negative.
    pub features: Tensor<2>,
    /// Class scores `[batch, classes]` before softmax and temperature.
    pub logits: Tensor<2>,
}

/// Context encoder and heads: feature map to attention.
#[derive(Module, Debug)]
pub struct AttentionArm {
    unit1: Linear,
    unit2: Linear,
    unit3: Linear,
    heads: Linear,
}

#[derive(Module, Debug)]
struct FoldedBlock {
    conv1: Conv2d,
    conv2: Conv2d,
    downsample: Option<Conv2d>,
}

impl LabelPath {
    /// Builds the label path from folded weights.
    ///
    /// # Errors
    /// When a tensor is missing or has another shape than `config` asks for.
    pub fn from_weights(config: &DaclConfig, weights: &Weights, device: &Device) -> Result<Self, WeightError> {
        Ok(Self {
            conv1: convolution("trunk.conv1", [STAGE_CHANNELS[0], 3, 7], 2, weights, device)?,
            maxpool: stem_pool(),
            blocks: block_plans()
                .map(|plan| FoldedBlock::from_weights(&plan, weights, device))
                .collect::<Result<_, _>>()?,
            fc: dense("fc", [config.classes, HEADS], weights, device)?,
        })
    }

    /// Logits and feature map of pictures `[batch, 3, S, S]`.
    pub fn forward(&self, pictures: Tensor<4>) -> LabelOutput {
        let x = self.maxpool.forward(relu(convolve(&self.conv1, pictures)));
        let feature_map = self.blocks.iter().fold(x, |x, block| block.forward(x));
        let features = pooled(feature_map.clone());
        LabelOutput { logits: self.fc.forward(features.clone()), features, feature_map }
    }

    /// Where in the feature map the evidence for each class lies, `[batch, classes, s s]`:
    /// `M_k(place) = sum_j a_j w_kj F_j(place)`.
    ///
    /// This is the class activation map of Zhou et al. (CVPR 2016) with each feature's `attention` `[batch, 512]` as a factor. Without
    /// it the mean of a class's map would be its logit, less the bias.
    pub fn attentive_activation(&self, feature_map: Tensor<4>, attention: Tensor<2>) -> Tensor<3> {
        let [batch, channels, height, width] = feature_map.dims();
        // [1, classes, 512] times [batch, 1, 512]
        let weights = self.fc.weight.val().transpose().unsqueeze::<3>() * attention.unsqueeze_dim::<3>(1);
        weights.matmul(feature_map.reshape([batch, channels, height * width]))
    }
}

impl FoldedBlock {
    fn from_weights(plan: &BlockPlan, weights: &Weights, device: &Device) -> Result<Self, WeightError> {
        let &BlockPlan { ref name, channels_in, channels, stride } = plan;
        let load = |part: &str, shape: [usize; 3], stride: usize| {
            convolution(&format!("{name}.{part}"), shape, stride, weights, device)
        };
        Ok(Self {
            conv1: load("conv1", [channels, channels_in, 3], stride)?,
            conv2: load("conv2", [channels, channels, 3], 1)?,
            downsample: match plan.projects() {
                true => Some(load("downsample", [channels, channels_in, 1], stride)?),
                false => None,
            },
        })
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let shortcut = match &self.downsample {
            Some(down) => convolve(down, x.clone()),
            None => x.clone(),
        };
        relu(convolve(&self.conv2, relu(convolve(&self.conv1, x))) + shortcut)
    }
}

impl AttentionArm {
    /// Builds the attention arm from folded weights.
    ///
    /// # Errors
    /// When a tensor is missing or has another shape than `config` asks for.
    pub fn from_weights(config: &DaclConfig, weights: &Weights, device: &Device) -> Result<Self, WeightError> {
        let widths = &config.context_encoder;
        let load = |name: &str, shape| dense(name, shape, weights, device);
        Ok(Self {
            unit1: load("context_encoder.unit1", [widths.hidden1, config.context_inputs()])?,
            unit2: load("context_encoder.unit2", [widths.hidden2, widths.hidden1])?,
            unit3: load("context_encoder.unit3", [widths.code, widths.hidden2])?,
            heads: load("heads", [2 * HEADS, widths.code])?,
        })
    }

    /// Attention `[batch, 512]` in 0..1 of the label path's feature map.
    pub fn forward(&self, feature_map: Tensor<4>) -> Tensor<2> {
        let x = relu(self.unit1.forward(feature_map.flatten::<2>(1, 3)));
        let x = relu(self.unit2.forward(x));
        let code = self.unit3.forward(x).tanh();
        attention_of_scores(self.heads.forward(code))
    }
}

/// The convolution `name` with bias; `shape` is outputs, inputs and kernel side.
fn convolution(
    name: &str,
    [outputs, inputs, kernel]: [usize; 3],
    stride: usize,
    weights: &Weights,
    device: &Device,
) -> Result<Conv2d, WeightError> {
    Ok(Conv2d {
        weight: weights.parameter(&format!("{name}.weight"), [outputs, inputs, kernel, kernel], device)?,
        bias: Some(weights.parameter(&format!("{name}.bias"), [outputs], device)?),
        stride: [stride, stride],
        kernel_size: [kernel, kernel],
        dilation: [1, 1],
        groups: 1,
        padding: padding(kernel),
    })
}

/// The dense layer `name` with bias; `shape` is outputs and inputs.
fn dense(name: &str, shape: [usize; 2], weights: &Weights, device: &Device) -> Result<Linear, WeightError> {
    Ok(Linear {
        weight: weights.dense_parameter(&format!("{name}.weight"), shape, device)?,
        bias: Some(weights.parameter(&format!("{name}.bias"), [shape[0]], device)?),
    })
}
