//! A weight file: safetensors with 8-bit integers for the big tensors.
//!
//! A tensor of two or more axes is stored as signed bytes, one factor an output channel beside it as `NAME.scale`:
//! `value = byte * scale[channel]`, with `scale = max |value| / 127`. Everything else is stored as 32-bit floats. This is a
//! format for the way: weights are 32-bit floats again once they are loaded.

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use crate::network::{WeightError, Weights};

const SCALE_SUFFIX: &str = ".scale";

/// A weight file cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum WeightFileError {
    /// Not a safetensors file.
    #[error("the weight file cannot be read: {0}")]
    Safetensors(#[from] safetensors::SafeTensorError),
    /// A tensor is stored in a way that this format does not know.
    #[error("the tensor \"{name}\" cannot be used: {reason}")]
    Tensor {
        /// Its name.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// The values do not make a tensor.
    #[error(transparent)]
    Weights(#[from] WeightError),
}

/// The bytes of a weight file.
///
/// # Errors
/// When the tensors cannot be put into one file.
pub fn write_weights(weights: &Weights) -> Result<Vec<u8>, WeightFileError> {
    let mut stored: Vec<(String, Dtype, Vec<usize>, Vec<u8>)> = Vec::new();
    for (name, shape, values) in weights.iter() {
        if shape.len() < 2 {
            stored.push((name.to_owned(), Dtype::F32, shape.to_vec(), little_endian(values)));
            continue;
        }
        let row = values.len() / shape[0].max(1);
        let (bytes, scales): (Vec<Vec<u8>>, Vec<f32>) = values.chunks(row.max(1)).map(quantise).unzip();
        stored.push((format!("{name}{SCALE_SUFFIX}"), Dtype::F32, vec![shape[0]], little_endian(&scales)));
        stored.push((name.to_owned(), Dtype::I8, shape.to_vec(), bytes.concat()));
    }
    let views: Vec<(&str, TensorView<'_>)> = stored
        .iter()
        .map(|(name, dtype, shape, bytes)| Ok((name.as_str(), TensorView::new(*dtype, shape.clone(), bytes)?)))
        .collect::<Result<_, safetensors::SafeTensorError>>()?;
    Ok(safetensors::serialize(views, None)?)
}

/// The weights of a weight file, dequantised.
///
/// # Errors
/// When the file is not safetensors, or a tensor is not stored as [`write_weights`] stores it.
pub fn read_weights(bytes: &[u8]) -> Result<Weights, WeightFileError> {
    let file = SafeTensors::deserialize(bytes)?;
    let mut weights = Weights::default();
    for (name, tensor) in file.tensors() {
        if name.ends_with(SCALE_SUFFIX) {
            continue;
        }
        let values = match tensor.dtype() {
            Dtype::F32 => floats(tensor.data()),
            Dtype::I8 => {
                let scales = file.tensor(&format!("{name}{SCALE_SUFFIX}"))?;
                dequantise(&name, &tensor, &scales)?
            }
            other => return Err(unusable(&name, format!("its type is {other:?}"))),
        };
        weights.insert(&name, tensor.shape().to_vec(), values)?;
    }
    Ok(weights)
}

/// One output channel as bytes, and the factor that makes them values again.
fn quantise(row: &[f32]) -> (Vec<u8>, f32) {
    let largest = row.iter().fold(0f32, |largest, value| largest.max(value.abs()));
    let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
    (row.iter().map(|value| (value / scale).round().clamp(-127.0, 127.0) as i8 as u8).collect(), scale)
}

fn dequantise(name: &str, tensor: &TensorView<'_>, scales: &TensorView<'_>) -> Result<Vec<f32>, WeightFileError> {
    let channels = tensor.shape().first().copied().unwrap_or(0);
    if scales.dtype() != Dtype::F32 || scales.shape() != [channels] {
        return Err(unusable(name, "its scales are not one 32-bit float an output channel".into()));
    }
    if channels == 0 || !tensor.data().len().is_multiple_of(channels) {
        return Err(unusable(name, format!("its shape is {:?}", tensor.shape())));
    }
    let row = tensor.data().len() / channels;
    let mut values = Vec::with_capacity(tensor.data().len());
    for (bytes, scale) in tensor.data().chunks(row.max(1)).zip(floats(scales.data())) {
        values.extend(bytes.iter().map(|&byte| f32::from(byte as i8) * scale));
    }
    Ok(values)
}

fn unusable(name: &str, reason: String) -> WeightFileError {
    WeightFileError::Tensor { name: name.to_owned(), reason }
}

fn little_endian(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks::<4>().0.iter().map(|&word| f32::from_le_bytes(word)).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn sample() -> Weights {
        let mut weights = Weights::default();
        weights.insert("conv.weight", vec![2, 1, 1, 3], vec![0.5, -1.0, 0.25, 0.0, 0.0, 0.0]).unwrap();
        weights.insert("conv.bias", vec![2], vec![0.123_456_79, -7.0]).unwrap();
        weights
    }

    #[test]
    fn values_come_back_within_half_a_step_and_biases_exactly() {
        let read = read_weights(&write_weights(&sample()).unwrap()).unwrap();
        let values = read.values("conv.weight", &[2, 1, 1, 3]).unwrap();
        for (found, expected) in values.iter().zip([0.5, -1.0, 0.25, 0.0, 0.0, 0.0]) {
            assert!((found - expected).abs() <= 0.5 / 127.0 + 1e-6, "{found} instead of {expected}");
        }
        assert_eq!(read.values("conv.bias", &[2]).unwrap(), [0.123_456_79, -7.0]);
    }

    #[test]
    fn a_big_tensor_takes_one_byte_a_value() {
        let mut weights = Weights::default();
        weights.insert("fc.weight", vec![100, 1000], vec![0.01; 100_000]).unwrap();
        assert!(write_weights(&weights).unwrap().len() < 101_000);
    }

    #[test]
    fn files_that_are_no_weight_files_are_refused() {
        assert!(read_weights(b"").is_err());
        assert!(read_weights(&[0xff; 64]).is_err());
        let whole = write_weights(&sample()).unwrap();
        assert!(read_weights(&whole[..whole.len() - 1]).is_err());
        let bytes = [1u8, 2];
        let without_scales =
            safetensors::serialize(vec![("w", TensorView::new(Dtype::I8, vec![1, 2], &bytes).unwrap())], None).unwrap();
        assert!(read_weights(&without_scales).is_err());
    }
}
