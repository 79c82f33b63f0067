//! Writes ONNX files for the tests: as much of protobuf and of ONNX's messages as a network of convolutions needs.

#![allow(clippy::unwrap_used)]

use std::path::Path;

/// ONNX's number of 32-bit floats.
const FLOAT: u64 = 1;

/// A protobuf message in the making: fields by number, as onnx.proto has them.
#[derive(Clone, Default)]
struct Message(Vec<u8>);

impl Message {
    fn varint(mut self, mut value: u64) -> Self {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
        self
    }

    fn number(self, field: u64, value: u64) -> Self {
        self.varint(field << 3).varint(value)
    }

    fn float(self, field: u64, value: f32) -> Self {
        let mut message = self.varint(field << 3 | 5);
        message.0.extend(value.to_le_bytes());
        message
    }

    fn bytes(self, field: u64, bytes: &[u8]) -> Self {
        let mut message = self.varint(field << 3 | 2).varint(bytes.len() as u64);
        message.0.extend(bytes);
        message
    }

    fn text(self, field: u64, text: &str) -> Self {
        self.bytes(field, text.as_bytes())
    }

    fn message(self, field: u64, message: &Message) -> Self {
        self.bytes(field, &message.0)
    }
}

/// A node's attribute.
pub(super) enum Attribute<'a> {
    Float(&'a str, f32),
    Int(&'a str, u64),
    Ints(&'a str, &'a [u64]),
}

impl Attribute<'_> {
    fn encoded(&self) -> Message {
        let start = |name: &str, kind: u64| Message::default().text(1, name).number(20, kind);
        match self {
            Self::Float(name, value) => start(name, 1).float(2, *value),
            Self::Int(name, value) => start(name, 2).number(3, *value),
            Self::Ints(name, values) => values.iter().fold(start(name, 7), |message, &value| message.number(8, value)),
        }
    }
}

/// A graph in the making, from the value "picture" to whatever is named when it is written.
#[derive(Default)]
pub(super) struct Graph {
    message: Message,
    /// Name and content of the file beside, where the tensors' values lie there.
    beside: Option<(String, Vec<u8>)>,
}

impl Graph {
    /// A graph whose tensors' values lie in a file of this name beside the ONNX file.
    pub(super) fn with_weights_beside(name: &str) -> Self {
        Self { beside: Some((name.into(), Vec::new())), ..Self::default() }
    }

    pub(super) fn node(&mut self, kind: &str, inputs: &[&str], output: &str, attributes: &[Attribute<'_>]) {
        let node = inputs.iter().fold(Message::default(), |node, input| node.text(1, input));
        let node = node.text(2, output).text(4, kind);
        let node = attributes.iter().fold(node, |node, attribute| node.message(5, &attribute.encoded()));
        self.message = std::mem::take(&mut self.message).message(1, &node);
    }

    pub(super) fn tensor(&mut self, name: &str, shape: &[usize], values: &[f32]) {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let tensor = shape.iter().fold(Message::default(), |tensor, &side| tensor.number(1, side as u64));
        let tensor = tensor.number(2, FLOAT).text(8, name);
        let tensor = match &mut self.beside {
            None => tensor.bytes(9, &bytes),
            Some((file, content)) => {
                let entry = |key: &str, value: &str| Message::default().text(1, key).text(2, value);
                let (offset, length) = (content.len().to_string(), bytes.len().to_string());
                content.extend(bytes);
                let place = [entry("location", file), entry("offset", &offset), entry("length", &length)];
                place.iter().fold(tensor, |tensor, entry| tensor.message(13, entry)).number(14, 1)
            }
        };
        self.message = std::mem::take(&mut self.message).message(5, &tensor);
    }

    /// The file's bytes; `output` is the value that the graph answers with, and its shape.
    pub(super) fn encoded(&self, output: (&str, &[u64])) -> Vec<u8> {
        let graph = self.message.clone().text(2, "network");
        let graph = graph.message(11, &value("picture", &[1, 3, 32, 32])).message(12, &value(output.0, output.1));
        let opset = Message::default().text(1, "").number(2, 17);
        Message::default().number(1, 8).message(7, &graph).message(8, &opset).0
    }

    pub(super) fn write(&self, path: &Path, output: (&str, &[u64])) {
        std::fs::write(path, self.encoded(output)).unwrap();
        if let Some((name, content)) = &self.beside {
            std::fs::write(path.with_file_name(name), content).unwrap();
        }
    }
}

fn value(name: &str, shape: &[u64]) -> Message {
    let sides = shape.iter().fold(Message::default(), |sides, &side| {
        let side = Message::default().number(1, side);
        sides.message(1, &side)
    });
    let tensor = Message::default().number(1, FLOAT).message(2, &sides);
    Message::default().text(1, name).message(2, &Message::default().message(1, &tensor))
}
