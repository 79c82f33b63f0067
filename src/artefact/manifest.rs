//! `manifest.json`: everything about an artefact but the weights themselves.

use serde::{Deserialize, Serialize};

use crate::network::{ConfigError, DaclConfig};
use crate::preprocess::Preprocessing;

/// Name of the manifest within the artefact's folder.
pub const MANIFEST_FILE: &str = "manifest.json";
/// What the manifest's field `format` says.
pub const FORMAT: &str = "dacl-weights";
/// The version of the format that this code reads and writes.
pub const FORMAT_VERSION: u32 = 2;

/// The manifest of a weight artefact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always [`FORMAT`].
    pub format: String,
    /// Version of the format.
    pub version: u32,
    /// Preset that the network's recipe started from.
    pub preset: String,
    /// Every dimension of the network.
    pub network: DaclConfig,
    /// Class names in the order of the network's outputs.
    pub classes: Vec<String>,
    /// How a face becomes the network's input.
    pub preprocessing: Preprocessing,
    /// How a face is cut out of a photograph.
    pub face_crop: FaceCrop,
    /// What divides the logits before softmax, fitted on validation data.
    pub temperature: f64,
    /// What was measured of these quantised weights when their limits were chosen: at export, or later on other data.
    pub measured: Measured,
    /// When an answer is better called "not sure", measured on the same pictures.
    pub not_sure: NotSure,
    /// Where the weights come from.
    pub provenance: Provenance,
    /// The weight files.
    pub files: Files,
}

/// The square that is cut out around a face box.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaceCrop {
    /// Side of the square as a multiple of the box's larger side.
    pub margin: f32,
    /// How far the square's centre lies below the box's, as a share of the box's larger side.
    pub shift_down: f32,
}

/// Figures of the split that their limits were chosen on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// Data set and split, in words.
    pub data: String,
    /// Pictures.
    pub n: usize,
    /// Share named rightly.
    pub accuracy: f64,
    /// Mean of the recalls a class.
    pub mean_class_accuracy: f64,
    /// Expected calibration error at [`Manifest::temperature`].
    pub ece: f64,
}

/// When an answer is better called "not sure", and what that is worth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotSure {
    /// An answer that is less probable than this is not sure.
    pub probability: f64,
    /// A face that is further than this from the centre of the class that is named, by
    /// [`ClassCentres::distances`](crate::centres::ClassCentres::distances), is unlike those that the network knows.
    pub distance: f64,
    /// Share of the pictures with a sure answer.
    pub coverage: f64,
    /// Share of the sure answers that are right.
    pub accuracy: f64,
}

/// Where the weights come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// Training data, as it was named.
    pub data: String,
    /// Start weights, as they were named.
    pub init: Option<String>,
    /// Networks whose answers were part of the targets, as they were named; left out where there were none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teachers: Vec<String>,
    /// Loss that trained the network.
    pub loss: String,
    /// Epoch of the checkpoint.
    pub epoch: usize,
    /// Seed of the run.
    pub seed: u64,
    /// Commit that the trainer was built from.
    pub commit: Option<String>,
}

/// The files beside the manifest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    /// Trunk and classifier: enough for a label.
    pub labels: FileEntry,
    /// Context encoder and attention heads.
    pub attention: FileEntry,
    /// The class centres.
    pub centres: FileEntry,
}

/// A file of the artefact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// File name within the folder.
    pub name: String,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 in hexadecimal digits.
    pub sha256: String,
}

/// A manifest cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// Not JSON, or not of this shape.
    #[error("the manifest cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    /// Another format.
    #[error("the manifest is of the format \"{0}\", not \"{FORMAT}\"")]
    Format(String),
    /// Another version.
    #[error(
        "the manifest is of version {0}, this program reads version {FORMAT_VERSION}: use weights and program of one release"
    )]
    Version(u32),
    /// A dimension is out of range.
    #[error("the manifest describes a network that cannot be: {0}")]
    Network(#[from] ConfigError),
    /// A value contradicts another or is out of range.
    #[error("the manifest contradicts itself: {0}")]
    Contradiction(String),
}

/// Five times the paper's whole network in 8 bits: a file that is larger is a slip or an attack on the visitor's memory.
const LARGEST_FILE: u64 = 512 << 20;

impl Manifest {
    /// Reads and checks a manifest.
    ///
    /// # Errors
    /// When it is not JSON of this shape and version, or its values contradict each other.
    pub fn parse(json: &[u8]) -> Result<Self, ManifestError> {
        // Format and version first: another version may well have other fields.
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: u32,
        }
        let head: Head = serde_json::from_slice(json)?;
        if head.format != FORMAT {
            return Err(ManifestError::Format(head.format));
        }
        if head.version != FORMAT_VERSION {
            return Err(ManifestError::Version(head.version));
        }
        let manifest: Self = serde_json::from_slice(json)?;
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), ManifestError> {
        self.network.validate()?;
        let contradiction = |text: String| Err(ManifestError::Contradiction(text));
        if self.classes.len() != self.network.classes {
            return contradiction(format!("{} class names for {} classes", self.classes.len(), self.network.classes));
        }
        if self.preprocessing.input_size as usize != self.network.input_size {
            return contradiction(format!(
                "pictures of {} pixels for a network of {}",
                self.preprocessing.input_size, self.network.input_size
            ));
        }
        if let Some(fault) = self.preprocessing.fault() {
            return contradiction(fault);
        }
        let temperature = self.temperature as f32;
        if !(temperature.is_finite() && temperature > 0.0) {
            return contradiction("the temperature must be above 0".into());
        }
        if !((0.1..=10.0).contains(&self.face_crop.margin) && self.face_crop.shift_down.abs() <= 2.0) {
            return contradiction(format!("a face crop of {:?}", self.face_crop));
        }
        let NotSure { probability, distance, .. } = self.not_sure;
        if !((0.0..=1.0).contains(&probability) && distance > 0.0) {
            return contradiction(format!(
                "not sure below a probability of {probability} or beyond a distance of {distance}"
            ));
        }
        for entry in [&self.files.labels, &self.files.attention, &self.files.centres] {
            if entry.name.is_empty() || entry.name.contains(['/', '\\']) || entry.name.starts_with('.') {
                return contradiction(format!("\"{}\" is not a plain file name", entry.name));
            }
            if entry.bytes == 0 || entry.bytes > LARGEST_FILE {
                return contradiction(format!("a weight file of {} bytes", entry.bytes));
            }
        }
        Ok(())
    }
}
