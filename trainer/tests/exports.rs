//! What a run is exported to: read back by the trainer, and run by onnxruntime.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod python;
mod trainer_command;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use burn::tensor::{Device, Distribution, Tensor, TensorData};
use dacl::network::{Dacl, DaclConfig};
use image::{DynamicImage, GrayImage};
use safetensors::SafeTensors;
use serde_json::Value;
use trainer::initial_weights::{Imported, initialise};
use trainer::run_folder::RunFolder;
use trainer::weights_folder;
use trainer_command::{succeeds, text, trainer};

const DATA: &str = "synthetic:train=32,valid=14,size=48,seed=5";

/// A run of one short epoch.
fn train(run: &Path, more: &[&str]) {
    let settings = "--epochs 1 --device cpu --input-size 32 --context-encoder 24,16,8 --batch 16 --seed 3";
    let mut arguments = vec!["train", "--data", DATA, "--out", text(run)];
    arguments.extend(settings.split(' '));
    arguments.extend(more);
    succeeds(&arguments);
}

fn export(run: &Path, format: &str, out: &Path, more: &[&str]) -> Output {
    let mut arguments = vec!["export", "--run", text(run), "--format", format, "--out", text(out), "--device", "cpu"];
    arguments.extend(more);
    trainer(&arguments)
}

