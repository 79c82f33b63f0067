//! The DACL network (Farzaneh and Qi, WACV 2021): a ResNet-18 trunk, a context encoder, 512 binary
//! attention heads and a linear classifier.
//!
//! There are two forms of it. [`Dacl`] is the form that is trained: batch norm is explicit and one call gives
//! features, logits and attention. [`LabelPath`] and [`AttentionArm`] are the form that answers questions:
//! batch norm is folded into the weights, and either half can be there without the other.
//!
//! Losses and centres are not here: they exist only in training.

mod config;
mod context_encoder;
mod dacl;
mod fold;
mod heads;
mod inference;
mod trunk;
mod unfold;
mod weights;

pub use config::{ConfigError, ContextEncoderConfig, DaclConfig, HEADS};
pub use context_encoder::{ContextEncoder, ContextUnit};
pub use dacl::{Dacl, DaclOutput};
pub use fold::{fold_attention_arm, fold_label_path};
pub use heads::AttentionHeads;
pub use inference::{AttentionArm, LabelOutput, LabelPath};
pub use trunk::{BasicBlock, Downsample, Trunk};
pub use unfold::{UnfoldError, unfold};
pub use weights::{WeightError, Weights};
