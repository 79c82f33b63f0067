//! The training loop.

mod data_parallel;
mod gradient_clip;
#[cfg(test)]
mod half_precision_tests;
mod loss_terms;
mod observer;
mod running_sums;
mod sgd;
mod start;
mod weight_average;

pub use observer::{Observer, Progress, TrainingMeans};
pub use start::{calibrated, first_checkpoint};
pub use weight_average::WeightAverage;

use std::sync::Arc;
use std::time::{Duration, Instant};

use burn::optim::ModuleOptimizer;
use burn::tensor::Device;
use dacl::network::Dacl;

use crate::batches::{Batch, BatchTensors, TrainingBatches};
use crate::data::{Sample, Split};
use crate::evaluation::Answers;
use crate::loss::LossKind;
use crate::recipe::{Recipe, StepSettings};
use crate::run_folder::{Checkpoint, EpochMetrics, RunError, RunFolder};

use self::gradient_clip::clip_by_global_norm;
use self::loss_terms::LossTerms;
use self::running_sums::RunningSums;
use self::sgd::Sgd;

/// Steps between two readings of the running sums; reading waits for the device.
const STEPS_PER_READING: usize = 10;
/// Pictures in a batch of evaluation.
const EVALUATION_BATCH: usize = 128;

/// Training stopped without reaching its end.
#[derive(Debug, thiserror::Error)]
pub enum TrainingError {
    /// The loss is not a number any more.
    #[error(
        "the loss is not a finite number in epoch {epoch}: training diverged. The last checkpoint is untouched; \
         try a smaller learning rate"
    )]
    Diverged {
        /// The epoch, from 1.
        epoch: usize,
    },
    /// The observer asked for it; the last checkpoint is untouched.
    #[error("stopped in epoch {epoch}")]
    Stopped {
        /// The epoch, from 1.
        epoch: usize,
    },
    /// The split has fewer pictures than a batch.
    #[error("the training split has {pictures} pictures, fewer than one batch of {batch}: use a smaller --batch")]
    TooFewPictures {
        /// Pictures there.
        pictures: usize,
        /// Pictures a step.
        batch: usize,
    },
    /// The run folder failed.
    #[error(transparent)]
    Run(#[from] RunError),
}

/// The optimiser of a recipe: SGD with momentum without dampening and coupled weight decay.
pub fn optimiser(recipe: &Recipe) -> ModuleOptimizer {
    let gradient_scale = recipe.precision.loss_scale();
    Sgd { momentum: recipe.momentum, decay: recipe.weight_decay, gradient_scale }.into()
}

/// Refuses a training split in which there is not one batch.
///
/// # Errors
/// When it is refused.
pub fn check_size(train: &Split, recipe: &Recipe) -> Result<(), TrainingError> {
    let (pictures, batch) = (train.samples.len(), recipe.batch);
    match TrainingBatches::count(pictures, batch) {
        0 => Err(TrainingError::TooFewPictures { pictures, batch }),
        _ => Ok(()),
    }
}

/// Trains until the recipe's last epoch, from `start` on, saving a checkpoint after each epoch.
///
/// `start` holds the network on the first of the `devices` with gradients, the centres, and the history of the epochs that are done.
///
/// # Errors
/// When the loss diverges, the observer asks to stop, the split is too small, or the disk does not take a checkpoint.
///
/// # Panics
/// When there are not as many `devices` as the recipe has.
pub fn train(
    run: &RunFolder,
    start: Checkpoint,
    mut optimiser: ModuleOptimizer,
    train: &Arc<Split>,
    valid: &Split,
    devices: &[Device],
    observer: &mut dyn Observer,
) -> Result<(), TrainingError> {
    let recipe = &run.description().recipe;
    assert_eq!(recipe.devices, devices.len(), "each device has a share of a batch");
    check_size(train, recipe)?;
    let steps = TrainingBatches::count(train.samples.len(), recipe.batch);
    let mut state = start;
    while state.history.len() < recipe.epochs {
        let started = Instant::now();
        let epoch = state.history.len();
        let (means, rate, waited);
        (state, EpochOutcome { means, rate, waited }) =
            train_epoch(recipe, state, &mut optimiser, train, devices, observer)?;
        let training = started.elapsed();
        let answers = answers(&state.answering(), &valid.samples, recipe, &devices[0].clone().inner());
        // The last steps may have diverged after the last reading; such a state must not take a good checkpoint's place.
        if !answers.are_finite() {
            return Err(TrainingError::Diverged { epoch: epoch + 1 });
        }
        let figures = answers.evaluate(&valid.classes, 1.0, false);
        let attention = recipe.loss.trains_attention().then_some(means);
        state.history.push(EpochMetrics {
            epoch: epoch + 1,
            steps,
            learning_rate: rate,
            train_loss: means.cross_entropy + means.weighted_center_loss,
            train_cross_entropy: means.cross_entropy,
            train_center_loss: means.center_loss,
            train_accuracy: means.accuracy,
            valid_cross_entropy: answers.cross_entropy(1.0),
            valid_accuracy: figures.accuracy,
            valid_mean_class_accuracy: figures.mean_class_accuracy,
            attention_mean: attention.map(|means| means.attention_mean),
            attention_std: attention.map(|means| means.attention_std),
            attention_below_005: attention.map(|means| means.attention_below_005),
            images_per_second: (steps * recipe.batch) as f64 / training.as_secs_f64(),
            waiting_for_pictures: waited.div_duration_f64(training),
            seconds: started.elapsed().as_secs_f64(),
        });
        run.save(&state, &optimiser)?;
        if let Some(metrics) = state.history.last() {
            observer.epoch_done(metrics, crate::run_folder::best_epoch(&state.history) == state.history.len());
        }
    }
    Ok(())
}

