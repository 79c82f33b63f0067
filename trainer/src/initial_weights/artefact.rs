//! Start weights from an exported artefact.

use std::path::Path;

use burn::module::Module;
use burn::tensor::Device;
use dacl::artefact::{FileEntry, Manifest, read_weights};
use dacl::network::{Dacl, DaclConfig, Weights, unfold};

use super::run::{self, Parts};
use super::{Imported, InitError, network_from_record};

/// Fills `network` with the weights of the artefact at `folder`, which `manifest` describes.
pub(super) fn from_artefact(
    network: Dacl,
    config: &DaclConfig,
    folder: &Path,
    manifest: &Manifest,
    device: &Device,
) -> Result<(Dacl, Imported), InitError> {
    let read = |entry: &FileEntry| -> Result<Weights, InitError> {
        let path = folder.join(&entry.name);
        let broken = |message: String| InitError::Unreadable { path: path.clone(), kind: "weights", message };
        let bytes = std::fs::read(&path).map_err(|error| broken(error.to_string()))?;
        entry.verify(&bytes).map_err(|error| broken(error.to_string()))?;
        read_weights(&bytes).map_err(|error| broken(error.to_string()))
    };
    let misfit = |error: dacl::network::UnfoldError| InitError::Misfit(error.to_string());
    let (labels, attention) = (read(&manifest.files.labels)?, read(&manifest.files.attention)?);
    let old = unfold(&manifest.network, &labels, &attention, &device.clone().inner()).map_err(misfit)?;
    let old = network_from_record(&manifest.network, old.into_record(), device).map_err(InitError::Misfit)?;
    let (network, imported) = run::taken_over(network, old, Parts::that_fit(&manifest.network, config));
    Ok((network, Imported { without_statistics: true, ..imported }))
}
