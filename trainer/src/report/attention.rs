//! How much the attention differs between classes, and how much it would by chance.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// Shuffles of the labels behind the chance baseline.
pub(super) const PERMUTATIONS: usize = 999;
/// Seed of the shuffles.
const SEED: u64 = 1;

/// Attention of one class.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ClassAttention {
    /// Pictures of the class.
    pub(super) pictures: usize,
    /// Mean over its pictures, one value a head; empty without pictures.
    pub(super) mean_by_head: Vec<f64>,
    /// Mean over pictures and heads.
    pub(super) mean: f64,
    /// Standard deviation over pictures and heads.
    pub(super) std: f64,
    /// Share of values below 0.05.
    pub(super) below_005: f64,
}

/// How the variance of the attention splits up.
///
/// Sums run over pictures and heads. With `N` pictures of `K` classes that occur, the ratio is `(SS_between / (K - 1))
/// / (SS_within / (N - K))`, which is about 1 when classes do not differ (the pseudo-F of Anderson, 2001).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Difference {
    /// Between-class over within-class variance.
    pub(super) ratio: f64,
    /// Share of all variance that lies between class means.
    pub(super) explained: f64,
    /// Mean ratio with shuffled labels.
    pub(super) chance_ratio: f64,
    /// The ratio that 5 % of the shuffles exceed.
    pub(super) chance_ratio_95: f64,
    /// Mean share explained with shuffled labels.
    pub(super) chance_explained: f64,
    /// Share of the shuffles, this labelling counted among them, with a ratio at least as large.
    pub(super) p: f64,
}

