//! Folds a trained network's batch norms into the convolutions and dense layers before them.
//!
//! In evaluation a batch norm is `y = (x - mean) * gamma / sqrt(var + eps) + beta` for each output channel, so
//! `scale = gamma / sqrt(var + eps)` multiplies the layer's weights and `beta + (bias - mean) * scale` is its new bias.
//! The arithmetic is done in 64 bits on the host; this reads the device and is therefore not for the browser.

use burn::nn::conv::Conv2d;
use burn::nn::{BatchNorm, Linear};
use burn::tensor::Tensor;

use super::trunk::{BlockPlan, block_plans};
use super::{Dacl, WeightError, Weights};

/// Folded weights of trunk and classifier.
///
/// # Errors
/// When a weight is not finite, as after a diverged training.
pub fn fold_label_path(network: &Dacl) -> Result<Weights, WeightError> {
    let mut weights = Weights::default();
    let trunk = &network.trunk;
    fold_convolution("trunk.conv1", &trunk.conv1, &trunk.bn1, &mut weights)?;
    for (BlockPlan { name, .. }, block) in block_plans().zip(trunk.stages().into_iter().flatten()) {
        fold_convolution(&format!("{name}.conv1"), &block.conv1, &block.bn1, &mut weights)?;
        fold_convolution(&format!("{name}.conv2"), &block.conv2, &block.bn2, &mut weights)?;
        if let Some(down) = &block.downsample {
            fold_convolution(&format!("{name}.downsample"), &down.conv, &down.bn, &mut weights)?;
        }
    }
    fold_dense("fc", &network.fc, None, &mut weights)?;
    Ok(weights)
}

/// Folded weights of context encoder and heads.
///
/// # Errors
/// When a weight is not finite, as after a diverged training.
pub fn fold_attention_arm(network: &Dacl) -> Result<Weights, WeightError> {
    let mut weights = Weights::default();
    let encoder = &network.context_encoder;
    for (name, unit) in [("unit1", &encoder.unit1), ("unit2", &encoder.unit2), ("unit3", &encoder.unit3)] {
        fold_dense(&format!("context_encoder.{name}"), &unit.linear, Some(&unit.bn), &mut weights)?;
    }
    fold_dense("heads", &network.heads.linear, None, &mut weights)?;
    Ok(weights)
}

/// A batch norm in evaluation, as one factor and one offset a channel.
struct Affine {
    scale: Vec<f64>,
    mean: Vec<f64>,
    beta: Vec<f64>,
}

impl Affine {
    fn of(bn: &BatchNorm) -> Self {
        let gamma = host(bn.gamma.val());
        let variance = host(bn.running_var.value());
        let scale = gamma.iter().zip(&variance).map(|(gamma, var)| gamma / (var + bn.epsilon).sqrt()).collect();
        Self { scale, mean: host(bn.running_mean.value()), beta: host(bn.beta.val()) }
    }

    fn identity(channels: usize) -> Self {
        Self { scale: vec![1.0; channels], mean: vec![0.0; channels], beta: vec![0.0; channels] }
    }

    /// Folds into rows of weights, one row an output channel, and their biases.
    fn fold(&self, rows: &[f64], biases: &[f64]) -> (Vec<f32>, Vec<f32>) {
        let row_length = rows.len() / self.scale.len();
        let weights = rows
            .chunks_exact(row_length)
            .zip(&self.scale)
            .flat_map(|(row, scale)| row.iter().map(move |weight| (weight * scale) as f32))
            .collect();
        let biases = (0..self.scale.len())
            .map(|channel| (self.beta[channel] + (biases[channel] - self.mean[channel]) * self.scale[channel]) as f32)
            .collect();
        (weights, biases)
    }
}

fn fold_convolution(name: &str, conv: &Conv2d, bn: &BatchNorm, weights: &mut Weights) -> Result<(), WeightError> {
    let shape = conv.weight.dims();
    let (rows, biases) = Affine::of(bn).fold(&host(conv.weight.val()), &vec![0.0; shape[0]]);
    weights.insert(&format!("{name}.weight"), shape.to_vec(), rows)?;
    weights.insert(&format!("{name}.bias"), vec![shape[0]], biases)
}

fn fold_dense(name: &str, linear: &Linear, bn: Option<&BatchNorm>, weights: &mut Weights) -> Result<(), WeightError> {
    let [inputs, outputs] = linear.weight.dims();
    let biases = linear.bias.as_ref().map_or_else(|| vec![0.0; outputs], |bias| host(bias.val()));
    let affine = bn.map_or_else(|| Affine::identity(outputs), Affine::of);
    let (rows, biases) = affine.fold(&host(linear.weight.val().transpose()), &biases);
    weights.insert(&format!("{name}.weight"), vec![outputs, inputs], rows)?;
    weights.insert(&format!("{name}.bias"), vec![outputs], biases)
}

/// A tensor's values in row-major order, in 64 bits.
fn host<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.into_data().iter::<f64>().collect()
}
