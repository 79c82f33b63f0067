//! How gradients flow through the kernels.

use burn::backend::autodiff::NodeId;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, AutodiffBackend, Flex};

use super::batch_norm::{self, BatchNorm, Statistics};
use super::convolution;
use super::extension::{CpuKernels, batch_of, convolution_of, dimensions, tensor};

impl<C: CheckpointStrategy> CpuKernels for Autodiff<Flex, C> {
    fn convolve(x: FloatTensor<Self>, weight: FloatTensor<Self>, stride: usize, padding: usize) -> FloatTensor<Self> {
        match ConvolveBackward.prepare::<C>([x.node(), weight.node()]).compute_bound().stateful() {
            OpsKind::Tracked(mut prepared) => {
                let state = (prepared.checkpoint(&x), prepared.checkpoint(&weight), stride, padding);
                prepared.finish(state, Flex::convolve(x.into_primitive(), weight.into_primitive(), stride, padding))
            }
            OpsKind::UnTracked(prepared) => {
                prepared.finish(Flex::convolve(x.into_primitive(), weight.into_primitive(), stride, padding))
            }
        }
    }

    fn normalise(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        epsilon: f64,
        rectify: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let preparation = NormaliseBackward { epsilon, rectify };
        let preparation = preparation.prepare::<C>([x.node(), gamma.node(), beta.node()]).compute_bound().stateful();
        let (y, mean, variance) = match preparation {
            OpsKind::Tracked(mut prepared) => {
                let inputs = [prepared.checkpoint(&x), prepared.checkpoint(&gamma), prepared.checkpoint(&beta)];
                let (x, gamma, beta) = (x.into_primitive(), gamma.into_primitive(), beta.into_primitive());
                let (y, mean, variance) = Flex::normalise(x, gamma, beta, epsilon, rectify);
                (prepared.finish((inputs, mean.clone(), variance.clone()), y), mean, variance)
            }
            OpsKind::UnTracked(prepared) => {
                let (x, gamma, beta) = (x.into_primitive(), gamma.into_primitive(), beta.into_primitive());
                let (y, mean, variance) = Flex::normalise(x, gamma, beta, epsilon, rectify);
                (prepared.finish(y), mean, variance)
            }
        };
        (y, Self::from_inner(mean), Self::from_inner(variance))
    }
}

#[derive(Debug)]
struct ConvolveBackward;

impl Backward<Flex, 2> for ConvolveBackward {
    /// Input and weight as the forward pass saw them, stride and padding.
    type State = (NodeId, NodeId, usize, usize);

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, checkpointer: &mut Checkpointer) {
        let [x_node, weight_node] = ops.parents;
        let (x, weight, stride, padding) = ops.state;
        let gradient = grads.consume::<Flex>(&ops.node).to_contiguous();
        let x = checkpointer.retrieve_node_output::<FlexTensor>(x).to_contiguous();
        let weight = checkpointer.retrieve_node_output::<FlexTensor>(weight).to_contiguous();
        let shape = convolution_of(&x, &weight, stride, padding);
        let (x_gradient, weight_gradient) =
            convolution::backward(x.storage(), weight.storage(), gradient.storage(), &shape, x_node.is_some());
        if let (Some(node), Some(values)) = (x_node, x_gradient) {
            grads.register::<Flex>(node.id, tensor(values, dimensions(&x)));
        }
        if let Some(node) = weight_node {
            grads.register::<Flex>(node.id, tensor(weight_gradient, dimensions(&weight)));
        }
    }
}

#[derive(Debug)]
struct NormaliseBackward {
    epsilon: f64,
    rectify: bool,
}

impl Backward<Flex, 3> for NormaliseBackward {
    /// Input, gamma and beta as the forward pass saw them, the batch's mean and variance.
    type State = ([NodeId; 3], FlexTensor, FlexTensor);

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, checkpointer: &mut Checkpointer) {
        let (inputs, mean, variance) = ops.state;
        let gradient = grads.consume::<Flex>(&ops.node).to_contiguous();
        let [x, gamma, beta] =
            inputs.map(|input| checkpointer.retrieve_node_output::<FlexTensor>(input).to_contiguous());
        let statistics = Statistics { mean: mean.storage().to_vec(), variance: variance.storage().to_vec() };
        let batch = batch_of(&x);
        let Self { epsilon, rectify } = self;
        let layer = BatchNorm { gamma: gamma.storage(), beta: beta.storage(), epsilon, rectify };
        let back = batch_norm::backward(x.storage(), gradient.storage(), &layer, &statistics, &batch);
        let channels = [batch.channels];
        let gradients = [tensor(back.x, dimensions(&x)), tensor(back.gamma, channels), tensor(back.beta, channels)];
        for (node, gradient) in ops.parents.into_iter().zip(gradients) {
            if let Some(node) = node {
                grads.register::<Flex>(node.id, gradient);
            }
        }
    }
}
