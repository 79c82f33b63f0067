//! The class centres, moved once a step by the batch's features instead of by a gradient.

use burn::tensor::{Device, Distribution, Int, Tensor, TensorData};

/// One centre a class in the space of deep features.
#[derive(Clone, Debug)]
pub struct Centres {
    positions: Tensor<2>,
    alpha: f64,
}

impl Centres {
    /// Random centres `[classes, width]`, normal with standard deviation `sqrt(2 / classes)` as in the authors' code.
    ///
    /// `alpha` is the share of the way that a step goes.
    pub fn random(classes: usize, width: usize, alpha: f64, device: &Device) -> Self {
        let distribution = Distribution::Normal(0.0, (2.0 / classes as f64).sqrt());
        Self { positions: Tensor::random([classes, width], distribution, device), alpha }
    }

    /// Centres at given positions `[classes, width]`, as from a checkpoint.
    pub fn at(positions: TensorData, alpha: f64, device: &Device) -> Self {
        Self { positions: Tensor::from_data(positions, device), alpha }
    }

    /// The same centres on another device.
    pub fn to_device(&self, device: &Device) -> Self {
        Self { positions: self.positions.clone().to_device(device), alpha: self.alpha }
    }

    /// The positions `[classes, width]`, without a gradient.
    pub fn positions(&self) -> Tensor<2> {
        self.positions.clone()
    }

    /// The positions row by row, in 64 bits: so written as text, their 32 bits come back exactly.
    pub fn rows(&self) -> Vec<Vec<f64>> {
        let [_, width] = self.positions.dims();
        let values: Vec<f64> = self.positions().into_data().iter::<f64>().collect();
        values.chunks(width.max(1)).map(<[f64]>::to_vec).collect()
    }

    /// Moves every centre towards the batch's features of its class:
    ///
    /// `c_k <- c_k + alpha * sum_{i: y_i = k} a_i (f_i - c_k) / (1 + n_k)`
    ///
    /// with `n_k` the pictures of class `k` in the batch; a class that is absent stays where it is. This depends neither on
    /// the loss's weight lambda nor on the batch size, which is why ordinary autodiff of `lambda * L_SC` is no substitute.
    /// `features` and `attention` are `[batch, width]`, `labels` `[batch]`; all are used as plain numbers.
    pub fn step(&mut self, features: Tensor<2>, attention: Tensor<2>, labels: Tensor<1, Int>) {
        let [classes, _] = self.positions.dims();
        let offsets = attention.detach() * (features.detach() - self.positions.clone().select(0, labels.clone()));
        // [batch, classes], one 1 a row.
        let membership: Tensor<2> = labels.one_hot::<2>(classes).float().detach();
        let counts = membership.clone().sum_dim(0).reshape([classes, 1]);
        let sums = membership.transpose().matmul(offsets);
        self.positions = (self.positions.clone() + sums.div(counts.add_scalar(1.0)).mul_scalar(self.alpha)).detach();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn matrix<const R: usize, const C: usize>(rows: [[f32; C]; R]) -> Tensor<2> {
        Tensor::from_data(TensorData::from(rows), &Device::flex())
    }

    fn moved<const B: usize>(features: [[f32; 2]; B], attention: [[f32; 2]; B], labels: [i64; B]) -> Vec<f32> {
        let start = TensorData::from([[1.0f32, 0.0], [0.0, 2.0], [5.0, -5.0]]);
        let mut centres = Centres::at(start, 0.5, &Device::flex());
        centres.step(matrix(features), matrix(attention), Tensor::from_data(TensorData::from(labels), &Device::flex()));
        centres.positions().into_data().try_to_vec().unwrap()
    }

    #[test]
    fn centres_move_as_worked_out_by_hand_and_absent_classes_stay() {
        // Class 0 has two pictures: sums a (f - c) = (1.0 * 2 + 0.5 * 1, 0.5 * 4 + 1.0 * 2) = (2.5, 4.0), and 0.5 / 3 of it.
        // Class 1 has one: (0.2 * 1, 0.5 * -2) = (0.2, -1.0), and 0.5 / 2 of it. Class 2 is absent.
        let found = moved([[3.0, 4.0], [1.0, 0.0], [2.0, 2.0]], [[1.0, 0.5], [0.2, 0.5], [0.5, 1.0]], [0, 1, 0]);
        let expected = [1.0 + 2.5 / 6.0, 4.0 / 6.0, 0.05, 1.75, 5.0, -5.0];
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{found} instead of {expected}");
        }
    }

    #[test]
    fn pictures_of_other_classes_do_not_change_a_centre_whatever_the_batch_size() {
        let alone = moved([[3.0, 4.0]], [[1.0, 1.0]], [0]);
        let in_company = moved([[3.0, 4.0], [9.0, 9.0], [7.0, 1.0]], [[1.0, 1.0]; 3], [0, 2, 2]);
        assert_eq!(alone[..4], in_company[..4]);
    }

    #[test]
    fn the_step_does_not_touch_the_graph_of_the_loss() {
        let device = Device::flex().autodiff();
        let labels = Tensor::<1, Int>::from_data(TensorData::from([0i64]), &device);
        let mut centres = Centres::at(TensorData::from([[0.0f32, 0.0], [9.0, 9.0]]), 0.5, &device);
        let gradient = |centres: &mut Centres, steps: usize| -> Vec<f32> {
            let features = Tensor::<2>::from_data(TensorData::from([[3.0f32, 4.0]]), &device).require_grad();
            let attention = Tensor::ones([1, 2], &device);
            let positions = centres.positions();
            for _ in 0..steps {
                centres.step(features.clone(), attention.clone(), labels.clone());
            }
            let loss = super::super::sparse_center_loss(features.clone(), attention, labels.clone(), positions);
            // Added and taken away without its graph: if the new positions hung on the features, their gradient would show.
            let loss =
                loss + centres.positions().sum().mul_scalar(1e3) - centres.positions().detach().sum().mul_scalar(1e3);
            features.grad(&loss.backward()).unwrap().into_data().try_to_vec().unwrap()
        };
        let without = gradient(&mut centres.clone(), 0);
        assert_eq!(without, [3.0, 4.0], "a (f - c) / B");
        assert_eq!(gradient(&mut centres, 2), without);
    }
}
