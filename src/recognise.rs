//! From cropped faces to probabilities and attention: preprocessing and network together.

use std::sync::OnceLock;

use burn::tensor::{Device, Tensor, TensorData};
use image::DynamicImage;

use crate::artefact::{IntegrityError, Manifest, WeightFileError, read_weights};
use crate::centres::ClassCentres;
use crate::network::{AttentionArm, DaclConfig, HEADS, LabelPath, WeightError, Weights};
use crate::preprocess::Preprocessing;

/// What a recogniser needs to know beside the weights.
#[derive(Clone, Debug)]
pub struct RecogniserConfig {
    /// The network's dimensions.
    pub network: DaclConfig,
    /// Class names in the order of the network's outputs.
    pub classes: Vec<String>,
    /// How a face becomes the network's input.
    pub preprocessing: Preprocessing,
    /// What divides the logits before softmax.
    pub temperature: f64,
}

impl From<&Manifest> for RecogniserConfig {
    fn from(manifest: &Manifest) -> Self {
        Self {
            network: manifest.network.clone(),
            classes: manifest.classes.clone(),
            preprocessing: manifest.preprocessing.clone(),
            temperature: manifest.temperature,
        }
    }
}

/// The network with its preprocessing, on one device.
#[derive(Debug)]
pub struct Recogniser {
    config: RecogniserConfig,
    label_path: LabelPath,
    /// The label layer's weights over the temperature, `[classes][512]` in one row.
    class_weights: Vec<f32>,
    /// Arrives later than the label path, while answers are already being given.
    attention_arm: OnceLock<AttentionArm>,
    centres: OnceLock<ClassCentres>,
    device: Device,
}

/// The answer for one face.
#[derive(Clone, Debug, PartialEq)]
pub struct Recognition {
    /// Class scores before temperature and softmax.
    pub logits: Vec<f32>,
    /// Probabilities a class; they sum to 1.
    pub probabilities: Vec<f32>,
    /// The 512 deep features, never negative.
    pub features: Vec<f32>,
    /// 512 weights in 0..1, once the attention arm is there.
    pub attention: Option<Vec<f32>>,
    /// Attentive distance to each class's centre, once attention arm and centres are there.
    pub distances: Option<Vec<f32>>,
    /// Where in the face the evidence for each class lies, `[classes][s][s]` in one row, once the attention arm is there: see
    /// [`LabelPath::attentive_activation`].
    pub activation: Option<Vec<f32>>,
}

