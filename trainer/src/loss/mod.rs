//! The losses of the paper and the centres that go with them.
//!
//! Equations and their sources are in `docs/algorithm.md`.

mod centres;
mod feature_length;
mod sparse_center;

pub use centres::Centres;
pub use feature_length::{features_at_length, row_at_length};
pub use sparse_center::sparse_center_loss;

use std::fmt;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// Which loss trains the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LossKind {
    /// Cross entropy alone.
    Softmax,
    /// Cross entropy and plain center loss: every attention weight is 1.
    Center,
    /// Cross entropy and sparse center loss, weighted by the network's attention.
    Dacl,
}

impl LossKind {
    /// Whether it trains the attention arm; otherwise that stays as random as it started.
    pub fn trains_attention(self) -> bool {
        self == Self::Dacl
    }
}

impl fmt::Display for LossKind {
    /// The name that recipes have for it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Softmax => "softmax",
            Self::Center => "center",
            Self::Dacl => "dacl",
        })
    }
}
