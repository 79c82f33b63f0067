//! What is in a data set: counts, sizes, twins, and the list of its pictures.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::{
    AbsentSplit, DataError, DataManifest, DataSpec, LeftOut, LoadOptions, Split, SplitName, data_hash,
    difference_hash::DifferenceHash,
    twins::{self, Fingerprint, TwinPair, Twins},
};

/// Everything that `trainer data inspect` tells. Field names are those of its `--json`.
#[derive(Clone, Debug, Serialize)]
pub struct Inspection {
    /// The data set, as it is named on the command line.
    pub data: String,
    /// Class names in label order.
    pub classes: Vec<String>,
    /// The splits that have pictures.
    pub splits: Vec<SplitInspection>,
    /// The splits that have none, with the reason.
    pub absent: Vec<AbsentSplit>,
    /// How many pictures occur again, by split.
    pub twins: Vec<Twins>,
    /// The pictures that occur again, by name.
    pub twin_pairs: Vec<TwinPair>,
    /// Hash of the list of all pictures.
    pub sha256: String,
}

/// What is in one split.
#[derive(Clone, Debug, Serialize)]
pub struct SplitInspection {
    /// Its name.
    pub split: String,
    /// Its number of pictures.
    pub pictures: usize,
    /// Pictures of each class, in label order.
    pub class_counts: Vec<usize>,
    /// Pictures that were left out, by reason.
    pub left_out: BTreeMap<String, usize>,
    /// What was wrong with the first few of the bad pictures.
    pub first_bad: Vec<String>,
    /// Pictures that are grey; the others are in colour.
    pub grey: usize,
    /// Sizes in pixels with the number of pictures that have them, the most frequent first.
    pub sizes: Vec<SizeCount>,
    /// Hash of the list of the split's pictures, as a run records it.
    pub sha256: String,
}

/// How many pictures have a size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SizeCount {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Pictures of this size.
    pub pictures: usize,
}

/// Looks through all splits of a data set. One split is in memory at a time.
///
/// # Errors
///
/// When no split can be read, or one that is there is broken; see [`DataError`].
pub fn inspect(data: &DataSpec, options: &LoadOptions) -> Result<(Inspection, DataManifest), DataError> {
    let mut manifest = DataManifest::default();
    let mut inspection = Inspection {
        data: data.to_string(),
        classes: Vec::new(),
        splits: Vec::new(),
        absent: Vec::new(),
        twins: Vec::new(),
        twin_pairs: Vec::new(),
        sha256: String::new(),
    };
    let mut pictures = Vec::new();
    data.each_split(
        data.splits(),
        options,
        |name, split| {
            let place = inspection.splits.len();
            pictures.par_extend(split.samples.par_iter().map(|sample| Fingerprint {
                split: place,
                name: sample.name.clone(),
                label: sample.label,
                sha256: sample.sha256,
                looks: DifferenceHash::of(&sample.picture),
            }));
            manifest.add(name, &split);
            inspection.splits.push(inspect_split(name, &split));
            inspection.classes = split.classes;
            Ok(())
        },
        |absent| inspection.absent.push(absent),
    )?;
    let pairs = twins::pairs(&pictures);
    let splits: Vec<String> = inspection.splits.iter().map(|split| split.split.clone()).collect();
    inspection.twins = twins::count(&pictures, &pairs, &splits);
    inspection.twin_pairs = pairs
        .iter()
        .map(|pair| {
            let both = [&pictures[pair.one], &pictures[pair.other]];
            TwinPair {
                splits: both.map(|picture| splits[picture.split].clone()),
                names: both.map(|picture| picture.name.clone()),
                classes: both.map(|picture| inspection.classes[picture.label].clone()),
                identical: pair.identical,
                distance: pair.distance,
            }
        })
        .collect();
    inspection.sha256 = manifest.sha256();
    Ok((inspection, manifest))
}

fn inspect_split(name: SplitName, split: &Split) -> SplitInspection {
    let mut sizes: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    for sample in &split.samples {
        *sizes.entry((sample.picture.width(), sample.picture.height())).or_default() += 1;
    }
    let mut sizes: Vec<_> =
        sizes.into_iter().map(|((width, height), pictures)| SizeCount { width, height, pictures }).collect();
    sizes.sort_by_key(|size| std::cmp::Reverse(size.pictures));
    SplitInspection {
        split: name.to_string(),
        pictures: split.samples.len(),
        class_counts: split.class_counts(),
        left_out: by_reason(&split.left_out),
        first_bad: split.left_out.first_bad().to_vec(),
        grey: split.samples.iter().filter(|sample| !sample.picture.color().has_color()).count(),
        sizes,
        sha256: data_hash(&[(name, split)]),
    }
}

fn by_reason(left_out: &LeftOut) -> BTreeMap<String, usize> {
    left_out.iter().map(|(reason, count)| (reason.to_string(), count)).collect()
}
