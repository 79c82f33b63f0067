//! An ONNX file in the making: nodes and tensors are added one by one, and the whole is written as one protobuf message.
//!
//! What a network looks like in it is its caller's matter; the network that is exported is drawn in `export::onnx`.

pub(crate) mod messages;

use prost::{DecodeError, Message};

use self::messages::{
    AttributeProto, DimensionProto, EXTERNAL, FLOAT, GraphProto, INT64, ModelProto, NodeProto, OperatorSetIdProto,
    StringStringEntryProto, TensorProto, TensorShapeProto, TensorTypeProto, TypeProto, ValueInfoProto, attribute_type,
};

/// Version of ONNX's operators that a file is written for, of 2022.
pub(crate) const OPSET: i64 = 17;
/// Version of the file format that came with [`OPSET`].
const IR_VERSION: i64 = 8;

/// A node's attribute.
pub(crate) enum Attribute<'a> {
    #[cfg(test)]
    Float(&'a str, f32),
    Int(&'a str, i64),
    Ints(&'a str, &'a [i64]),
}

/// A side of an input or output.
pub(crate) enum Side<'a> {
    Of(usize),
    /// As long as the caller likes; sides of one name are of one length.
    Free(&'a str),
}

/// A graph in the making.
#[derive(Default)]
pub(crate) struct Graph(GraphProto);

impl Graph {
    /// Adds a node with one output, which gives the node its name too.
    pub(crate) fn node(&mut self, kind: &str, inputs: &[&str], output: &str, attributes: &[Attribute<'_>]) {
        self.0.node.push(NodeProto {
            input: inputs.iter().map(|&input| input.to_owned()).collect(),
            output: vec![output.to_owned()],
            name: output.to_owned(),
            op_type: kind.to_owned(),
            attribute: attributes.iter().map(Attribute::message).collect(),
        });
    }

    /// Adds a constant tensor of 32-bit floats.
    pub(crate) fn tensor(&mut self, name: &str, shape: &[usize], values: &[f32]) {
        self.constant(name, shape, FLOAT, values.iter().flat_map(|value| value.to_le_bytes()).collect());
    }

    /// Adds a constant tensor of whole numbers, as shapes and indices are.
    pub(crate) fn whole_numbers(&mut self, name: &str, shape: &[usize], values: &[i64]) {
        self.constant(name, shape, INT64, values.iter().flat_map(|value| value.to_le_bytes()).collect());
    }

    fn constant(&mut self, name: &str, shape: &[usize], data_type: i32, raw_data: Vec<u8>) {
        self.0.initializer.push(TensorProto {
            dims: shape.iter().map(|&side| side as i64).collect(),
            data_type,
            name: name.to_owned(),
            raw_data,
            ..TensorProto::default()
        });
    }

    /// Names the value that the graph reads.
    pub(crate) fn input(&mut self, name: &str, shape: &[Side<'_>], words: &str) {
        self.0.input.push(value(name, shape, words));
    }

    /// Names a value that the graph answers with.
    pub(crate) fn output(&mut self, name: &str, shape: &[Side<'_>], words: &str) {
        self.0.output.push(value(name, shape, words));
    }

    /// The whole file's message.
    pub(crate) fn into_model(self, words: &str, metadata: Vec<(String, String)>) -> ModelProto {
        ModelProto {
            ir_version: IR_VERSION,
            producer_name: "dacl".to_owned(),
            producer_version: env!("CARGO_PKG_VERSION").to_owned(),
            doc_string: words.to_owned(),
            graph: GraphProto { name: "dacl".to_owned(), ..self.0 },
            opset_import: vec![OperatorSetIdProto { domain: String::new(), version: OPSET }],
            metadata_props: metadata.into_iter().map(|(key, value)| StringStringEntryProto { key, value }).collect(),
        }
    }
}

/// The bytes of a file.
pub(crate) fn encoded(model: &ModelProto) -> Vec<u8> {
    model.encode_to_vec()
}

/// Names of the files beside an ONNX file of these bytes that its tensors are in, each once, in their order.
///
/// # Errors
/// When the bytes are no ONNX file.
pub(crate) fn external_files(bytes: &[u8]) -> Result<Vec<String>, DecodeError> {
    let graph = ModelProto::decode(bytes)?.graph;
    let constants = graph.node.iter().flat_map(|node| &node.attribute).filter_map(|attribute| attribute.t.as_ref());
    let outside = graph.initializer.iter().chain(constants).filter(|tensor| tensor.data_location == EXTERNAL);
    let locations = outside.flat_map(|tensor| &tensor.external_data).filter(|entry| entry.key == "location");
    let mut files: Vec<String> = Vec::new();
    for StringStringEntryProto { value, .. } in locations {
        if !files.contains(value) {
            files.push(value.clone());
        }
    }
    Ok(files)
}

/// Moves a model's tensors into a file `beside` it, and gives that file's content.
#[cfg(test)]
pub(crate) fn with_weights_beside(model: &mut ModelProto, beside: &str) -> Vec<u8> {
    let mut content = Vec::new();
    for tensor in &mut model.graph.initializer {
        let bytes = std::mem::take(&mut tensor.raw_data);
        let entry = |key: &str, value: String| StringStringEntryProto { key: key.to_owned(), value };
        tensor.external_data = vec![
            entry("location", beside.to_owned()),
            entry("offset", content.len().to_string()),
            entry("length", bytes.len().to_string()),
        ];
        tensor.data_location = EXTERNAL;
        content.extend(bytes);
    }
    content
}

impl Attribute<'_> {
    fn message(&self) -> AttributeProto {
        let with = |name: &str, r#type: i32| AttributeProto { name: name.to_owned(), r#type, ..Default::default() };
        match self {
            #[cfg(test)]
            Self::Float(name, f) => AttributeProto { f: *f, ..with(name, attribute_type::FLOAT) },
            Self::Int(name, i) => AttributeProto { i: *i, ..with(name, attribute_type::INT) },
            Self::Ints(name, ints) => AttributeProto { ints: ints.to_vec(), ..with(name, attribute_type::INTS) },
        }
    }
}

fn value(name: &str, shape: &[Side<'_>], words: &str) -> ValueInfoProto {
    let dimension = |side: &Side<'_>| match side {
        Side::Of(side) => DimensionProto { dim_value: Some(*side as i64), dim_param: None },
        Side::Free(name) => DimensionProto { dim_value: None, dim_param: Some((*name).to_owned()) },
    };
    let shape = TensorShapeProto { dim: shape.iter().map(dimension).collect() };
    let tensor_type = TensorTypeProto { elem_type: FLOAT, shape };
    ValueInfoProto { name: name.to_owned(), r#type: TypeProto { tensor_type }, doc_string: words.to_owned() }
}
