//! Batches of pictures and targets, made ahead of their use on a thread of their own.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;

use burn::tensor::{Device, Int, Tensor, TensorData};
use dacl::preprocess::Preprocessing;
use image::DynamicImage;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use crate::augment::training_view;
use crate::data::{Sample, Split};
use crate::mixup::Mix;
use crate::random::generator;
use crate::recipe::Recipe;
use crate::sampling::epoch_order;
use crate::targets::target;

/// Batches that wait to be used; more would only cost memory.
const AHEAD: usize = 4;

/// Pictures, labels and targets of a step, on the host.
pub struct Batch {
    /// 0..255, picture by picture, channel by channel; one channel where the network sees no colour.
    pixels: Vec<f32>,
    channels: usize,
    preprocessing: Preprocessing,
    labels: Vec<i64>,
    /// `[batch, classes]`, each row 1 in sum.
    targets: Vec<f32>,
    mix: Option<Mix>,
}

/// A batch on a device.
pub struct BatchTensors {
    /// The network's inputs `[batch, 3, S, S]`.
    pub inputs: Tensor<4>,
    /// The class of each picture `[batch]`; of a mixed picture, that of its larger part.
    pub labels: Tensor<1, Int>,
    /// What the cross entropy compares with, `[batch, classes]`.
    pub targets: Tensor<2>,
}

impl Batch {
    /// The evaluation's view of every sample.
    pub fn evaluation(samples: &[Sample], recipe: &Recipe) -> Self {
        let views = samples.par_iter().map(|sample| recipe.preprocessing.view(&sample.picture)).collect();
        Self::of(views, samples.iter(), recipe)
    }

    fn of<'a>(views: Vec<DynamicImage>, samples: impl Iterator<Item = &'a Sample> + Clone, recipe: &Recipe) -> Self {
        let channels = views.first().map_or(3, |view| if view.color().has_color() { 3 } else { 1 });
        let pixels = views.par_iter().flat_map_iter(planes).collect();
        Self {
            pixels,
            channels,
            preprocessing: recipe.preprocessing.clone(),
            labels: samples.clone().map(|sample| sample.label as i64).collect(),
            targets: samples.flat_map(|sample| target(sample, recipe)).collect(),
            mix: None,
        }
    }

    fn mixed(mut self, mix: Option<Mix>) -> Self {
        if let Some(mix) = &mix {
            self.targets = mix.rows(&self.targets, self.labels.len());
        }
        self.mix = mix;
        self
    }

    /// Moves the batch to `device`, where the pictures are normalised and mixed.
    pub fn into_tensors(self, device: &Device) -> BatchTensors {
        let batch = self.labels.len();
        let side = self.preprocessing.input_size as usize;
        let pixels = TensorData::new(self.pixels, [batch, self.channels, side, side]);
        let mut inputs = normalised(Tensor::from_data(pixels, device), &self.preprocessing);
        if let Some(mix) = self.mix {
            inputs = mix.pictures(inputs);
        }
        let classes = self.targets.len() / batch.max(1);
        BatchTensors {
            inputs,
            labels: Tensor::from_data(TensorData::new(self.labels, [batch]), device),
            targets: Tensor::from_data(TensorData::new(self.targets, [batch, classes]), device),
        }
    }
}

/// Values 0..255, channel by channel.
fn planes(view: &DynamicImage) -> Vec<f32> {
    match view {
        DynamicImage::ImageLuma8(grey) => grey.as_raw().iter().map(|&value| f32::from(value)).collect(),
        other => {
            let rgb = other.to_rgb8();
            (0..3).flat_map(|channel| rgb.pixels().map(move |pixel| f32::from(pixel.0[channel]))).collect()
        }
    }
}

/// `[batch, 1 or 3, S, S]` in 0..255 to `[batch, 3, S, S]` with the channels' means and deviations taken out, as
/// [`Preprocessing::normalised`] does it on the host.
fn normalised(pixels: Tensor<4>, preprocessing: &Preprocessing) -> Tensor<4> {
    let device = pixels.device();
    let channels = |of: fn(f32, f32) -> f32| {
        let values: Vec<f32> =
            preprocessing.mean.iter().zip(preprocessing.std).map(|(&mean, std)| of(mean, std)).collect();
        Tensor::<4>::from_data(TensorData::new(values, [1, 3, 1, 1]), &device)
    };
    pixels * channels(|_, std| 1.0 / (255.0 * std)) + channels(|mean, std| -mean / std)
}

/// The batches of one epoch of training in random order; the last one is left out when it is not full, for a batch norm over
/// a handful of pictures does more harm than a few unseen pictures.
///
/// Each batch comes in as many shares, all of one size, as the recipe has devices. Order and views depend on seed, epoch and place
/// in the epoch alone, never on the number of threads.
pub struct TrainingBatches {
    receiver: Receiver<Vec<Batch>>,
    thread: Option<JoinHandle<()>>,
}

