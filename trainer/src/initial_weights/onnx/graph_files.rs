//! ONNX files for the tests: graphs that read "picture", written with their weights in them or in a file beside.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use crate::onnx_file::messages::ModelProto;
use crate::onnx_file::{self, Side};
pub(super) use crate::onnx_file::{Attribute, Graph};

/// The value that a graph answers with, and its shape.
pub(super) type Answer<'a> = (&'a str, &'a [usize]);

fn model(mut graph: Graph, (name, shape): Answer<'_>) -> ModelProto {
    graph.input("picture", &[1, 3, 32, 32].map(Side::Of), "");
    let shape: Vec<Side<'_>> = shape.iter().map(|&side| Side::Of(side)).collect();
    graph.output(name, &shape, "");
    graph.into_model("", Vec::new())
}

/// The bytes of a file of `graph`.
pub(super) fn encoded(graph: Graph, answer: Answer<'_>) -> Vec<u8> {
    onnx_file::encoded(&model(graph, answer))
}

pub(super) fn write(graph: Graph, path: &Path, answer: Answer<'_>) {
    std::fs::write(path, encoded(graph, answer)).unwrap();
}

/// Writes the tensors' values into the file `beside` next to `path`.
pub(super) fn write_with_weights_beside(graph: Graph, path: &Path, answer: Answer<'_>, beside: &str) {
    let mut model = model(graph, answer);
    let content = onnx_file::with_weights_beside(&mut model, beside);
    std::fs::write(path, onnx_file::encoded(&model)).unwrap();
    std::fs::write(path.with_file_name(beside), content).unwrap();
}
