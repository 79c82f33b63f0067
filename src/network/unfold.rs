//! The reverse of [`fold`](super::fold_label_path): a network to go on training from the folded weights of an artefact.
//!
//! A fold leaves no statistics behind, so every batch norm here is the identity, plus the bias. In evaluation that is the network of the
//! artefact; in training each batch would be normalised to mean 0 and variance 1 instead. [`Dacl::calibrated`] gives the batch norms
//! their statistics back.

use burn::module::{Param, RunningState};
use burn::nn::conv::Conv2d;
use burn::nn::{BatchNorm, Linear};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

use super::trunk::{BlockPlan, block_plans};
use super::{BasicBlock, ConfigError, ContextUnit, Dacl, DaclConfig, WeightError, Weights};

/// A network cannot be made of folded weights.
#[derive(Debug, thiserror::Error)]
pub enum UnfoldError {
    /// A dimension is out of range.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A tensor is missing or has another shape.
    #[error(transparent)]
    Weights(#[from] WeightError),
}

/// The network whose [`fold_label_path`](super::fold_label_path) and [`fold_attention_arm`](super::fold_attention_arm) are `labels` and
/// `attention`, with batch norms that change nothing.
///
/// # Errors
/// When a tensor is missing or has another shape than `config` asks for.
pub fn unfold(
    config: &DaclConfig,
    labels: &Weights,
    attention: &Weights,
    device: &Device,
) -> Result<Dacl, UnfoldError> {
    let mut network = Dacl::new(config, device)?;
    let trunk = &mut network.trunk;
    fill_convolution("trunk.conv1", &mut trunk.conv1, &mut trunk.bn1, labels, device)?;
    let stages = [&mut trunk.layer1, &mut trunk.layer2, &mut trunk.layer3, &mut trunk.layer4];
    for (BlockPlan { name, .. }, block) in block_plans().zip(stages.into_iter().flatten()) {
        fill_convolution(&format!("{name}.conv1"), &mut block.conv1, &mut block.bn1, labels, device)?;
        fill_convolution(&format!("{name}.conv2"), &mut block.conv2, &mut block.bn2, labels, device)?;
        if let Some(down) = &mut block.downsample {
            fill_convolution(&format!("{name}.downsample"), &mut down.conv, &mut down.bn, labels, device)?;
        }
    }
    fill_dense("fc", &mut network.fc, labels, device)?;
    let encoder = &mut network.context_encoder;
    for (name, unit) in [("unit1", &mut encoder.unit1), ("unit2", &mut encoder.unit2), ("unit3", &mut encoder.unit3)] {
        fill_dense(&format!("context_encoder.{name}"), &mut unit.linear, attention, device)?;
        let channels = unit.bn.gamma.dims();
        make_identity(&mut unit.bn, Param::from_tensor(Tensor::zeros(channels, device)), device);
    }
    fill_dense("heads", &mut network.heads.linear, attention, device)?;
    Ok(network)
}

fn fill_convolution(
    name: &str,
    conv: &mut Conv2d,
    bn: &mut BatchNorm,
    weights: &Weights,
    device: &Device,
) -> Result<(), WeightError> {
    let shape = conv.weight.dims();
    conv.weight = weights.parameter(&format!("{name}.weight"), shape, device)?;
    let bias = weights.parameter(&format!("{name}.bias"), [shape[0]], device)?;
    make_identity(bn, bias, device);
    Ok(())
}

fn fill_dense(name: &str, linear: &mut Linear, weights: &Weights, device: &Device) -> Result<(), WeightError> {
    let [inputs, outputs] = linear.weight.dims();
    linear.weight = weights.dense_parameter(&format!("{name}.weight"), [outputs, inputs], device)?;
    linear.bias = Some(weights.parameter(&format!("{name}.bias"), [outputs], device)?);
    Ok(())
}

/// `y = x + bias` in evaluation.
fn make_identity(bn: &mut BatchNorm, bias: Param<Tensor<1>>, device: &Device) {
    let channels = bias.dims();
    bn.gamma = Param::from_tensor(Tensor::ones(channels, device));
    bn.beta = bias;
    bn.running_mean = RunningState::new(Tensor::zeros(channels, device));
    bn.running_var = RunningState::new(Tensor::full(channels, 1.0 - bn.epsilon, device));
}

impl Dacl {
    /// The same network in evaluation, every batch norm with the statistics that it sees on `pictures` `[batch, 3, S, S]`, so that
    /// training begins where evaluation stands. For a network on a device without gradients.
    ///
    /// A batch norm computes `s y + t` in evaluation, with `s = gamma / sqrt(var + eps)` and `t = beta - s mean`. With mean `m` and
    /// variance `v` of its input on the pictures it becomes one of the same `s` and `t`: `mean = m`, `var = v`,
    /// `gamma = s sqrt(v + eps)`, `beta = t + s m`.
    pub fn calibrated(mut self, pictures: Tensor<4>) -> Self {
        let trunk = &mut self.trunk;
        let x = relu(calibrate(&mut trunk.bn1, trunk.conv1.forward(pictures)));
        let mut x = trunk.pooled_stem(x);
        let stages = [&mut trunk.layer1, &mut trunk.layer2, &mut trunk.layer3, &mut trunk.layer4];
        for block in stages.into_iter().flatten() {
            x = block.calibrate(x);
        }
        let encoder = &mut self.context_encoder;
        let x = relu(encoder.unit1.calibrate(x.flatten(1, 3)));
        let x = relu(encoder.unit2.calibrate(x));
        encoder.unit3.calibrate(x);
        self
    }
}

impl BasicBlock {
    fn calibrate(&mut self, x: Tensor<4>) -> Tensor<4> {
        let shortcut = match &mut self.downsample {
            Some(down) => calibrate(&mut down.bn, down.conv.forward(x.clone())),
            None => x.clone(),
        };
        let x = relu(calibrate(&mut self.bn1, self.conv1.forward(x)));
        relu(calibrate(&mut self.bn2, self.conv2.forward(x)) + shortcut)
    }
}

impl ContextUnit {
    fn calibrate(&mut self, x: Tensor<2>) -> Tensor<2> {
        let y = self.linear.forward(x);
        let [batch, channels] = y.dims();
        calibrate(&mut self.bn, y.reshape([batch, channels, 1, 1])).reshape([batch, channels])
    }
}

/// Gives `bn` the statistics of its input `y`, and returns its output in evaluation, which stays what it was.
fn calibrate(bn: &mut BatchNorm, y: Tensor<4>) -> Tensor<4> {
    let [_, channels, _, _] = y.dims();
    let by_channel = y.clone().swap_dims(0, 1).reshape([channels as i32, -1]);
    let mean = by_channel.clone().mean_dim(1);
    let variance = (by_channel - mean.clone()).powi_scalar(2).mean_dim(1).reshape([channels]);
    let mean = mean.reshape([channels]);
    let deviation = |variance: Tensor<1>| variance.add_scalar(bn.epsilon).sqrt();
    let (old_mean, old_variance) = (bn.running_mean.value_sync(), bn.running_var.value_sync());
    let slope = bn.gamma.val() / deviation(old_variance);
    let shift = bn.beta.val() - slope.clone() * old_mean;
    bn.gamma = Param::initialized(bn.gamma.id, slope.clone() * deviation(variance.clone()));
    bn.beta = Param::initialized(bn.beta.id, shift.clone() + slope.clone() * mean.clone());
    bn.running_mean = RunningState::new(mean);
    bn.running_var = RunningState::new(variance);
    let shape = [1, channels as i32, 1, 1];
    y * slope.reshape(shape) + shift.reshape(shape)
}