/// Weights cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file is not the one that the manifest speaks of.
    #[error(transparent)]
    Integrity(#[from] IntegrityError),
    /// A file is no weight file.
    #[error(transparent)]
    File(#[from] WeightFileError),
    /// The weights do not fit the network.
    #[error(transparent)]
    Weights(#[from] WeightError),
}

/// The device did not give an answer.
#[derive(Debug, thiserror::Error)]
#[error("the device did not give an answer: {0}")]
pub struct DeviceFailure(String);

impl Recogniser {
    /// A recogniser from folded weights, without attention arm.
    ///
    /// # Errors
    /// When the weights do not fit the network.
    pub fn new(config: RecogniserConfig, label_path: &Weights, device: &Device) -> Result<Self, LoadError> {
        let weights = label_path.values("fc.weight", &[config.network.classes, HEADS])?;
        let class_weights = weights.iter().map(|&weight| (f64::from(weight) / config.temperature) as f32).collect();
        let label_path = LabelPath::from_weights(&config.network, label_path, device)?;
        let (attention_arm, centres) = (OnceLock::new(), OnceLock::new());
        Ok(Self { config, label_path, class_weights, attention_arm, centres, device: device.clone() })
    }

    /// A recogniser from an artefact's manifest and the bytes of its label file, which are checked first.
    ///
    /// # Errors
    /// When the bytes are not the ones of the manifest, or do not fit the network.
    pub fn from_artefact(manifest: &Manifest, labels: &[u8], device: &Device) -> Result<Self, LoadError> {
        manifest.files.labels.verify(labels)?;
        Self::new(manifest.into(), &read_weights(labels)?, device)
    }

    /// Adds the attention arm from the bytes of an artefact's attention file, which are checked first.
    ///
    /// # Errors
    /// When the bytes are not the ones of the manifest, or do not fit the network; the label path goes on working.
    pub fn add_attention_file(&self, manifest: &Manifest, attention: &[u8]) -> Result<(), LoadError> {
        manifest.files.attention.verify(attention)?;
        self.add_attention(&read_weights(attention)?)
    }

    /// Adds the attention arm from folded weights; where there is one already, that one stays.
    ///
    /// # Errors
    /// When the weights do not fit the network.
    pub fn add_attention(&self, weights: &Weights) -> Result<(), LoadError> {
        let arm = AttentionArm::from_weights(&self.config.network, weights, &self.device)?;
        self.attention_arm.get_or_init(|| arm);
        Ok(())
    }

    /// Adds the class centres from the bytes of an artefact's file, which are checked first.
    ///
    /// # Errors
    /// When the bytes are not the ones of the manifest, or hold other classes.
    pub fn add_centres_file(&self, manifest: &Manifest, centres: &[u8]) -> Result<(), LoadError> {
        manifest.files.centres.verify(centres)?;
        self.add_centres(ClassCentres::from_bytes(centres, self.config.network.classes)?);
        Ok(())
    }

    /// Adds the class centres; where there are some already, these stay.
    pub fn add_centres(&self, centres: ClassCentres) {
        self.centres.get_or_init(|| centres);
    }

    /// The class centres, once they are there.
    pub fn centres(&self) -> Option<&ClassCentres> {
        self.centres.get()
    }

    /// What one unit of each feature adds to the logarithm of each class's probability, but for what all classes share:
    /// the label layer's weights over the temperature, `[classes][512]` in one row.
    pub fn class_weights(&self) -> &[f32] {
        &self.class_weights
    }

    /// Whether answers have attention.
    pub fn has_attention(&self) -> bool {
        self.attention_arm.get().is_some()
    }

    /// What this recogniser was built from.
    pub fn config(&self) -> &RecogniserConfig {
        &self.config
    }

    /// One answer for each face, in order. The faces go through the network as one batch.
    ///
    /// # Errors
    /// When the device is lost or runs out of memory.
    pub async fn recognise(&self, faces: &[DynamicImage]) -> Result<Vec<Recognition>, DeviceFailure> {
        if faces.is_empty() {
            return Ok(Vec::new());
        }
        let side = self.config.network.input_size;
        let inputs: Vec<f32> = faces.iter().flat_map(|face| self.config.preprocessing.input(face)).collect();
        let inputs = Tensor::from_data(TensorData::new(inputs, [faces.len(), 3, side, side]), &self.device);
        let output = self.label_path.forward(inputs);
        // The attention is put on its way before anything is read, so that the device works on while we wait.
        let attention = self.attention_arm.get().map(|arm| {
            let attention = arm.forward(output.feature_map.clone());
            let activation = self.label_path.attentive_activation(output.feature_map, attention.clone());
            [attention, activation.flatten(1, 2)]
        });
        // All in one matrix: a browser's GPU takes a millisecond for each time that it is waited for.
        let columns = [output.logits, output.features].into_iter().chain(attention.into_iter().flatten());
        let rows = rows(Tensor::cat(columns.collect(), 1)).await?;
        Ok(rows.iter().map(|row| self.recognition(row)).collect())
    }

    /// The answer in one row of what the device gives: logits, features, and with the attention arm attention and activation.
    fn recognition(&self, row: &[f32]) -> Recognition {
        let (logits, row) = row.split_at(self.config.network.classes);
        let (features, row) = row.split_at(HEADS);
        let attention = (!row.is_empty()).then(|| row.split_at(HEADS));
        let mut recognition = Recognition {
            probabilities: softmax(logits, self.config.temperature).into_iter().map(|share| share as f32).collect(),
            logits: logits.to_vec(),
            features: features.to_vec(),
            distances: None,
            attention: attention.map(|(attention, _)| attention.to_vec()),
            activation: attention.map(|(_, activation)| activation.to_vec()),
        };
        if let Some(centres) = self.centres.get() {
            recognition.measure_distances(centres);
        }
        recognition
    }
}

impl Recognition {
    /// Measures the distances to `centres`, if there is attention to measure with.
    pub fn measure_distances(&mut self, centres: &ClassCentres) {
        self.distances = self.attention.as_ref().map(|attention| centres.distances(&self.features, attention));
    }

    /// Index and probability of the most probable class.
    pub fn strongest(&self) -> (usize, f32) {
        let mut best = (0, f32::NEG_INFINITY);
        for (class, &probability) in self.probabilities.iter().enumerate() {
            if probability > best.1 {
                best = (class, probability);
            }
        }
        best
    }
}

/// The rows of a matrix on the host.
async fn rows(matrix: Tensor<2>) -> Result<Vec<Vec<f32>>, DeviceFailure> {
    let [_, width] = matrix.dims();
    let data = matrix.into_data_async().await.map_err(|error| DeviceFailure(format!("{error:?}")))?;
    let values: Vec<f32> = data.iter::<f32>().collect();
    Ok(values.chunks(width.max(1)).map(<[f32]>::to_vec).collect())
}

/// Probabilities of class scores divided by `temperature`; they sum to 1.
pub fn softmax(logits: &[f32], temperature: f64) -> Vec<f64> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f64> = logits.iter().map(|&logit| (f64::from(logit - largest) / temperature).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn softmax_survives_huge_scores() {
        assert_eq!(softmax(&[1000.0, 0.0], 1.0), vec![1.0, 0.0]);
    }
}
