//! The sparse center loss.

use burn::tensor::{Int, Tensor};

/// `L_SC = 1 / (2 B) * sum_i sum_j a_ij (f_ij - c_{y_i j})^2`, a tensor of one value.
///
/// `features` and `attention` are `[batch, 512]`, `labels` `[batch]`, `centres` `[classes, 512]`. The gradient flows to
/// features, `a_i (f_i - c_{y_i}) / B`, and to attention, `(f_i - c_{y_i})^2 / (2 B)`; centres get none, they are moved by
/// [`Centres`](super::Centres). With attention 1 this is the plain center loss (Wen et al., 2016).
pub fn sparse_center_loss(
    features: Tensor<2>,
    attention: Tensor<2>,
    labels: Tensor<1, Int>,
    centres: Tensor<2>,
) -> Tensor<1> {
    let [batch, _] = features.dims();
    let offsets = features - centres.detach().select(0, labels);
    (attention * offsets.clone() * offsets).sum().div_scalar(2.0 * batch as f64)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use burn::tensor::{Device, TensorData};

    const BATCH: usize = 3;
    const WIDTH: usize = 4;
    const LABELS: [i64; BATCH] = [1, 0, 1];
    const FEATURES: [f64; BATCH * WIDTH] = [0.3, 1.2, 0.0, 0.7, 2.0, 0.1, 0.4, 0.9, 0.6, 0.5, 1.1, 0.2];
    const ATTENTION: [f64; BATCH * WIDTH] = [0.5, 0.9, 0.1, 0.3, 0.2, 0.8, 0.6, 0.4, 0.7, 0.05, 0.95, 0.5];
    const CENTRES: [f64; 2 * WIDTH] = [0.2, -0.1, 0.3, 0.4, 0.9, 0.8, -0.2, 0.1];

    /// The definition, term by term, in 64 bits.
    fn by_definition(features: &[f64], attention: &[f64]) -> f64 {
        let mut sum = 0.0;
        for i in 0..BATCH {
            for j in 0..WIDTH {
                let offset = features[i * WIDTH + j] - CENTRES[LABELS[i] as usize * WIDTH + j];
                sum += attention[i * WIDTH + j] * offset * offset;
            }
        }
        sum / (2.0 * BATCH as f64)
    }

    fn tensor<const D: usize>(values: &[f64], shape: [usize; D], device: &Device) -> Tensor<D> {
        Tensor::from_data(TensorData::new(values.iter().map(|&v| v as f32).collect::<Vec<_>>(), shape), device)
    }

    /// How fast the definition changes with each value, by central differences.
    fn finite_differences(values: &[f64], of: impl Fn(&[f64]) -> f64) -> Vec<f64> {
        const STEP: f64 = 1e-5;
        (0..values.len())
            .map(|index| {
                let mut moved = values.to_vec();
                moved[index] += STEP;
                let above = of(&moved);
                moved[index] -= 2.0 * STEP;
                (above - of(&moved)) / (2.0 * STEP)
            })
            .collect()
    }

    fn assert_close(found: Vec<f32>, expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((f64::from(*found) - expected).abs() < 1e-5, "{found} instead of {expected}");
        }
    }

    #[test]
    fn value_and_gradients_agree_with_the_definition_and_its_finite_differences() {
        let device = Device::flex().autodiff();
        let features = tensor(&FEATURES, [BATCH, WIDTH], &device).require_grad();
        let attention = tensor(&ATTENTION, [BATCH, WIDTH], &device).require_grad();
        let labels = Tensor::from_data(TensorData::from(LABELS), &device);
        let centres = tensor(&CENTRES, [2, WIDTH], &device);
        let loss = sparse_center_loss(features.clone(), attention.clone(), labels, centres);

        let gradients = loss.backward();
        assert_close(loss.into_data().try_to_vec().unwrap(), &[by_definition(&FEATURES, &ATTENTION)]);
        let to_features = features.grad(&gradients).unwrap().into_data().try_to_vec().unwrap();
        assert_close(to_features, &finite_differences(&FEATURES, |moved| by_definition(moved, &ATTENTION)));
        let to_attention = attention.grad(&gradients).unwrap().into_data().try_to_vec::<f32>().unwrap();
        assert!(to_attention.iter().all(|&gradient| gradient >= 0.0), "descent may only lower the attention");
        assert_close(to_attention, &finite_differences(&ATTENTION, |moved| by_definition(&FEATURES, moved)));
    }

    #[test]
    fn attention_of_one_gives_the_plain_center_loss() {
        let device = Device::flex();
        let labels = Tensor::from_data(TensorData::from(LABELS), &device);
        let loss = sparse_center_loss(
            tensor(&FEATURES, [BATCH, WIDTH], &device),
            Tensor::ones([BATCH, WIDTH], &device),
            labels,
            tensor(&CENTRES, [2, WIDTH], &device),
        );
        assert_close(loss.into_data().try_to_vec().unwrap(), &[by_definition(&FEATURES, &[1.0; BATCH * WIDTH])]);
    }
}
