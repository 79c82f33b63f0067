//! In which order training pictures are drawn, and how often.

use rand::Rng;
use rand::seq::SliceRandom;

/// The pictures of one epoch, as many as there are `labels`, in random order.
///
/// With `balance` 0 every picture comes once. Otherwise class `k` with `n_k` pictures takes places in proportion to
/// `n_k^(1 - balance)`: its pictures are dealt in random order, and dealt again once all of them have been, so that none comes
/// twice more often than another of its class by more than one.
pub(crate) fn epoch_order(labels: &[usize], balance: f64, rng: &mut impl Rng) -> Vec<usize> {
    let mut order: Vec<usize> = match balance > 0.0 {
        false => (0..labels.len()).collect(),
        true => balanced(labels, balance, rng),
    };
    order.shuffle(rng);
    order
}

fn balanced(labels: &[usize], balance: f64, rng: &mut impl Rng) -> Vec<usize> {
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); labels.iter().max().map_or(0, |largest| largest + 1)];
    for (index, &label) in labels.iter().enumerate() {
        members[label].push(index);
    }
    let counts: Vec<usize> = members.iter().map(Vec::len).collect();
    let mut order = Vec::with_capacity(labels.len());
    for (members, places) in members.iter_mut().zip(places(&counts, balance)) {
        let end = order.len() + places;
        while order.len() < end {
            members.shuffle(rng);
            order.extend(members.iter().take(end - order.len()));
        }
    }
    order
}

/// How many places each class has in an epoch, by largest remainders: as many in sum as there are pictures.
fn places(counts: &[usize], balance: f64) -> Vec<usize> {
    let total: usize = counts.iter().sum();
    let weights: Vec<f64> =
        counts.iter().map(|&count| if count == 0 { 0.0 } else { (count as f64).powf(1.0 - balance) }).collect();
    let sum: f64 = weights.iter().sum();
    let exact: Vec<f64> = weights.iter().map(|weight| weight / sum.max(f64::MIN_POSITIVE) * total as f64).collect();
    let mut places: Vec<usize> = exact.iter().map(|share| share.floor() as usize).collect();
    let mut by_remainder: Vec<usize> = (0..counts.len()).collect();
    by_remainder.sort_by(|&a, &b| exact[b].fract().total_cmp(&exact[a].fract()));
    let left = total.saturating_sub(places.iter().sum());
    for class in by_remainder.into_iter().filter(|&class| counts[class] > 0).take(left) {
        places[class] += 1;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    /// 80 pictures of class 0, 15 of class 1, none of class 2 and 5 of class 3.
    fn labels() -> Vec<usize> {
        [vec![0; 80], vec![1; 15], vec![3; 5]].concat()
    }

    fn drawn(balance: f64) -> (Vec<usize>, [usize; 4]) {
        let labels = labels();
        let order = epoch_order(&labels, balance, &mut ChaCha8Rng::seed_from_u64(7));
        let mut counts = [0; 4];
        order.iter().for_each(|&index| counts[labels[index]] += 1);
        (order, counts)
    }

    #[test]
    fn without_balance_every_picture_comes_once() {
        let (mut order, _) = drawn(0.0);
        assert!(!order.is_sorted(), "the order is random");
        order.sort_unstable();
        assert_eq!(order, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn full_balance_draws_the_classes_that_occur_equally_often() {
        let (order, counts) = drawn(1.0);
        assert_eq!(order.len(), 100);
        assert!(counts[2] == 0 && [0, 1, 3].iter().all(|&class| (33..=34).contains(&counts[class])), "{counts:?}");
        let times = |index: usize| order.iter().filter(|&&drawn| drawn == index).count();
        assert!((95..100).all(|index| (6..=7).contains(&times(index))), "the pictures of a class take turns");
    }

    #[test]
    fn half_balance_draws_by_the_square_root() {
        // sqrt(80) : sqrt(15) : sqrt(5) = 8.944 : 3.873 : 2.236, of 15.053.
        assert_eq!(drawn(0.5).1, [59, 26, 0, 15]);
    }
}
