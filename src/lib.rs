//! Deep Attentive Center Loss (Farzaneh and Qi, WACV 2021): facial expressions with their attention weights.
//!
//! This crate holds what training and the browser share: the network, the face stage, preprocessing, the weight
//! artefact and the pipeline that joins them. Training lives in the crate `trainer`; the browser's entry is `web`.

pub mod artefact;
pub mod centres;
pub mod expression;
pub mod faces;
mod kernels;
pub mod network;
pub mod pipeline;
pub mod preprocess;
pub mod recognise;
#[cfg(target_family = "wasm")]
pub mod web;
