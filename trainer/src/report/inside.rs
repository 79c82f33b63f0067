//! What the network makes of pictures on its way to a label: features and attention beside the logits.

use burn::tensor::{Device, Tensor, TensorData};
use rayon::prelude::*;

use super::Subject;
use crate::data::{Sample, Split};
use crate::evaluation::Answers;

/// Pictures that go through the network together.
const BATCH: usize = 32;

/// Logits, deep features and attention of the pictures of a split, in its order.
#[derive(Clone, Debug, Default)]
pub struct Inside {
    /// Logits and true classes.
    pub answers: Answers,
    /// 512 features a picture.
    pub features: Vec<Vec<f32>>,
    /// 512 weights a picture; empty where the network has no trained attention.
    pub attention: Vec<Vec<f32>>,
}

impl Inside {
    /// Asks the network, in evaluation mode. `seen` is called with the number of pictures done.
    pub fn of(subject: &Subject, split: &Split, device: &Device, mut seen: impl FnMut(usize)) -> Self {
        let mut inside = Self::default();
        for samples in split.samples.chunks(BATCH) {
            let output = subject.label_path.forward(inputs(subject, samples, device));
            inside.features.extend(rows(output.features));
            inside.answers.logits.extend(rows(output.logits).into_iter().map(Some));
            if let Some(arm) = &subject.attention_arm {
                inside.attention.extend(rows(arm.forward(output.feature_map)));
            }
            inside.answers.labels.extend(samples.iter().map(|sample| sample.label));
            seen(inside.answers.labels.len());
        }
        inside
    }
}

fn inputs(subject: &Subject, samples: &[Sample], device: &Device) -> Tensor<4> {
    let inputs: Vec<Vec<f32>> = samples.par_iter().map(|sample| subject.preprocessing.input(&sample.picture)).collect();
    let side = subject.network.input_size;
    Tensor::from_data(TensorData::new(inputs.concat(), [samples.len(), 3, side, side]), device)
}

fn rows(matrix: Tensor<2>) -> Vec<Vec<f32>> {
    let [_, width] = matrix.dims();
    let values: Vec<f32> = matrix.into_data().iter::<f32>().collect();
    values.chunks(width.max(1)).map(<[f32]>::to_vec).collect()
}
