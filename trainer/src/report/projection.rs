//! Deep features seen in the plane of their two largest principal components.

use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// The plane of the two largest principal components.
#[derive(Clone, Debug)]
pub(super) struct Plane {
    mean: DVector<f64>,
    /// Two columns of length 1.
    axes: DMatrix<f64>,
    /// Share of all variance that lies along each axis.
    pub(super) explained: [f64; 2],
}

impl Plane {
    /// The plane of `features`, one row a picture; `None` with fewer than three pictures or without any variance.
    pub(super) fn of(features: &[Vec<f32>]) -> Option<Self> {
        let width = features.first()?.len();
        let rows = DMatrix::from_fn(features.len(), width, |row, column| f64::from(features[row][column]));
        let mean = rows.row_mean().transpose();
        let centred = DMatrix::from_fn(rows.nrows(), width, |row, column| rows[(row, column)] - mean[column]);
        let covariance = centred.tr_mul(&centred) / (rows.nrows().max(2) - 1) as f64;
        let total = covariance.trace();
        if features.len() < 3 || width < 2 || total.is_nan() || total <= 0.0 {
            return None;
        }
        let eigen = SymmetricEigen::new(covariance);
        let mut order: Vec<usize> = (0..width).collect();
        order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
        let axis = |rank: usize| {
            let axis = eigen.eigenvectors.column(order[rank]).clone_owned();
            // An eigenvector's sign is arbitrary: with the largest entry positive, the same features give the same
            // picture.
            if axis[axis.icamax()] < 0.0 { -axis } else { axis }
        };
        Some(Self {
            mean,
            axes: DMatrix::from_columns(&[axis(0), axis(1)]),
            explained: [0, 1].map(|rank: usize| eigen.eigenvalues[order[rank]].max(0.0) / total),
        })
    }

    /// Where a point of the features' space falls in the plane.
    pub(super) fn project(&self, point: &[f64]) -> [f64; 2] {
        let offset = DVector::from_iterator(point.len(), point.iter().copied()) - &self.mean;
        let place = self.axes.tr_mul(&offset);
        [place[0], place[1]]
    }
}

/// Mean features of each class; `None` for a class that does not occur.
pub(super) fn class_means(features: &[Vec<f32>], labels: &[usize], classes: usize) -> Vec<Option<Vec<f64>>> {
    let width = features.first().map_or(0, Vec::len);
    let mut sums = vec![vec![0.0; width]; classes];
    let mut counts = vec![0usize; classes];
    for (row, &label) in features.iter().zip(labels) {
        counts[label] += 1;
        for (sum, &value) in sums[label].iter_mut().zip(row) {
            *sum += f64::from(value);
        }
    }
    let mean = |(sums, count): (Vec<f64>, usize)| {
        (count > 0).then(|| sums.into_iter().map(|sum| sum / count as f64).collect())
    };
    sums.into_iter().zip(counts).map(mean).collect()
}

/// Euclidean distance.
pub(super) fn distance(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| (one - other).powi(2)).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_plane_finds_the_two_directions_of_the_largest_spread() {
        // Spread 10 along (3, 4, 0) / 5, 2 along the third axis, none across.
        let features: Vec<Vec<f32>> = [(-10.0, 0.0), (10.0, 0.0), (0.0, -2.0), (0.0, 2.0)]
            .map(|(long, short): (f32, f32)| vec![1.0 + 0.6 * long, 2.0 + 0.8 * long, 3.0 + short])
            .to_vec();
        let plane = Plane::of(&features).unwrap();
        assert!((plane.explained[0] - 200.0 / 208.0).abs() < 1e-6, "{:?}", plane.explained);
        assert!((plane.explained[1] - 8.0 / 208.0).abs() < 1e-6, "{:?}", plane.explained);
        let place = plane.project(&[1.0 + 6.0, 2.0 + 8.0, 3.0 + 1.0]);
        assert!((place[0] - 10.0).abs() < 1e-5 && (place[1] - 1.0).abs() < 1e-5, "{place:?}");
    }

    #[test]
    fn features_without_spread_have_no_plane() {
        assert!(Plane::of(&vec![vec![1.0, 2.0]; 5]).is_none());
        assert!(Plane::of(&[]).is_none());
    }

    #[test]
    fn class_means_skip_classes_without_pictures() {
        let means = class_means(&[vec![1.0, 2.0], vec![3.0, 2.0]], &[1, 1], 2);
        assert_eq!(means, [None, Some(vec![2.0, 2.0])]);
        assert_eq!(distance(&[0.0, 0.0], &[3.0, 4.0]), 5.0);
    }
}