impl TrainingBatches {
    /// Number of batches an epoch over `pictures` has; none where there are fewer than `batch`.
    pub fn count(pictures: usize, batch: usize) -> usize {
        pictures / batch
    }

    /// Starts making the batches of `epoch`.
    pub fn start(split: Arc<Split>, recipe: Recipe, epoch: usize) -> Self {
        let (sender, receiver) = sync_channel(AHEAD);
        let thread = std::thread::spawn(move || {
            let labels = split.labels();
            let order =
                epoch_order(&labels, recipe.class_balance, &mut at_place(recipe.seed, epoch, Purpose::Order, 0));
            let batches = Self::count(order.len(), recipe.batch);
            let share = recipe.batch / recipe.devices;
            let share_of = |(number, indices): (usize, &[usize])| {
                let views = indices
                    .par_iter()
                    .enumerate()
                    .map(|(place, &index)| {
                        let mut rng = at_place(recipe.seed, epoch, Purpose::View, number * share + place);
                        let picture = &split.samples[index].picture;
                        training_view(picture, &recipe.augmentation, &recipe.preprocessing, &mut rng)
                    })
                    .collect();
                let mut rng = at_place(recipe.seed, epoch, Purpose::Mix, number);
                let mix = Mix::random(recipe.mixup, indices.len(), &mut rng);
                Batch::of(views, indices.iter().map(|&index| &split.samples[index]), &recipe).mixed(mix)
            };
            let shares: Vec<(usize, &[usize])> =
                order.chunks_exact(share).take(batches * recipe.devices).enumerate().collect();
            for shares in shares.chunks(recipe.devices) {
                let batch = shares.iter().copied().map(share_of).collect();
                // The receiver is gone when training stopped early; then nobody wants the rest.
                if sender.send(batch).is_err() {
                    return;
                }
            }
        });
        Self { receiver, thread: Some(thread) }
    }
}

impl Iterator for TrainingBatches {
    type Item = Vec<Batch>;

    fn next(&mut self) -> Option<Vec<Batch>> {
        let batch = self.receiver.recv().ok();
        if batch.is_none()
            && let Some(thread) = self.thread.take()
            && let Err(panic) = thread.join()
        {
            std::panic::resume_unwind(panic);
        }
        batch
    }
}

/// What random numbers are drawn for.
#[derive(Clone, Copy)]
enum Purpose {
    Order,
    View,
    Mix,
}

/// The random numbers of one place in one epoch.
fn at_place(seed: u64, epoch: usize, purpose: Purpose, place: usize) -> ChaCha8Rng {
    generator(seed, [epoch as u64, place as u64, purpose as u64])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::data::{DataSpec, SplitName};
    use crate::recipe::Preset;

    fn split() -> Arc<Split> {
        let data: DataSpec = "synthetic:train=21,size=32".parse().unwrap();
        Arc::new(data.load(SplitName::Train).unwrap())
    }

    #[test]
    fn the_device_normalises_as_the_host_does() {
        let split = split();
        let recipe = Preset::Compact.recipe().with_input_size(32);
        let tensors = Batch::evaluation(&split.samples[..3], &recipe).into_tensors(&Device::flex());
        let found: Vec<f32> = tensors.inputs.into_data().try_to_vec().unwrap();
        let expected: Vec<f32> =
            split.samples[..3].iter().flat_map(|sample| recipe.preprocessing.input(&sample.picture)).collect();
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-5, "{found} instead of {expected}");
        }
    }

    #[test]
    fn an_epoch_can_be_repeated_and_the_next_one_differs() {
        let recipe = Recipe { batch: 7, mixup: 0.4, ..Preset::Compact.recipe().with_input_size(32) };
        let pixels = |epoch: usize| -> Vec<f32> {
            let batches = TrainingBatches::start(split(), recipe.clone(), epoch);
            batches
                .flatten()
                .flat_map(|batch| {
                    let tensors = batch.into_tensors(&Device::flex());
                    tensors.inputs.into_data().try_to_vec::<f32>().unwrap()
                })
                .collect()
        };
        assert_eq!(pixels(0), pixels(0));
        assert_ne!(pixels(0), pixels(1));
    }

    #[test]
    fn devices_share_the_pictures_that_one_would_have() {
        let pixels = |devices: usize| -> Vec<Vec<f32>> {
            let recipe = Recipe { batch: 6, devices, ..Preset::Compact.recipe().with_input_size(32) };
            TrainingBatches::start(split(), recipe, 0)
                .map(|shares| {
                    assert_eq!(shares.len(), devices);
                    let of = |share: Batch| share.into_tensors(&Device::flex()).inputs;
                    Tensor::cat(shares.into_iter().map(of).collect(), 0).into_data().try_to_vec::<f32>().unwrap()
                })
                .collect()
        };
        assert_eq!(pixels(1).len(), 3);
        assert_eq!(pixels(1), pixels(3));
    }
}
