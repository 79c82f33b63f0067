//! The share of a training list that serves as `valid` where a data set has no validation split of its own.
//!
//! A tenth of every class, rounded, and the same pictures on every machine and in every year: those whose names have the
//! smallest SHA-256. The names decide, not the order of the list or chance, so a picture that is missing from one copy of a data
//! set hardly moves the others.

use sha2::{Digest, Sha256};

use super::SplitName;

/// One picture in so many.
const ONE_IN: usize = 10;

/// The part of a published training set that is `train` or `valid` here; `name_and_label` tells both of a picture.
pub(super) fn part_of<T>(training: Vec<T>, split: SplitName, name_and_label: impl Fn(&T) -> (&str, usize)) -> Vec<T> {
    let held = held_out(training.iter().map(name_and_label));
    let wanted = split == SplitName::Valid;
    training.into_iter().zip(held).filter(|(_, held)| *held == wanted).map(|(picture, _)| picture).collect()
}

/// For each picture of a training list, given by name and label, whether it is held out for validation.
fn held_out<'a>(pictures: impl Iterator<Item = (&'a str, usize)>) -> Vec<bool> {
    let mut order: Vec<(usize, [u8; 32], usize)> = pictures
        .enumerate()
        .map(|(place, (name, label))| (label, Sha256::digest(name.as_bytes()).into(), place))
        .collect();
    order.sort_unstable();
    let mut held_out = vec![false; order.len()];
    for class in order.chunk_by(|one, next| one.0 == next.0) {
        let count = (class.len() + ONE_IN / 2) / ONE_IN;
        for (_, _, place) in &class[..count] {
            held_out[*place] = true;
        }
    }
    held_out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|i| format!("train_{i:05}.jpg")).collect()
    }

    #[test]
    fn a_tenth_of_every_class_is_held_out() {
        let names = names(300);
        // 200 pictures of class 0, 96 of class 1, 4 of class 2.
        let label = |i| if i < 200 { 0 } else { 1 + usize::from(i >= 296) };
        let held = held_out(names.iter().enumerate().map(|(i, name)| (name.as_str(), label(i))));
        let count = |class| (0..300).filter(|&i| held[i] && label(i) == class).count();
        assert_eq!([count(0), count(1), count(2)], [20, 10, 0]);
    }

    #[test]
    fn the_names_decide_and_not_their_order() {
        let names = names(50);
        let forwards = held_out(names.iter().map(|name| (name.as_str(), 3)));
        let mut backwards = held_out(names.iter().rev().map(|name| (name.as_str(), 3)));
        backwards.reverse();
        assert_eq!(forwards, backwards);
        // Fixed for ever: another rule would mix training and validation pictures of earlier runs.
        let held: Vec<_> = (0..50).filter(|&i| forwards[i]).collect();
        assert_eq!(held, [10, 12, 16, 40, 43]);
    }
}
