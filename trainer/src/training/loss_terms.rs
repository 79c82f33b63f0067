//! The parts of the loss of one batch.

use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Int, Tensor};
use dacl::network::Dacl;

use crate::batches::BatchTensors;
use crate::loss::{Centres, LossKind, features_at_length, sparse_center_loss};
use crate::recipe::Recipe;

/// The parts of the loss of one batch, and what they were made of.
pub(crate) struct LossTerms {
    pub(crate) cross_entropy: Tensor<1>,
    pub(crate) center_loss: Tensor<1>,
    /// Deep features as the center loss sees them.
    pub(crate) features: Tensor<2>,
    pub(crate) attention: Tensor<2>,
    pub(crate) logits: Tensor<2>,
    pub(crate) labels: Tensor<1, Int>,
}

impl LossTerms {
    pub(crate) fn of(network: &Dacl, batch: BatchTensors, centres: &Centres, recipe: &Recipe) -> Self {
        let BatchTensors { inputs, labels, targets } = batch;
        let device = inputs.device();
        let precision = recipe.precision.dtype();
        let (features, logits, attention) = match recipe.loss {
            LossKind::Dacl => {
                let output = network.forward_in(inputs, precision);
                (output.features, output.logits, output.attention)
            }
            LossKind::Softmax | LossKind::Center => {
                let (features, logits) = network.forward_label_in(inputs, precision);
                let attention = Tensor::ones(features.dims(), &device);
                (features, logits, attention)
            }
        };
        let features = features_at_length(features, recipe.feature_length);
        let center_loss = match recipe.loss {
            LossKind::Softmax => Tensor::zeros([1], &device),
            _ => sparse_center_loss(features.clone(), attention.clone(), labels.clone(), centres.positions()),
        };
        Self { cross_entropy: cross_entropy(logits.clone(), targets), center_loss, features, attention, logits, labels }
    }

    /// The terms of one batch from those of its shares, all of one size and on one device.
    pub(crate) fn of_all(shares: Vec<Self>) -> Self {
        let mean =
            |of: fn(&Self) -> &Tensor<1>| Tensor::cat(shares.iter().map(|terms| of(terms).clone()).collect(), 0).mean();
        let rows = |of: fn(&Self) -> &Tensor<2>| Tensor::cat(shares.iter().map(|terms| of(terms).clone()).collect(), 0);
        Self {
            cross_entropy: mean(|terms| &terms.cross_entropy),
            center_loss: mean(|terms| &terms.center_loss),
            features: rows(|terms| &terms.features),
            attention: rows(|terms| &terms.attention),
            logits: rows(|terms| &terms.logits),
            labels: Tensor::cat(shares.iter().map(|terms| terms.labels.clone()).collect(), 0),
        }
    }

    /// The same numbers, from which no gradient is taken any more.
    pub(crate) fn detached(self) -> Self {
        Self {
            cross_entropy: self.cross_entropy.detach(),
            center_loss: self.center_loss.detach(),
            features: self.features.detach(),
            attention: self.attention.detach(),
            logits: self.logits.detach(),
            labels: self.labels,
        }
    }

    /// The same numbers on another device.
    pub(crate) fn moved_to(self, device: &Device) -> Self {
        Self {
            cross_entropy: self.cross_entropy.to_device(device),
            center_loss: self.center_loss.to_device(device),
            features: self.features.to_device(device),
            attention: self.attention.to_device(device),
            logits: self.logits.to_device(device),
            labels: self.labels.to_device(device),
        }
    }

    /// `L = CE + lambda L_SC`.
    pub(crate) fn total(&self, lambda: f64) -> Tensor<1> {
        self.cross_entropy.clone() + self.center_loss.clone().mul_scalar(lambda)
    }
}

