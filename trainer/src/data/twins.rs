//! Pictures that occur more than once: the same file, or the same original in another size, light or cut.

use rayon::prelude::*;
use serde::Serialize;

use super::difference_hash::DifferenceHash;

/// What is kept of a picture to compare it with others.
pub(super) struct Fingerprint {
    /// Place of its split in the list of splits.
    pub(super) split: usize,
    /// Its name in the data set.
    pub(super) name: String,
    /// Its class.
    pub(super) label: usize,
    /// Hash of what is stored.
    pub(super) sha256: [u8; 32],
    /// Hash of what it looks like.
    pub(super) looks: DifferenceHash,
}

/// Two pictures that are the same, or nearly.
pub(super) struct Pair {
    pub(super) one: usize,
    pub(super) other: usize,
    pub(super) identical: bool,
    pub(super) distance: u32,
}

/// All pairs among the pictures, in their order. Compares each with each: the time grows with the square of their number.
pub(super) fn pairs(pictures: &[Fingerprint]) -> Vec<Pair> {
    (0..pictures.len())
        .into_par_iter()
        .flat_map_iter(|one| {
            (one + 1..pictures.len()).filter_map(move |other| {
                let (first, second) = (&pictures[one], &pictures[other]);
                let distance = first.looks.distance(&second.looks)?;
                Some(Pair { one, other, identical: first.sha256 == second.sha256, distance })
            })
        })
        .collect()
}

/// How often pictures of one split occur again in the same or in another split.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Twins {
    /// The two splits; twice the same for twins within a split.
    pub splits: [String; 2],
    /// Pictures of the second split that have a twin in the first.
    pub pictures: usize,
    /// Pairs of the same content, byte by byte.
    pub identical_pairs: usize,
    /// Pairs that look the same but are stored differently.
    pub similar_pairs: usize,
    /// Pairs, of either kind, whose labels contradict each other.
    pub pairs_with_other_labels: usize,
}

/// Two pictures that are the same, or nearly, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TwinPair {
    /// Splits of the two.
    pub splits: [String; 2],
    /// Names of the two.
    pub names: [String; 2],
    /// Classes of the two.
    pub classes: [String; 2],
    /// Whether they are the same, byte by byte.
    pub identical: bool,
    /// In how many of 256 bits their difference hashes differ.
    pub distance: u32,
}

/// Counts the pairs by their splits; only what occurs is listed.
pub(super) fn count(pictures: &[Fingerprint], pairs: &[Pair], splits: &[String]) -> Vec<Twins> {
    let mut counts = Vec::new();
    for first in 0..splits.len() {
        for second in first..splits.len() {
            let between: Vec<_> = pairs
                .iter()
                .filter(|pair| (pictures[pair.one].split, pictures[pair.other].split) == (first, second))
                .collect();
            let mut twins: Vec<usize> = between.iter().map(|pair| pair.other).collect();
            if first == second {
                twins.extend(between.iter().map(|pair| pair.one));
            }
            twins.sort_unstable();
            twins.dedup();
            if twins.is_empty() {
                continue;
            }
            let identical_pairs = between.iter().filter(|pair| pair.identical).count();
            counts.push(Twins {
                splits: [splits[first].clone(), splits[second].clone()],
                pictures: twins.len(),
                identical_pairs,
                similar_pairs: between.len() - identical_pairs,
                pairs_with_other_labels: between
                    .iter()
                    .filter(|pair| pictures[pair.one].label != pictures[pair.other].label)
                    .count(),
            });
        }
    }
    counts
}
