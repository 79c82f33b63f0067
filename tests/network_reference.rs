//! Holds the network against a slow forward pass in 64 bits that shares nothing with it but the weights.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use burn::module::{Module, ModuleMapper, Param};
use burn::nn::conv::Conv2d;
use burn::nn::{BatchNorm, Linear};
use burn::tensor::{Device, Distribution, Tensor, TensorData};
use dacl::network::{
    AttentionArm, ContextEncoderConfig, Dacl, DaclConfig, HEADS, LabelPath, fold_attention_arm, fold_label_path, unfold,
};

/// A picture or feature map: channels of rows.
#[derive(Clone)]
struct Map {
    channels: usize,
    side: usize,
    values: Vec<f64>,
}

impl Map {
    fn at(&self, channel: usize, y: isize, x: isize) -> Option<f64> {
        let inside = |v: isize| (0..self.side as isize).contains(&v);
        (inside(y) && inside(x)).then(|| self.values[(channel * self.side + y as usize) * self.side + x as usize])
    }
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.into_data().iter::<f64>().collect()
}

fn convolution(layer: &Conv2d, stride: usize, x: &Map) -> Map {
    let [outputs, inputs, kernel, _] = layer.weight.dims();
    let weight = values(layer.weight.val());
    let half = kernel / 2;
    let side = (x.side + 2 * half - kernel) / stride + 1;
    let mut result = Vec::with_capacity(outputs * side * side);
    for output in 0..outputs {
        for row in 0..side {
            for column in 0..side {
                let mut sum = 0.0;
                for input in 0..inputs {
                    for ky in 0..kernel {
                        for kx in 0..kernel {
                            let y = (row * stride + ky) as isize - half as isize;
                            let x_ = (column * stride + kx) as isize - half as isize;
                            let w = weight[((output * inputs + input) * kernel + ky) * kernel + kx];
                            sum += w * x.at(input, y, x_).unwrap_or(0.0);
                        }
                    }
                }
                result.push(sum);
            }
        }
    }
    Map { channels: outputs, side, values: result }
}

/// Evaluation-mode batch norm of channel-major values.
fn batch_norm(layer: &BatchNorm, x: &mut [f64]) {
    let (gamma, beta) = (values(layer.gamma.val()), values(layer.beta.val()));
    let (mean, variance) = (values(layer.running_mean.value()), values(layer.running_var.value()));
    let plane = x.len() / gamma.len();
    for (index, value) in x.iter_mut().enumerate() {
        let channel = index / plane;
        *value = (*value - mean[channel]) / (variance[channel] + 1e-5).sqrt() * gamma[channel] + beta[channel];
    }
}

fn relu(x: &mut [f64]) {
    x.iter_mut().for_each(|value| *value = value.max(0.0));
}

fn max_pool(x: &Map) -> Map {
    let side = (x.side + 2 - 3) / 2 + 1;
    let mut result = Vec::new();
    for channel in 0..x.channels {
        for row in 0..side as isize {
            for column in 0..side as isize {
                let window = (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (dy, dx)));
                let largest = window
                    .filter_map(|(dy, dx)| x.at(channel, 2 * row + dy, 2 * column + dx))
                    .fold(f64::NEG_INFINITY, f64::max);
                result.push(largest);
            }
        }
    }
    Map { channels: x.channels, side, values: result }
}

fn dense(layer: &Linear, x: &[f64]) -> Vec<f64> {
    let [inputs, outputs] = layer.weight.dims();
    let weight = values(layer.weight.val());
    let bias = values(layer.bias.as_ref().unwrap().val());
    (0..outputs)
        .map(|output| bias[output] + (0..inputs).map(|input| x[input] * weight[input * outputs + output]).sum::<f64>())
        .collect()
}

