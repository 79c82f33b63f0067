//! A network as an ONNX file, for every program that runs those: normalised pictures in, class scores and attention out.

use std::path::Path;

use burn::tensor::Device;
use dacl::artefact::{FileEntry, Measured};
use dacl::network::{DaclConfig, HEADS, Weights, fold_attention_arm, fold_label_path};
use dacl::recognise::Recogniser;

use super::metadata::{self, About};
use super::{ExportError, ExportOptions, ExportedFile, Validation, artefact, target};
use crate::artefact::Artefact;
use crate::evaluation::Evaluation;
use crate::measure;
use crate::onnx_file::{Attribute, Graph, Side, encoded};
use crate::run_folder::RunFolder;
use crate::weights_folder::recogniser_config;

const FILE: &str = "network.onnx";

/// What is said in the file itself, where a program that shows ONNX files shows it.
const WORDS: &str = "Facial expressions by Deep Attentive Center Loss (Farzaneh and Qi, WACV 2021). A face is cut out of its \
    photograph as face_crop says (side as a multiple of the face box's larger side, centre moved down by a share of it), its \
    central square of the share centre is resized to input_size, made grey by Rec. 709 where colour is grey, and normalised: \
    (value / 255 - mean) / std, in three channels. Probabilities are softmax(logits / temperature). All this is in the metadata, \
    every value as JSON.";

/// What an export measured on the way.
#[derive(Debug)]
pub struct ExportedOnnx {
    /// The file.
    pub written: ExportedFile,
    /// What divides the logits before softmax.
    pub temperature: f64,
    /// Figures at that temperature.
    pub figures: Evaluation,
}

/// Writes the best checkpoint of `run` to the folder `out`: folds batch norm away, fits the temperature on `validation` and
/// draws the graph. The attention arm is in it where the loss trained it.
///
/// # Errors
/// When the target exists and overwriting was not allowed, or any step fails; then `out` is as it was.
pub fn to_onnx(
    run: &RunFolder,
    validation: Validation<'_>,
    options: &ExportOptions,
    out: &Path,
    device: &Device,
) -> Result<ExportedOnnx, ExportError> {
    if validation.split.whole_photographs {
        return Err(ExportError::Photographs);
    }
    target::check(out, options.overwrite)?;
    let description = run.description();
    let checkpoint = run.best(device)?;
    let network = checkpoint.answering();
    let label_path = fold_label_path(&network)?;
    let with_attention = description.recipe.loss.trains_attention();
    let attention = with_attention.then(|| fold_attention_arm(&network)).transpose()?;
    let recogniser = Recogniser::new(recogniser_config(description), &label_path, device)?;
    let answers = measure::crops(&recogniser, validation.split, |_| {})?;
    let temperature = answers.fit_temperature();
    let figures = answers.evaluate(&validation.split.classes, temperature, false);

    let about = About::run(description, &checkpoint.history, options.face_crop);
    let measured = metadata::measured(validation.data, &figures);
    let graph = graph(&description.recipe.network, &label_path, attention.as_ref());
    let file = write(graph, &about, temperature, &measured, out)?;
    Ok(ExportedOnnx { written: ExportedFile { file, with_attention }, temperature, figures })
}

/// Writes the artefact at `folder` to the folder `out`, with its own temperature and figures. Its numbers are those that 8 bits left.
///
/// # Errors
/// When `folder` holds no artefact, the target exists and overwriting was not allowed, or any step fails; then `out` is as it was.
pub fn artefact_to_onnx(folder: &Path, overwrite: bool, out: &Path) -> Result<ExportedFile, ExportError> {
    target::check(out, overwrite)?;
    let Artefact { manifest, labels, attention, .. } = artefact(folder)?;
    let graph = graph(&manifest.network, &labels, Some(&attention));
    let file = write(graph, &About::artefact(&manifest), manifest.temperature, &manifest.measured, out)?;
    Ok(ExportedFile { file, with_attention: true })
}

fn write(
    graph: Graph,
    about: &About<'_>,
    temperature: f64,
    measured: &Measured,
    out: &Path,
) -> Result<FileEntry, ExportError> {
    let mut entries = about.entries()?;
    entries.push(metadata::entry("temperature", &temperature)?);
    entries.push(metadata::entry("measured", measured)?);
    let bytes = encoded(&graph.into_model(WORDS, entries));
    target::write(out, &[(FILE, &bytes)])?;
    Ok(FileEntry::of(FILE, &bytes))
}

