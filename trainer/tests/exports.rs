//! What a run is exported to: read back by the trainer, and run by onnxruntime.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod python;
mod skipped;
mod trainer_command;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use burn::tensor::{Device, Distribution, Tensor, TensorData};
use dacl::network::{ContextEncoderConfig, Dacl, DaclConfig};
use image::{DynamicImage, GrayImage};
use safetensors::SafeTensors;
use serde_json::Value;
use trainer::data::{DataSpec, SplitName};
use trainer::initial_weights::{Imported, initialise};
use trainer::measure;
use trainer::run_folder::RunFolder;
use trainer::weights_folder;
use trainer_command::{describe, drawn_folder, fails, succeeds, text, trainer};

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

/// A network for pictures of 32 pixels, with a small attention arm.
fn small_config() -> DaclConfig {
    let context_encoder = ContextEncoderConfig { hidden1: 8, hidden2: 8, code: 8 };
    DaclConfig { input_size: 32, classes: 7, context_encoder }
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
fn an_artefact_names_the_start_weights_of_those_that_it_started_from() {
    let folder = tempfile::tempdir().unwrap();
    let [first, file, second, artefact, third, out] =
        ["first", "file", "second", "artefact", "third", "out"].map(|name| folder.path().join(name));
    train(&first, &[]);
    exported(&first, "safetensors", &file);
    train(&second, &["--init", text(&file.join("network.safetensors"))]);
    exported(&second, "browser", &artefact);
    train(&third, &["--init", text(&artefact)]);
    exported(&third, "browser", &out);
    let manifest: Value = serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["provenance"]["init"], "network.safetensors, then artefact");
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
    assert_eq!((&about["provenance"]["data"], &about["provenance"]["loss"]), (&DATA.into(), &"dacl".into()));

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

    let weights = weights_folder::open(&run, &Device::flex()).unwrap();
    let answer =
        pollster::block_on(weights.recogniser.recognise(&[DynamicImage::new_luma8(32, 32)])).unwrap().remove(0);
    assert_eq!((answer.attention, answer.activation), (None, None), "what nobody trained is not shown");

    let Some(python) = python() else { return };
    let answers = ask_onnxruntime(&python, &folder.path().join("onnx/network.onnx"), &asked);
    assert_eq!(answers.keys().collect::<Vec<_>>(), ["logits"]);
    same("logits", expected, &answers);
}