/// Features, logits and attention of one picture.
fn reference(network: &Dacl, picture: Map) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let trunk = &network.trunk;
    let mut x = convolution(&trunk.conv1, 2, &picture);
    batch_norm(&trunk.bn1, &mut x.values);
    relu(&mut x.values);
    let mut x = max_pool(&x);
    for (index, block) in trunk.stages().into_iter().flatten().enumerate() {
        // Two blocks a stage; the first of every stage but the first halves the picture and projects its shortcut.
        let halves = [2, 4, 6].contains(&index);
        let stride = if halves { 2 } else { 1 };
        let mut shortcut = x.clone();
        assert_eq!(block.downsample.is_some(), halves);
        if let Some(down) = &block.downsample {
            shortcut = convolution(&down.conv, stride, &x);
            batch_norm(&down.bn, &mut shortcut.values);
        }
        let mut y = convolution(&block.conv1, stride, &x);
        batch_norm(&block.bn1, &mut y.values);
        relu(&mut y.values);
        x = convolution(&block.conv2, 1, &y);
        batch_norm(&block.bn2, &mut x.values);
        x.values.iter_mut().zip(&shortcut.values).for_each(|(value, other)| *value += other);
        relu(&mut x.values);
    }
    let plane = x.side * x.side;
    let features: Vec<f64> = x.values.chunks(plane).map(|plane_| plane_.iter().sum::<f64>() / plane as f64).collect();
    let logits = dense(&network.fc, &features);
    let encoder = &network.context_encoder;
    let mut code = x.values;
    for (index, unit) in [&encoder.unit1, &encoder.unit2, &encoder.unit3].into_iter().enumerate() {
        code = dense(&unit.linear, &code);
        batch_norm(&unit.bn, &mut code);
        match index {
            2 => code.iter_mut().for_each(|value| *value = value.tanh()),
            _ => relu(&mut code),
        }
    }
    let scores = dense(&network.heads.linear, &code);
    let attention = scores.chunks(2).map(|pair| pair[1].exp() / (pair[0].exp() + pair[1].exp())).collect();
    (features, logits, attention)
}

/// Gives every tensor, running statistics and biases included, values that a trained network could have.
struct Unsettle;

impl ModuleMapper for Unsettle {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let tensor = param.val();
        let device = tensor.device();
        match D {
            // Means, variances, gammas, betas and biases; all above zero, for variances have to be.
            1 => param.map(|tensor| Tensor::random(tensor.shape(), Distribution::Uniform(0.4, 1.3), &device)),
            _ => param,
        }
    }
}

fn small_network(device: &Device) -> (DaclConfig, Dacl) {
    device.seed(11);
    let config = DaclConfig {
        input_size: 40,
        classes: 7,
        context_encoder: ContextEncoderConfig { hidden1: 24, hidden2: 16, code: 8 },
    };
    let network = Dacl::new(&config, device).unwrap().map(&mut Unsettle);
    (config, network)
}

fn pictures(config: &DaclConfig, device: &Device) -> Tensor<4> {
    Tensor::random([2, 3, config.input_size, config.input_size], Distribution::Normal(0.0, 1.0), device)
}

fn assert_close(what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let largest = expected.iter().fold(1f64, |largest, value| largest.max(value.abs()));
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() <= tolerance * largest, "{what}[{index}] is {found} instead of {expected}");
    }
}

#[test]
fn the_network_computes_what_its_definition_says() {
    let device = Device::flex();
    let (config, network) = small_network(&device);
    let inputs = pictures(&config, &device);
    let output = network.forward(inputs.clone());
    let (features, logits, attention) = (values(output.features), values(output.logits), values(output.attention));
    let side = config.input_size;
    for (index, picture) in values(inputs).chunks(3 * side * side).enumerate() {
        let expected = reference(&network, Map { channels: 3, side, values: picture.to_vec() });
        assert_close("features", &features[index * HEADS..][..HEADS], &expected.0, 1e-4);
        assert_close("logits", &logits[index * 7..][..7], &expected.1, 1e-4);
        assert_close("attention", &attention[index * HEADS..][..HEADS], &expected.2, 1e-4);
        let spread = expected.2.iter().fold(0f64, |spread, a| spread.max((a - 0.5).abs()));
        assert!(spread > 0.05, "attention that is flat would prove nothing");
    }
}

#[test]
fn folding_batch_norm_changes_nothing() {
    let device = Device::flex();
    let (config, network) = small_network(&device);
    let inputs = pictures(&config, &device);
    let expected = network.forward(inputs.clone());
    let label_path = LabelPath::from_weights(&config, &fold_label_path(&network).unwrap(), &device).unwrap();
    let arm = AttentionArm::from_weights(&config, &fold_attention_arm(&network).unwrap(), &device).unwrap();
    let output = label_path.forward(inputs);
    assert_close("logits", &values(output.logits), &values(expected.logits), 1e-4);
    assert_close("attention", &values(arm.forward(output.feature_map)), &values(expected.attention), 1e-4);
}

