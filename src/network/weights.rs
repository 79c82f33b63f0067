//! Named tensors on the host: what lies between a trained network, an artefact file and a network that answers.

use std::collections::BTreeMap;

use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};

/// Tensors by name, as 32-bit floats in row-major order.
///
/// Dense layers are stored `[outputs, inputs]` and convolutions `[outputs, inputs, height, width]`, so that the first axis is
/// always the output channel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weights {
    tensors: BTreeMap<String, HostTensor>,
}

#[derive(Clone, Debug, PartialEq)]
struct HostTensor {
    shape: Vec<usize>,
    values: Vec<f32>,
}

/// A set of weights does not fit the network.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum WeightError {
    /// A tensor is not there.
    #[error("the weights have no tensor \"{0}\"")]
    Missing(String),
    /// A tensor has another shape than the network needs.
    #[error("the weight \"{name}\" has shape {found:?} where the network needs {expected:?}")]
    Shape {
        /// Tensor name.
        name: String,
        /// Shape found.
        found: Vec<usize>,
        /// Shape needed.
        expected: Vec<usize>,
    },
    /// A tensor has not as many values as its shape says.
    #[error("the weight \"{name}\" has {values} values, its shape {shape:?} needs another number")]
    Length {
        /// Tensor name.
        name: String,
        /// Declared shape.
        shape: Vec<usize>,
        /// Number of values.
        values: usize,
    },
    /// A tensor holds a value that is not finite.
    #[error("the weight \"{0}\" holds a value that is not a finite number")]
    NotFinite(String),
}

impl Weights {
    /// Adds a tensor.
    ///
    /// # Errors
    /// When the number of values does not fit the shape, or a value is not finite.
    pub fn insert(&mut self, name: &str, shape: Vec<usize>, values: Vec<f32>) -> Result<(), WeightError> {
        let needed = shape.iter().try_fold(1usize, |product, &side| product.checked_mul(side));
        if needed != Some(values.len()) {
            return Err(WeightError::Length { name: name.to_owned(), shape, values: values.len() });
        }
        if values.iter().any(|value| !value.is_finite()) {
            return Err(WeightError::NotFinite(name.to_owned()));
        }
        self.tensors.insert(name.to_owned(), HostTensor { shape, values });
        Ok(())
    }

    /// Every tensor's name, shape and values, in name order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[usize], &[f32])> {
        self.tensors.iter().map(|(name, tensor)| (name.as_str(), tensor.shape.as_slice(), tensor.values.as_slice()))
    }

    /// The values of tensor `name`, which must have `shape`.
    ///
    /// # Errors
    /// When the tensor is missing or has another shape.
    pub fn values(&self, name: &str, shape: &[usize]) -> Result<&[f32], WeightError> {
        let tensor = self.tensors.get(name).ok_or_else(|| WeightError::Missing(name.to_owned()))?;
        if tensor.shape != shape {
            return Err(WeightError::Shape {
                name: name.to_owned(),
                found: tensor.shape.clone(),
                expected: shape.to_vec(),
            });
        }
        Ok(&tensor.values)
    }

    /// Tensor `name` on `device` as a network parameter.
    pub(super) fn parameter<const D: usize>(
        &self,
        name: &str,
        shape: [usize; D],
        device: &Device,
    ) -> Result<Param<Tensor<D>>, WeightError> {
        let data = TensorData::new(self.values(name, &shape)?.to_vec(), shape);
        Ok(Param::from_data(data, device))
    }

    /// Dense weight `name`, stored `[outputs, inputs]`, as the `[inputs, outputs]` matrix that burn multiplies by.
    pub(super) fn dense_parameter(
        &self,
        name: &str,
        [outputs, inputs]: [usize; 2],
        device: &Device,
    ) -> Result<Param<Tensor<2>>, WeightError> {
        let rows = self.values(name, &[outputs, inputs])?;
        let mut columns = vec![0f32; rows.len()];
        for (output, row) in rows.chunks_exact(inputs).enumerate() {
            for (input, &value) in row.iter().enumerate() {
                columns[input * outputs + output] = value;
            }
        }
        Ok(Param::from_data(TensorData::new(columns, [inputs, outputs]), device))
    }
}
