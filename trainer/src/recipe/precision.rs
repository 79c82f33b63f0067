//! The numbers that a training step's convolutions compute in.

use burn::tensor::{DType, FloatDType};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// The numbers that a run's convolutions compute in, in training and in the validation after each epoch. Weights, batch norm,
/// losses and everything else keep 32 bits, and so does whatever is done with the run later (mixed precision: Micikevicius et al.,
/// ICLR 2018).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// 32 bits.
    #[default]
    F32,
    /// 16 bits with the range of 32 and fewer digits.
    Bf16,
    /// 16 bits with a small range; the loss is multiplied, so that its gradients do not vanish in it.
    F16,
}

impl Precision {
    /// As burn calls it.
    pub fn dtype(self) -> FloatDType {
        match self {
            Self::F32 => FloatDType::F32,
            Self::Bf16 => FloatDType::BF16,
            Self::F16 => FloatDType::F16,
        }
    }

    /// What the loss is multiplied by before its gradients are taken, and these are divided by afterwards.
    pub fn loss_scale(self) -> f64 {
        match self {
            Self::F32 | Self::Bf16 => 1.0,
            // Far from 65504, where this type ends, and far enough from 6e-8, where it begins.
            Self::F16 => 1024.0,
        }
    }

    /// Whether a device computes in it.
    pub fn runs_on(self, device: &burn::tensor::Device) -> bool {
        device.supports_dtype(DType::from(self.dtype()))
    }
}

impl std::fmt::Display for Precision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::F32 => "f32",
            Self::Bf16 => "bf16",
            Self::F16 => "f16",
        })
    }
}
