//! Start weights from a run of our own.

use std::path::Path;

use burn::module::Module;
use burn::store::ModuleRecord;
use burn::tensor::Device;
use dacl::network::{Dacl, DaclConfig};

use super::{Imported, InitError};
use crate::run_folder::RunFolder;

pub(super) fn from_run(
    network: Dacl,
    config: &DaclConfig,
    path: &Path,
    device: &Device,
) -> Result<(Dacl, Imported), InitError> {
    let run = RunFolder::open(path)?;
    // Read anew, so that it learns: the network that answers has no gradients.
    let record = run.best_network(&device.clone().inner())?.into_record();
    let old = network_from_record(&run.description().recipe.network, record, device).map_err(InitError::Misfit)?;
    let same_classes = run.description().recipe.network.classes == config.classes;
    let same_arm = run.description().recipe.network.context_inputs() == config.context_inputs()
        && run.description().recipe.network.context_encoder == config.context_encoder;
    let mut imported = Imported { found: vec!["trunk".into()], ..Imported::default() };
    let mut note = |part: &str, fits: bool| match fits {
        true => imported.found.push(part.into()),
        false => imported.missing.push(part.into()),
    };
    note("classifier", same_classes);
    note("attention arm", same_arm);
    let network = Dacl {
        trunk: old.trunk,
        fc: if same_classes { old.fc } else { network.fc },
        context_encoder: if same_arm { old.context_encoder } else { network.context_encoder },
        heads: if same_arm { old.heads } else { network.heads },
    };
    Ok((network, imported))
}

/// A network of `config` with the weights of a saved record.
pub(crate) fn network_from_record(config: &DaclConfig, record: ModuleRecord, device: &Device) -> Result<Dacl, String> {
    let network = Dacl::new(config, device).map_err(|error| error.to_string())?;
    network.try_load_record(record).map_err(|error| error.to_string())
}
