//! ResNet-18s in ONNX files that the tests write, and files that are none.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;

use burn::tensor::{Device, Distribution, Tensor};

use super::graph_files::{Attribute, Graph, encoded, write, write_with_weights_beside};
use super::resnet::{ANSWER, BatchNorms, ResNet};
use crate::initial_weights::{Imported, initialise, tests::network};

/// Writes a ResNet-18 as `norms` has it, its weights into the file `beside` if there is a name, starts a network from it and
/// compares its trunk with the one built by hand.
fn starts_as_the_file_says(norms: BatchNorms, beside: Option<&str>) -> Imported {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("resnet18.v1.onnx");
    let resnet = ResNet::random(64, 7);
    let mut graph = Graph::default();
    resnet.write_into(&mut graph, norms);
    match beside {
        None => write(graph, &path, ANSWER),
        Some(name) => write_with_weights_beside(graph, &path, ANSWER, name),
    }
    let count = || std::fs::read_dir(folder.path()).unwrap().count();
    let files = count();
    let (config, start) = network();
    let device = Device::flex();
    let (filled, imported) = initialise(start, &config, &path, &device).unwrap();
    assert_eq!(count(), files, "something was left beside the file");

    let picture = Tensor::<4>::random([2, 3, 32, 32], Distribution::Uniform(-2.0, 2.0), &device);
    let expected = resnet.trunk(norms.epsilon()).forward(picture.clone());
    let computed = filled.trunk.forward(picture);
    let strongest = expected.clone().max().into_scalar::<f32>();
    assert!((0.1..100.0).contains(&strongest), "features of {strongest} compare nothing");
    let difference = (computed - expected).abs().max().into_scalar::<f32>();
    assert!(difference < 1e-4, "outputs differ by {difference} of {strongest}");
    imported
}

#[test]
fn a_file_with_batch_norms_computes_the_same_in_our_trunk() {
    let imported = starts_as_the_file_says(BatchNorms::Kept(1e-2), None);
    assert_eq!(imported.found.len(), 20 * 5);
    for name in ["conv1.weight", "bn1.gamma", "layer3.1.bn2.running_var", "layer4.0.downsample.conv.weight"] {
        assert!(imported.found.iter().any(|found| found == name), "{name} is not among {:?}", imported.found);
    }
    assert!(imported.missing.is_empty(), "{:?}", imported.missing);
    assert_eq!(imported.unused, ["linear1.bias", "linear1.weight"]);
}

#[test]
fn a_file_with_batch_norms_folded_away_computes_the_same_in_our_trunk() {
    let imported = starts_as_the_file_says(BatchNorms::Folded, None);
    assert_eq!(imported.found.len(), 20 * 5);
    assert_eq!(imported.unused, ["linear1.bias", "linear1.weight"]);
}

#[test]
fn a_bias_before_a_batch_norm_and_an_epsilon_left_to_the_default_are_accounted_for() {
    starts_as_the_file_says(BatchNorms::KeptAfterBias, None);
}

#[test]
fn weights_in_a_file_beside_are_read_and_missed_by_name() {
    starts_as_the_file_says(BatchNorms::Folded, Some("resnet18.onnx.data"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("alone.onnx");
    let mut graph = Graph::default();
    ResNet::random(8, 1).write_into(&mut graph, BatchNorms::Folded);
    write_with_weights_beside(graph, &path, ANSWER, "alone.onnx.data");
    std::fs::remove_file(folder.path().join("alone.onnx.data")).unwrap();
    assert!(refusal(&path).contains("alone.onnx.data"));
}

/// What a user reads about the file at `path`.
fn refusal(path: &Path) -> String {
    let (config, start) = network();
    let said = initialise(start, &config, path, &Device::flex()).unwrap_err().to_string();
    assert!(said.contains(path.to_str().unwrap()), "{said}");
    for inside in ["panicked", "unwrap", "called `", "src/", ".rs", "\n"] {
        assert!(!said.contains(inside), "{said}");
    }
    said
}

#[test]
fn files_that_are_no_onnx_or_broken_are_refused_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken.onnx");
    assert!(refusal(&path).contains("No such file"));
    std::fs::write(&path, b"Once upon a time there was a file").unwrap();
    assert!(refusal(&path).contains("cannot be read as ONNX: "));
    std::fs::write(&path, b"").unwrap();
    refusal(&path);
    let mut graph = Graph::default();
    ResNet::random(8, 1).write_into(&mut graph, BatchNorms::Folded);
    let whole = encoded(graph, ANSWER);
    for length in [1, whole.len() / 3, whole.len() - 1] {
        std::fs::write(&path, &whole[..length]).unwrap();
        assert!(refusal(&path).contains("cannot be read as ONNX: "), "{length} bytes of {}", whole.len());
    }
}

#[test]
fn networks_that_are_no_resnet_18_are_refused_with_the_difference() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.onnx");
    ResNet::random(8, 1).write(&path, BatchNorms::Kept(1e-5));
    let said = refusal(&path);
    assert!(said.contains("cannot start the trunk") && said.contains("[8, 3, 7, 7]"), "{said}");

    let mut graph = Graph::default();
    graph.tensor("w", &[4, 3, 5, 5], &[0.5; 300]);
    graph.node("Conv", &["picture", "w"], "features", &[Attribute::Ints("kernel_shape", &[5, 5])]);
    write(graph, &path, ("features", &[1, 4, 28, 28]));
    let said = refusal(&path);
    assert!(said.contains("1 of 5x5") && said.contains("3 of 1x1, 16 of 3x3, 1 of 7x7"), "{said}");

    let mut graph = Graph::default();
    graph.node("Relu", &["picture"], "answer", &[]);
    write(graph, &path, ("answer", &[1, 3, 32, 32]));
    assert!(refusal(&path).contains("convolutions are none"));

    let mut graph = Graph::default();
    graph.node("Telepathy", &["picture"], "answer", &[]);
    write(graph, &path, ("answer", &[1, 3, 32, 32]));
    assert!(refusal(&path).contains("Telepathy"));
}

#[test]
fn weights_that_are_not_finite_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("diverged.onnx");
    let mut resnet = ResNet::random(64, 3);
    resnet.spoil();
    resnet.write(&path, BatchNorms::Folded);
    assert!(refusal(&path).contains("not a finite number"));
}
