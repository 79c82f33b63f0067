//! What a data set held when it was used: every picture's name, class and content in one list, and one hash over the list.
//!
//! The list is a table, `split,name,class,sha256,votes`, and its SHA-256 is the data set's: `sha256sum` of a written list gives
//! what a run has recorded. A picture's `sha256` is that of its file as it is stored, whatever was done to it while loading.

use dacl::artefact::{hexadecimal, sha256_hex};

use super::{Split, SplitName};
use crate::csv_text::csv_text;

/// The list of the pictures of some splits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataManifest {
    table: Vec<u8>,
}

/// One hash over names, labels, votes and content of the pictures of some splits, in hexadecimal.
///
/// Names, classes, votes and stored files are in it; face boxes and [`LoadOptions`](super::LoadOptions) are not. The same splits have to
/// be given in the same order.
pub fn data_hash(splits: &[(SplitName, &Split)]) -> String {
    let mut manifest = DataManifest::default();
    for (name, split) in splits {
        manifest.add(*name, split);
    }
    manifest.sha256()
}

impl Default for DataManifest {
    fn default() -> Self {
        Self { table: b"split,name,class,sha256,votes\n".to_vec() }
    }
}

impl DataManifest {
    /// Appends the pictures of a split.
    pub fn add(&mut self, name: SplitName, split: &Split) {
        let rows = split.samples.iter().map(|sample| {
            let class = split.classes.get(sample.label).map_or("", String::as_str);
            let votes: Vec<_> = sample.votes.iter().flatten().map(f32::to_string).collect();
            (name.to_string(), &sample.name, class, hexadecimal(&sample.sha256), votes.join(" "))
        });
        let Ok(rows) = csv_text(rows) else { unreachable!("memory takes every row of texts") };
        self.table.extend(rows);
    }

    /// The list as comma-separated text.
    pub fn table(&self) -> &[u8] {
        &self.table
    }

    /// The hash of the list.
    pub fn sha256(&self) -> String {
        sha256_hex(&self.table)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::data::{LeftOut, Sample, class_names};
    use image::DynamicImage;

    fn split() -> Split {
        let sample = |name: &str, label| Sample {
            name: name.to_owned(),
            picture: DynamicImage::new_luma8(2, 2),
            label,
            sha256: [0xab; 32],
            votes: None,
            target: None,
        };
        Split {
            samples: vec![sample("a.png", 0), sample("b, \"c\".png", 6)],
            classes: class_names(),
            whole_photographs: false,
            left_out: LeftOut::default(),
        }
    }

    fn hash(split: &Split) -> String {
        data_hash(&[(SplitName::Train, split)])
    }

    #[test]
    fn the_list_reads_as_a_table() {
        let mut manifest = DataManifest::default();
        let mut split = split();
        split.samples[0].votes = Some(vec![0.5, 0.0, 0.5]);
        manifest.add(SplitName::Valid, &split);
        let content = "ab".repeat(32);
        // To the last byte: runs keep its hash.
        let expected = format!(
            "split,name,class,sha256,votes\nvalid,a.png,neutral,{content},0.5 0 0.5\nvalid,\"b, \"\"c\"\".png\",anger,{content},\n"
        );
        assert_eq!(str::from_utf8(manifest.table()).unwrap(), expected);
        assert_eq!(manifest.sha256().len(), 64);
    }

    #[test]
    fn the_hash_changes_with_every_name_label_vote_content_and_split_and_with_nothing_else() {
        let before = hash(&split());
        let changed = |change: fn(&mut Split)| {
            let mut split = split();
            change(&mut split);
            hash(&split)
        };
        assert_ne!(before, changed(|split| split.samples[1].name.push('x')));
        assert_ne!(before, changed(|split| split.samples[1].label = 5));
        assert_ne!(before, changed(|split| split.samples[1].sha256[31] ^= 1));
        assert_ne!(before, changed(|split| split.samples[1].votes = Some(vec![1.0])));
        assert_ne!(before, changed(|split| drop(split.samples.pop())));
        assert_ne!(before, data_hash(&[(SplitName::Test, &split())]));
        assert_eq!(before, changed(|split| split.samples[1].picture = DynamicImage::new_rgb8(9, 9)));
        assert_eq!(before, changed(|split| split.samples[1].target = Some(vec![1.0])), "teachers change no data");
    }
}
