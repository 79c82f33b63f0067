//! Labelled pictures for training and evaluation, read into memory one split at a time.
//!
//! [`DataSpec`] is what a user types (`rafdb:DIR`, `folder:DIR`, `synthetic`, ...); [`DataSpec::load`] reads one split of it,
//! [`DataSpec::load_with`] as [`LoadOptions`] ask. Pictures come out in their own size: resizing to the network's input,
//! normalisation and augmentation belong to the batches, the face stage of whole photographs to the evaluation.

mod absent_split;
mod affectnet;
mod averages;
mod classes;
mod decode;
mod difference_hash;
mod error;
mod fer2013;
mod ferplus;
mod ferplus_rows;
mod files;
mod folder;
mod held_out;
mod inspection;
mod left_out;
mod load_options;
mod manifest;
mod memory;
mod photos;
mod picture_source;
mod prepare;
mod raf_db;
mod same_classes;
mod spec;
mod split;
mod split_name;
mod synthetic;
mod table;
mod twins;
mod votes;

pub use absent_split::AbsentSplit;
pub use averages::{FEWEST_PICTURES, class_averages};
pub use classes::{EXPRESSIONS, class_names};
pub use decode::open_picture;
pub use error::{DataError, ListLine};
pub use inspection::{Inspection, SizeCount, SplitInspection, inspect};
pub use left_out::{LeftOut, Reason};
pub use load_options::LoadOptions;
pub use manifest::{DataManifest, data_hash};
pub use prepare::{PrepareError, PrepareOptions, Prepared, PreparedSplit, SUMMARY, WITHOUT_FACE, prepare};
pub use same_classes::{ClassesDiffer, same_classes};
pub use spec::{DataSpec, public_name};
pub use split::{Sample, Split};
pub use split_name::SplitName;
pub use synthetic::SyntheticOptions;
pub use twins::{TwinPair, Twins};
