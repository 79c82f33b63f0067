//! A ResNet-18 with random numbers for the tests: as an ONNX file, and built by hand from the network's own parts.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;

use burn::module::{Param, RunningState};
use burn::nn::BatchNorm;
use burn::nn::conv::Conv2d;
use burn::tensor::{Device, Tensor, TensorData};
use dacl::network::{BasicBlock, Trunk};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::graph_files::{self, Answer, Attribute, Graph};

/// What the network answers with, and its shape.
pub(super) const ANSWER: Answer<'_> = ("logits", &[1, 10]);

/// How an exporter wrote the batch norms.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum BatchNorms {
    /// As nodes of their own, with this epsilon.
    Kept(f32),
    /// As nodes of their own after convolutions with a bias; the epsilon is left to ONNX's default.
    KeptAfterBias,
    /// Multiplied into the convolutions.
    Folded,
}

impl BatchNorms {
    pub(super) fn epsilon(self) -> f32 {
        match self {
            Self::Kept(epsilon) => epsilon,
            Self::KeptAfterBias | Self::Folded => 1e-5,
        }
    }
}

/// A convolution and its batch norm, before any folding.
struct Layer {
    shape: [usize; 4],
    stride: usize,
    weight: Vec<f32>,
    scale: Vec<f32>,
    offset: Vec<f32>,
    mean: Vec<f32>,
    variance: Vec<f32>,
}

struct Block {
    conv1: Layer,
    conv2: Layer,
    down: Option<Layer>,
}

/// The numbers of a ResNet-18.
pub(super) struct ResNet {
    stem: Layer,
    blocks: Vec<Block>,
    width: usize,
}

impl Layer {
    fn random(inputs: usize, outputs: usize, side: usize, stride: usize, rng: &mut ChaCha8Rng) -> Self {
        let mut numbers = |count: usize, low: f32, high: f32| -> Vec<f32> {
            (0..count).map(|_| rng.random_range(low..high)).collect()
        };
        let fan_in = inputs * side * side;
        let limit = (6.0 / fan_in as f32).sqrt();
        Self {
            shape: [outputs, inputs, side, side],
            stride,
            weight: numbers(outputs * fan_in, -limit, limit),
            scale: numbers(outputs, 0.5, 1.0),
            offset: numbers(outputs, -0.2, 0.2),
            mean: numbers(outputs, -0.2, 0.2),
            variance: numbers(outputs, 0.5, 1.5),
        }
    }

    /// Factor of each channel that batch norm amounts to.
    fn factors(&self, epsilon: f32) -> Vec<f32> {
        self.scale.iter().zip(&self.variance).map(|(scale, variance)| scale / (variance + epsilon).sqrt()).collect()
    }

    fn write_convolution(&self, graph: &mut Graph, name: &str, input: &str, norms: BatchNorms) -> String {
        let [outputs, _, side, _] = self.shape;
        let per_channel = self.weight.len() / outputs;
        let mut weight = self.weight.clone();
        let bias: Option<Vec<f32>> = match norms {
            BatchNorms::Kept(_) => None,
            BatchNorms::KeptAfterBias => Some(vec![0.125; outputs]),
            BatchNorms::Folded => {
                let factors = self.factors(norms.epsilon());
                weight.iter_mut().enumerate().for_each(|(index, x)| *x *= factors[index / per_channel]);
                Some((0..outputs).map(|i| self.offset[i] - self.mean[i] * factors[i]).collect())
            }
        };
        let (weight_name, bias_name, output) = (format!("{name}/w"), format!("{name}/b"), format!("{name}/conv"));
        graph.tensor(&weight_name, &self.shape, &weight);
        let mut inputs = vec![input, &weight_name];
        if let Some(bias) = &bias {
            graph.tensor(&bias_name, &[outputs], bias);
            inputs.push(&bias_name);
        }
        let (side, pad, stride) = (side as i64, side as i64 / 2, self.stride as i64);
        let attributes = [
            Attribute::Ints("kernel_shape", &[side, side]),
            Attribute::Ints("strides", &[stride, stride]),
            Attribute::Ints("pads", &[pad; 4]),
        ];
        graph.node("Conv", &inputs, &output, &attributes);
        output
    }

    /// The batch norm after value `input`; without one where it is folded.
    fn write_batch_norm(&self, graph: &mut Graph, name: &str, input: String, norms: BatchNorms) -> String {
        if norms == BatchNorms::Folded {
            return input;
        }
        // The convolution's bias comes in addition.
        let added = if norms == BatchNorms::KeptAfterBias { 0.125 } else { 0.0 };
        let mean: Vec<f32> = self.mean.iter().map(|mean| mean + added).collect();
        let names = ["scale", "offset", "mean", "variance"].map(|part| format!("{name}/{part}"));
        for (name, values) in names.iter().zip([&self.scale, &self.offset, &mean, &self.variance]) {
            graph.tensor(name, &[values.len()], values);
        }
        // Exporters write a tensor once that two layers share, and pass it on.
        let variance = format!("{name}/same");
        graph.node("Identity", &[&names[3]], &variance, &[]);
        let output = format!("{name}/bn");
        let inputs = [&input, &names[0], &names[1], &names[2], &variance].map(String::as_str);
        match norms {
            BatchNorms::Kept(epsilon) => {
                graph.node("BatchNormalization", &inputs, &output, &[Attribute::Float("epsilon", epsilon)]);
            }
            _ => graph.node("BatchNormalization", &inputs, &output, &[]),
        }
        output
    }