/// One step: gradients of the batch's loss to the weights, the weights into their average, the batch's features to the centres.
///
/// The batch's `shares`, all of one size, lie on one device each, the first one where the state is.
pub(crate) fn train_step(
    recipe: &Recipe,
    state: Checkpoint,
    optimiser: &mut ModuleOptimizer,
    shares: Vec<BatchTensors>,
    settings: StepSettings,
) -> (Checkpoint, LossTerms) {
    let Checkpoint { network, average, mut centres, history } = state;
    let (mut gradients, terms) = data_parallel::gradients(&network, &centres, shares, recipe, settings.lambda);
    if recipe.gradient_clip > 0.0 {
        gradients = clip_by_global_norm(gradients, &network, recipe.gradient_clip * recipe.precision.loss_scale());
    }
    let network = optimiser.step(settings.learning_rate, network, gradients);
    let average = average.map(|average| average.with(&network));
    if recipe.loss != LossKind::Softmax {
        centres.step(terms.features.clone(), terms.attention.clone(), terms.labels.clone());
    }
    (Checkpoint { network, average, centres, history }, terms)
}

/// What an epoch's training leaves beside the state.
struct EpochOutcome {
    means: TrainingMeans,
    /// Learning rate of its last step.
    rate: f64,
    /// Time that steps waited for their pictures.
    waited: Duration,
}

/// One pass over the training split. Returns the state after it.
fn train_epoch(
    recipe: &Recipe,
    mut state: Checkpoint,
    optimiser: &mut ModuleOptimizer,
    train: &Arc<Split>,
    devices: &[Device],
    observer: &mut dyn Observer,
) -> Result<(Checkpoint, EpochOutcome), TrainingError> {
    let started = Instant::now();
    let steps = TrainingBatches::count(train.samples.len(), recipe.batch);
    let epoch = state.history.len();
    let mut sums = RunningSums::new(&devices[0]);
    let mut rate = recipe.learning_rate;
    let mut waited = Duration::ZERO;
    let mut batches = TrainingBatches::start(train.clone(), recipe.clone(), epoch);
    for step in 0..steps {
        let asked = Instant::now();
        let Some(batch) = batches.next() else { break };
        waited += asked.elapsed();
        if observer.stop_requested() {
            return Err(TrainingError::Stopped { epoch: epoch + 1 });
        }
        let settings = recipe.at_step(epoch * steps + step, steps);
        rate = settings.learning_rate;
        let shares = batch.into_iter().zip(devices).map(|(share, device)| share.into_tensors(device)).collect();
        let terms;
        (state, terms) = train_step(recipe, state, optimiser, shares, settings);
        sums.add(&terms, settings.lambda);
        if (step + 1) % STEPS_PER_READING == 0 || step + 1 == steps {
            let means = sums.means();
            if !means.cross_entropy.is_finite() || !means.center_loss.is_finite() {
                return Err(TrainingError::Diverged { epoch: epoch + 1 });
            }
            let images_per_second = ((step + 1) * recipe.batch) as f64 / started.elapsed().as_secs_f64();
            let steps_left = (recipe.epochs - epoch) * steps - (step + 1);
            observer.progress(&Progress {
                epoch: epoch + 1,
                epochs: recipe.epochs,
                step: step + 1,
                steps,
                means,
                learning_rate: rate,
                images_per_second,
                seconds_left: (steps_left * recipe.batch) as f64 / images_per_second,
            });
        }
    }
    Ok((state, EpochOutcome { means: sums.means(), rate, waited }))
}

/// The answers of a network in training form to `samples`, in evaluation mode, on a device without gradients.
pub fn answers(network: &Dacl, samples: &[Sample], recipe: &Recipe, device: &Device) -> Answers {
    let mut answers = Answers::default();
    for samples in samples.chunks(EVALUATION_BATCH) {
        let batch = Batch::evaluation(samples, recipe);
        answers.labels.extend(samples.iter().map(|sample| sample.label));
        let inputs = batch.into_tensors(device).inputs;
        let (_, logits) = network.forward_label_in(inputs, recipe.precision.dtype());
        let [_, classes] = logits.dims();
        let values: Vec<f32> = logits.into_data().iter::<f32>().collect();
        answers.logits.extend(values.chunks(classes).map(|row| Some(row.to_vec())));
    }
    answers
}
