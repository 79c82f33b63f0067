//! Start weights of the trunk from an ONNX file that holds a ResNet-18, whatever its tensors are called.
//!
//! Layers are matched by structure: the 7x7 convolution is the stem, the 3x3 ones are the blocks' in the graph's order (each
//! needs the one before, so no exporter can order them otherwise), the 1x1 ones the shortcuts' projections. A batch norm
//! belongs to the convolution whose output it reads. Reading the file is `layers`' task.

#[cfg(test)]
mod graph_files;
mod layers;
#[cfg(test)]
mod resnet;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;

use burn::module::{Param, RunningState};
use burn::nn::BatchNorm;
use burn::nn::conv::Conv2d;
use burn::tensor::{Device, Tensor, TensorData};
use dacl::network::{Dacl, Trunk};

use self::layers::{Layers, OnnxBatchNorm, OnnxConvolution};
use super::{Imported, InitError};

/// Fills the trunk, the whole or nothing of it.
pub(super) fn from_onnx(mut network: Dacl, path: &Path, device: &Device) -> Result<(Dacl, Imported), InitError> {
    let layers = layers::read(path).map_err(|reason| InitError::NotOnnx { path: path.to_owned(), reason })?;
    let imported = fill(&mut network.trunk, layers, device)
        .map_err(|reason| InitError::NoTrunk { path: path.to_owned(), reason })?;
    Ok((network, imported))
}

/// Height and width of a convolution's kernel.
type Kernel = [usize; 2];

/// A convolution of the trunk and its batch norm.
struct Place<'a> {
    conv_name: String,
    conv: &'a mut Conv2d,
    bn_name: String,
    bn: &'a mut BatchNorm,
}

/// What a batch norm in evaluation needs, a value a channel.
struct Normalisation {
    gamma: Vec<f32>,
    beta: Vec<f32>,
    mean: Vec<f32>,
    variance: Vec<f32>,
}

fn fill(trunk: &mut Trunk, layers: Layers, device: &Device) -> Result<Imported, String> {
    let Layers { convolutions, mut batch_norms, others } = layers;
    let places = places(trunk);
    let needed = census(places.iter().map(|place| kernel(place.conv.weight.dims())));
    let there = census(convolutions.iter().map(|conv| kernel(conv.shape)));
    if there != needed {
        return Err(format!(
            "the file's convolutions are {}, those of a ResNet-18 {}",
            listed(&there),
            listed(&needed)
        ));
    }
    let mut queues = BTreeMap::<Kernel, VecDeque<OnnxConvolution>>::new();
    for conv in convolutions {
        queues.entry(kernel(conv.shape)).or_default().push_back(conv);
    }
    let mut found = Vec::new();
    for place in places {
        let queue = queues.get_mut(&kernel(place.conv.weight.dims()));
        let conv = queue.and_then(VecDeque::pop_front).ok_or("a convolution is missing")?;
        let follower = batch_norms.iter().position(|norm| norm.input == conv.output);
        let norm = follower.map(|index| batch_norms.remove(index));
        found.extend(place.fill(conv, norm, device)?);
    }
    let unused = batch_norms.into_iter().map(|norm| norm.name).chain(others).collect();
    Ok(Imported { found, unused, ..Imported::default() })
}

/// The trunk's convolutions and their batch norms, in the order in which a picture meets them.
fn places(trunk: &mut Trunk) -> Vec<Place<'_>> {
    let place = |prefix: &str, conv_name: &str, conv, bn_name: &str, bn| Place {
        conv_name: format!("{prefix}{conv_name}"),
        conv,
        bn_name: format!("{prefix}{bn_name}"),
        bn,
    };
    let mut places = vec![place("", "conv1", &mut trunk.conv1, "bn1", &mut trunk.bn1)];
    let stages = [&mut trunk.layer1, &mut trunk.layer2, &mut trunk.layer3, &mut trunk.layer4];
    for (stage, blocks) in stages.into_iter().enumerate() {
        for (index, block) in blocks.iter_mut().enumerate() {
            let prefix = format!("layer{}.{index}.", stage + 1);
            places.push(place(&prefix, "conv1", &mut block.conv1, "bn1", &mut block.bn1));
            places.push(place(&prefix, "conv2", &mut block.conv2, "bn2", &mut block.bn2));
            if let Some(down) = &mut block.downsample {
                places.push(place(&prefix, "downsample.conv", &mut down.conv, "downsample.bn", &mut down.bn));
            }
        }
    }
    places
}

