//! A network as tensors by name in a safetensors file, batch norms and all: for PyTorch, and for runs that start from it.

use std::path::Path;

use burn::tensor::Device;
use burn_store::bridge;
use dacl::artefact::{FileEntry, WeightFileError};
use dacl::network::{Dacl, Weights, unfold};
use safetensors::Dtype;
use safetensors::tensor::TensorView;

use super::metadata::About;
use super::{ExportError, ExportOptions, ExportedFile, artefact, target};
use crate::artefact::Artefact;
use crate::run_folder::RunFolder;
use crate::torch_names;

const FILE: &str = "network.safetensors";

/// Writes the best checkpoint of `run` to the folder `out`, in 32 bits and torchvision's names; the attention arm only where the
/// loss trained it. Nothing is measured, so that no data are needed.
///
/// # Errors
/// When the target exists and overwriting was not allowed, or any step fails; then `out` is as it was.
pub fn to_safetensors(
    run: &RunFolder,
    options: &ExportOptions,
    out: &Path,
    device: &Device,
) -> Result<ExportedFile, ExportError> {
    target::check(out, options.overwrite)?;
    let checkpoint = run.best(device)?;
    let network = checkpoint.answering();
    let description = run.description();
    let with_attention = description.recipe.loss.trains_attention();
    let entries = About::run(description, &checkpoint.history, options.face_crop).entries()?;
    Ok(ExportedFile { file: write(&network, with_attention, entries, out)?, with_attention })
}

/// Writes the artefact at `folder` to the folder `out`. Its batch norms are in its convolutions: those of the file change nothing but the
/// bias. Its numbers are those that 8 bits left.
///
/// # Errors
/// When `folder` holds no artefact, the target exists and overwriting was not allowed, or any step fails; then `out` is as it was.
pub fn artefact_to_safetensors(
    folder: &Path,
    overwrite: bool,
    out: &Path,
    device: &Device,
) -> Result<ExportedFile, ExportError> {
    target::check(out, overwrite)?;
    let Artefact { manifest, labels, attention, .. } = artefact(folder)?;
    let network = unfold(&manifest.network, &labels, &attention, device)?;
    let entries = About::artefact(&manifest).entries()?;
    Ok(ExportedFile { file: write(&network, true, entries, out)?, with_attention: true })
}

fn write(
    network: &Dacl,
    with_attention: bool,
    metadata: Vec<(String, String)>,
    out: &Path,
) -> Result<FileEntry, ExportError> {
    let mut weights = Weights::default();
    for tensor in torch_names::tensors(network) {
        if !with_attention && torch_names::is_of_attention(&tensor.name) {
            continue;
        }
        let (name, shape) = (tensor.name.clone(), tensor.shape.to_vec());
        let data = bridge::into_data(tensor)
            .map_err(|error| WeightFileError::Tensor { name: name.clone(), reason: error.to_string() })?;
        weights.insert(&name, shape, data.iter::<f32>().collect())?;
    }
    let bytes = encoded(&weights, metadata)?;
    target::write(out, &[(FILE, &bytes)])?;
    Ok(FileEntry::of(FILE, &bytes))
}

fn encoded(weights: &Weights, metadata: Vec<(String, String)>) -> Result<Vec<u8>, WeightFileError> {
    let stored: Vec<(&str, &[usize], Vec<u8>)> = weights
        .iter()
        .map(|(name, shape, values)| (name, shape, values.iter().flat_map(|value| value.to_le_bytes()).collect()))
        .collect();
    let views = stored
        .iter()
        .map(|(name, shape, bytes)| Ok((*name, TensorView::new(Dtype::F32, shape.to_vec(), bytes)?)))
        .collect::<Result<Vec<_>, safetensors::SafeTensorError>>()?;
    Ok(safetensors::serialize(views, Some(metadata.into_iter().collect()))?)
}