    fn put(&self, conv: &mut Conv2d, bn: &mut BatchNorm, epsilon: f32) {
        let device = Device::flex();
        let vector = |values: &[f32]| TensorData::new(values.to_vec(), [values.len()]);
        conv.weight = Param::from_data(TensorData::new(self.weight.clone(), self.shape), &device);
        bn.gamma = Param::from_data(vector(&self.scale), &device);
        bn.beta = Param::from_data(vector(&self.offset), &device);
        bn.running_mean = RunningState::new(Tensor::from_data(vector(&self.mean), &device));
        bn.running_var = RunningState::new(Tensor::from_data(vector(&self.variance), &device));
        bn.epsilon = f64::from(epsilon);
    }
}

impl ResNet {
    /// Random numbers; the stages have `width`, 2, 4 and 8 times `width` channels, 64 in a ResNet-18.
    pub(super) fn random(width: usize, seed: u64) -> Self {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let stem = Layer::random(3, width, 7, 2, rng);
        let mut blocks = Vec::new();
        let mut inputs = width;
        for (channels, first_stride) in [(width, 1), (2 * width, 2), (4 * width, 2), (8 * width, 2)] {
            for stride in [first_stride, 1] {
                blocks.push(Block {
                    conv1: Layer::random(inputs, channels, 3, stride, rng),
                    conv2: Layer::random(channels, channels, 3, 1, rng),
                    down: (stride != 1).then(|| Layer::random(inputs, channels, 1, stride, rng)),
                });
                inputs = channels;
            }
        }
        Self { stem, blocks, width }
    }

    /// Writes the whole network into `graph`, with a classifier of ten classes, which no trunk has a place for.
    pub(super) fn write_into(&self, graph: &mut Graph, norms: BatchNorms) {
        let relu = |graph: &mut Graph, input: String| {
            let output = format!("{input}/relu");
            graph.node("Relu", &[&input], &output, &[]);
            output
        };
        let x = self.stem.write_convolution(graph, "stem", "picture", norms);
        let x = self.stem.write_batch_norm(graph, "stem", x, norms);
        let x = relu(graph, x);
        let pool = [
            Attribute::Ints("kernel_shape", &[3, 3]),
            Attribute::Ints("strides", &[2, 2]),
            Attribute::Ints("pads", &[1; 4]),
        ];
        graph.node("MaxPool", &[&x], "pooled", &pool);
        let mut x = "pooled".to_owned();
        for (index, block) in self.blocks.iter().enumerate() {
            let names = ["1", "2", "down"].map(|part| format!("block{index}/{part}"));
            let y = block.conv1.write_convolution(graph, &names[0], &x, norms);
            let y = block.conv1.write_batch_norm(graph, &names[0], y, norms);
            let y = relu(graph, y);
            let y = block.conv2.write_convolution(graph, &names[1], &y, norms);
            // The shortcut's batch norm stands before the block's: an order as good as any other to an exporter.
            let shortcut = match &block.down {
                Some(down) => {
                    let shortcut = down.write_convolution(graph, &names[2], &x, norms);
                    down.write_batch_norm(graph, &names[2], shortcut, norms)
                }
                None => x,
            };
            let y = block.conv2.write_batch_norm(graph, &names[1], y, norms);
            let sum = format!("block{index}/sum");
            graph.node("Add", &[&y, &shortcut], &sum, &[]);
            x = relu(graph, sum);
        }
        let features = 8 * self.width;
        graph.node("GlobalAveragePool", &[&x], "average", &[]);
        graph.node("Flatten", &["average"], "features", &[Attribute::Int("axis", 1)]);
        graph.tensor("fc.weight", &[10, features], &vec![0.5; 10 * features]);
        graph.tensor("fc.bias", &[10], &[0.25; 10]);
        let product = [Attribute::Float("alpha", 1.0), Attribute::Float("beta", 1.0), Attribute::Int("transB", 1)];
        graph.node("Gemm", &["features", "fc.weight", "fc.bias"], "logits", &product);
    }

    /// Makes a number of the last projection infinite.
    pub(super) fn spoil(&mut self) {
        let last = self.blocks.iter_mut().filter_map(|block| block.down.as_mut()).next_back();
        last.unwrap().weight[5] = f32::INFINITY;
    }

    /// Writes the whole network to a file.
    pub(super) fn write(&self, path: &Path, norms: BatchNorms) {
        let mut graph = Graph::default();
        self.write_into(&mut graph, norms);
        graph_files::write(graph, path, ANSWER);
    }

    /// The trunk with these numbers, each put where it belongs by hand.
    pub(super) fn trunk(&self, epsilon: f32) -> Trunk {
        let mut trunk = Trunk::new(&Device::flex());
        self.stem.put(&mut trunk.conv1, &mut trunk.bn1, epsilon);
        let stages = [&mut trunk.layer1, &mut trunk.layer2, &mut trunk.layer3, &mut trunk.layer4];
        let places: Vec<&mut BasicBlock> = stages.into_iter().flatten().collect();
        assert_eq!(places.len(), self.blocks.len());
        for (place, block) in places.into_iter().zip(&self.blocks) {
            block.conv1.put(&mut place.conv1, &mut place.bn1, epsilon);
            block.conv2.put(&mut place.conv2, &mut place.bn2, epsilon);
            match (&mut place.downsample, &block.down) {
                (Some(place), Some(down)) => down.put(&mut place.conv, &mut place.bn, epsilon),
                (None, None) => {}
                _ => panic!("a projection has no place, or a place no projection"),
            }
        }
        trunk
    }
}
