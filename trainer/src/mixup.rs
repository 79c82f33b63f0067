//! Mixup (Zhang et al., ICLR 2018): every picture of a batch is blended with another, and their targets likewise.

use burn::tensor::{Int, Tensor, TensorData};
use rand::seq::SliceRandom;
use rand::{Rng, RngExt};

/// How a batch is mixed.
#[derive(Clone, Debug)]
pub(crate) struct Mix {
    /// Share of the picture itself, from a half to 1.
    share: f32,
    /// The picture that each is blended with.
    partners: Vec<i64>,
}

impl Mix {
    /// A random mix of `batch` pictures with one share from `Beta(strength, strength)`, or none when the strength is 0.
    ///
    /// The share is folded to a half or more, which mixes as often as the original; the label of a picture then stays that of
    /// its larger part, and that is the centre which it moves and is drawn to.
    pub(crate) fn random(strength: f64, batch: usize, rng: &mut impl Rng) -> Option<Self> {
        let share = match strength > 0.0 {
            true => symmetric_beta(strength, rng) as f32,
            false => return None,
        };
        let mut partners: Vec<i64> = (0..batch as i64).collect();
        partners.shuffle(rng);
        Some(Self { share: share.max(1.0 - share), partners })
    }

    /// Blends rows of `values`, of which there are `batch`.
    pub(crate) fn rows(&self, values: &[f32], batch: usize) -> Vec<f32> {
        let width = values.len() / batch.max(1);
        let rows = values.chunks(width.max(1)).zip(&self.partners);
        rows.flat_map(|(row, &partner)| {
            let other = &values[partner as usize * width..][..width];
            row.iter().zip(other).map(|(own, other)| own * self.share + other * (1.0 - self.share))
        })
        .collect()
    }

    /// Blends pictures `[batch, channels, S, S]`.
    pub(crate) fn pictures(self, pictures: Tensor<4>) -> Tensor<4> {
        let count = self.partners.len();
        let partners = Tensor::<1, Int>::from_data(TensorData::new(self.partners, [count]), &pictures.device());
        let others = pictures.clone().select(0, partners);
        pictures.mul_scalar(self.share) + others.mul_scalar(1.0 - self.share)
    }
}

/// A draw from `Beta(strength, strength)` by Jöhnk's rejection (Metrika 8, 1964), quick for the strengths of 0.001 to 1 that a recipe
/// may have.
fn symmetric_beta(strength: f64, rng: &mut impl Rng) -> f64 {
    loop {
        let x = rng.random::<f64>().powf(1.0 / strength);
        let y = rng.random::<f64>().powf(1.0 / strength);
        if x + y > 0.0 && x + y <= 1.0 {
            return x / (x + y);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use burn::tensor::Device;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn pictures_and_targets_are_blended_alike_and_keep_their_sum() {
        let mix = Mix { share: 0.75, partners: vec![1, 2, 0] };
        let targets = mix.rows(&[1.0, 0.0, 0.0, 1.0, 0.5, 0.5], 3);
        assert_eq!(targets, [0.75, 0.25, 0.125, 0.875, 0.625, 0.375]);
        let pictures = Tensor::<4>::from_data(TensorData::new(vec![8.0f32, 4.0, 0.0], [3, 1, 1, 1]), &Device::flex());
        assert_eq!(mix.pictures(pictures).into_data().try_to_vec::<f32>().unwrap(), [7.0, 3.0, 2.0]);
    }

    #[test]
    fn shares_have_the_mean_and_the_variance_of_the_beta_distribution() {
        for strength in [0.001, 0.2, 1.0] {
            let mut rng = ChaCha8Rng::seed_from_u64(2);
            let draws: Vec<f64> = (0..20_000).map(|_| symmetric_beta(strength, &mut rng)).collect();
            let mean = draws.iter().sum::<f64>() / draws.len() as f64;
            let variance = draws.iter().map(|draw| (draw - mean).powi(2)).sum::<f64>() / draws.len() as f64;
            let expected = 1.0 / (4.0 * (2.0 * strength + 1.0));
            assert!((mean - 0.5).abs() < 0.01 && (variance / expected - 1.0).abs() < 0.03, "{mean}, {variance}");
        }
    }

    #[test]
    fn the_larger_part_is_the_picture_itself_and_strength_0_mixes_nothing() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        assert!(Mix::random(0.0, 8, &mut rng).is_none());
        for _ in 0..100 {
            let mix = Mix::random(0.3, 8, &mut rng).unwrap();
            assert!((0.5..=1.0).contains(&mix.share));
            let mut partners = mix.partners.clone();
            partners.sort_unstable();
            assert_eq!(partners, (0..8).collect::<Vec<_>>());
        }
    }
}
