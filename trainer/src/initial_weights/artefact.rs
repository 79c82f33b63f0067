//! Start weights from an exported artefact.

use std::path::Path;

use burn::module::Module;
use burn::tensor::Device;
use dacl::artefact::Manifest;
use dacl::network::{Dacl, DaclConfig, unfold};

use super::run::{self, Parts};
use super::{Imported, InitError, network_from_record};
use crate::artefact::Artefact;

/// Fills `network` with the weights of the artefact at `folder`, which `manifest` describes.
pub(super) fn from_artefact(
    network: Dacl,
    config: &DaclConfig,
    folder: &Path,
    manifest: Manifest,
    device: &Device,
) -> Result<(Dacl, Imported), InitError> {
    let misfit = |error: dacl::network::UnfoldError| InitError::Misfit(error.to_string());
    let Artefact { manifest, labels, attention, .. } = Artefact::read(folder, manifest)?;
    let old = unfold(&manifest.network, &labels, &attention, &device.clone().inner()).map_err(misfit)?;
    let old = network_from_record(&manifest.network, old.into_record(), device).map_err(InitError::Misfit)?;
    let (network, imported) = run::taken_over(network, old, Parts::that_fit(&manifest.network, config));
    Ok((network, Imported { without_statistics: true, ..imported }))
}
