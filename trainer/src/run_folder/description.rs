//! What a run was asked to do and where it ran, as `run.json` has it.

use serde::{Deserialize, Serialize};

use crate::build_info::BuildInfo;
use crate::data::LoadOptions;
use crate::recipe::Recipe;

/// What a run was asked to do and where it ran.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunDescription {
    /// The resolved recipe.
    pub recipe: Recipe,
    /// The data set, as it was named on the command line.
    pub data: String,
    /// Hash over names, labels, votes and content of the training and validation pictures, see
    /// [`data_hash`](crate::data::data_hash).
    pub data_sha256: String,
    /// How the data set was read.
    pub loading: LoadOptions,
    /// The start weights, as they were named on the command line.
    pub init: Option<String>,
    /// Networks whose answers are part of the targets, as they were named on the command line.
    #[serde(default)]
    pub teachers: Vec<String>,
    /// SHA-256 of the start weights, see [`weights_sha256`](crate::weights_folder::weights_sha256).
    #[serde(default)]
    pub init_sha256: Option<String>,
    /// SHA-256 of each teacher's weights.
    #[serde(default)]
    pub teachers_sha256: Vec<String>,
    /// Class names in order.
    pub classes: Vec<String>,
    /// Device that the run started on.
    pub device: String,
    /// Devices that it was gone on with on, in order, each where it was another than before.
    #[serde(default)]
    pub resumed_on: Vec<String>,
    /// Version of the trainer.
    pub version: String,
    /// Commit that the trainer was built from; in older runs, that of the working tree in which it was started.
    pub commit: Option<String>,
    /// What else the trainer was built from.
    #[serde(default)]
    pub build: BuildInfo,
}
