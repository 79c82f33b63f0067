//! Speed: pictures a second, and how much of the device's matrix speed that uses.

use std::sync::Arc;
use std::time::{Duration, Instant};

use burn::module::Module;
use burn::tensor::{Device, Distribution, Int, Tensor, TensorData};
use clap::ValueEnum;
use dacl::network::{Dacl, HEADS};
use serde::Serialize;

use crate::batches::{BatchTensors, TrainingBatches};
use crate::data::Split;
use crate::flops;
use crate::loss::Centres;
use crate::recipe::{Recipe, RecipeError, StepSettings};
use crate::run_folder::Checkpoint;
use crate::training::{TrainingError, check_size, optimiser, train_step};

/// Steps before the clock starts; on a GPU they compile and choose kernels.
const WARM_UP: usize = 3;
/// Fewest steps that are timed.
const FEWEST_STEPS: usize = 5;

/// What was measured at one input size.
#[derive(Clone, Debug, Serialize)]
pub struct Speed {
    /// Side of the input in pixels.
    pub input_size: usize,
    /// Pictures a step.
    pub batch: usize,
    /// What was done with them.
    pub work: Work,
    /// Median over the steps.
    pub images_per_second: f64,
    /// Billions of multiplications and additions a second that this takes; a backward pass counts as two forward passes.
    pub gflops: f64,
    /// `gflops` over those of the fastest matrix product on this device.
    pub share_of_peak: f64,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// Trunk and classifier, in evaluation form with explicit batch norm.
    Labels,
    /// Everything, attention arm included.
    LabelsAndAttention,
    /// A whole step of DACL training: forward, backward, optimiser, centres.
    Training,
}

/// The fastest product of two square matrices of 32-bit numbers, in GFLOP/s.
pub fn matmul_peak(device: &Device, budget: Duration) -> f64 {
    let sizes = [512usize, 1024, 2048, 4096];
    let (started, mut best): (Instant, f64) = (Instant::now(), 0.0);
    // Larger products are timed for as long as there is time.
    for size in sizes.into_iter().take_while(|&size| size == sizes[0] || started.elapsed() < budget) {
        let [a, b] = [(); 2].map(|()| Tensor::<2>::random([size, size], Distribution::Uniform(-1.0, 1.0), device));
        let seconds = median_seconds(budget / sizes.len() as u32, || {
            // The sum needs the whole product.
            read(a.clone().matmul(b.clone()).sum());
        });
        best = best.max(2.0 * (size as f64).powi(3) / seconds / 1e9);
    }
    best
}

/// Training views that all threads together make in a second, as training makes them.
///
/// # Errors
/// When the split has fewer pictures than a batch.
pub fn views_per_second(split: Arc<Split>, recipe: &Recipe, budget: Duration) -> Result<f64, TrainingError> {
    check_size(&split, recipe)?;
    // Each is taken as soon as it is there, so that none are made ahead: what is counted was made while the clock ran.
    let mut batches = (0..).flat_map(|epoch| TrainingBatches::start(split.clone(), recipe.clone(), epoch));
    batches.by_ref().take(WARM_UP).for_each(drop);
    let (started, mut views) = (Instant::now(), 0);
    for _ in batches {
        views += recipe.batch;
        if started.elapsed() >= budget {
            break;
        }
    }
    Ok(views as f64 / started.elapsed().as_secs_f64())
}

/// Measures one kind of work with a recipe's network, batch and precision.
///
/// # Errors
/// When the recipe cannot be followed.
pub fn speed(device: &Device, recipe: &Recipe, work: Work, peak: f64, budget: Duration) -> Result<Speed, RecipeError> {
    recipe.validate()?;
    let (input_size, batch) = (recipe.network.input_size, recipe.batch);
    let forward = flops::trunk(&recipe.network) + 2.0 * (HEADS * recipe.network.classes) as f64;
    let all = flops::trunk(&recipe.network) + flops::arms(&recipe.network);
    let inputs = |device: &Device| {
        Tensor::<4>::random([batch, 3, input_size, input_size], Distribution::Normal(0.0, 1.0), device)
    };
    let (seconds, operations) = match work {
        Work::Labels | Work::LabelsAndAttention => {
            let network = Dacl::new(&recipe.network, device)?.valid();
            let (inputs, precision) = (inputs(device), recipe.precision.dtype());
            let seconds = median_seconds(budget, || match work {
                Work::Labels => read(network.forward_label_in(inputs.clone(), precision).1.sum()),
                _ => {
                    let output = network.forward_in(inputs.clone(), precision);
                    read(output.logits.sum() + output.attention.sum());
                }
            });
            (seconds, if work == Work::Labels { forward } else { all })
        }
        Work::Training => {
            let device = device.clone().autodiff();
            let network = Dacl::new(&recipe.network, &device)?;
            let centres = Centres::random(recipe.network.classes, HEADS, recipe.alpha, &device);
            let mut state = Some(Checkpoint { network, average: None, centres, history: Vec::new() });
            let mut optimiser = optimiser(recipe);
            let labels: Vec<i64> = (0..batch as i64).map(|index| index % recipe.network.classes as i64).collect();
            let labels = Tensor::<1, Int>::from_data(TensorData::new(labels, [batch]), &device);
            let inputs = inputs(&device);
            let targets = labels.clone().one_hot::<2>(recipe.network.classes).float();
            let step = StepSettings { learning_rate: 1e-4, lambda: recipe.lambda };
            let seconds = median_seconds(budget, || {
                let batch = BatchTensors { inputs: inputs.clone(), labels: labels.clone(), targets: targets.clone() };
                let Some(before) = state.take() else { return };
                let (after, terms) = train_step(recipe, before, &mut optimiser, vec![batch], step);
                // The weights' new values too, for nothing of the step may be left undone.
                let weight = after.network.trunk.conv1.weight.val().slice([0..1, 0..1, 0..1, 0..1]).reshape([1]);
                read(terms.cross_entropy + weight);
                state = Some(after);
            });
            (seconds, 3.0 * all)
        }
    };
    let gflops = operations * batch as f64 / seconds / 1e9;
    let images_per_second = batch as f64 / seconds;
    Ok(Speed { input_size, batch, work, images_per_second, gflops, share_of_peak: gflops / peak })
}

/// Waits for a value.
fn read(value: Tensor<1>) {
    // Data of a GPU come lazily: not before one looks at them has anything been waited for.
    let value: Option<f32> = value.into_data().iter().next();
    std::hint::black_box(value);
}

/// Median time of `step`, repeated for about as long as the budget.
fn median_seconds(budget: Duration, mut step: impl FnMut()) -> f64 {
    (0..WARM_UP).for_each(|_| step());
    let started = Instant::now();
    let mut times = Vec::new();
    while times.len() < FEWEST_STEPS || started.elapsed() < budget {
        let begin = Instant::now();
        step();
        times.push(begin.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::data::{DataSpec, SplitName};
    use crate::recipe::Preset;

    #[test]
    fn views_are_counted_however_short_the_time_and_a_split_without_a_batch_is_refused() {
        let data: DataSpec = "synthetic:train=8,size=32".parse().unwrap();
        let split = Arc::new(data.load(SplitName::Train).unwrap());
        let speed = |batch: usize| {
            let recipe = Recipe { batch, ..Preset::Compact.recipe().with_input_size(32) };
            views_per_second(split.clone(), &recipe, Duration::ZERO)
        };
        assert!(speed(8).unwrap() > 0.0);
        assert!(speed(9).unwrap_err().to_string().contains("fewer than one batch of 9"));
    }
}
