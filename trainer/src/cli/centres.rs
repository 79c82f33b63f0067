//! `trainer centres`.

use std::path::PathBuf;

use anyhow::ensure;
use clap::Args;
use dacl::artefact::NotSure;
use trainer::comparison::Entrant;
use trainer::data::{DataSpec, SplitName};
use trainer::device::DeviceChoice;
use trainer::export::{ExportError, Validation, renew_centres};

use super::loading::Loading;
use super::progress_bar::over_pictures;

/// Find an artefact's class centres anew, and when its answers are better called not sure.
///
/// The centres are where the moving average of the training comes to rest on the split train with the artefact's own features and
/// attention. On the split valid, a threshold of probability and one of distance to the named class's centre are chosen so that nine of
/// ten answers that remain are right. `trainer export` does this with a run's own centres; this is for an artefact whose run is gone, or
/// for other data.
#[derive(Args)]
pub(crate) struct RenewCentres {
    /// Folder of an exported artefact; its file of centres and its manifest are written anew.
    #[arg(long, value_name = "DIR")]
    weights: PathBuf,
    #[arg(long, help = format!("Data set of ready crops, with the splits train and valid: {}", DataSpec::CROPS))]
    data: DataSpec,
    /// Where to compute.
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
    #[command(flatten)]
    loading: Loading,
}

impl RenewCentres {
    /// Writes the files and prints what was measured.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        // Asked before the pictures are read, which may take minutes. A run tells its settings, an artefact does not.
        let entrant = Entrant::read(&self.weights)?;
        ensure!(entrant.settings.is_none(), ExportError::NoArtefact(self.weights));
        let device = self.device.open()?;
        let train = self.loading.load_crops(&self.data, SplitName::Train)?;
        let valid = self.loading.load_crops(&self.data, SplitName::Valid)?;
        let bar = over_pictures(train.samples.len() + valid.samples.len(), "");
        let seen = |count: usize| bar.set_position(count as u64);
        let validation = Validation { split: &valid, data: &self.data.to_string() };
        let not_sure = renew_centres(&self.weights, &train, validation, &device.device, seen)?;
        bar.finish_and_clear();
        print_not_sure(&not_sure);
        Ok(())
    }
}

/// When answers are not sure, in words.
pub(super) fn print_not_sure(not_sure: &NotSure) {
    println!(
        "not sure below a probability of {:.3} or beyond a distance of {:.3}: {:.1} % of the answers are sure, {:.1} % of these right",
        not_sure.probability,
        not_sure.distance,
        100.0 * not_sure.coverage,
        100.0 * not_sure.accuracy
    );
}
