//! How many floating-point operations a network's answer takes: multiplications and additions of convolutions and matrices, which
//! are all but a few in a hundred of all.

use dacl::network::{DaclConfig, HEADS};

/// Operations of the trunk for one picture.
pub fn trunk(config: &DaclConfig) -> f64 {
    const CHANNELS: [usize; 4] = [64, 128, 256, 512];
    let half = |side: usize| side.div_ceil(2);
    let stem_side = half(config.input_size);
    let mut sum = convolution(3, CHANNELS[0], 7, stem_side);
    let (mut side, mut inputs) = (half(stem_side), CHANNELS[0]);
    for (stage, channels) in CHANNELS.into_iter().enumerate() {
        if stage > 0 {
            side = half(side);
            // The shortcut's projection.
            sum += convolution(inputs, channels, 1, side);
        }
        sum += convolution(inputs, channels, 3, side) + 3.0 * convolution(channels, channels, 3, side);
        inputs = channels;
    }
    sum
}

/// Operations of classifier, context encoder and attention heads for one picture.
pub fn arms(config: &DaclConfig) -> f64 {
    let encoder = &config.context_encoder;
    let widths = [config.context_inputs(), encoder.hidden1, encoder.hidden2, encoder.code, 2 * HEADS];
    let matrices: usize = widths.windows(2).map(|pair| pair[0] * pair[1]).sum();
    2.0 * (matrices + HEADS * config.classes) as f64
}

fn convolution(inputs: usize, outputs: usize, kernel: usize, side: usize) -> f64 {
    2.0 * (inputs * outputs * kernel * kernel * side * side) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trunk_takes_what_is_published_for_resnet_18() {
        // 1.8136 G multiply-adds at 224 pixels without the classifier, as usual counters of torchvision's model give.
        let paper = trunk(&DaclConfig::paper()) / 1e9;
        assert!((paper - 3.627).abs() < 0.01, "{paper}");
        let at = |input_size: usize| trunk(&DaclConfig { input_size, ..DaclConfig::compact() }) / 1e9;
        assert!((at(112) - 0.97).abs() < 0.01 && (at(64) - 0.30).abs() < 0.01, "{} and {}", at(112), at(64));
    }
}
