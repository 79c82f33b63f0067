//! What the running program was built from; `build.rs` finds it out.

use serde::{Deserialize, Serialize};

/// Compiler, framework and features of a build. Empty in runs of before it was recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildInfo {
    /// What `rustc --version` says.
    pub rustc: String,
    /// Version of burn.
    pub burn: String,
    /// Features of the trainer.
    pub features: Vec<String>,
}

impl BuildInfo {
    /// Of this program.
    pub fn of_this_program() -> Self {
        let features = env!("TRAINER_FEATURES").split(',').filter(|name| !name.is_empty());
        Self {
            rustc: env!("TRAINER_RUSTC").to_owned(),
            burn: env!("TRAINER_BURN").to_owned(),
            features: features.map(String::from).collect(),
        }
    }
}

/// The commit that this program was built from, `-dirty` at its end where what is compiled had been changed since; `None` where git did not
/// know it.
pub fn commit() -> Option<String> {
    Some(env!("TRAINER_COMMIT").to_owned()).filter(|commit| !commit.is_empty())
}