/// Attention by class; `labels` has one class a row of `attention`.
pub(super) fn by_class(attention: &[Vec<f32>], labels: &[usize], classes: usize) -> Vec<ClassAttention> {
    (0..classes)
        .map(|class| {
            let rows: Vec<&Vec<f32>> =
                attention.iter().zip(labels).filter(|(_, label)| **label == class).map(|(row, _)| row).collect();
            let values = || rows.iter().flat_map(|row| row.iter().map(|&value| f64::from(value)));
            let count = values().count().max(1) as f64;
            let mean = values().sum::<f64>() / count;
            let heads = rows.first().map_or(0, |row| row.len());
            let mean_of_head =
                |head: usize| rows.iter().map(|row| f64::from(row[head])).sum::<f64>() / rows.len() as f64;
            ClassAttention {
                pictures: rows.len(),
                mean_by_head: (0..heads).map(mean_of_head).collect(),
                mean,
                std: (values().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt(),
                below_005: values().filter(|&value| value < 0.05).count() as f64 / count,
            }
        })
        .collect()
}

/// How much classes differ; `None` where fewer than two classes occur, no class has two pictures, or nothing varies.
pub(super) fn difference(attention: &[Vec<f32>], labels: &[usize], classes: usize) -> Option<Difference> {
    let variance = Variance::of(attention, labels, classes)?;
    let explained = variance.explained(labels);
    let chance: Vec<f64> = (0..PERMUTATIONS)
        .into_par_iter()
        .map(|index| {
            let mut shuffled = labels.to_vec();
            shuffled.shuffle(&mut ChaCha8Rng::seed_from_u64(SEED.wrapping_add(index as u64)));
            variance.explained(&shuffled)
        })
        .collect();
    let mut ratios: Vec<f64> = chance.iter().map(|&explained| variance.ratio(explained)).collect();
    ratios.sort_by(f64::total_cmp);
    let at_least = chance.iter().filter(|&&value| value >= explained).count();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    Some(Difference {
        ratio: variance.ratio(explained),
        explained,
        chance_ratio: mean(&ratios),
        chance_ratio_95: ratios[PERMUTATIONS * 95 / 100],
        chance_explained: mean(&chance),
        p: (1 + at_least) as f64 / (1 + PERMUTATIONS) as f64,
    })
}

/// The attention less its mean, whose sum of squares does not depend on how pictures are labelled.
struct Variance {
    centred: Vec<Vec<f64>>,
    total: f64,
    classes: usize,
    occurring: usize,
}

impl Variance {
    fn of(attention: &[Vec<f32>], labels: &[usize], classes: usize) -> Option<Self> {
        let occurring = (0..classes).filter(|class| labels.contains(class)).count();
        let heads = attention.first()?.len();
        let count = attention.len() as f64;
        let means: Vec<f64> =
            (0..heads).map(|head| attention.iter().map(|row| f64::from(row[head])).sum::<f64>() / count).collect();
        let centred: Vec<Vec<f64>> = attention
            .iter()
            .map(|row| row.iter().zip(&means).map(|(&value, mean)| f64::from(value) - mean).collect())
            .collect();
        let total: f64 = centred.iter().flatten().map(|value| value * value).sum();
        (occurring > 1 && attention.len() > occurring && total > 0.0).then_some(Self {
            centred,
            total,
            classes,
            occurring,
        })
    }

    /// Share of the sum of squares that lies between the means of the classes: `sum_k n_k |m_k|^2 / total`.
    fn explained(&self, labels: &[usize]) -> f64 {
        let heads = self.centred.first().map_or(0, Vec::len);
        let mut sums = vec![0.0; self.classes * heads];
        let mut counts = vec![0usize; self.classes];
        for (row, &label) in self.centred.iter().zip(labels) {
            counts[label] += 1;
            for (sum, value) in sums[label * heads..(label + 1) * heads].iter_mut().zip(row) {
                *sum += value;
            }
        }
        let between: f64 = sums
            .chunks(heads.max(1))
            .zip(&counts)
            .filter(|(_, count)| **count > 0)
            .map(|(sums, &count)| sums.iter().map(|sum| sum * sum).sum::<f64>() / count as f64)
            .sum();
        between / self.total
    }

    fn ratio(&self, explained: f64) -> f64 {
        let (between, within) = (self.occurring - 1, self.centred.len() - self.occurring);
        (explained / between as f64) / ((1.0 - explained).max(f64::MIN_POSITIVE) / within as f64)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_ratio_of_one_head_is_the_f_of_an_analysis_of_variance() {
        // By hand: means 2, 6 and 4 around 4, SS_between = 2 (4 + 4 + 0) = 16, SS_within = 3 * 2 = 6; F = (16 / 2) / (6
        // / 3).
        let attention: Vec<Vec<f32>> = [1.0, 3.0, 5.0, 7.0, 3.0, 5.0].map(|value| vec![value]).to_vec();
        let found = difference(&attention, &[0, 0, 2, 2, 3, 3], 4).unwrap();
        assert!((found.ratio - 4.0).abs() < 1e-9, "{found:?}");
        assert!((found.explained - 16.0 / 22.0).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn classes_that_differ_are_told_from_chance_and_others_are_not() {
        let row = |picture: usize, step: usize| -> Vec<f32> {
            (0..8).map(|head| ((picture * step + head * 37) % 101) as f32 / 101.0).collect()
        };
        let labels: Vec<usize> = (0..120).map(|picture| picture % 3).collect();
        let noise: Vec<Vec<f32>> = (0..120).map(|picture| row(picture, 53)).collect();
        let by_chance = difference(&noise, &labels, 3).unwrap();
        assert!(by_chance.p > 0.05 && by_chance.ratio < 3.0, "{by_chance:?}");
        assert!((by_chance.chance_ratio - 1.0).abs() < 0.2, "shuffled labels give a ratio of about 1: {by_chance:?}");
        let shifted: Vec<Vec<f32>> = noise
            .iter()
            .zip(&labels)
            .map(|(row, &label)| row.iter().map(|value| value + label as f32 * 0.3).collect())
            .collect();
        let real = difference(&shifted, &labels, 3).unwrap();
        assert!(real.p <= 0.001 && real.ratio > real.chance_ratio_95, "{real:?}");
    }

    #[test]
    fn nothing_is_claimed_where_nothing_can_differ() {
        assert_eq!(difference(&[vec![0.5], vec![0.5]], &[0, 0], 2), None);
        assert_eq!(difference(&[vec![0.5], vec![0.5], vec![0.5]], &[0, 1, 1], 2), None);
        assert_eq!(difference(&[], &[], 2), None);
    }

    #[test]
    fn class_means_are_taken_head_by_head() {
        let attention = [vec![0.0, 1.0], vec![0.5, 0.5], vec![0.04, 1.0]];
        let classes = by_class(&attention, &[0, 0, 1], 3);
        assert_eq!((classes[0].pictures, classes[0].mean_by_head.clone()), (2, vec![0.25, 0.75]));
        assert_eq!((classes[0].mean, classes[0].below_005), (0.5, 0.25));
        assert!((classes[1].below_005 - 0.5).abs() < 1e-12 && classes[2].mean_by_head.is_empty());
    }
}
