//! The checkpoints of a run: whole or not there.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::store::ModuleRecord;
use burn::tensor::{Device, TensorData};
use dacl::network::Dacl;

use super::metrics::{METRICS_FILE, read_metrics, write_metrics};
use super::{CHECKPOINTS, EpochMetrics, RunError, RunFolder, best_epoch, broken, io, write_json};
use crate::initial_weights::network_from_record;
use crate::loss::Centres;
use crate::training::WeightAverage;
use crate::whole_file::PARTIAL;

const CENTRES_FILE: &str = "centres.json";
const NETWORK_FILE: &str = "network.bpk";
const AVERAGE_FILE: &str = "average.bpk";
const OPTIMISER_FILE: &str = "optimiser.bpk";

/// A checkpoint in memory.
pub struct Checkpoint {
    /// The network, on the device it was loaded to.
    pub network: Dacl,
    /// The moving average of its weights, where the recipe asks for one.
    pub average: Option<WeightAverage>,
    /// The class centres.
    pub centres: Centres,
    /// One row for each epoch that is done.
    pub history: Vec<EpochMetrics>,
}

impl Checkpoint {
    /// The network that answers: the averaged weights where there are some, in evaluation form.
    pub fn answering(&self) -> Dacl {
        match &self.average {
            Some(average) => average.network().clone(),
            None => self.network.valid(),
        }
    }
}

impl RunFolder {
    /// Saves the state after an epoch, then drops the checkpoints that are neither the last nor the best.
    ///
    /// # Errors
    /// When the disk does not take it; what was there before stays.
    pub fn save(&self, checkpoint: &Checkpoint, optimiser: &ModuleOptimizer) -> Result<(), RunError> {
        let epoch = checkpoint.history.len();
        let target = self.checkpoint_path(epoch);
        let partial = self.path.join(CHECKPOINTS).join(PARTIAL);
        if partial.exists() {
            fs::remove_dir_all(&partial).map_err(io(&partial))?;
        }
        fs::create_dir_all(&partial).map_err(io(&partial))?;
        let network = partial.join(NETWORK_FILE);
        checkpoint.network.clone().into_record().save(&network).map_err(|error| broken(&network, error))?;
        if let Some(average) = &checkpoint.average {
            let file = partial.join(AVERAGE_FILE);
            average.network().clone().into_record().save(&file).map_err(|error| broken(&file, error))?;
        }
        let momentum = partial.join(OPTIMISER_FILE);
        optimiser.save(&momentum).map_err(|error| broken(&momentum, error))?;
        write_json(&partial.join(CENTRES_FILE), &checkpoint.centres.rows())?;
        write_metrics(&partial.join(METRICS_FILE), &checkpoint.history)?;
        fs::rename(&partial, &target).map_err(io(&target))?;
        write_metrics(&self.path.join(METRICS_FILE), &checkpoint.history)?;
        self.prune(epoch, best_epoch(&checkpoint.history))
    }

    /// The newest checkpoint and the optimiser's state, or `None` before the first epoch's end.
    ///
    /// # Errors
    /// When a checkpoint is there and cannot be read.
    pub fn last(
        &self,
        optimiser: ModuleOptimizer,
        device: &Device,
    ) -> Result<Option<(Checkpoint, ModuleOptimizer)>, RunError> {
        let Some(epoch) = self.epochs()?.into_iter().max() else { return Ok(None) };
        let checkpoint = self.load(epoch, device)?;
        let file = self.checkpoint_path(epoch).join(OPTIMISER_FILE);
        let optimiser = optimiser.load(&file).map_err(|error| broken(&file, error))?;
        Ok(Some((checkpoint, optimiser)))
    }

    /// The file with one row for each epoch that is done, that of the last checkpoint.
    ///
    /// # Errors
    /// When there is none yet.
    pub fn metrics_file(&self) -> Result<PathBuf, RunError> {
        let last = self.epochs()?.into_iter().max().ok_or_else(|| RunError::NoCheckpoint(self.path.clone()))?;
        Ok(self.checkpoint_path(last).join(METRICS_FILE))
    }

    /// The file of the network of [`best`](Self::best) that answers.
    ///
    /// # Errors
    /// When there is none yet, or the metrics cannot be read.
    pub fn best_weights_file(&self) -> Result<PathBuf, RunError> {
        let best = self.checkpoint_path(self.best_epoch()?);
        Ok(best.join(if self.description.recipe.weight_average > 0.0 { AVERAGE_FILE } else { NETWORK_FILE }))
    }

    fn best_epoch(&self) -> Result<usize, RunError> {
        Ok(best_epoch(&read_metrics(&self.metrics_file()?)?))
    }

    /// One row for each epoch that is done; empty before the first epoch's end.
    ///
    /// # Errors
    /// When the last checkpoint's metrics cannot be read.
    pub fn history(&self) -> Result<Vec<EpochMetrics>, RunError> {
        match self.epochs()?.into_iter().max() {
            Some(epoch) => read_metrics(&self.checkpoint_path(epoch).join(METRICS_FILE)),
            None => Ok(Vec::new()),
        }
    }

