//! Holm's correction for several tests at once.

/// The p-values of a family of tests, adjusted so that the chance of even one false alarm among them stays below the
/// level that the adjusted value is held against (Holm, 1979). The order is kept.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut adjusted = vec![0.0; p_values.len()];
    let mut largest: f64 = 0.0;
    for (rank, &index) in order.iter().enumerate() {
        largest = largest.max((p_values[index] * (p_values.len() - rank) as f64).min(1.0));
        adjusted[index] = largest;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_values_are_adjusted_step_by_step_and_never_fall() {
        // By hand: 0.005 * 4, 0.01 * 3, 0.03 * 2, and 0.04 * 1 raised to its predecessor.
        let adjusted = holm(&[0.01, 0.04, 0.03, 0.005]);
        for (value, expected) in adjusted.iter().zip([0.03, 0.06, 0.06, 0.02]) {
            assert!((value - expected).abs() < 1e-12, "{adjusted:?}");
        }
        assert_eq!(holm(&[0.7, 0.9]), vec![1.0, 1.0]);
        assert!(holm(&[]).is_empty());
    }
}
