//! The training loop.

use std::sync::Arc;
use std::time::Instant;

use burn::module::Module;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::decay::WeightDecayConfig;
use burn::optim::momentum::MomentumConfig;
use burn::optim::{GradientsParams, ModuleOptimizer, SgdConfig};
use burn::tensor::{Device, Int, Tensor};
use dacl::network::{Dacl, HEADS};

use crate::batches::{Batch, TrainingBatches};
use crate::data::{Sample, Split};
use crate::evaluation::Answers;
use crate::loss::{Centres, LossKind, sparse_center_loss};
use crate::recipe::Recipe;
use crate::run_folder::{Checkpoint, EpochMetrics, RunError, RunFolder};

/// Steps between two readings of the running sums; reading waits for the device.
const STEPS_PER_READING: usize = 10;
/// Pictures in a batch of evaluation.
const EVALUATION_BATCH: usize = 64;

/// Where a run is within an epoch, for whoever shows progress.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Epoch, from 1.
    pub epoch: usize,
    /// Epochs of the run.
    pub epochs: usize,
    /// Steps done in this epoch.
    pub step: usize,
    /// Steps of an epoch.
    pub steps: usize,
    /// Means since the epoch's start.
    pub means: TrainingMeans,
    /// Speed since the epoch's start.
    pub images_per_second: f64,
    /// Seconds until the run's end at that speed, validation not counted.
    pub seconds_left: f64,
}

/// Means over the training pictures seen so far in an epoch.
#[derive(Clone, Copy, Debug, Default)]
pub struct TrainingMeans {
    /// Cross entropy.
    pub cross_entropy: f64,
    /// (Sparse) center loss before its weight.
    pub center_loss: f64,
    /// Share named rightly.
    pub accuracy: f64,
    /// Mean attention.
    pub attention_mean: f64,
    /// Standard deviation of the attention.
    pub attention_std: f64,
    /// Share of attention below 0.05.
    pub attention_below_005: f64,
}

/// What training tells while it works.
pub trait Observer {
    /// After some steps.
    fn progress(&mut self, progress: &Progress);
    /// After every epoch, when its checkpoint is on disk.
    fn epoch_done(&mut self, metrics: &EpochMetrics, best: bool);
}

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
    SgdConfig::new()
        .with_momentum(Some(MomentumConfig::new().with_momentum(recipe.momentum).with_dampening(0.0)))
        .with_weight_decay(Some(WeightDecayConfig::new(recipe.weight_decay as f32)))
        .init()
}

/// Trains until the recipe's last epoch, from `start` on, saving a checkpoint after each epoch.
///
/// `start` holds the network on `device` with gradients, the centres, and the history of the epochs that are done.
///
/// # Errors
/// When the loss diverges, the split is too small, or the disk does not take a checkpoint.
pub fn train(
    run: &RunFolder,
    start: Checkpoint,
    mut optimiser: ModuleOptimizer,
    train: &Arc<Split>,
    valid: &Split,
    device: &Device,
    observer: &mut dyn Observer,
) -> Result<(), TrainingError> {
    let recipe = &run.description().recipe;
    let steps = TrainingBatches::count(train.samples.len(), recipe.batch);
    if train.samples.len() < recipe.batch {
        return Err(TrainingError::TooFewPictures { pictures: train.samples.len(), batch: recipe.batch });
    }
    let Checkpoint { mut network, mut centres, mut history } = start;
    while history.len() < recipe.epochs {
        let started = Instant::now();
        let epoch = history.len();
        // Random layers draw from the device's generator; seeding it anew makes an epoch independent of the ones before.
        device.seed(recipe.seed.wrapping_add(epoch as u64));
        let mut sums = RunningSums::new(device);
        let mut rate = recipe.learning_rate;
        for (step, batch) in TrainingBatches::start(train.clone(), recipe.clone(), epoch).enumerate() {
            rate = recipe.schedule.learning_rate(recipe.learning_rate, epoch * steps + step, steps, recipe.epochs);
            let (inputs, labels) = batch.into_tensors(device);
            let terms = LossTerms::of(&network, inputs, labels.clone(), &centres, recipe.loss);
            let gradients = terms.total(recipe.lambda).backward();
            let gradients = GradientsParams::from_grads(gradients, &network);
            network = optimiser.step(rate, network, gradients);
            sums.add(&terms, labels.clone());
            if recipe.loss != LossKind::Softmax {
                centres.step(terms.features, terms.attention, labels);
            }
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
                    images_per_second,
                    seconds_left: (steps_left * recipe.batch) as f64 / images_per_second,
                });
            }
        }
        let images_per_second = (steps * recipe.batch) as f64 / started.elapsed().as_secs_f64();
        let means = sums.means();
        let answers = answers(&network.valid(), &valid.samples, recipe, &device.clone().inner());
        // The last steps may have diverged after the last reading; such a state must not take a good checkpoint's place.
        if !answers.are_finite() {
            return Err(TrainingError::Diverged { epoch: epoch + 1 });
        }
        let figures = answers.evaluate(&valid.classes, 1.0, false);
        let attention = (recipe.loss == LossKind::Dacl).then_some(means);
        history.push(EpochMetrics {
            epoch: epoch + 1,
            learning_rate: rate,
            train_loss: means.cross_entropy + recipe.lambda * means.center_loss,
            train_cross_entropy: means.cross_entropy,
            train_center_loss: means.center_loss,
            train_accuracy: means.accuracy,
            valid_cross_entropy: answers.cross_entropy(1.0),
            valid_accuracy: figures.accuracy,
            valid_mean_class_accuracy: figures.mean_class_accuracy,
            attention_mean: attention.map(|means| means.attention_mean),
            attention_std: attention.map(|means| means.attention_std),
            attention_below_005: attention.map(|means| means.attention_below_005),
            images_per_second,
            seconds: started.elapsed().as_secs_f64(),
        });
        let checkpoint = Checkpoint { network, centres, history };
        run.save(&checkpoint, &optimiser)?;
        Checkpoint { network, centres, history } = checkpoint;
        if let Some(metrics) = history.last() {
            observer.epoch_done(metrics, crate::run_folder::best_epoch(&history) == history.len());
        }
    }
    Ok(())
}

