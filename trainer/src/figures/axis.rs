//! How far an axis reaches.

use std::ops::Range;

/// A range that holds all values with some air; of one value or none it still has a length.
pub fn axis(values: impl Iterator<Item = f64>) -> Range<f64> {
    let (low, high) =
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    let air = match high - low {
        span if !span.is_finite() => return 0.0..1.0,
        span if span > 0.0 => 0.06 * span,
        _ => 0.1 * high.abs().max(0.1),
    };
    // Shares and losses are never negative: no axis should claim so.
    let start = if low >= 0.0 { (low - air).max(0.0) } else { low - air };
    start..high + air
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_hold_all_values_and_do_not_claim_negative_shares() {
        assert_eq!(axis([0.0, 1.0].into_iter()).start, 0.0);
        assert!(axis([-1.0, 1.0].into_iter()).start < -1.0);
        assert!(axis([0.5, 0.5].into_iter()).end > 0.5, "one value alone has a length");
        assert_eq!(axis(std::iter::empty()), 0.0..1.0);
        assert_eq!(axis([-1e308, 1e308].into_iter()), 0.0..1.0, "no axis is that long");
    }
}
