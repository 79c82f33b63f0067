//! What is kept of each class: its centre in the sparse center loss, and the attention that its faces get on average.

use crate::artefact::{WeightFileError, read_weights, write_weights};
use crate::network::{HEADS, Weights};

/// Names of the tensors in the centres' file. They have one axis, so that they are stored in 32 bits: the file is small as it is.
const POSITIONS: &str = "centres";
const ATTENTION: &str = "mean_attention";

/// One centre a class in the space of the 512 deep features, and the mean attention of the class's faces.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassCentres {
    positions: Vec<Vec<f32>>,
    mean_attention: Vec<Vec<f32>>,
}

impl ClassCentres {
    /// Centres `[classes][512]`, and the mean attention of `faces`, which are labels and attention `[512]`. A class without a face
    /// has a mean of 0.
    pub fn new<'a>(positions: Vec<Vec<f32>>, faces: impl IntoIterator<Item = (usize, &'a [f32])>) -> Self {
        let mut sums = vec![[0f64; HEADS]; positions.len()];
        let mut counts = vec![0usize; positions.len()];
        for (class, attention) in faces {
            counts[class] += 1;
            sums[class].iter_mut().zip(attention).for_each(|(sum, &weight)| *sum += f64::from(weight));
        }
        let mean = |(sums, count): (&[f64; HEADS], &usize)| {
            sums.iter().map(|sum| (sum / (*count).max(1) as f64) as f32).collect()
        };
        Self { positions, mean_attention: sums.iter().zip(&counts).map(mean).collect() }
    }

    /// Where the centres come to rest if features and attention stay as they are: the point of each class at which the steps
    /// of the moving average, `c <- c + alpha sum_i a_i (f_i - c) / (1 + n)`, cancel each other, `c = sum_i a_i f_i / sum_i a_i`.
    ///
    /// `faces` are labels, features `[512]` and attention `[512]`. A class without a face has its centre at 0.
    pub fn at_rest<'a>(classes: usize, faces: impl IntoIterator<Item = (usize, &'a [f32], &'a [f32])> + Clone) -> Self {
        let mut weighted = vec![[0f64; HEADS]; classes];
        let mut weights = vec![[0f64; HEADS]; classes];
        for (class, features, attention) in faces.clone() {
            for (place, (&feature, &weight)) in features.iter().zip(attention).enumerate() {
                weighted[class][place] += f64::from(weight) * f64::from(feature);
                weights[class][place] += f64::from(weight);
            }
        }
        let quotients = |(sums, weights): (&[f64; HEADS], &[f64; HEADS])| {
            sums.iter()
                .zip(weights)
                .map(|(sum, weight)| if *weight > 0.0 { (sum / weight) as f32 } else { 0.0 })
                .collect()
        };
        let positions = weighted.iter().zip(&weights).map(quotients).collect();
        Self::new(positions, faces.into_iter().map(|(class, _, attention)| (class, attention)))
    }

    /// The positions `[classes][512]`.
    pub fn positions(&self) -> &[Vec<f32>] {
        &self.positions
    }

    /// The mean attention `[classes][512]` of each class's faces.
    pub fn mean_attention(&self) -> &[Vec<f32>] {
        &self.mean_attention
    }

    /// The attentive distance of a face with `features` and `attention`, both `[512]`, to each centre:
    /// `d_k = sqrt(sum_j a_j (f_j - c_kj)^2 / sum_j a_j)`, the root of the face's term in the sparse center loss, over its weights.
    pub fn distances(&self, features: &[f32], attention: &[f32]) -> Vec<f32> {
        let weights: f64 = attention.iter().copied().map(f64::from).sum();
        let distance = |centre: &Vec<f32>| {
            let terms = features.iter().zip(centre).zip(attention).map(|((feature, centre), weight)| {
                f64::from(*weight) * (f64::from(*feature) - f64::from(*centre)).powi(2)
            });
            (terms.sum::<f64>() / weights.max(f64::MIN_POSITIVE)).sqrt() as f32
        };
        self.positions.iter().map(distance).collect()
    }

    /// The bytes of the artefact's file of centres.
    ///
    /// # Errors
    /// When a position is not finite.
    pub fn to_bytes(&self) -> Result<Vec<u8>, WeightFileError> {
        let mut weights = Weights::default();
        for (name, rows) in [(POSITIONS, &self.positions), (ATTENTION, &self.mean_attention)] {
            weights.insert(name, vec![rows.len() * HEADS], rows.concat())?;
        }
        write_weights(&weights)
    }

    /// The centres of `classes` classes in an artefact's file.
    ///
    /// # Errors
    /// When it is no such file, or of another number of classes.
    pub fn from_bytes(bytes: &[u8], classes: usize) -> Result<Self, WeightFileError> {
        let weights = read_weights(bytes)?;
        let rows = |name: &str| -> Result<Vec<Vec<f32>>, WeightFileError> {
            let values = weights.values(name, &[classes * HEADS])?;
            Ok(values.chunks(HEADS).map(<[f32]>::to_vec).collect())
        };
        Ok(Self { positions: rows(POSITIONS)?, mean_attention: rows(ATTENTION)? })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// 512 values that begin with these.
    fn padded(values: &[f32]) -> Vec<f32> {
        let mut all = values.to_vec();
        all.resize(HEADS, 0.0);
        all
    }

    #[test]
    fn distances_are_those_worked_out_by_hand() {
        let centres = ClassCentres::new(vec![padded(&[1.0, 0.0]), padded(&[3.0, 2.0])], []);
        // Weights 0.5 and 1.5: (0.5 * 4 + 1.5 * 0) / 2 = 1, and (0.5 * 0 + 1.5 * 4) / 2 = 3.
        let found = centres.distances(&padded(&[3.0, 0.0]), &padded(&[0.5, 1.5]));
        assert!((found[0] - 1.0).abs() < 1e-6 && (found[1] - 3f32.sqrt()).abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn centres_at_rest_are_moved_by_no_further_step_of_the_rule() {
        let faces = [
            (0, padded(&[1.0, 4.0]), padded(&[0.2, 0.9])),
            (0, padded(&[2.0, 1.0]), padded(&[0.7, 0.3])),
            (1, padded(&[5.0, 5.0]), padded(&[0.1, 0.1])),
        ];
        let centres = ClassCentres::at_rest(3, faces.iter().map(|(class, f, a)| (*class, f.as_slice(), a.as_slice())));
        for place in 0..2 {
            let pull: f32 =
                faces[..2].iter().map(|(_, f, a)| a[place] * (f[place] - centres.positions()[0][place])).sum();
            assert!(pull.abs() < 1e-6, "{pull}");
        }
        assert_eq!(centres.positions()[1][..2], [5.0, 5.0]);
        assert_eq!(centres.positions()[2], padded(&[]), "a class without a face");
        let [first, second, third] = [0, 1, 2].map(|class| &centres.mean_attention()[class][..2]);
        assert!((first[0] - 0.45).abs() < 1e-6 && (first[1] - 0.6).abs() < 1e-6, "{first:?}");
        assert_eq!((second, third), ([0.1, 0.1].as_slice(), [0.0, 0.0].as_slice()));
    }

    #[test]
    fn centres_come_back_from_their_file_exactly_and_no_other_file_is_taken() {
        let centres =
            ClassCentres::new(vec![padded(&[0.123_456_79]), padded(&[-7.0])], [(1, padded(&[0.3]).as_slice())]);
        let bytes = centres.to_bytes().unwrap();
        assert_eq!(ClassCentres::from_bytes(&bytes, 2).unwrap(), centres);
        assert!(ClassCentres::from_bytes(&bytes, 3).is_err());
        assert!(ClassCentres::from_bytes(&bytes[1..], 2).is_err());
    }
}