/// The graph of the folded network. It is the one that `dacl::network::LabelPath` and `AttentionArm` compute.
fn graph(config: &DaclConfig, label_path: &Weights, attention: Option<&Weights>) -> Graph {
    let mut graph = Graph::default();
    let (batch, side) = (|| Side::Free("batch"), config.input_size);
    let picture = [batch(), Side::Of(3), Side::Of(side), Side::Of(side)];
    graph.input("input", &picture, "Normalised faces: red, green and blue planes, rows from the top.");
    put(&mut graph, label_path);
    let map = trunk(&mut graph, label_path);
    graph.node("GlobalAveragePool", &[&map], "average", &[]);
    graph.node("Flatten", &["average"], "features", &[Attribute::Int("axis", 1)]);
    dense(&mut graph, "fc", "features", "logits");
    graph.output("logits", &[batch(), Side::Of(config.classes)], "Class scores before temperature and softmax.");
    if let Some(weights) = attention {
        put(&mut graph, weights);
        attention_arm(&mut graph, &map);
        graph.output("attention", &[batch(), Side::Of(HEADS)], "How much each of the deep features counts, in 0..1.");
    }
    graph
}

fn put(graph: &mut Graph, weights: &Weights) {
    for (name, shape, values) in weights.iter() {
        graph.tensor(name, shape, values);
    }
}

/// Draws the ResNet-18 from `input` on; the name of its feature map.
fn trunk(graph: &mut Graph, weights: &Weights) -> String {
    let stem = convolution(graph, "trunk.conv1", "input", 7, 2);
    let stem = relu(graph, &stem);
    let pool = [
        Attribute::Ints("kernel_shape", &[3, 3]),
        Attribute::Ints("strides", &[2, 2]),
        Attribute::Ints("pads", &[1; 4]),
    ];
    graph.node("MaxPool", &[&stem], "trunk.maxpool", &pool);
    let mut x = "trunk.maxpool".to_owned();
    for (stage, block) in (1..=4).flat_map(|stage| [(stage, 0), (stage, 1)]) {
        let name = format!("trunk.layer{stage}.{block}");
        let projection = format!("{name}.downsample");
        let is_projected = weights.iter().any(|(tensor, ..)| tensor.strip_suffix(".weight") == Some(&projection));
        let stride = if is_projected { 2 } else { 1 };
        let y = convolution(graph, &format!("{name}.conv1"), &x, 3, stride);
        let y = relu(graph, &y);
        let y = convolution(graph, &format!("{name}.conv2"), &y, 3, 1);
        let shortcut = if is_projected { convolution(graph, &projection, &x, 1, stride) } else { x };
        let sum = format!("{name}.sum");
        graph.node("Add", &[&y, &shortcut], &sum, &[]);
        x = relu(graph, &sum);
    }
    x
}

/// Draws context encoder and heads, from the feature map `map` to `attention`.
fn attention_arm(graph: &mut Graph, map: &str) {
    graph.node("Flatten", &[map], "context_encoder.input", &[Attribute::Int("axis", 1)]);
    let mut x = "context_encoder.input".to_owned();
    for (unit, activation) in [("unit1", "Relu"), ("unit2", "Relu"), ("unit3", "Tanh")] {
        let name = format!("context_encoder.{unit}");
        let (sum, answer) = (format!("{name}.sum"), format!("{name}.output"));
        dense(graph, &name, &x, &sum);
        graph.node(activation, &[&sum], &answer, &[]);
        x = answer;
    }
    dense(graph, "heads", &x, "heads.scores");
    // Each head has two scores, exclude and include; its attention is the softmax share of the second.
    graph.whole_numbers("heads.shape", &[3], &[-1, HEADS as i64, 2]);
    graph.whole_numbers("heads.include", &[], &[1]);
    graph.node("Reshape", &["heads.scores", "heads.shape"], "heads.pairs", &[]);
    graph.node("Softmax", &["heads.pairs"], "heads.shares", &[Attribute::Int("axis", 2)]);
    graph.node("Gather", &["heads.shares", "heads.include"], "attention", &[Attribute::Int("axis", 2)]);
}

/// Draws the convolution `name`, padded so that a stride of 1 keeps the size; the name of its output.
fn convolution(graph: &mut Graph, name: &str, input: &str, kernel: i64, stride: i64) -> String {
    let output = format!("{name}.output");
    let attributes = [
        Attribute::Ints("kernel_shape", &[kernel, kernel]),
        Attribute::Ints("strides", &[stride, stride]),
        Attribute::Ints("pads", &[kernel / 2; 4]),
    ];
    graph.node("Conv", &[input, &format!("{name}.weight"), &format!("{name}.bias")], &output, &attributes);
    output
}

fn relu(graph: &mut Graph, input: &str) -> String {
    let output = format!("{input}.relu");
    graph.node("Relu", &[input], &output, &[]);
    output
}

/// Draws the dense layer `name`, whose weights are stored `[outputs, inputs]`.
fn dense(graph: &mut Graph, name: &str, input: &str, output: &str) {
    let (weight, bias) = (format!("{name}.weight"), format!("{name}.bias"));
    graph.node("Gemm", &[input, &weight, &bias], output, &[Attribute::Int("transB", 1)]);
}
