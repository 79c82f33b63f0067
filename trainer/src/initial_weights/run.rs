//! Start weights from a run of our own.

use burn::module::Module;
use burn::store::ModuleRecord;
use burn::tensor::Device;
use dacl::network::{Dacl, DaclConfig};

use super::{Imported, InitError};
use crate::run_folder::RunFolder;

pub(super) fn from_run(
    network: Dacl,
    config: &DaclConfig,
    run: &RunFolder,
    device: &Device,
) -> Result<(Dacl, Imported), InitError> {
    // Read anew, so that it learns: the network that answers has no gradients.
    let record = run.best_network(&device.clone().inner())?.into_record();
    let old = network_from_record(&run.description().recipe.network, record, device).map_err(InitError::Misfit)?;
    Ok(taken_over(network, old, Parts::that_fit(&run.description().recipe.network, config)))
}

/// Which parts of an older network fit a new one beside the trunk, which always does.
pub(super) struct Parts {
    classifier: bool,
    attention_arm: bool,
}

impl Parts {
    /// Of a network of dimensions `old` in one of dimensions `new`.
    pub(super) fn that_fit(old: &DaclConfig, new: &DaclConfig) -> Self {
        let arm = old.context_inputs() == new.context_inputs() && old.context_encoder == new.context_encoder;
        Self { classifier: old.classes == new.classes, attention_arm: arm }
    }
}

/// `new` with the parts of `old` that fit.
pub(super) fn taken_over(new: Dacl, old: Dacl, fitting: Parts) -> (Dacl, Imported) {
    let Parts { classifier, attention_arm } = fitting;
    let mut imported = Imported { found: vec!["trunk".into()], ..Imported::default() };
    for (part, fits) in [("classifier", classifier), ("attention arm", attention_arm)] {
        let list = if fits { &mut imported.found } else { &mut imported.missing };
        list.push(part.into());
    }
    let network = Dacl {
        trunk: old.trunk,
        fc: if classifier { old.fc } else { new.fc },
        context_encoder: if attention_arm { old.context_encoder } else { new.context_encoder },
        heads: if attention_arm { old.heads } else { new.heads },
    };
    (network, imported)
}

/// A network of `config` with the weights of a saved record.
pub(crate) fn network_from_record(config: &DaclConfig, record: ModuleRecord, device: &Device) -> Result<Dacl, String> {
    let network = Dacl::new(config, device).map_err(|error| error.to_string())?;
    network.try_load_record(record).map_err(|error| error.to_string())
}
