//! The state before the first step.

use std::path::Path;

use burn::module::Module;
use burn::tensor::Device;
use dacl::network::{Dacl, HEADS};
use rand::seq::index;

use super::WeightAverage;
use crate::batches::Batch;
use crate::data::{Sample, Split};
use crate::initial_weights::{Imported, InitError, initialise, network_from_record};
use crate::loss::Centres;
use crate::random::generator;
use crate::recipe::Recipe;
use crate::run_folder::Checkpoint;

/// Random weights, or start weights from `init` as far as they go, and random centres, on `device` with gradients.
///
/// Random numbers are drawn on the CPU, so that a seed starts with the same weights on every device.
///
/// # Errors
/// When the start weights cannot be read or do not fit.
pub fn first_checkpoint(
    recipe: &Recipe,
    init: Option<&Path>,
    device: &Device,
) -> Result<(Checkpoint, Imported), InitError> {
    let host = Device::flex();
    host.seed(recipe.seed);
    let mut random = Dacl::new(&recipe.network, &host).map_err(|error| InitError::Misfit(error.to_string()))?;
    random.heads = random.heads.beginning_at(recipe.attention_start);
    let centres = Centres::random(recipe.network.classes, HEADS, recipe.alpha, &host);
    let mut network = network_from_record(&recipe.network, random.into_record(), device).map_err(InitError::Misfit)?;
    let mut imported = Imported::default();
    if let Some(path) = init {
        let biases = |network: &Dacl| network.heads.linear.bias.as_ref().map(|bias| bias.val().into_data());
        let asked_for = biases(&network);
        (network, imported) = initialise(network, &recipe.network, path, device)?;
        if recipe.attention_start != 0.5 && biases(&network) != asked_for {
            let (path, attention_start) = (path.to_owned(), recipe.attention_start);
            return Err(InitError::OwnHeads { path, attention_start });
        }
    }
    let centres = Centres::at(centres.positions().into_data(), recipe.alpha, device);
    let average = (recipe.weight_average > 0.0).then(|| WeightAverage::start(&network, recipe.weight_average));
    Ok((Checkpoint { network, average, centres, history: Vec::new() }, imported))
}

/// Pictures that statistics are taken from: as many as a batch norm's own running average looks back on.
const CALIBRATION_PICTURES: usize = 512;

/// Places of the pictures that statistics are taken from in a split of so many. They are drawn: at even distances they could be all of
/// one class where classes take turns.
fn calibration_pictures(pictures: usize, seed: u64) -> Vec<usize> {
    // No epoch has this number.
    let mut rng = generator(seed, [u64::MAX; 3]);
    index::sample(&mut rng, pictures, pictures.min(CALIBRATION_PICTURES)).into_vec()
}

/// The first checkpoint with the statistics that its batch norms have on pictures of the training split, seen as in evaluation.
///
/// # Errors
/// When the weights do not make their network.
pub fn calibrated(
    checkpoint: Checkpoint,
    train: &Split,
    recipe: &Recipe,
    device: &Device,
) -> Result<Checkpoint, InitError> {
    let chosen = calibration_pictures(train.samples.len(), recipe.seed);
    let samples: Vec<Sample> = chosen.into_iter().map(|index| train.samples[index].clone()).collect();
    let pictures = Batch::evaluation(&samples, recipe).into_tensors(&device.clone().inner()).inputs;
    let network = checkpoint.network.valid().calibrated(pictures);
    let network = network_from_record(&recipe.network, network.into_record(), device).map_err(InitError::Misfit)?;
    let average = checkpoint.average.map(|_| WeightAverage::start(&network, recipe.weight_average));
    Ok(Checkpoint { network, average, ..checkpoint })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_are_taken_from_pictures_of_every_class_about_as_often_as_it_occurs() {
        type Order = fn(usize, usize) -> usize;
        let in_turns: Order = |place, _| place % 7;
        let sorted: Order = |place, pictures| 7 * place / pictures;
        for (pictures, class) in [(4_000, in_turns), (3_584, in_turns), (700, sorted), (1_023, sorted)] {
            let mut counts = [0; 7];
            let chosen = calibration_pictures(pictures, 1);
            chosen.iter().for_each(|&place| counts[class(place, pictures)] += 1);
            assert_eq!(chosen.len(), CALIBRATION_PICTURES);
            assert!(counts.iter().all(|count| (50..=100).contains(count)), "{counts:?} of {pictures}");
        }
        let mut few = calibration_pictures(20, 1);
        few.sort_unstable();
        assert_eq!(few, (0..20).collect::<Vec<_>>(), "where there are no more, it is all of them");
    }
}
