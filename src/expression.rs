//! The seven basic expressions in the order that the whole project uses.
//!
//! Data sets number them in many ways; every loader maps by name to this order (AffectNet's ids 0 to 6).

/// Class names in canonical order: the index of a name is its class number.
pub const EXPRESSIONS: [&str; 7] = ["neutral", "happy", "sad", "surprise", "fear", "disgust", "anger"];
