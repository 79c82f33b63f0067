//! The network as it is trained.

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, FloatDType, Tensor};

use super::{AttentionHeads, ConfigError, ContextEncoder, DaclConfig, HEADS, Trunk};

/// Trunk, context encoder, attention heads and classifier, with batch norm explicit.
#[derive(Module, Debug)]
pub struct Dacl {
    /// ResNet-18 trunk.
    pub trunk: Trunk,
    /// Context encoder.
    pub context_encoder: ContextEncoder,
    /// Attention heads.
    pub heads: AttentionHeads,
    /// Classifier on the pooled features.
    pub fc: Linear,
}

/// What one forward pass gives.
pub struct DaclOutput {
    /// Deep features `[batch, 512]`: the feature map's average, never negative.
    pub features: Tensor<2>,
    /// Class scores `[batch, classes]` before softmax.
    pub logits: Tensor<2>,
    /// Attention `[batch, 512]` in 0..1.
    pub attention: Tensor<2>,
}

impl Dacl {
    /// A network with random weights.
    ///
    /// # Errors
    /// [`ConfigError`] when a dimension is out of range.
    pub fn new(config: &DaclConfig, device: &Device) -> Result<Self, ConfigError> {
        config.validate()?;
        Ok(Self {
            trunk: Trunk::new(device),
            context_encoder: ContextEncoder::new(config, device),
            heads: AttentionHeads::new(config, device),
            fc: LinearConfig::new(HEADS, config.classes).init(device),
        })
    }

    /// Features, logits and attention of pictures `[batch, 3, S, S]`.
    ///
    /// The feature map is not detached on its way into the context encoder: the sparse center loss trains the trunk
    /// through both arms, as in the authors' code.
    pub fn forward(&self, pictures: Tensor<4>) -> DaclOutput {
        self.forward_in(pictures, FloatDType::F32)
    }

    /// The same with convolutions that compute in `precision`.
    pub fn forward_in(&self, pictures: Tensor<4>, precision: FloatDType) -> DaclOutput {
        let map = self.trunk.forward_in(pictures, precision);
        let attention = self.heads.forward(self.context_encoder.forward(map.clone().flatten(1, 3)));
        let features = pooled(map);
        DaclOutput { logits: self.fc.forward(features.clone()), features, attention }
    }

    /// Features and logits alone, without the cost of the attention arm.
    pub fn forward_label(&self, pictures: Tensor<4>) -> (Tensor<2>, Tensor<2>) {
        self.forward_label_in(pictures, FloatDType::F32)
    }

    /// The same with convolutions that compute in `precision`.
    pub fn forward_label_in(&self, pictures: Tensor<4>, precision: FloatDType) -> (Tensor<2>, Tensor<2>) {
        let features = pooled(self.trunk.forward_in(pictures, precision));
        (features.clone(), self.fc.forward(features))
    }
}

/// Global average `[batch, channels]` of a feature map `[batch, channels, s, s]`.
pub(super) fn pooled(map: Tensor<4>) -> Tensor<2> {
    let [batch, channels, _, _] = map.dims();
    map.reshape([batch as i32, channels as i32, -1]).mean_dim(2).reshape([batch, channels])
}
