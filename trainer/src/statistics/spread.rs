//! Mean and standard deviation of one figure over several seeds.

use serde::Serialize;

/// Mean and sample standard deviation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// Arithmetic mean.
    pub mean: f64,
    /// Standard deviation with `n - 1` in the denominator; `null` for a single value, which says nothing about spread.
    pub std: Option<f64>,
}

impl Spread {
    /// The spread of `values`; of no value at all the mean is not a number.
    pub fn of(values: &[f64]) -> Self {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        Self { mean, std: (values.len() > 1).then(|| (squares / (count - 1.0)).sqrt()) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_standard_deviation_is_that_of_a_sample() {
        let spread = Spread::of(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]);
        assert!((spread.mean - 5.0).abs() < 1e-12);
        assert!((spread.std.unwrap() - (32.0f64 / 7.0).sqrt()).abs() < 1e-12);
    }

    #[test]
    fn one_seed_has_no_standard_deviation() {
        assert_eq!(Spread::of(&[0.8]), Spread { mean: 0.8, std: None });
    }
}
