//! Training with convolutions in 16 bits.

#![allow(clippy::unwrap_used)]

use burn::tensor::{Device, Int, Tensor, TensorData};
use dacl::network::{ContextEncoderConfig, DaclConfig};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{first_checkpoint, optimiser, train_step};
use crate::batches::BatchTensors;
use crate::recipe::{Precision, Preset, Recipe, StepSettings};
use crate::run_folder::Checkpoint;

/// How a step in each of `precisions`, with gradients of this length at most, moves the first and the last convolution's weights, from one
/// start and on one batch.
fn movements<const N: usize>(gradient_clip: f64, precisions: [Precision; N]) -> [[Vec<f32>; 2]; N] {
    let network = DaclConfig {
        context_encoder: ContextEncoderConfig { hidden1: 16, hidden2: 16, code: 8 },
        ..Preset::Compact.recipe().with_input_size(64).network
    };
    let recipe = Recipe { network, gradient_clip, weight_decay: 0.0, ..Preset::Compact.recipe().with_input_size(64) };
    let device = Device::flex().autodiff();
    let (start, _) = first_checkpoint(&recipe, None, &device).unwrap();
    let weights = |state: &Checkpoint| {
        let trunk = &state.network.trunk;
        [&trunk.conv1, &trunk.layer4[1].conv2].map(|layer| layer.weight.val().inner())
    };
    let before = weights(&start);
    let labels = Tensor::<1, Int>::from_data([0, 1, 2, 3, 4, 5, 6, 0], &device);
    // Not the device's generator, which the tests of a process share.
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let pixels: Vec<f32> = (0..8 * 3 * 64 * 64).map(|_| rng.random_range(-1.7..1.7)).collect();
    let batch = BatchTensors {
        inputs: Tensor::from_data(TensorData::new(pixels, [8, 3, 64, 64]), &device),
        targets: labels.clone().one_hot::<2>(7).float(),
        labels,
    };
    precisions.map(|precision| {
        let recipe = Recipe { precision, ..recipe.clone() };
        let start = Checkpoint {
            network: start.network.clone(),
            average: None,
            centres: start.centres.clone(),
            history: Vec::new(),
        };
        let batch =
            BatchTensors { inputs: batch.inputs.clone(), labels: batch.labels.clone(), targets: batch.targets.clone() };
        let step = StepSettings { learning_rate: 1.0, lambda: recipe.lambda };
        let (after, _) = train_step(&recipe, start, &mut optimiser(&recipe), vec![batch], step);
        let [first, last] = weights(&after);
        let [first_before, last_before] = before.clone();
        [first - first_before, last - last_before].map(|moved| moved.into_data().try_to_vec().unwrap())
    })
}

/// Cosine of the angle between two movements, and the ratio of their lengths.
fn agreement(one: &[f32], other: &[f32]) -> (f64, f64) {
    let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    let (own, others) = (product(one, one).sqrt(), product(other, other).sqrt());
    (product(one, other) / (own * others), own / others)
}

#[test]
fn a_step_in_16_bits_goes_where_one_in_32_bits_goes() {
    let [exact, brain, half] = movements(0.0, [Precision::F32, Precision::Bf16, Precision::F16]);
    // Eight bits of a number's digits and eleven, through twenty layers of a random network.
    for (precision, movement, least) in [(Precision::Bf16, brain, 0.8), (Precision::F16, half, 0.97)] {
        for (layer, (half, exact)) in movement.iter().zip(&exact).enumerate() {
            let (cosine, ratio) = agreement(half, exact);
            assert!(cosine > least && (0.9..1.1).contains(&ratio), "{precision}, layer {layer}: {cosine}, {ratio}");
        }
        assert_ne!(movement, exact, "{precision} computes in 32 bits");
    }
}

#[test]
fn gradients_in_16_bits_are_shortened_to_the_same_length_however_they_were_scaled() {
    let [free] = movements(0.0, [Precision::F32]);
    let [exact, half] = movements(0.05, [Precision::F32, Precision::F16]);
    for ((free, exact), half) in free.iter().zip(&exact).zip(&half) {
        let (_, shortened) = agreement(exact, free);
        assert!(shortened < 0.5, "{shortened}: nothing was shortened");
        let (cosine, ratio) = agreement(half, exact);
        assert!(cosine > 0.97 && (0.9..1.1).contains(&ratio), "{cosine}, {ratio}");
    }
}
