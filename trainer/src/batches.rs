//! Batches of network inputs, made ahead of their use on a thread of their own.

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;

use burn::tensor::{Device, Int, Tensor, TensorData};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use crate::augment::training_input;
use crate::data::{Sample, Split};
use crate::recipe::Recipe;

/// Batches that wait to be used; more would only cost memory.
const AHEAD: usize = 4;

/// Inputs and labels of some pictures, on the host.
pub struct Batch {
    inputs: Vec<f32>,
    labels: Vec<i64>,
    side: usize,
}

impl Batch {
    /// The evaluation's view of every sample.
    pub fn evaluation(samples: &[Sample], recipe: &Recipe) -> Self {
        let inputs = samples.par_iter().map(|sample| recipe.preprocessing.input(&sample.picture)).collect();
        Self::of(inputs, samples.iter(), recipe)
    }

    fn of<'a>(inputs: Vec<Vec<f32>>, samples: impl Iterator<Item = &'a Sample>, recipe: &Recipe) -> Self {
        let labels = samples.map(|sample| sample.label as i64).collect();
        Self { inputs: inputs.concat(), labels, side: recipe.network.input_size }
    }

    /// Inputs `[batch, 3, S, S]` and labels `[batch]` on `device`.
    pub fn into_tensors(self, device: &Device) -> (Tensor<4>, Tensor<1, Int>) {
        let batch = self.labels.len();
        let inputs = TensorData::new(self.inputs, [batch, 3, self.side, self.side]);
        (Tensor::from_data(inputs, device), Tensor::from_data(TensorData::new(self.labels, [batch]), device))
    }
}

/// The batches of one epoch of training in shuffled order; the last one is left out when it is not full, for a batch norm over
/// a handful of pictures does more harm than a few unseen pictures.
///
/// Order and views depend on seed, epoch and picture alone, never on the number of threads.
pub struct TrainingBatches {
    receiver: Receiver<Batch>,
    thread: Option<JoinHandle<()>>,
}

impl TrainingBatches {
    /// Number of batches an epoch over `pictures` has.
    pub fn count(pictures: usize, batch: usize) -> usize {
        (pictures / batch).max(1)
    }

    /// Starts making the batches of `epoch`.
    pub fn start(split: std::sync::Arc<Split>, recipe: Recipe, epoch: usize) -> Self {
        let (sender, receiver) = sync_channel(AHEAD);
        let thread = std::thread::spawn(move || {
            let mut order: Vec<usize> = (0..split.samples.len()).collect();
            order.shuffle(&mut generator(recipe.seed, epoch, usize::MAX));
            let batches = Self::count(order.len(), recipe.batch);
            for indices in order.chunks(recipe.batch).take(batches) {
                let inputs = indices
                    .par_iter()
                    .map(|&index| {
                        let mut rng = generator(recipe.seed, epoch, index);
                        let picture = &split.samples[index].picture;
                        training_input(picture, &recipe.augmentation, &recipe.preprocessing, &mut rng)
                    })
                    .collect();
                let batch = Batch::of(inputs, indices.iter().map(|&index| &split.samples[index]), &recipe);
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
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
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

/// The random generator of one picture in one epoch.
fn generator(seed: u64, epoch: usize, index: usize) -> ChaCha8Rng {
    let mut key = [0u8; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&(epoch as u64).to_le_bytes());
    key[16..24].copy_from_slice(&(index as u64).to_le_bytes());
    ChaCha8Rng::from_seed(key)
}