    /// The checkpoint with the highest accuracy on the validation split.
    ///
    /// # Errors
    /// When there is none yet, or it cannot be read.
    pub fn best(&self, device: &Device) -> Result<Checkpoint, RunError> {
        self.load(self.best_epoch()?, device)
    }

    /// The network of [`best`](Self::best) that answers, in evaluation form.
    ///
    /// # Errors
    /// As [`best`](Self::best).
    pub fn best_network(&self, device: &Device) -> Result<Dacl, RunError> {
        Ok(self.best(device)?.answering())
    }

    fn load(&self, epoch: usize, device: &Device) -> Result<Checkpoint, RunError> {
        let recipe = &self.description.recipe;
        let history = read_metrics(&self.checkpoint_path(epoch).join(METRICS_FILE))?;
        let network = self.load_network(epoch, NETWORK_FILE, device)?;
        let average = match recipe.weight_average > 0.0 {
            true => {
                let network = self.load_network(epoch, AVERAGE_FILE, &device.clone().inner())?;
                Some(WeightAverage::resumed(network, recipe.weight_average, history.iter().map(|row| row.steps).sum()))
            }
            false => None,
        };
        let file = self.checkpoint_path(epoch).join(CENTRES_FILE);
        let text = fs::read_to_string(&file).map_err(io(&file))?;
        let centres: Vec<Vec<f64>> = serde_json::from_str(&text).map_err(|error| broken(&file, error))?;
        let width = centres.first().map_or(0, Vec::len);
        let values: Vec<f32> = centres.concat().into_iter().map(|value| value as f32).collect();
        if width == 0 || values.len() != centres.len() * width {
            return Err(broken(&file, "its rows are not of one length"));
        }
        let centres = Centres::at(TensorData::new(values, [centres.len(), width]), recipe.alpha, device);
        Ok(Checkpoint { network, average, centres, history })
    }

    fn load_network(&self, epoch: usize, name: &str, device: &Device) -> Result<Dacl, RunError> {
        let file = self.checkpoint_path(epoch).join(name);
        let record = ModuleRecord::load(&file).map_err(|error| broken(&file, error))?;
        network_from_record(&self.description.recipe.network, record, device).map_err(|error| broken(&file, error))
    }

    /// Epochs that have a checkpoint.
    fn epochs(&self) -> Result<Vec<usize>, RunError> {
        let folder = self.path.join(CHECKPOINTS);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(io(&folder)(error)),
        };
        Ok(entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_prefix("epoch-")?.parse().ok()).collect())
    }

    fn checkpoint_path(&self, epoch: usize) -> PathBuf {
        self.path.join(CHECKPOINTS).join(format!("epoch-{epoch:04}"))
    }

    pub(super) fn prune(&self, last: usize, best: usize) -> Result<(), RunError> {
        for epoch in self.epochs()?.into_iter().filter(|&epoch| epoch != last && epoch != best) {
            let path = self.checkpoint_path(epoch);
            fs::remove_dir_all(&path).map_err(io(&path))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::metrics::tests::row;
    use super::super::tests::description;
    use super::*;
    use crate::training::optimiser;
    use dacl::network::HEADS;

    #[test]
    fn the_last_and_the_best_checkpoint_are_kept_and_each_comes_back_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let run = RunFolder::create(&folder.path().join("run"), description()).unwrap();
        let (recipe, device) = (&run.description().recipe, Device::flex());
        let network = Dacl::new(&recipe.network, &device).unwrap();
        let mut history = Vec::new();
        // The centres say which epoch a checkpoint is of.
        let centres =
            |epoch: usize| Centres::at(TensorData::new(vec![epoch as f32; 7 * HEADS], [7, HEADS]), 0.5, &device);
        for (epoch, accuracy, kept) in [(1, 0.5, &[1][..]), (2, 0.7, &[2]), (3, 0.7, &[2, 3]), (4, 0.6, &[2, 4])] {
            history.push(row(epoch, accuracy));
            let (network, history) = (network.clone(), history.clone());
            let checkpoint = Checkpoint { network, average: None, centres: centres(epoch), history };
            run.save(&checkpoint, &optimiser(recipe)).unwrap();
            let mut epochs = run.epochs().unwrap();
            epochs.sort_unstable();
            assert_eq!(epochs, kept);
        }
        assert_eq!(run.best(&device).unwrap().centres.rows()[0][0], 2.0);
        let (last, _) = run.last(optimiser(recipe), &device).unwrap().unwrap();
        assert_eq!((last.centres.rows()[6][0], last.history.len()), (4.0, 4));
        assert!(run.best_weights_file().unwrap().ends_with("epoch-0002/network.bpk"));
    }
}
