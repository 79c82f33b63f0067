//! McNemar's test: do two classifiers err on the same pictures equally often?

use serde::Serialize;
use statrs::distribution::{Binomial, ChiSquared, ContinuousCDF, DiscreteCDF};

/// Below so many discordant pairs the chi-squared distribution is no good approximation and the exact test is used.
const FEW: u64 = 25;

/// The outcome of McNemar's test.
///
/// Pictures that both name rightly or both wrongly say nothing about a difference. Of the others, the discordant ones,
/// each side is expected to win half if the two are equally good.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct McNemar {
    /// Pictures that only the first names rightly.
    pub only_first: u64,
    /// Pictures that only the second names rightly.
    pub only_second: u64,
    /// How the p-value was found.
    pub method: McNemarMethod,
    /// Chance of a split at least as uneven as this one if the two were equally good; two-sided.
    pub p: f64,
}

/// How the p-value of McNemar's test was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum McNemarMethod {
    /// The binomial distribution itself, with fewer than 25 discordant pairs.
    ExactBinomial,
    /// The chi-squared distribution of one degree of freedom, with Edwards' continuity correction.
    ChiSquared,
}

impl McNemar {
    /// The test of two counts of discordant pictures.
    pub fn of(only_first: u64, only_second: u64) -> Self {
        let discordant = only_first + only_second;
        let (method, p) = match discordant < FEW {
            true => (McNemarMethod::ExactBinomial, exact(only_first.min(only_second), discordant)),
            false => {
                let gap = only_first.abs_diff(only_second).saturating_sub(1) as f64;
                (McNemarMethod::ChiSquared, beyond(gap * gap / discordant as f64))
            }
        };
        Self { only_first, only_second, method, p }
    }
}

/// Twice the chance of at most `smaller` wins in `discordant` fair tosses.
fn exact(smaller: u64, discordant: u64) -> f64 {
    // A half is a valid probability, so the distribution is there; if it were not, no difference would be claimed.
    Binomial::new(0.5, discordant).map_or(1.0, |tosses| (2.0 * tosses.cdf(smaller)).min(1.0))
}

/// The chance of a larger value than `statistic` under chi-squared with one degree of freedom.
fn beyond(statistic: f64) -> f64 {
    ChiSquared::new(1.0).map_or(1.0, |distribution| distribution.sf(statistic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_discordant_pairs_are_tested_by_the_binomial_distribution() {
        // Worked by hand: 2 (1 + 12 + 66 + 220) / 2^12.
        let test = McNemar::of(9, 3);
        assert_eq!(test.method, McNemarMethod::ExactBinomial);
        assert!((test.p - 598.0 / 4096.0).abs() < 1e-12, "{test:?}");
        // 2 / 2^6: six wins to none are the fewest that reach 0.05.
        assert!((McNemar::of(0, 6).p - 0.03125).abs() < 1e-12);
        assert_eq!(McNemar::of(5, 5).p, 1.0);
        assert_eq!(McNemar::of(0, 0).p, 1.0, "two runs that never differ");
    }

    #[test]
    fn the_approval_ratings_of_agresti_give_their_published_p_value() {
        // Agresti, Categorical Data Analysis: 86 and 150 changed their minds. With the continuity correction the
        // statistic is 63^2 / 236 = 16.818 and R's mcnemar.test prints p-value = 4.115e-05.
        let test = McNemar::of(150, 86);
        assert_eq!(test.method, McNemarMethod::ChiSquared);
        assert!((test.p - 4.115e-5).abs() < 5e-9, "{test:?}");
        assert_eq!(test.p, McNemar::of(86, 150).p, "the test is two-sided");
    }
}