/// The answers of a network in training form to `samples`, in evaluation mode, on a device without gradients.
pub fn answers(network: &Dacl, samples: &[Sample], recipe: &Recipe, device: &Device) -> Answers {
    let mut answers = Answers::default();
    for samples in samples.chunks(EVALUATION_BATCH) {
        let batch = Batch::evaluation(samples, recipe);
        answers.labels.extend(samples.iter().map(|sample| sample.label));
        let (inputs, _) = batch.into_tensors(device);
        let (_, logits) = network.forward_label(inputs);
        let [_, classes] = logits.dims();
        let values: Vec<f32> = logits.into_data().iter::<f32>().collect();
        answers.logits.extend(values.chunks(classes).map(|row| Some(row.to_vec())));
    }
    answers
}

/// The parts of the loss of one batch, and what they were made of.
struct LossTerms {
    cross_entropy: Tensor<1>,
    center_loss: Tensor<1>,
    features: Tensor<2>,
    attention: Tensor<2>,
    logits: Tensor<2>,
}

impl LossTerms {
    fn of(network: &Dacl, inputs: Tensor<4>, labels: Tensor<1, Int>, centres: &Centres, loss: LossKind) -> Self {
        let device = inputs.device();
        let (features, logits, attention) = match loss {
            LossKind::Dacl => {
                let output = network.forward(inputs);
                (output.features, output.logits, output.attention)
            }
            LossKind::Softmax | LossKind::Center => {
                let (features, logits) = network.forward_label(inputs);
                let attention = Tensor::ones(features.dims(), &device);
                (features, logits, attention)
            }
        };
        let cross_entropy = CrossEntropyLossConfig::new().init(&device).forward(logits.clone(), labels.clone());
        let center_loss = match loss {
            LossKind::Softmax => Tensor::zeros([1], &device),
            _ => sparse_center_loss(features.clone(), attention.clone(), labels, centres.positions()),
        };
        Self { cross_entropy, center_loss, features, attention, logits }
    }

    /// `L = CE + lambda L_SC`.
    fn total(&self, lambda: f64) -> Tensor<1> {
        self.cross_entropy.clone() + self.center_loss.clone().mul_scalar(lambda)
    }
}

/// Sums over an epoch, kept on the device so that a step does not wait for them.
struct RunningSums {
    sums: Tensor<1>,
    batches: usize,
    pictures: usize,
}

impl RunningSums {
    const TERMS: usize = 6;

    fn new(device: &Device) -> Self {
        Self { sums: Tensor::zeros([Self::TERMS], &device.clone().inner()), batches: 0, pictures: 0 }
    }

    fn add(&mut self, terms: &LossTerms, labels: Tensor<1, Int>) {
        let [pictures, _] = terms.logits.dims();
        let attention = terms.attention.clone().inner();
        let answers = terms.logits.clone().inner().argmax(1).reshape([pictures]);
        let row = Tensor::cat(
            vec![
                terms.cross_entropy.clone().inner(),
                terms.center_loss.clone().inner(),
                answers.equal(labels.inner()).float().sum(),
                attention.clone().sum(),
                (attention.clone() * attention.clone()).sum(),
                attention.lower_elem(0.05).float().sum(),
            ],
            0,
        );
        self.sums = self.sums.clone() + row;
        self.batches += 1;
        self.pictures += pictures;
    }

    /// Reads the device.
    fn means(&self) -> TrainingMeans {
        let sums: Vec<f64> = self.sums.clone().into_data().iter::<f64>().collect();
        let batches = self.batches.max(1) as f64;
        let pictures = self.pictures.max(1) as f64;
        let values = pictures * HEADS as f64;
        let attention_mean = sums[3] / values;
        TrainingMeans {
            cross_entropy: sums[0] / batches,
            center_loss: sums[1] / batches,
            accuracy: sums[2] / pictures,
            attention_mean,
            attention_std: (sums[4] / values - attention_mean * attention_mean).max(0.0).sqrt(),
            attention_below_005: sums[5] / values,
        }
    }
}
