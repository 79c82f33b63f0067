//! Start weights by name, from files that the tests write and from PyTorch's checkpoints in `tests/fixtures`.
#![allow(clippy::unwrap_used)]

#[path = "../../tests/skipped/mod.rs"]
mod skipped;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use burn::tensor::{Device, TensorData};
use dacl::network::Dacl;
use safetensors::tensor::{Dtype, TensorView};

use super::tests::network;
use super::{Imported, initialise};

/// A tensor of a test's file: name, shape, and the value that it is filled with.
type Filled<'a> = (&'a str, &'a [usize], f32);

fn write(path: &Path, tensors: &[Filled<'_>]) {
    let bytes: Vec<Vec<u8>> =
        tensors.iter().map(|(_, shape, value)| value.to_le_bytes().repeat(shape.iter().product())).collect();
    let views = tensors.iter().zip(&bytes).map(|((name, shape, _), bytes)| {
        (name.to_string(), TensorView::new(Dtype::F32, shape.to_vec(), bytes).unwrap())
    });
    std::fs::write(path, safetensors::serialize(views, None).unwrap()).unwrap();
}

fn start(path: &Path) -> (Dacl, Imported) {
    let (config, network) = network();
    initialise(network, &config, path, &Device::flex()).unwrap()
}

fn start_from(tensors: &[Filled<'_>]) -> (Dacl, Imported) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    write(&path, tensors);
    start(&path)
}

/// What a user reads about the file at `path`.
fn refusal(path: &Path) -> String {
    let (config, network) = network();
    let said = initialise(network, &config, path, &Device::flex()).unwrap_err().to_string();
    assert!(said.contains(path.to_str().unwrap()), "{said}");
    for inside in ["panicked", "unwrap", "src/", ".rs:", "\n"] {
        assert!(!said.contains(inside), "{said}");
    }
    said
}

#[test]
fn a_part_of_a_torchvision_file_lands_in_its_places_and_the_rest_is_listed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("part.safetensors");
    let half = |value: f32, count: usize| burn::tensor::f16::from_f32(value).to_le_bytes().repeat(count);
    let single = |value: f32, count: usize| value.to_le_bytes().repeat(count);
    let (conv, down) = (half(0.5, 64 * 3 * 49), half(-0.25, 128 * 64));
    let (mean, variance, fc) = (single(3.0, 128), single(4.0, 128), single(1.0, 1000 * 512));
    let tensors = vec![
        ("conv1.weight", TensorView::new(Dtype::F16, vec![64, 3, 7, 7], &conv).unwrap()),
        ("layer2.0.downsample.0.weight", TensorView::new(Dtype::F16, vec![128, 64, 1, 1], &down).unwrap()),
        ("layer2.0.downsample.1.running_mean", TensorView::new(Dtype::F32, vec![128], &mean).unwrap()),
        ("layer2.0.bn1.weight", TensorView::new(Dtype::F32, vec![128], &variance).unwrap()),
        ("fc.weight", TensorView::new(Dtype::F32, vec![1000, 512], &fc).unwrap()),
        ("aux.weight", TensorView::new(Dtype::F32, vec![128], &mean).unwrap()),
    ];
    std::fs::write(&path, safetensors::serialize(tensors, None).unwrap()).unwrap();

    let (filled, imported) = start(&path);
    let trunk = &filled.trunk;
    trunk.conv1.weight.val().into_data().assert_eq(&TensorData::full([64, 3, 7, 7], 0.5f32), true);
    let down = trunk.layer2[0].downsample.as_ref().unwrap();
    down.conv.weight.val().into_data().assert_eq(&TensorData::full([128, 64, 1, 1], -0.25f32), true);
    down.bn.running_mean.value().into_data().assert_eq(&TensorData::full([128], 3f32), true);
    trunk.layer2[0].bn1.gamma.val().into_data().assert_eq(&TensorData::full([128], 4f32), true);
    assert_eq!(imported.found.len(), 4);
    assert!(imported.missing.iter().any(|name| name == "layer4.0.conv1.weight"), "{:?}", imported.missing);
    assert!(imported.missing.iter().any(|name| name == "fc.bias"), "{:?}", imported.missing);
    assert_eq!(imported.other_shape, ["fc.weight [1000, 512] instead of [7, 512]"]);
    assert_eq!(imported.unused, ["aux.weight"]);
}

#[test]
fn a_classifier_of_as_many_classes_is_taken_over() {
    let (filled, imported) =
        start_from(&[("conv1.weight", &[64, 3, 7, 7], 1.0), ("fc.weight", &[7, 512], 2.0), ("fc.bias", &[7], 3.0)]);
    filled.fc.weight.val().into_data().assert_eq(&TensorData::full([512, 7], 2f32), true);
    assert_eq!(imported.found, ["conv1.weight", "fc.bias", "fc.weight"]);
}

#[test]
fn whatever_wraps_the_weights_is_seen_through_and_what_stands_beside_them_is_not_taken() {
    for prefix in ["state_dict.module.", "model.", "module.", "net.backbone."] {
        let named = |name: &str| format!("{prefix}{name}");
        let (filled, imported) = start_from(&[
            (&named("bn1.weight"), &[64], 2.0),
            (&named("layer1.0.bn1.weight"), &[64], 3.0),
            (&named("layer1.0.bn1.bias"), &[64], 4.0),
            ("ema.bn1.weight", &[64], 9.0),
        ]);
        filled.trunk.bn1.gamma.val().into_data().assert_eq(&TensorData::full([64], 2f32), true);
        assert_eq!(imported.found, ["bn1.weight", "layer1.0.bn1.bias", "layer1.0.bn1.weight"]);
        assert_eq!(imported.unused, ["ema.bn1.weight"]);
    }
}

#[test]
fn a_sequence_of_torchvisions_parts_is_understood() {
    let (filled, imported) = start_from(&[
        ("features.0.weight", &[64, 3, 7, 7], 1.0),
        ("features.1.running_var", &[64], 2.0),
        ("features.5.0.downsample.1.weight", &[128], 3.0),
        ("features.7.1.bn2.bias", &[512], 4.0),
    ]);
    filled.trunk.layer4[1].bn2.beta.val().into_data().assert_eq(&TensorData::full([512], 4f32), true);
    assert_eq!(
        imported.found,
        ["conv1.weight", "bn1.running_var", "layer2.0.downsample.1.weight", "layer4.1.bn2.bias"]
    );
}

#[test]
fn networks_that_are_no_resnet_18_and_numbers_that_are_none_are_refused_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.safetensors");
    for (deeper, size) in [("layer1.2.conv1.weight", 3), ("layer1.0.conv3.weight", 1)] {
        write(
            &path,
            &[
                ("conv1.weight", &[64, 3, 7, 7], 1.0),
                ("layer1.0.conv2.weight", &[64, 64, 3, 3], 1.0),
                (deeper, &[64, 64, size, size], 1.0),
            ],
        );
        let said = refusal(&path);
        assert!(said.contains("a ResNet-18 has not") && said.contains(deeper), "{said}");
    }
    let block: [usize; 4] = [64, 64, 3, 3];
    write(
        &path,
        &[("0.weight", &[64, 3, 7, 7], 1.0), ("4.0.conv2.weight", &block, 1.0), ("4.2.conv1.weight", &block, 1.0)],
    );
    assert!(refusal(&path).contains("4.2.conv1.weight"));
    write(&path, &[("fc.weight", &[7, 512], 1.0)]);
    assert!(refusal(&path).contains("torchvision's names"));
    write(&path, &[("conv1.weight", &[64, 1, 7, 7], 1.0)]);
    assert!(refusal(&path).contains("torchvision's names"));
    write(&path, &[("bn1.weight", &[64], f32::NAN)]);
    assert!(refusal(&path).contains("bn1.weight holds a value that is not a finite number"));
    let bytes = [1u8; 64];
    let whole = vec![("bn1.weight", TensorView::new(Dtype::I8, vec![64], &bytes).unwrap())];
    std::fs::write(&path, safetensors::serialize(whole, None).unwrap()).unwrap();
    assert!(refusal(&path).contains("bn1.weight holds no floating-point numbers"));
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// The files that `make_checkpoints.py` writes, with the tensors that stand beside the weights.
const CHECKPOINTS: [(&str, &[&str]); 3] =
    [("state_dict.pth", &["optimizer.state.0.momentum_buffer"]), ("model.pth", &[]), ("bare_legacy.pth", &[])];

/// The formula of `make_checkpoints.py`.
fn number(index: usize) -> f32 {
    ((index * 37 + 11) % 101) as f32 / 64.0 - 50.0 / 64.0
}

/// Holds a network that was started from one of PyTorch's checkpoints against the script that wrote it, which put the tensors
/// `beside` the weights.
fn is_as_the_script_says(path: &Path, beside: &[&str]) {
    let (filled, imported) = start(path);
    let vector = |count: usize| TensorData::new((0..count).map(number).collect::<Vec<f32>>(), [count]);
    filled.trunk.bn1.gamma.val().into_data().assert_eq(&vector(64), true);
    let down = filled.trunk.layer2[0].downsample.as_ref().unwrap();
    let rows: Vec<f32> = (0..128).flat_map(|row| [number(row); 64]).collect();
    down.conv.weight.val().into_data().assert_eq(&TensorData::new(rows, [128, 64, 1, 1]), true);
    let variance: Vec<f32> = (0..128).map(|index| number(index) + 1.0).collect();
    down.bn.running_var.value().into_data().assert_eq(&TensorData::new(variance, [128]), true);
    // The script's view is [outputs, inputs] of a matrix that was made the other way round, which is ours.
    let unit3 = filled.context_encoder.unit3.linear.weight.val().into_data();
    unit3.assert_eq(&TensorData::new((0..64).map(number).collect::<Vec<f32>>(), [8, 8]), true);
    filled.heads.linear.bias.as_ref().unwrap().val().into_data().assert_eq(&vector(1024), true);

    let found = [
        "context_encoder.unit3.linear.weight",
        "heads.bias",
        "bn1.weight",
        "layer2.0.downsample.0.weight",
        "layer2.0.downsample.1.running_var",
    ];
    assert_eq!(imported.found, found, "{}", path.display());
    assert_eq!(imported.other_shape, ["fc.bias [79077] instead of [7]", "fc.weight [79077, 512] instead of [7, 512]"]);
    assert_eq!(imported.unused, beside);
}

#[test]
fn checkpoints_of_pytorch_are_read_in_every_wrapping() {
    for (name, beside) in CHECKPOINTS {
        is_as_the_script_says(&fixtures().join(name), beside);
    }
    // The name that such files often go by.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("resnet18.pth.tar");
    std::fs::copy(fixtures().join("bare_legacy.pth"), &path).unwrap();
    is_as_the_script_says(&path, &[]);
}

#[test]
fn files_that_are_no_checkpoints_or_broken_are_refused_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken.pth");
    assert!(refusal(&path).contains("No such file"));
    for content in
        [b"Once upon a time there was a file".as_slice(), b"", b"\x80\x02}q\x00.", b"PK\x03\x04 but no archive"]
    {
        std::fs::write(&path, content).unwrap();
        refusal(&path);
    }
    for name in ["state_dict.pth", "bare_legacy.pth"] {
        let whole = std::fs::read(fixtures().join(name)).unwrap();
        for length in [10, whole.len() / 3, whole.len() - 700, whole.len() - 1] {
            std::fs::write(&path, &whole[..length]).unwrap();
            let said = refusal(&path);
            assert!(said.contains("cannot be read as a PyTorch checkpoint: "), "{length} bytes of {name}: {said}");
        }
    }
}

#[test]
fn a_torchscript_program_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("program.pt");
    let mut archive = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    archive.start_file("program/data.pkl", stored).unwrap();
    // An object of the class __torch__.Net without content.
    archive.write_all(b"\x80\x02c__torch__\nNet\n)\x81}b.").unwrap();
    archive.finish().unwrap();
    assert!(refusal(&path).contains("state_dict() with torch.save"));
}

/// The checkpoints in the repository say what was read once; this one says it of the PyTorch that is here.
#[test]
fn checkpoints_of_the_pytorch_that_is_installed_are_read() {
    let has_torch = |python: &&str| {
        Command::new(python).args(["-c", "import torch"]).output().is_ok_and(|output| output.status.success())
    };
    let Some(python) = ["python3", "/usr/bin/python3"].into_iter().find(has_torch) else {
        skipped::skipped("reading checkpoints of the PyTorch that is installed", "no python3 has the package torch");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let made = Command::new(python).arg(fixtures().join("make_checkpoints.py")).arg(folder.path()).status().unwrap();
    assert!(made.success());
    for (name, beside) in CHECKPOINTS {
        is_as_the_script_says(&folder.path().join(name), beside);
    }
}