fn exported(run: &Path, format: &str, out: &Path) -> String {
    let output = export(run, format, out, &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The network of a run and its dimensions.
fn network(run: &Path) -> (Dacl, DaclConfig) {
    let run = RunFolder::open(run).unwrap();
    (run.best_network(&Device::flex()).unwrap(), run.description().recipe.network.clone())
}

/// A network with nothing but the start weights at `path` in common with the one that they are of.
fn started(config: &DaclConfig, path: &Path) -> (Dacl, Imported) {
    let device = Device::flex();
    initialise(Dacl::new(config, &device).unwrap(), config, path, &device).unwrap()
}

fn pictures(count: usize) -> Tensor<4> {
    Tensor::random([count, 3, 32, 32], Distribution::Normal(0.0, 1.0), &Device::flex())
}

fn largest_difference<const D: usize>(one: Tensor<D>, other: Tensor<D>) -> f32 {
    (one - other).abs().max().into_scalar::<f32>()
}

/// The metadata of a safetensors file.
fn metadata(file: &Path) -> HashMap<String, Value> {
    let bytes = fs::read(file).unwrap();
    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let entries = header.metadata().clone().unwrap();
    entries.into_iter().map(|(key, value)| (key, serde_json::from_str(&value).unwrap())).collect()
}

#[test]
fn a_network_comes_back_from_safetensors_as_it_went_and_its_trunk_from_onnx() {
    let folder = tempfile::tempdir().unwrap();
    let (run, out) = (folder.path().join("run"), folder.path().join("out"));
    train(&run, &[]);
    let said = exported(&run, "safetensors", &out);
    assert!(said.contains("network.safetensors") && !said.contains("left out"), "{said}");
    let file = out.join("network.safetensors");
    let bytes = fs::read(&file).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    assert_eq!(tensors.tensor("layer2.0.downsample.1.running_var").unwrap().shape(), [128]);
    assert_eq!(tensors.tensor("fc.weight").unwrap().shape(), [7, 512]);
    assert_eq!(tensors.tensor("context_encoder.unit1.linear.weight").unwrap().shape(), [24, 512]);
    let about = metadata(&file);
    assert_eq!(about["classes"][6], "anger");
    assert_eq!((&about["input_size"], &about["colour"]), (&32.into(), &"grey".into()));
    assert_eq!((&about["provenance"]["data"], &about["provenance"]["loss"]), (&"synthetic".into(), &"dacl".into()));

    let (original, config) = network(&run);
    let (restored, imported) = started(&config, &file);
    assert_eq!(imported.found.len(), tensors.len());
    let rest = [imported.missing, imported.unused, imported.other_shape].concat();
    assert!(rest.is_empty(), "{rest:?}");
    let asked = pictures(3);
    let (expected, answered) = (original.forward(asked.clone()), restored.forward(asked.clone()));
    assert_eq!(largest_difference(expected.logits, answered.logits), 0.0);
    assert_eq!(largest_difference(expected.attention, answered.attention), 0.0);

    assert!(!export(&run, "onnx", &out, &[]).status.success(), "a folder with content is not written to unasked");
    assert!(!out.join("network.onnx").exists());
    assert!(export(&run, "onnx", &out, &["--overwrite"]).status.success());
    assert_eq!(fs::read(&file).unwrap(), bytes, "other files in the folder stay");
    assert_eq!(fs::read_dir(&out).unwrap().count(), 2, "nothing else is left in the folder");
    let (restored, imported) = started(&config, &out.join("network.onnx"));
    assert_eq!(imported.found.len(), 20 * 5);
    let (expected, answered) = (original.trunk.forward(asked.clone()), restored.trunk.forward(asked));
    let difference = largest_difference(expected, answered);
    assert!(difference < 1e-4, "feature maps differ by {difference}");

    let next = folder.path().join("next");
    let mut arguments = vec!["train", "--data", DATA, "--out", text(&next), "--init", text(&file)];
    arguments.extend("--epochs 1 --device cpu --input-size 64 --context-encoder 24,16,8 --batch 16".split(' '));
    let said = succeeds(&arguments);
    let shapes = "of another shape, random (1): context_encoder.unit1.linear.weight [24, 512] instead of [24, 2048]";
    assert!(said.contains(shapes), "{said}");
}

#[test]
fn a_run_without_attention_is_exported_without_it_and_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("run");
    train(&run, &["--loss", "softmax"]);
    for format in ["safetensors", "onnx"] {
        let said = exported(&run, format, &folder.path().join(format));
        assert!(said.contains("left out: context encoder and attention heads"), "{said}");
    }
    let file = folder.path().join("safetensors/network.safetensors");
    assert_eq!(metadata(&file)["left_out"][1], "attention heads");
    let (original, config) = network(&run);
    let (restored, imported) = started(&config, &file);
    assert_eq!(imported.found.len(), 20 * 5 + 2);
    assert_eq!(imported.missing.len(), 3 * 6 + 2);
    let asked = pictures(2);
    let (expected, answered) = (original.forward_label(asked.clone()).1, restored.forward_label(asked.clone()).1);
    assert_eq!(largest_difference(expected.clone(), answered), 0.0);

    let Some(python) = python() else { return };
    let answers = ask_onnxruntime(&python, &folder.path().join("onnx/network.onnx"), &asked);
    assert_eq!(answers.keys().collect::<Vec<_>>(), ["logits"]);
    same("logits", expected, &answers);
}

#[test]
fn onnxruntime_answers_as_the_network_does() {
    let folder = tempfile::tempdir().unwrap();
    let (run, out) = (folder.path().join("run"), folder.path().join("out"));
    train(&run, &[]);
    let said = exported(&run, "onnx", &out);
    assert!(said.contains("temperature") && said.contains("accuracy"), "{said}");
    let Some(python) = python() else { return };
    let (network, _) = network(&run);
    for count in [1, 5] {
        let asked = pictures(count);
        let expected = network.forward(asked.clone());
        let answers = ask_onnxruntime(&python, &out.join("network.onnx"), &asked);
        same("logits", expected.logits, &answers);
        same("attention", expected.attention, &answers);
    }
    the_example_in_the_documentation_works(&python, &run, &out.join("network.onnx"));
}

/// Runs the Python of `docs/onnx.md` on a picture of another size than the network's input.
fn the_example_in_the_documentation_works(python: &Path, run: &Path, onnx: &Path) {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/onnx.md")).unwrap();
    let (_, rest) = page.split_once("```python\n").expect("docs/onnx.md has an example in Python");
    let (example, _) = rest.split_once("```").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (script, file) = (folder.path().join("example.py"), folder.path().join("face.png"));
    fs::write(&script, example).unwrap();
    let picture = GrayImage::from_fn(96, 80, |x, y| image::Luma([((x * 2 + y) % 256) as u8]));
    picture.save(&file).unwrap();
    let output = Command::new(python).arg(&script).args([onnx, &file]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();

    let weights = weights_folder::open(run, &Device::flex()).unwrap();
    let faces = [DynamicImage::ImageLuma8(picture)];
    let answer = pollster::block_on(weights.recogniser.recognise(&faces)).unwrap().remove(0);
    let temperature = temperature(python, onnx);
    let expected = dacl::recognise::softmax(&answer.logits, temperature);
    let classes = &weights.recogniser.config().classes;
    let lines: Vec<(&str, f64)> = said
        .lines()
        .map(|line| line.split_once(' ').unwrap())
        .map(|(class, share)| (class, share.trim().parse().unwrap()))
        .collect();
    assert_eq!(lines.len(), classes.len(), "{said}");
    for ((class, expected), (name, share)) in classes.iter().zip(expected).zip(lines) {
        assert_eq!(class, name);
        // Pillow and our own code do not round alike when they resize.
        assert!((share - expected).abs() < 0.02, "{name} is {share} in Python and {expected} here");
    }
}

fn temperature(python: &Path, onnx: &Path) -> f64 {
    let script = "import onnxruntime, sys; print(onnxruntime.InferenceSession(sys.argv[1]).get_modelmeta()\
                  .custom_metadata_map['temperature'])";
    let output = Command::new(python).args(["-c", script, text(onnx)]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

fn python() -> Option<PathBuf> {
    python::with_onnxruntime().map_err(|reason| eprintln!("onnxruntime was not asked: {reason}")).ok()
}

/// The outputs by name, of pictures that go through as one batch.
fn ask_onnxruntime(python: &Path, onnx: &Path, pictures: &Tensor<4>) -> std::collections::BTreeMap<String, Vec<f32>> {
    let folder = tempfile::tempdir().unwrap();
    let (inputs, outputs) = (folder.path().join("inputs"), folder.path().join("outputs"));
    fs::create_dir(&outputs).unwrap();
    let bytes: Vec<u8> = pictures.to_data().iter::<f32>().flat_map(f32::to_le_bytes).collect();
    fs::write(&inputs, bytes).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/run_onnx.py");
    let output = Command::new(python).arg(script).args([onnx, &inputs, &outputs]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let floats = |path: PathBuf| {
        let bytes = fs::read(path).unwrap();
        bytes.chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect()
    };
    fs::read_dir(&outputs)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), floats(entry.path())))
        .collect()
}

/// Holds an output against what the network answers, to 1e-4.
fn same(name: &str, expected: Tensor<2>, answers: &std::collections::BTreeMap<String, Vec<f32>>) {
    let answered = TensorData::new(answers[name].clone(), expected.dims());
    let spread = largest_difference(expected.clone(), Tensor::zeros_like(&expected));
    assert!(spread > 1e-2, "{name} of {spread} at most compare nothing");
    let difference = largest_difference(expected, Tensor::from_data(answered, &Device::flex()));
    println!("{name}: onnxruntime differs by {difference:.1e}");
    assert!(difference < 1e-4, "{name} differ by {difference}");
}