#[test]
fn an_artefact_is_written_for_other_programs_with_the_same_answers() {
    let folder = tempfile::tempdir().unwrap();
    let [run, artefact, out] = ["run", "artefact", "out"].map(|name| folder.path().join(name));
    train(&run, &[]);
    exported(&run, "browser", &artefact);
    let write = |more: &[&str]| {
        let export = ["export", "--weights", text(&artefact), "--out", text(&out), "--overwrite", "--device", "cpu"];
        [export.as_slice(), more].concat().into_iter().map(String::from).collect::<Vec<_>>()
    };
    for format in ["safetensors", "onnx"] {
        let arguments = write(&["--format", format]);
        succeeds(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    }
    let (file, onnx) = (out.join("network.safetensors"), out.join("network.onnx"));
    let manifest: Value = serde_json::from_slice(&fs::read(artefact.join("manifest.json")).unwrap()).unwrap();
    let about = metadata(&file);
    for name in ["classes", "face_crop", "provenance"] {
        assert_eq!(about[name], manifest[name], "{name}");
    }
    assert_eq!(temperature_of_onnx(&onnx), manifest["temperature"].as_f64().unwrap());

    let (_, config) = network(&run);
    let (restored, imported) = started(&config, &file);
    assert!([imported.missing, imported.unused, imported.other_shape].concat().is_empty());
    let weights = weights_folder::open(&artefact, &Device::flex()).unwrap();
    let valid = DATA.parse::<DataSpec>().unwrap().load(SplitName::Valid).unwrap();
    let expected = measure::recognitions(&weights.recogniser, &valid, |_| {}).unwrap();
    let preprocessing = &weights.recogniser.config().preprocessing;
    let inputs: Vec<f32> = valid.samples.iter().flat_map(|sample| preprocessing.input(&sample.picture)).collect();
    let inputs = Tensor::from_data(TensorData::new(inputs, [valid.samples.len(), 3, 32, 32]), &Device::flex());
    let found = restored.forward(inputs.clone());
    let matrix = |rows: Vec<Vec<f32>>| {
        let (height, width) = (rows.len(), rows[0].len());
        Tensor::<2>::from_data(TensorData::new(rows.concat(), [height, width]), &Device::flex())
    };
    let logits = matrix(expected.iter().map(|one| one.logits.clone()).collect());
    let attention = matrix(expected.iter().map(|one| one.attention.clone().unwrap()).collect());
    assert!(largest_difference(found.logits.clone(), logits) < 1e-4);
    assert!(largest_difference(found.attention.clone(), attention) < 1e-4);

    let refuses = |more: &[&str]| {
        let output = trainer(&write(more).iter().map(String::as_str).collect::<Vec<_>>());
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(refuses(&["--format", "browser"]).contains("what the browser reads already"));
    assert!(refuses(&["--format", "onnx", "--crop-margin", "2"]).contains("cannot be used with"));
    let Some(python) = python() else { return };
    let answers = ask_onnxruntime(&python, &onnx, &inputs);
    same("logits", found.logits, &answers);
    same("attention", found.attention, &answers);
}

#[test]
fn the_temperature_is_the_one_that_fits_the_validation_answers_best() {
    let folder = tempfile::tempdir().unwrap();
    let [run, out, onnx] = ["run", "out", "onnx"].map(|name| folder.path().join(name));
    train(&run, &[]);
    exported(&run, "browser", &out);
    exported(&run, "onnx", &onnx);
    let valid = DATA.parse::<DataSpec>().unwrap().load(SplitName::Valid).unwrap();
    let weights = weights_folder::open(&run, &Device::flex()).unwrap();
    let answers = measure::crops(&weights.recogniser, &valid, |_| {}).unwrap();
    let manifest: Value = serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
    let temperature = manifest["temperature"].as_f64().unwrap();
    assert!((temperature - answers.fit_temperature()).abs() < 1e-6, "{temperature}");
    assert_eq!(temperature_of_onnx(&onnx.join("network.onnx")), temperature);
    // Where it is not at its bounds, any other fits worse.
    if (0.21..4.9).contains(&temperature) {
        for other in [0.9 * temperature, 1.1 * temperature] {
            assert!(answers.cross_entropy(temperature) < answers.cross_entropy(other), "{temperature} and {other}");
        }
    }
}

#[test]
fn an_artefact_says_what_it_was_measured_on_has_a_centre_for_every_class_and_can_be_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let [run, out, faces, refused] = ["run", "out", "faces", "refused"].map(|name| folder.path().join(name));
    train(&run, &[]);
    exported(&run, "browser", &out);
    let manifest = || -> Value { serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap() };
    assert_eq!(manifest()["measured"]["n"], 14);
    let other = drawn_folder(&faces, "synthetic:train=42,valid=21,size=48,seed=9");
    let centres = ["centres", "--weights", text(&out), "--data", &other, "--device", "cpu"];
    succeeds(&centres);
    let renewed = manifest();
    assert_eq!(renewed["measured"]["n"], 21);
    let named = renewed["measured"]["data"].as_str().unwrap();
    assert!(named.starts_with("folder") && named.ends_with(", validation split"), "{named}");
    let eval = ["eval", "--weights", text(&out), "--data", &other, "--device", "cpu", "--json"];
    let figures: Value = serde_json::from_str(&succeeds(&eval)).unwrap();
    assert_eq!(renewed["measured"]["accuracy"], figures["accuracy"]);
    fs::remove_dir_all(faces.join("train/disgust")).unwrap();
    let said = fails(&centres);
    assert!(said.contains("there is no training picture of disgust"), "{said}");
    assert_eq!(manifest(), renewed);

    // As a run could have it that was begun when nobody looked at this.
    describe(&run, |description| description["recipe"]["preprocessing"]["centre"] = 1.5.into());
    let output = export(&run, "browser", &refused, &[]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("could not be read again") && !refused.exists(), "{said}");
}

/// What the metadata of an ONNX file has under `temperature`: a key, then the tag of the value, its length and its text.
fn temperature_of_onnx(file: &Path) -> f64 {
    let bytes = fs::read(file).unwrap();
    let key = b"temperature\x12";
    let place = bytes.windows(key.len()).position(|window| window == key).unwrap() + key.len();
    let value = &bytes[place + 1..][..usize::from(bytes[place])];
    std::str::from_utf8(value).unwrap().parse().unwrap()
}

/// The system's own Python, for which Debian has a PyTorch.
const SYSTEM_PYTHON: &str = "/usr/bin/python3";

/// The first of these Pythons that has PyTorch, or `None` after saying that there is none.
fn pytorch(what: &str, pythons: &[&'static str]) -> Option<&'static str> {
    let has_torch = |python: &&str| {
        Command::new(python).args(["-c", "import torch"]).output().is_ok_and(|output| output.status.success())
    };
    let found = pythons.iter().copied().find(has_torch);
    if found.is_none() {
        skipped::skipped(what, &format!("no {} has the package torch", pythons.join(" and no ")));
    }
    found
}

fn run_pytorch(python: &str, arguments: &[&str], folder: &Path) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/torch_resnet.py");
    let mut command = Command::new(python);
    let output = command.arg(script).args(arguments).arg(folder).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn floats(file: PathBuf) -> Vec<f32> {
    fs::read(file).unwrap().chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect()
}

#[test]
fn a_whole_checkpoint_of_pytorch_answers_here_as_there() {
    let Some(python) = pytorch("asking PyTorch about its own checkpoint", &["python3", SYSTEM_PYTHON]) else { return };
    let folder = tempfile::tempdir().unwrap();
    run_pytorch(python, &["make"], folder.path());
    let config = small_config();
    let (network, imported) = started(&config, &folder.path().join("resnet18.pth"));
    assert_eq!(imported.found.len(), 20 * 5 + 2, "the trunk and the classifier");
    let inputs = TensorData::new(floats(folder.path().join("inputs")), [3, 3, 32, 32]);
    let found = network.forward_label(Tensor::from_data(inputs, &Device::flex())).1;
    let expected = TensorData::new(floats(folder.path().join("logits")), [3, 7]);
    let expected = Tensor::from_data(expected, &Device::flex());
    let spread = largest_difference(expected.clone(), Tensor::zeros_like(&expected));
    let difference = largest_difference(found, expected);
    assert!(spread > 0.1 && difference < 1e-4 * spread.max(1.0), "they differ by {difference} of {spread}");
}

#[test]
fn an_onnx_file_that_pytorch_wrote_gives_the_features_of_its_state_dict() {
    // Newer versions want further packages to write ONNX; Debian's does not.
    let Some(python) = pytorch("reading an ONNX file that PyTorch wrote", &[SYSTEM_PYTHON]) else { return };
    let folder = tempfile::tempdir().unwrap();
    run_pytorch(python, &["onnx"], folder.path());
    let config = small_config();
    let (of_state_dict, _) = started(&config, &folder.path().join("resnet18.pth"));
    let (of_onnx, imported) = started(&config, &folder.path().join("resnet18.onnx"));
    assert_eq!(imported.found.len(), 20 * 5, "the trunk");
    let inputs =
        Tensor::from_data(TensorData::new(floats(folder.path().join("inputs")), [3, 3, 32, 32]), &Device::flex());
    let (expected, found) = (of_state_dict.trunk.forward(inputs.clone()), of_onnx.trunk.forward(inputs));
    let spread = largest_difference(expected.clone(), Tensor::zeros_like(&expected));
    let difference = largest_difference(expected, found);
    assert!(spread > 0.1 && difference < 1e-4 * spread.max(1.0), "they differ by {difference} of {spread}");
}

#[test]
fn pytorch_reads_an_export_by_the_lines_of_the_documentation_and_answers_as_the_network_does() {
    let Some(python) = pytorch("asking PyTorch about an export", &["python3", SYSTEM_PYTHON]) else { return };
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("run");
    train(&run, &[]);
    exported(&run, "safetensors", &folder.path().join("exported"));
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/onnx.md")).unwrap();
    let lines: Vec<&str> = page
        .lines()
        .skip_while(|line| !line.contains("torchvision.models"))
        .take_while(|line| !line.is_empty())
        .collect();
    assert!(lines.len() == 3 && lines[2].contains("load_state_dict"), "{lines:?}");
    let snippet = folder.path().join("snippet.py");
    let unindented: Vec<&str> = lines.iter().map(|line| line.trim_start()).collect();
    fs::write(&snippet, unindented.join("\n")).unwrap();
    let asked = pictures(3);
    let bytes: Vec<u8> = asked.to_data().iter::<f32>().flat_map(f32::to_le_bytes).collect();
    fs::write(folder.path().join("inputs"), bytes).unwrap();
    run_pytorch(python, &["load", text(&snippet)], folder.path());
    let expected = network(&run).0.forward_label(asked).1;
    let answers = [("logits".to_owned(), floats(folder.path().join("logits")))].into();
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
    python::with_onnxruntime().map_err(|reason| skipped::skipped("asking onnxruntime", &reason)).ok()
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
    println!("{name} differ by {difference:.1e}");
    assert!(difference < 1e-4, "{name} differ by {difference}");
}
