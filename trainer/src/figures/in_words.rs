//! Shares, differences, intervals and chances as tables and reports write them.

use crate::statistics::{Interval, Spread};

/// A share in percent.
pub fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

/// A share of few pictures in percent, or a dash where there is none.
pub fn percent_or_dash(share: Option<f64>) -> String {
    share.map_or_else(|| "–".into(), |share| format!("{:.1} %", 100.0 * share))
}

/// A difference of shares in points of a percent, with its sign.
pub fn points(difference: f64) -> String {
    format!("{:+.2}", 100.0 * difference)
}

/// The ends of a share's interval in percent.
pub fn range(interval: &Interval) -> String {
    format!("{:.2} to {:.2}", 100.0 * interval.low, 100.0 * interval.high)
}

/// The ends of a difference's interval in points.
pub fn range_in_points(interval: &Interval) -> String {
    format!("{} to {}", points(interval.low), points(interval.high))
}

/// Mean and standard deviation of a share over seeds, in percent.
pub fn mean_and_spread(spread: &Spread) -> String {
    let std = spread.std.map_or_else(String::new, |std| format!(" ± {:.2}", 100.0 * std));
    format!("{:.2}{std}", 100.0 * spread.mean)
}

/// The p-value of a test, which is never 0.
pub fn p_value(p: f64) -> String {
    if p < 0.0001 { "< 0.0001".into() } else { format!("{p:.4}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_their_signs_and_units() {
        let interval = Interval { value: 0.0021, low: -0.0044, high: 0.0085 };
        assert_eq!((range(&interval), range_in_points(&interval)), ("-0.44 to 0.85".into(), "-0.44 to +0.85".into()));
        assert_eq!((percent(0.86754), points(0.0021)), ("86.75 %".into(), "+0.21".into()));
        assert_eq!((percent_or_dash(Some(0.4583)), percent_or_dash(None)), ("45.8 %".into(), "–".into()));
        assert_eq!(mean_and_spread(&Spread { mean: 0.625, std: Some(0.17678) }), "62.50 ± 17.68");
        assert_eq!(mean_and_spread(&Spread { mean: 0.625, std: None }), "62.50");
    }

    #[test]
    fn no_chance_is_written_as_none_at_all() {
        assert_eq!(["0.1250", "0.0001", "< 0.0001"], [0.125, 0.0001, 4.1e-5].map(p_value));
    }
}
