//! Labelled pictures for training and evaluation, read into memory one split at a time.
//!
//! [`DataSpec`] is what a user types (`ferplus:DIR`, `folder:DIR`, `photos:DIR`, `synthetic`);
//! [`DataSpec::load`] reads one split of it. Pictures come out in their own size: resizing,
//! normalisation and augmentation belong to the batches, the face stage of whole photographs to the
//! evaluation.

mod averages;
mod classes;
mod decode;
mod error;
mod ferplus;
mod folder;
mod left_out;
mod photos;
mod picture_source;
mod spec;
mod split;
mod split_name;
mod synthetic;
mod table;
mod votes;

pub use averages::{FEWEST_PICTURES, class_averages};
pub use classes::{EXPRESSIONS, class_names};
pub use decode::open_picture;
pub use error::DataError;
pub use left_out::{LeftOut, Reason};
pub use spec::DataSpec;
pub use split::{Sample, Split};
pub use split_name::SplitName;
pub use synthetic::SyntheticOptions;