/// `CE = -1 / B sum_i sum_k t_ik log softmax(z_i)_k` of logits and targets, both `[batch, classes]`.
fn cross_entropy(logits: Tensor<2>, targets: Tensor<2>) -> Tensor<1> {
    let [batch, _] = logits.dims();
    (targets * log_softmax(logits, 1)).sum().div_scalar(-(batch as f64))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use burn::tensor::{Distribution, TensorData};
    use dacl::network::HEADS;

    use crate::recipe::Preset;

    const LABELS: [usize; 3] = [2, 0, 2];

    /// One batch, and the network and centres that it meets.
    struct OneBatch {
        recipe: Recipe,
        network: Dacl,
        centres: Centres,
        inputs: Tensor<4>,
    }

    impl OneBatch {
        fn new() -> Self {
            let device = Device::flex();
            let recipe = Preset::Compact.recipe().with_input_size(32);
            Self {
                network: Dacl::new(&recipe.network, &device).unwrap(),
                centres: Centres::random(7, HEADS, 0.5, &device),
                inputs: Tensor::random([3, 3, 32, 32], Distribution::Normal(0.0, 1.0), &device),
                recipe,
            }
        }

        /// Its terms by the recipe with a change.
        fn terms(&self, change: fn(&mut Recipe)) -> LossTerms {
            let labels = Tensor::<1, Int>::from_data(LABELS.map(|label| label as i64), &self.inputs.device());
            let targets = labels.clone().one_hot::<2>(7).float();
            let mut recipe = self.recipe.clone();
            change(&mut recipe);
            let batch = BatchTensors { inputs: self.inputs.clone(), labels, targets };
            LossTerms::of(&self.network, batch, &self.centres, &recipe)
        }
    }

    fn values(tensor: Tensor<2>) -> Vec<f32> {
        tensor.into_data().try_to_vec().unwrap()
    }

    fn one(tensor: Tensor<1>) -> f64 {
        tensor.into_data().try_to_vec::<f32>().unwrap()[0].into()
    }

    #[test]
    fn the_center_loss_weighs_every_feature_alike_and_softmax_has_none() {
        let batch = OneBatch::new();
        let center = batch.terms(|recipe| recipe.loss = LossKind::Center);
        let (rows, mut expected) = (batch.centres.rows(), 0.0);
        for (features, label) in values(center.features).chunks(HEADS).zip(LABELS) {
            let offsets = features.iter().zip(&rows[label]).map(|(&feature, centre)| f64::from(feature) - centre);
            expected += offsets.map(|offset| offset * offset).sum::<f64>() / 6.0;
        }
        let found = one(center.center_loss);
        assert!((found / expected - 1.0).abs() < 1e-4, "{found} instead of {expected}");
        assert!(values(center.attention).iter().all(|&weight| weight == 1.0));
        assert_eq!(one(batch.terms(|recipe| recipe.loss = LossKind::Softmax).center_loss), 0.0);
        assert!(one(batch.terms(|_| ()).center_loss) < 0.9 * found, "attention is below 1");
    }

    #[test]
    fn the_center_loss_sees_features_of_the_recipes_length_and_the_classifier_sees_them_as_they_are() {
        let batch = OneBatch::new();
        let (as_they_are, at_length) = (batch.terms(|_| ()), batch.terms(|recipe| recipe.feature_length = 7.0));
        assert_eq!(values(at_length.logits), values(as_they_are.logits));
        for features in values(at_length.features).chunks(HEADS) {
            let length = features.iter().map(|feature| feature * feature).sum::<f32>().sqrt();
            assert!((length - 7.0).abs() < 1e-4, "{length}");
        }
        assert_ne!(one(at_length.center_loss), one(as_they_are.center_loss));
    }

    #[test]
    fn the_cross_entropy_of_shares_agrees_with_the_definition_in_64_bits() {
        let logits = [[0.5f64, -1.0, 2.0], [0.0, 3.0, -2.0]];
        let targets = [[0.2f64, 0.3, 0.5], [0.0, 1.0, 0.0]];
        let mut expected = 0.0;
        for (logits, targets) in logits.iter().zip(targets) {
            let sum: f64 = logits.iter().map(|logit| logit.exp()).sum();
            expected -=
                logits.iter().zip(targets).map(|(logit, target)| target * (logit.exp() / sum).ln()).sum::<f64>() / 2.0;
        }
        let tensor = |rows: [[f64; 3]; 2]| {
            Tensor::<2>::from_data(TensorData::from(rows.map(|row| row.map(|value| value as f32))), &Device::flex())
        };
        let found: Vec<f32> = cross_entropy(tensor(logits), tensor(targets)).into_data().try_to_vec().unwrap();
        assert!((f64::from(found[0]) - expected).abs() < 1e-6, "{} instead of {expected}", found[0]);
    }
}
