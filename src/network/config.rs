//! Every dimension of the network, in one place.

use serde::{Deserialize, Serialize};

/// Number of attention heads: one for each of the trunk's deep features.
pub const HEADS: usize = 512;

/// Dimensions of a DACL network. The trunk is always a ResNet-18 with three input channels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DaclConfig {
    /// Side of the square input picture in pixels.
    pub input_size: usize,
    /// Number of expressions.
    pub classes: usize,
    /// Widths of the context encoder.
    pub context_encoder: ContextEncoderConfig,
}

/// Output widths of the context encoder's three units; the first unit reads the flattened trunk output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContextEncoderConfig {
    /// First hidden width.
    pub hidden1: usize,
    /// Second hidden width.
    pub hidden2: usize,
    /// Width of the code that the attention heads read.
    pub code: usize,
}

/// What is wrong with a [`DaclConfig`].
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ConfigError {
    /// The input is smaller than the trunk's stride of 32.
    #[error("an input of {0} pixels is too small: the trunk reduces its input 32 times, use 32 or more")]
    InputTooSmall(usize),
    /// The input is larger than anything this network is meant for.
    #[error("an input of {0} pixels is too large: use at most 1024")]
    InputTooLarge(usize),
    /// A width is zero or absurd.
    #[error("{name} is {value}: use a number from 1 to 65536")]
    Width {
        /// Which dimension.
        name: &'static str,
        /// Its value.
        value: usize,
    },
    /// No preset of that name.
    #[error("there is no preset \"{0}\": use \"paper\" or \"compact\"")]
    UnknownPreset(String),
}

impl DaclConfig {
    /// The network of the paper: 224 pixels, context encoder 25088-3584-512-64, seven expressions.
    pub fn paper() -> Self {
        Self {
            input_size: 224,
            classes: 7,
            context_encoder: ContextEncoderConfig { hidden1: 3584, hidden2: 512, code: 64 },
        }
    }

    /// The network that the page ships: 112 pixels, context encoder 8192-1024-512-64, seven expressions.
    pub fn compact() -> Self {
        Self {
            input_size: 112,
            classes: 7,
            context_encoder: ContextEncoderConfig { hidden1: 1024, hidden2: 512, code: 64 },
        }
    }

    /// The preset called `name`.
    ///
    /// # Errors
    /// [`ConfigError::UnknownPreset`] when there is none of that name.
    pub fn preset(name: &str) -> Result<Self, ConfigError> {
        match name {
            "paper" => Ok(Self::paper()),
            "compact" => Ok(Self::compact()),
            other => Err(ConfigError::UnknownPreset(other.to_owned())),
        }
    }

    /// Side of the trunk's last feature map: a fifth halving rounds up each time.
    pub fn feature_map_side(&self) -> usize {
        self.input_size.div_ceil(32)
    }

    /// Number of values that the context encoder reads: 512 channels of the trunk's last feature map.
    pub fn context_inputs(&self) -> usize {
        HEADS * self.feature_map_side() * self.feature_map_side()
    }

    /// Checks every dimension, so that a network can be built without surprises.
    ///
    /// # Errors
    /// Names the first dimension that is out of range.
    pub fn validate(&self) -> Result<(), ConfigError> {
        if self.input_size < 32 {
            return Err(ConfigError::InputTooSmall(self.input_size));
        }
        if self.input_size > 1024 {
            return Err(ConfigError::InputTooLarge(self.input_size));
        }
        let widths = [
            ("classes", self.classes),
            ("context_encoder.hidden1", self.context_encoder.hidden1),
            ("context_encoder.hidden2", self.context_encoder.hidden2),
            ("context_encoder.code", self.context_encoder.code),
        ];
        match widths.into_iter().find(|(_, value)| !(1..=65_536).contains(value)) {
            Some((name, value)) => Err(ConfigError::Width { name, value }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_presets_have_the_dimensions_of_the_specification() {
        let paper = DaclConfig::preset("paper").unwrap();
        assert_eq!((paper.feature_map_side(), paper.context_inputs()), (7, 25_088));
        let compact = DaclConfig::preset("compact").unwrap();
        assert_eq!((compact.feature_map_side(), compact.context_inputs()), (4, 8_192));
    }

    #[test]
    fn dimensions_out_of_range_are_named() {
        let mut config = DaclConfig::compact();
        config.context_encoder.hidden2 = 0;
        assert!(config.validate().unwrap_err().to_string().contains("context_encoder.hidden2"));
        config.input_size = 16;
        assert_eq!(config.validate(), Err(ConfigError::InputTooSmall(16)));
        assert!(DaclConfig::preset("tiny").unwrap_err().to_string().contains("tiny"));
    }
}