impl Place<'_> {
    /// Takes the numbers over; the names of the tensors that were filled.
    fn fill(
        self,
        conv: OnnxConvolution,
        norm: Option<OnnxBatchNorm>,
        device: &Device,
    ) -> Result<impl Iterator<Item = String> + use<>, String> {
        let shape = self.conv.weight.dims();
        if conv.shape != shape {
            return Err(format!(
                "the convolution {} has the shape {:?} where {} of a ResNet-18 has {shape:?}",
                conv.name, conv.shape, self.conv_name
            ));
        }
        let name = conv.name;
        let normalisation = Normalisation::after(&name, conv.bias, norm, self.bn.epsilon)?;
        let Normalisation { gamma, beta, mean, variance } = &normalisation;
        if [gamma, beta, mean, variance].iter().any(|values| values.len() != shape[0]) {
            return Err(format!("what follows the convolution {name} is not made for its {} channels", shape[0]));
        }
        if [&conv.weight, gamma, beta, mean, variance].iter().any(|values| values.iter().any(|x| !x.is_finite())) {
            return Err(format!("the convolution {name} or its batch norm holds a value that is not a finite number"));
        }
        let Normalisation { gamma, beta, mean, variance } = normalisation;
        let channels = |values: Vec<f32>| TensorData::new(values, [shape[0]]);
        self.conv.weight = Param::from_data(TensorData::new(conv.weight, shape), device);
        self.bn.gamma = Param::from_data(channels(gamma), device);
        self.bn.beta = Param::from_data(channels(beta), device);
        self.bn.running_mean = RunningState::new(Tensor::from_data(channels(mean), device));
        self.bn.running_var = RunningState::new(Tensor::from_data(channels(variance), device));
        let of_norm = ["gamma", "beta", "running_mean", "running_var"].map(|part| format!("{}.{part}", self.bn_name));
        Ok([format!("{}.weight", self.conv_name)].into_iter().chain(of_norm))
    }
}

impl Normalisation {
    /// What stands behind the convolution `name`, for a network whose batch norm has no bias before it and adds `epsilon`.
    fn after(name: &str, bias: Option<Vec<f32>>, norm: Option<OnnxBatchNorm>, epsilon: f64) -> Result<Self, String> {
        match (norm, bias) {
            (Some(norm), bias) => {
                let mut mean = norm.mean;
                for (mean, bias) in mean.iter_mut().zip(bias.unwrap_or_default()) {
                    *mean -= bias;
                }
                let variance = norm.variance.iter().map(|&x| (f64::from(x) + norm.epsilon - epsilon) as f32).collect();
                Ok(Self { gamma: norm.scale, beta: norm.offset, mean, variance })
            }
            // The exporter multiplied batch norm into the convolution: this one changes nothing but the bias.
            (None, Some(bias)) => Ok(Self {
                gamma: vec![1.0; bias.len()],
                mean: vec![0.0; bias.len()],
                variance: vec![(1.0 - epsilon) as f32; bias.len()],
                beta: bias,
            }),
            (None, None) => Err(format!("the convolution {name} has neither a batch norm behind it nor a bias")),
        }
    }
}

fn kernel([_, _, height, width]: [usize; 4]) -> Kernel {
    [height, width]
}

/// How many there are of each kernel.
fn census(kernels: impl Iterator<Item = Kernel>) -> BTreeMap<Kernel, usize> {
    let mut census = BTreeMap::new();
    for kernel in kernels {
        *census.entry(kernel).or_default() += 1;
    }
    census
}

/// A census in words.
fn listed(census: &BTreeMap<Kernel, usize>) -> String {
    if census.is_empty() {
        return "none".into();
    }
    let kinds: Vec<String> = census.iter().map(|([height, width], n)| format!("{n} of {height}x{width}")).collect();
    kinds.join(", ")
}
