//! Features of one length: what the center loss sees where it is to see directions alone.

use burn::tensor::Tensor;

/// Keeps the length of features that are all 0 from being divided by.
const SMALLEST_SQUARE: f64 = 1e-12;

/// Every row of `features` `[batch, 512]` brought to `length`, as in NormFace (Wang et al., ACM Multimedia 2017):
///
/// `f_i <- length f_i / ||f_i||`
///
/// The gradient flows through the division: features cannot come nearer to a centre by getting smaller. A `length` of 0 leaves them as
/// they are, which is what is published for the sparse center loss.
pub fn features_at_length(features: Tensor<2>, length: f64) -> Tensor<2> {
    if length == 0.0 {
        return features;
    }
    let lengths = (features.clone() * features.clone()).sum_dim(1).add_scalar(SMALLEST_SQUARE).sqrt();
    features.div(lengths).mul_scalar(length)
}

/// [`features_at_length`] of one picture's features `[512]`.
pub fn row_at_length(features: &[f32], length: f64) -> Vec<f32> {
    if length == 0.0 {
        return features.to_vec();
    }
    let square: f64 = features.iter().map(|&feature| f64::from(feature).powi(2)).sum();
    let factor = length / (square + SMALLEST_SQUARE).sqrt();
    features.iter().map(|&feature| (factor * f64::from(feature)) as f32).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use burn::tensor::{Device, TensorData};

    fn values(tensor: Tensor<2>) -> Vec<f32> {
        tensor.into_data().try_to_vec().unwrap()
    }

    #[test]
    fn features_get_the_length_that_is_asked_for_and_keep_their_direction() {
        let rows = [[3.0f32, 4.0], [0.0, 0.5], [0.0, 0.0]];
        let features = Tensor::from_data(TensorData::from(rows), &Device::flex());
        let found =
            [values(features_at_length(features.clone(), 10.0)), rows.map(|row| row_at_length(&row, 10.0)).concat()];
        for (found, expected) in found.iter().flat_map(|found| found.iter().zip([6.0, 8.0, 0.0, 10.0, 0.0, 0.0])) {
            assert!((found - expected).abs() < 1e-5, "{found} instead of {expected}");
        }
        assert_eq!(rows.map(|row| row_at_length(&row, 0.0)), rows.map(|row| row.to_vec()));
        assert_eq!(values(features_at_length(features.clone(), 0.0)), values(features), "0 leaves them as they are");
    }

    #[test]
    fn the_gradient_agrees_with_finite_differences_of_the_definition_in_64_bits() {
        const STEP: f64 = 1e-6;
        let (start, length, factors) = ([0.3f64, 1.2, 0.7, 0.05], 5.0, [0.4, -1.0, 2.0, 0.3]);
        let by_definition = |features: [f64; 4]| {
            let norm = features.iter().map(|feature| feature * feature).sum::<f64>().sqrt();
            features.iter().zip(factors).map(|(feature, factor)| factor * length * feature / norm).sum::<f64>()
        };
        let device = Device::flex().autodiff();
        let row = |values: [f64; 4]| Tensor::<2>::from_data(TensorData::from([values.map(|v| v as f32)]), &device);
        let features = row(start).require_grad();
        let gradients = (features_at_length(features.clone(), length) * row(factors)).sum().backward();
        let found: Vec<f32> = features.grad(&gradients).unwrap().into_data().try_to_vec().unwrap();
        for (place, found) in found.into_iter().enumerate() {
            let moved = |by: f64| {
                let mut moved = start;
                moved[place] += by;
                by_definition(moved)
            };
            let expected = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
            assert!((f64::from(found) - expected).abs() < 1e-4, "{found} instead of {expected}");
        }
    }
}
