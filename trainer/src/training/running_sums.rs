//! Sums over the batches of an epoch.

use burn::tensor::{Device, Tensor};
use dacl::network::HEADS;

use super::loss_terms::LossTerms;
use super::observer::TrainingMeans;

/// Sums over an epoch, kept on the device so that a step does not wait for them.
pub(super) struct RunningSums {
    sums: Tensor<1>,
    batches: usize,
    pictures: usize,
}

impl RunningSums {
    const TERMS: usize = 7;

    pub(super) fn new(device: &Device) -> Self {
        Self { sums: Tensor::zeros([Self::TERMS], &device.clone().inner()), batches: 0, pictures: 0 }
    }

    pub(super) fn add(&mut self, terms: &LossTerms, lambda: f64) {
        let [pictures, _] = terms.logits.dims();
        let attention = terms.attention.clone().inner();
        let answers = terms.logits.clone().inner().argmax(1).reshape([pictures]);
        let row = Tensor::cat(
            vec![
                terms.cross_entropy.clone().inner(),
                terms.center_loss.clone().inner(),
                answers.equal(terms.labels.clone().inner()).float().sum(),
                attention.clone().sum(),
                (attention.clone() * attention.clone()).sum(),
                attention.lower_elem(0.05).float().sum(),
                terms.center_loss.clone().inner().mul_scalar(lambda),
            ],
            0,
        );
        self.sums = self.sums.clone() + row;
        self.batches += 1;
        self.pictures += pictures;
    }

    /// Reads the device.
    pub(super) fn means(&self) -> TrainingMeans {
        let sums: Vec<f64> = self.sums.clone().into_data().iter::<f64>().collect();
        let batches = self.batches.max(1) as f64;
        let pictures = self.pictures.max(1) as f64;
        let values = pictures * HEADS as f64;
        let attention_mean = sums[3] / values;
        TrainingMeans {
            cross_entropy: sums[0] / batches,
            center_loss: sums[1] / batches,
            weighted_center_loss: sums[6] / batches,
            accuracy: sums[2] / pictures,
            attention_mean,
            attention_std: (sums[4] / values - attention_mean * attention_mean).max(0.0).sqrt(),
            attention_below_005: sums[5] / values,
        }
    }
}
