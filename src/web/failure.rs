//! Failures as JavaScript errors that a page can tell apart and show.

use wasm_bindgen::JsValue;

use super::back_end::ReasonCode;
use crate::artefact::{IntegrityError, ManifestError, WeightFileError};
use crate::faces::FaceFinderError;
use crate::recognise::{DeviceFailure, LoadError};

/// What went wrong, for programs: what a caller can do about it differs from code to code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FailureCode {
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

/// What exactly went wrong, for words in another language than the message's.
#[derive(Clone, Copy)]
pub(super) enum FailureKind {
    /// There is no usable WebGPU.
    NoWebGpu(ReasonCode),
    /// A file was asked for and nobody answered.
    FileUnreachable,
    /// The server answered that it does not give the file.
    FileRefused,
    /// An answer came without the file in it.
    FileEmpty,
    /// The engine was made from bytes and knows no address of further files.
    NoAddress,
    /// A file is shorter or longer than the manifest says.
    FileLength,
    /// A file has another content than the manifest says.
    FileAltered,
    /// The manifest is not JSON of the right shape.
    ManifestUnreadable,
    /// The manifest is of another format or version than this program reads.
    ManifestVersion,
    /// The manifest's values cannot be.
    ManifestWrong,
    /// A weight file is none.
    WeightsUnreadable,
    /// The weights do not fit the network that the manifest describes.
    WeightsUnfit,
    /// The face finder inside the program is damaged.
    FaceFinder,
    /// Bytes, width and height do not belong together.
    PixelsMissing,
    /// The browser took the GPU away.
    GpuTaken,
    /// The device gave no answer.
    NoAnswer,
    /// There is no such back end.
    NoSuchBackEnd,
    /// What was given as a file are no bytes.
    NoBytes,
    /// The boxes are not five numbers each.
    BoxesTorn,
}

/// A failure with what it is, and a sentence for people.
pub(super) struct Failure {
    /// For words in any language.
    pub(super) kind: FailureKind,
    /// What it is about, such as a file's address; may be empty.
    pub(super) subject: String,
    /// For people who read English.
    pub(super) message: String,
}

impl Failure {
    /// A failure that is about nothing in particular.
    pub(super) fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, subject: String::new(), message: message.into() }
    }

    /// A failure that is about `subject`, such as a file.
    pub(super) fn about(subject: impl Into<String>, kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, subject: subject.into(), message: message.into() }
    }
}

impl FailureKind {
    /// The value of `error.kind`.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::NoWebGpu(reason) => reason.as_str(),
            Self::FileUnreachable => "file-unreachable",
            Self::FileRefused => "file-refused",
            Self::FileEmpty => "file-empty",
            Self::NoAddress => "no-address",
            Self::FileLength => "file-length",
            Self::FileAltered => "file-altered",
            Self::ManifestUnreadable => "manifest-unreadable",
            Self::ManifestVersion => "manifest-version",
            Self::ManifestWrong => "manifest-wrong",
            Self::WeightsUnreadable => "weights-unreadable",
            Self::WeightsUnfit => "weights-unfit",
            Self::FaceFinder => "face-finder",
            Self::PixelsMissing => "pixels-missing",
            Self::GpuTaken => "gpu-taken",
            Self::NoAnswer => "no-answer",
            Self::NoSuchBackEnd => "no-such-back-end",
            Self::NoBytes => "no-bytes",
            Self::BoxesTorn => "boxes-torn",
        }
    }

    /// The code that all failures of this kind have.
    pub(super) fn code(self) -> FailureCode {
        match self {
            Self::NoWebGpu(_) => FailureCode::WebGpuUnavailable,
            Self::FileUnreachable | Self::FileRefused | Self::FileEmpty | Self::NoAddress => {
                FailureCode::WeightsMissing
            }
            Self::FileLength | Self::FileAltered => FailureCode::WeightsAltered,
            Self::ManifestUnreadable
            | Self::ManifestVersion
            | Self::ManifestWrong
            | Self::WeightsUnreadable
            | Self::WeightsUnfit
            | Self::FaceFinder => FailureCode::WeightsInvalid,
            Self::PixelsMissing => FailureCode::PictureInvalid,
            Self::GpuTaken | Self::NoAnswer => FailureCode::DeviceLost,
            Self::NoSuchBackEnd | Self::NoBytes | Self::BoxesTorn => FailureCode::ArgumentInvalid,
        }
    }
}

impl FailureCode {
    /// The value of `error.code`.
    pub(super) fn as_str(self) -> &'static str {
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
    fn from(Failure { kind, subject, message }: Failure) -> Self {
        let error = js_sys::Error::new(&message);
        error.set_name("DaclError");
        for (name, value) in [("code", kind.code().as_str()), ("kind", kind.as_str()), ("subject", &subject)] {
            // Setting a property of a fresh object cannot fail.
            let _ = js_sys::Reflect::set(&error, &name.into(), &value.into());
        }
        error.into()
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        let message = error.to_string();
        match error {
            LoadError::Integrity(IntegrityError::Length { name, .. }) => {
                Self::about(name, FailureKind::FileLength, message)
            }
            LoadError::Integrity(IntegrityError::Digest { name }) => {
                Self::about(name, FailureKind::FileAltered, message)
            }
            LoadError::File(WeightFileError::Safetensors(_) | WeightFileError::Tensor { .. }) => {
                Self::new(FailureKind::WeightsUnreadable, message)
            }
            LoadError::File(WeightFileError::Weights(_)) | LoadError::Weights(_) => {
                Self::new(FailureKind::WeightsUnfit, message)
            }
        }
    }
}

impl From<ManifestError> for Failure {
    fn from(error: ManifestError) -> Self {
        let kind = match error {
            ManifestError::Json(_) => FailureKind::ManifestUnreadable,
            ManifestError::Format(_) | ManifestError::Version(_) => FailureKind::ManifestVersion,
            ManifestError::Network(_) | ManifestError::Contradiction(_) => FailureKind::ManifestWrong,
        };
        Self::new(kind, error.to_string())
    }
}

impl From<FaceFinderError> for Failure {
    fn from(error: FaceFinderError) -> Self {
        Self::new(FailureKind::FaceFinder, error.to_string())
    }
}

impl From<DeviceFailure> for Failure {
    fn from(error: DeviceFailure) -> Self {
        Self::new(FailureKind::NoAnswer, error.to_string())
    }
}
