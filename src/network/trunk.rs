//! The ResNet-18 trunk in torchvision's layout and names (He et al., 2016), without its classifier.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Initializer, PaddingConfig2d};
use burn::tensor::activation::relu;
use burn::tensor::{Device, FloatDType, Tensor};

use crate::kernels::{convolve_in, normalise, normalise_relu};

/// Output channels of the four stages.
pub(super) const STAGE_CHANNELS: [usize; 4] = [64, 128, 256, 512];
/// Residual blocks in each stage.
const BLOCKS_PER_STAGE: usize = 2;

/// What a residual block is, whichever form of the network it is part of.
pub(super) struct BlockPlan {
    /// What the names of its weights begin with.
    pub(super) name: String,
    pub(super) channels_in: usize,
    pub(super) channels: usize,
    pub(super) stride: usize,
}

/// The plans of the trunk's residual blocks in order: the first of every stage but the first halves the picture.
pub(super) fn block_plans() -> impl Iterator<Item = BlockPlan> {
    (0..STAGE_CHANNELS.len() * BLOCKS_PER_STAGE).map(|place| {
        let (stage, block) = (place / BLOCKS_PER_STAGE, place % BLOCKS_PER_STAGE);
        let halves = stage > 0 && block == 0;
        BlockPlan {
            name: format!("trunk.layer{}.{block}", stage + 1),
            channels_in: STAGE_CHANNELS[stage - usize::from(halves)],
            channels: STAGE_CHANNELS[stage],
            stride: 1 + usize::from(halves),
        }
    })
}

impl BlockPlan {
    /// Whether the block changes the shape, so that its shortcut has to be projected.
    pub(super) fn projects(&self) -> bool {
        self.stride != 1 || self.channels_in != self.channels
    }
}

/// The trunk: picture `[batch, 3, S, S]` to feature map `[batch, 512, s, s]` with `s = ceil(S / 32)`.
#[derive(Module, Debug)]
pub struct Trunk {
    /// 7x7 convolution, stride 2.
    pub conv1: Conv2d,
    /// Its batch norm.
    pub bn1: BatchNorm,
    maxpool: MaxPool2d,
    /// 64 channels.
    pub layer1: Vec<BasicBlock>,
    /// 128 channels, stride 2.
    pub layer2: Vec<BasicBlock>,
    /// 256 channels, stride 2.
    pub layer3: Vec<BasicBlock>,
    /// 512 channels, stride 2.
    pub layer4: Vec<BasicBlock>,
}

/// Two 3x3 convolutions with a shortcut around them; ends in ReLU.
#[derive(Module, Debug)]
pub struct BasicBlock {
    /// First convolution; carries the block's stride.
    pub conv1: Conv2d,
    /// Its batch norm.
    pub bn1: BatchNorm,
    /// Second convolution.
    pub conv2: Conv2d,
    /// Its batch norm.
    pub bn2: BatchNorm,
    /// The shortcut's projection where the shape changes, else the shortcut is the identity.
    pub downsample: Option<Downsample>,
}

/// The shortcut's 1x1 projection and its batch norm.
#[derive(Module, Debug)]
pub struct Downsample {
    /// 1x1 convolution.
    pub conv: Conv2d,
    /// Its batch norm.
    pub bn: BatchNorm,
}

impl Trunk {
    /// A trunk with random weights: convolutions Kaiming normal over the fan-out, batch norms 1 and 0.
    pub fn new(device: &Device) -> Self {
        let mut blocks = block_plans().map(|plan| BasicBlock::new(&plan, device));
        let mut stage = || blocks.by_ref().take(BLOCKS_PER_STAGE).collect();
        Self {
            conv1: convolution(3, STAGE_CHANNELS[0], 7, 2, device),
            bn1: BatchNormConfig::new(STAGE_CHANNELS[0]).init(device),
            maxpool: stem_pool(),
            layer1: stage(),
            layer2: stage(),
            layer3: stage(),
            layer4: stage(),
        }
    }

    /// Feature map `[batch, 512, s, s]` of pictures `[batch, 3, S, S]`; never negative, for it ends in ReLU.
    pub fn forward(&self, pictures: Tensor<4>) -> Tensor<4> {
        self.forward_in(pictures, FloatDType::F32)
    }

    /// The same with convolutions that compute in `precision`; what is between them stays in 32 bits.
    pub fn forward_in(&self, pictures: Tensor<4>, precision: FloatDType) -> Tensor<4> {
        let x = normalise_relu(&self.bn1, convolve_in(&self.conv1, pictures, precision));
        let x = self.pooled_stem(x);
        self.stages().into_iter().flatten().fold(x, |x, block| block.forward(x, precision))
    }

    /// What the first convolution gave, pooled for the stages.
    pub(super) fn pooled_stem(&self, x: Tensor<4>) -> Tensor<4> {
        self.maxpool.forward(x)
    }

    /// The four stages in order.
    pub fn stages(&self) -> [&Vec<BasicBlock>; 4] {
        [&self.layer1, &self.layer2, &self.layer3, &self.layer4]
    }
}

impl BasicBlock {
    fn new(plan: &BlockPlan, device: &Device) -> Self {
        let &BlockPlan { channels_in, channels, stride, .. } = plan;
        let downsample = plan.projects().then(|| Downsample {
            conv: convolution(channels_in, channels, 1, stride, device),
            bn: BatchNormConfig::new(channels).init(device),
        });
        Self {
            conv1: convolution(channels_in, channels, 3, stride, device),
            bn1: BatchNormConfig::new(channels).init(device),
            conv2: convolution(channels, channels, 3, 1, device),
            bn2: BatchNormConfig::new(channels).init(device),
            downsample,
        }
    }

    fn forward(&self, x: Tensor<4>, precision: FloatDType) -> Tensor<4> {
        let shortcut = match &self.downsample {
            Some(down) => normalise(&down.bn, convolve_in(&down.conv, x.clone(), precision)),
            None => x.clone(),
        };
        let x = normalise_relu(&self.bn1, convolve_in(&self.conv1, x, precision));
        relu(normalise(&self.bn2, convolve_in(&self.conv2, x, precision)) + shortcut)
    }
}

/// The 3x3 max pooling with stride 2 that follows the first convolution.
pub(super) fn stem_pool() -> MaxPool2d {
    MaxPool2dConfig::new([3, 3]).with_strides([2, 2]).with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1)).init()
}

/// A convolution without bias, padded so that a stride of 1 keeps the size.
fn convolution(channels_in: usize, channels_out: usize, kernel: usize, stride: usize, device: &Device) -> Conv2d {
    Conv2dConfig::new([channels_in, channels_out], [kernel, kernel])
        .with_stride([stride, stride])
        .with_padding(padding(kernel))
        .with_bias(false)
        .with_initializer(Initializer::KaimingNormal { gain: 2f64.sqrt(), fan_out_only: true })
        .init(device)
}

/// Padding that keeps the size at stride 1, for an odd kernel.
pub(super) fn padding(kernel: usize) -> PaddingConfig2d {
    let half = kernel / 2;
    PaddingConfig2d::Explicit(half, half, half, half)
}
