//! The state before the first step.

use std::path::Path;

use burn::module::Module;
use burn::tensor::Device;
use dacl::network::{Dacl, HEADS};

use super::WeightAverage;
use crate::batches::Batch;
use crate::data::{Sample, Split};
use crate::initial_weights::{Imported, InitError, initialise, network_from_record};
use crate::loss::Centres;
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
    let random = Dacl::new(&recipe.network, &host).map_err(|error| InitError::Misfit(error.to_string()))?;
    let centres = Centres::random(recipe.network.classes, HEADS, recipe.alpha, &host);
    let mut network = network_from_record(&recipe.network, random.into_record(), device).map_err(InitError::Misfit)?;
    let mut imported = Imported::default();
    if let Some(path) = init {
        (network, imported) = initialise(network, &recipe.network, path, device)?;
    }
    let centres = Centres::at(centres.positions().into_data(), recipe.alpha, device);
    let average = (recipe.weight_average > 0.0).then(|| WeightAverage::start(&network, recipe.weight_average));
    Ok((Checkpoint { network, average, centres, history: Vec::new() }, imported))
}

/// Pictures that statistics are taken from: as many as a batch norm's own running average looks back on.
const CALIBRATION_PICTURES: usize = 512;

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
    // From all over the split, which may be in the order of its classes.
    let step = (train.samples.len() / CALIBRATION_PICTURES).max(1);
    let samples: Vec<Sample> = train.samples.iter().step_by(step).take(CALIBRATION_PICTURES).cloned().collect();
    let pictures = Batch::evaluation(&samples, recipe).into_tensors(&device.clone().inner()).inputs;
    let network = checkpoint.network.valid().calibrated(pictures);
    let network = network_from_record(&recipe.network, network.into_record(), device).map_err(InitError::Misfit)?;
    let average = checkpoint.average.map(|_| WeightAverage::start(&network, recipe.weight_average));
    Ok(Checkpoint { network, average, ..checkpoint })
}