#[test]
fn an_activation_map_weighs_every_feature_and_without_attention_its_mean_is_the_logit_less_the_bias() {
    let device = Device::flex();
    let (config, network) = small_network(&device);
    let label_path = LabelPath::from_weights(&config, &fold_label_path(&network).unwrap(), &device).unwrap();
    let output = label_path.forward(pictures(&config, &device));
    let map = |attention| label_path.attentive_activation(output.feature_map.clone(), attention);
    let all = map(Tensor::ones(output.features.dims(), &device));
    let bias = network.fc.bias.as_ref().unwrap().val().unsqueeze::<2>();
    assert_close("logits", &values(all.clone().mean_dim(2).squeeze_dim::<2>(2) + bias), &values(output.logits), 1e-4);
    // Attention that differs from feature to feature and from picture to picture.
    let attention = Tensor::random(output.features.dims(), Distribution::Uniform(0.0, 1.0), &device);
    let found = values(map(attention.clone()));
    let (a, w, f) = (values(attention), values(network.fc.weight.val()), values(output.feature_map.clone()));
    let places = f.len() / a.len();
    let mut expected = Vec::new();
    for picture in 0..2 {
        for class in 0..7 {
            for place in 0..places {
                let term = |j: usize| {
                    let feature = picture * HEADS + j;
                    a[feature] * w[j * 7 + class] * f[feature * places + place]
                };
                expected.push((0..HEADS).map(term).sum());
            }
        }
    }
    assert_close("activation", &found, &expected, 1e-5);
}

#[test]
fn an_unfolded_network_answers_as_before_and_once_calibrated_trains_from_there() {
    let device = Device::flex();
    let (config, network) = small_network(&device);
    let inputs = pictures(&config, &device);
    let expected = network.forward(inputs.clone());
    let (labels, attention) = (fold_label_path(&network).unwrap(), fold_attention_arm(&network).unwrap());
    let unfolded = unfold(&config, &labels, &attention, &device).unwrap();
    let calibrated = unfolded.clone().calibrated(inputs.clone());
    for (what, network) in [("unfolded", &unfolded), ("calibrated", &calibrated)] {
        let output = network.forward(inputs.clone());
        assert_close(&format!("{what}: logits"), &values(output.logits), &values(expected.logits.clone()), 1e-3);
        assert_close(
            &format!("{what}: attention"),
            &values(output.attention),
            &values(expected.attention.clone()),
            1e-3,
        );
    }
    // In training every batch norm goes by its batch; of the pictures that it was calibrated on that is what it knows.
    let learning = Device::flex().autodiff();
    let in_training = |network: &Dacl| {
        let fresh = Dacl::new(&config, &learning).unwrap();
        let network = fresh.try_load_record(network.clone().into_record()).unwrap();
        let inputs = Tensor::from_data(inputs.to_data(), &learning);
        values(network.forward(inputs).logits.inner())
    };
    let expected = values(expected.logits);
    assert_close("in training", &in_training(&calibrated), &expected, 1e-3);
    let far = in_training(&unfolded).iter().zip(&expected).any(|(found, expected)| (found - expected).abs() > 0.1);
    assert!(far, "calibration changes nothing");
}

#[test]
fn weights_of_another_network_are_refused_by_name() {
    let device = Device::flex();
    let (config, network) = small_network(&device);
    let labels = fold_label_path(&network).unwrap();
    let other = DaclConfig { classes: 8, ..config.clone() };
    let error = LabelPath::from_weights(&other, &labels, &device).unwrap_err().to_string();
    assert!(error.contains("fc.weight"), "{error}");
    let error = AttentionArm::from_weights(&config, &labels, &device).unwrap_err().to_string();
    assert!(error.contains("context_encoder.unit1.weight"), "{error}");
}

#[test]
fn a_diverged_network_cannot_be_folded() {
    let device = Device::flex();
    let (_, mut network) = small_network(&device);
    network.fc.bias = Some(Param::from_data(TensorData::from([f32::NAN; 7]), &device));
    assert!(fold_label_path(&network).unwrap_err().to_string().contains("fc.bias"));
}

/// Parameters of a module without the running statistics of its batch norms.
#[derive(Default)]
struct Counter {
    path: Vec<String>,
    trunk: usize,
    context_encoder: usize,
    heads: usize,
    classifier: usize,
}

impl burn::module::ModuleVisitor for Counter {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let part = match self.path[0].as_str() {
            "trunk" => &mut self.trunk,
            "context_encoder" => &mut self.context_encoder,
            "heads" => &mut self.heads,
            "fc" => &mut self.classifier,
            other => unreachable!("part {other}"),
        };
        if !self.path.iter().any(|name| name.starts_with("running_")) {
            *part += param.shape().num_elements();
        }
    }
}

#[test]
fn the_paper_preset_has_the_published_number_of_parameters() {
    let network = Dacl::new(&DaclConfig::paper(), &Device::flex()).unwrap();
    let mut counter = Counter::default();
    network.visit(&mut counter);
    let Counter { trunk, context_encoder, heads, classifier, .. } = counter;
    assert_eq!([trunk, context_encoder, heads, classifier], [11_176_512, 91_795_648, 66_560, 3_591]);
    assert_eq!(trunk + context_encoder + heads + classifier, 103_042_311);
}
