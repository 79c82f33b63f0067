//! What the network's tensors are called in files: torchvision's names for trunk and classifier, and names of the same
//! kind for the attention arm, which torchvision does not have.
//!
//! Weights come in by these names (`initial_weights`) and go out by them (`export`), dense weights as PyTorch has them,
//! `[outputs, inputs]`.

use burn_store::burn_pack::Tensor;
use burn_store::{BurnToPyTorchAdapter, ModuleSnapshot};
use dacl::network::Dacl;

/// The network's tensors as a file has them, by name and in PyTorch's shapes; their values are read when they are asked for.
pub(crate) fn tensors(network: &Dacl) -> Vec<Tensor> {
    let mut tensors = network.collect(None, Some(Box::new(BurnToPyTorchAdapter)), true);
    for tensor in &mut tensors {
        tensor.name = in_files(&tensor.name);
    }
    tensors
}

/// Of the path within the network, PyTorch's words for batch norm given: `layer2.0.downsample.1.weight` of
/// `trunk.layer2.0.downsample.bn.weight`.
fn in_files(path: &str) -> String {
    let path = path.strip_prefix("trunk.").unwrap_or(path);
    path.replace(".downsample.conv.", ".downsample.0.")
        .replace(".downsample.bn.", ".downsample.1.")
        .replace("heads.linear.", "heads.")
}

/// The path within the network of a tensor of [`tensors`], as burn-store takes it.
pub(crate) fn in_network(name: &str) -> String {
    let path = name
        .replace(".downsample.0.", ".downsample.conv.")
        .replace(".downsample.1.", ".downsample.bn.")
        .replace("heads.", "heads.linear.");
    match is_of_trunk(name) {
        true => format!("trunk.{path}"),
        false => path,
    }
}

/// Whether a tensor of [`tensors`] belongs to the trunk.
pub(crate) fn is_of_trunk(name: &str) -> bool {
    !["fc.", "context_encoder.", "heads."].iter().any(|part| name.starts_with(part))
}

/// Whether a tensor of [`tensors`] belongs to the attention arm.
pub(crate) fn is_of_attention(name: &str) -> bool {
    ["context_encoder.", "heads."].iter().any(|part| name.starts_with(part))
}

/// What the DACL authors' code calls a tensor of the attention arm: their encoder is a `Sequential` of nine layers.
pub(crate) fn by_authors(name: &str) -> Option<String> {
    if let Some(rest) = name.strip_prefix("heads.") {
        return Some(format!("attention_heads.{rest}"));
    }
    let (unit, rest) = name.strip_prefix("context_encoder.unit")?.split_once('.')?;
    let first = 3 * (unit.parse::<usize>().ok()?.checked_sub(1)?);
    let (layer, parameter) = rest.split_once('.')?;
    let index = if layer == "linear" { first } else { first + 1 };
    Some(format!("attention.{index}.{parameter}"))
}

/// What a tensor of the trunk is called in a `Sequential` of torchvision's parts, as many make one to cut the classifier
/// off: stem, batch norm, ReLU, pooling and the four stages are its layers 0 to 7.
pub(crate) fn in_sequence(name: &str) -> Option<String> {
    if !is_of_trunk(name) {
        return None;
    }
    let (part, rest) = name.split_once('.')?;
    let index = match part {
        "conv1" => 0,
        "bn1" => 1,
        stage => 3 + stage.strip_prefix("layer")?.parse::<usize>().ok()?,
    };
    Some(format!("{index}.{rest}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use burn::tensor::Device;
    use dacl::network::DaclConfig;

    #[test]
    fn every_tensor_of_the_network_has_a_name_in_files_and_is_found_again_by_it() {
        let config = DaclConfig { input_size: 32, ..DaclConfig::compact() };
        let network = Dacl::new(&config, &Device::flex()).unwrap();
        let paths: Vec<String> = network.collect(None, None, true).into_iter().map(|tensor| tensor.name).collect();
        let files = tensors(&network);
        assert_eq!(files.len(), 20 * 5 + 2 + 3 * 6 + 2);
        for (tensor, path) in files.iter().zip(paths) {
            let words = path.replace(".gamma", ".weight").replace(".beta", ".bias");
            assert_eq!(in_network(&tensor.name), words);
        }
        let shape = |name: &str| files.iter().find(|tensor| tensor.name == name).unwrap().shape.to_vec();
        assert_eq!(shape("layer4.0.downsample.0.weight"), [512, 256, 1, 1]);
        assert_eq!(shape("layer1.1.bn2.running_var"), [64]);
        assert_eq!(shape("fc.weight"), [7, 512]);
        assert_eq!(shape("context_encoder.unit1.linear.weight"), [1024, 512]);
        assert_eq!(shape("heads.weight"), [1024, 64]);
    }

    #[test]
    fn other_codes_names_are_known() {
        assert_eq!(by_authors("context_encoder.unit1.linear.weight").unwrap(), "attention.0.weight");
        assert_eq!(by_authors("context_encoder.unit3.bn.running_mean").unwrap(), "attention.7.running_mean");
        assert_eq!(by_authors("heads.bias").unwrap(), "attention_heads.bias");
        assert_eq!(by_authors("layer1.0.conv1.weight"), None);
        assert_eq!(in_sequence("conv1.weight").unwrap(), "0.weight");
        assert_eq!(in_sequence("layer4.1.bn2.bias").unwrap(), "7.1.bn2.bias");
        assert_eq!(in_sequence("fc.bias"), None);
    }
}
