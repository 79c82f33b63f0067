//! Failures as JavaScript errors that a page can tell apart and show.

use wasm_bindgen::JsValue;

use crate::artefact::ManifestError;
use crate::faces::FaceFinderError;
use crate::recognise::{DeviceFailure, LoadError};

/// What went wrong, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureCode {
    /// WebGPU was asked for and is not there.
    WebGpuUnavailable,
    /// A file of the artefact cannot be had.
    WeightsMissing,
    /// A file is not the one that the manifest speaks of.
    WeightsAltered,
    /// A file cannot be understood.
    WeightsInvalid,
    /// The pixels do not make a picture.
    PictureInvalid,
    /// The GPU went away.
    DeviceLost,
    /// An argument makes no sense.
    ArgumentInvalid,
}

/// A failure with its code and a sentence for people.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// For programs.
    pub code: FailureCode,
    /// For people.
    pub message: String,
}

impl Failure {
    /// A failure.
    pub fn new(code: FailureCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

impl FailureCode {
    /// The value of `error.code`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WebGpuUnavailable => "webgpu-unavailable",
            Self::WeightsMissing => "weights-missing",
            Self::WeightsAltered => "weights-altered",
            Self::WeightsInvalid => "weights-invalid",
            Self::PictureInvalid => "picture-invalid",
            Self::DeviceLost => "device-lost",
            Self::ArgumentInvalid => "argument-invalid",
        }
    }
}

impl From<Failure> for JsValue {
    fn from(failure: Failure) -> Self {
        let error = js_sys::Error::new(&failure.message);
        error.set_name("DaclError");
        // Setting a property of a fresh object cannot fail.
        let _ = js_sys::Reflect::set(&error, &"code".into(), &failure.code.as_str().into());
        error.into()
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        let code = match error {
            LoadError::Integrity(_) => FailureCode::WeightsAltered,
            LoadError::File(_) | LoadError::Weights(_) => FailureCode::WeightsInvalid,
        };
        Self::new(code, error.to_string())
    }
}

impl From<ManifestError> for Failure {
    fn from(error: ManifestError) -> Self {
        Self::new(FailureCode::WeightsInvalid, error.to_string())
    }
}

impl From<FaceFinderError> for Failure {
    fn from(error: FaceFinderError) -> Self {
        Self::new(FailureCode::WeightsInvalid, error.to_string())
    }
}

impl From<DeviceFailure> for Failure {
    fn from(error: DeviceFailure) -> Self {
        Self::new(FailureCode::DeviceLost, error.to_string())
    }
}
