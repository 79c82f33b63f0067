//! The layers of an ONNX file with their numbers, as burn-import meets them in the file's graph; what they mean is not known here.
//!
//! burn-import turns a graph into Rust source and a file of weights, and lets its caller write the source of a kind of layer
//! instead. Here that caller writes nothing: it takes down each convolution and batch norm, with what it reads and writes. What
//! remains in the file of weights belongs to other layers.

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::{Arc, Mutex, Once, PoisonError};

// All of burn-import is marked as deprecated in favour of burn-onnx, which it passes on as it is.
#[allow(deprecated)]
use burn_import::onnx::{
    ModelGen,
    ext::{Argument, CodegenContext, Node, NodeType, OpOverride, ProcessError, proc_macro2::TokenStream},
};
use burn_store::{BurnpackStore, ModuleStore};

/// ONNX's epsilon of a batch norm that names none.
const DEFAULT_EPSILON: f64 = 1e-5;

/// Layers of a graph, in the graph's order.
#[derive(Debug, Default)]
pub(super) struct Layers {
    /// Two-dimensional convolutions with constant weights.
    pub(super) convolutions: Vec<OnnxConvolution>,
    /// Batch norms with constant numbers.
    pub(super) batch_norms: Vec<OnnxBatchNorm>,
    /// Names of other layers' tensors, or of layers whose weights are no constants.
    pub(super) others: Vec<String>,
}

#[derive(Debug)]
pub(super) struct OnnxConvolution {
    /// Kind and number in the graph.
    pub(super) name: String,
    /// Channels out, channels in, height, width.
    pub(super) shape: [usize; 4],
    /// In row-major order.
    pub(super) weight: Vec<f32>,
    /// One a channel out.
    pub(super) bias: Option<Vec<f32>>,
    /// Name of the value that it makes.
    pub(super) output: String,
}

/// `scale * (x - mean) / sqrt(variance + epsilon) + offset`, each a value a channel.
#[derive(Debug)]
pub(super) struct OnnxBatchNorm {
    /// Kind and number in the graph.
    pub(super) name: String,
    /// Name of the value that it reads.
    pub(super) input: String,
    pub(super) scale: Vec<f32>,
    pub(super) offset: Vec<f32>,
    pub(super) mean: Vec<f32>,
    pub(super) variance: Vec<f32>,
    pub(super) epsilon: f64,
}

/// The layers of the file at `path`, or why it cannot be read.
pub(super) fn read(path: &Path) -> Result<Layers, String> {
    // Asked first, for the system's words say more than burn-import's.
    std::fs::File::open(path).map_err(|error| error.to_string())?;
    let folder = tempfile::tempdir().map_err(|error| format!("no temporary folder could be made: {error}"))?;
    let (Some(input), Some(out), Some(name)) = (path.to_str(), folder.path().to_str(), path.file_name()) else {
        return Err("the names of the file and of the temporary folder must be UTF-8".into());
    };
    let layers = Arc::new(Mutex::new(Layers::default()));
    without_panic(input, || {
        // `ModelGen::new` would also set up a logger that prints every crate's debugging lines on standard output.
        let mut conversion = ModelGen::default();
        for kind in [NodeType::Conv2d, NodeType::BatchNormalization] {
            conversion.register_op_override(NoteTaker { kind, layers: layers.clone() });
        }
        conversion.input(input).out_dir(out).partition(false).run_from_cli();
    })?;
    let mut rest = BurnpackStore::from_file(folder.path().join(name).with_extension("bpk"));
    let rest = rest.keys().map_err(|error| format!("its weights could not be converted: {error}"))?;
    let mut layers = std::mem::take(&mut *layers.lock().unwrap_or_else(PoisonError::into_inner));
    layers.others.extend(rest);
    Ok(layers)
}

/// Takes down the layers of one kind.
struct NoteTaker {
    kind: NodeType,
    layers: Arc<Mutex<Layers>>,
}

impl OpOverride for NoteTaker {
    fn target(&self) -> NodeType {
        self.kind.clone()
    }

    fn forward(&self, node: &Node, _: &mut CodegenContext<'_, '_>) -> Result<TokenStream, ProcessError> {
        let mut layers = self.layers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(convolution) = OnnxConvolution::of(node) {
            layers.convolutions.push(convolution);
        } else if let Some(batch_norm) = OnnxBatchNorm::of(node) {
            layers.batch_norms.push(batch_norm);
        } else {
            layers.others.push(node.name().to_owned());
        }
        Ok(TokenStream::new())
    }
}

impl OnnxConvolution {
    fn of(node: &Node) -> Option<Self> {
        let Node::Conv2d(node) = node else { return None };
        let weight = node.inputs.get(1)?.value()?;
        let shape = weight.shape().to_vec().try_into().ok()?;
        let bias = match node.inputs.get(2).filter(|bias| !bias.is_optional()) {
            Some(bias) => Some(constant(bias)?),
            None => None,
        };
        let weight = weight.try_into_vec_as().ok()?;
        Some(Self { name: node.name.clone(), shape, weight, bias, output: node.outputs.first()?.name.clone() })
    }
}

impl OnnxBatchNorm {
    fn of(node: &Node) -> Option<Self> {
        let Node::BatchNormalization(node) = node else { return None };
        let numbers = |index: usize| constant(node.inputs.get(index)?);
        Some(Self {
            name: node.name.clone(),
            input: node.inputs.first()?.name.clone(),
            scale: numbers(1)?,
            offset: numbers(2)?,
            mean: numbers(3)?,
            variance: numbers(4)?,
            epsilon: epsilon(&node.config)?,
        })
    }
}

fn constant(argument: &Argument) -> Option<Vec<f32>> {
    argument.value()?.try_into_vec_as().ok()
}

/// The epsilon of a batch norm's settings. burn-import does not pass on their type, and so their debugging text is the only way
/// to it; the tests hold that it is found.
fn epsilon(settings: &impl std::fmt::Debug) -> Option<f64> {
    let text = format!("{settings:?}");
    let (_, rest) = text.split_once("epsilon: ")?;
    let epsilon = rest.split([',', ' ', '}']).next()?.parse().ok()?;
    // burn-import gives 0 where the file is silent.
    Some(if epsilon == 0.0 { DEFAULT_EPSILON } else { epsilon })
}

thread_local! {
    /// Whether a panic on this thread is expected and answered, and therefore not printed.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs burn-import, whose only way to refuse the file `input` is to panic; a panic becomes a reason in words.
fn without_panic(input: &str, work: impl FnOnce()) -> Result<(), String> {
    // The hook belongs to the whole process. Taking it away for a time would swallow other threads' panics, so that one is put
    // before it, once, which looks at the thread.
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                usual(info);
            }
        }));
    });
    QUIET.set(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    QUIET.set(false);
    result.map_err(|panic| reason(input, panic.as_ref()))
}

/// What a panic of burn-import means for its file: its own words where it refuses the file, nothing of a panic further inside.
fn reason(input: &str, panic: &(dyn Any + Send)) -> String {
    let message = match (panic.downcast_ref::<String>(), panic.downcast_ref::<&str>()) {
        (Some(message), _) => message.as_str(),
        (None, Some(message)) => message,
        (None, None) => "",
    };
    if let Some(refusal) = message.strip_prefix(&format!("Failed to parse ONNX file '{input}': ")) {
        if let Some(words) = refusal.strip_prefix(&format!("Invalid ONNX format in '{input}': ")) {
            return format!("it is of another kind or cut off ({words})");
        }
        // The last line of some refusals is advice to programmers.
        let lines = refusal.lines().filter(|line| !line.contains("ModelGen::")).map(str::trim);
        return lines.collect::<Vec<_>>().join(" ");
    }
    match message.split_once(": ") {
        Some((node, _)) if node.starts_with("Code generation failed for node") => {
            format!("burn-import cannot convert it ({node})")
        }
        _ => "burn-import cannot convert it".into(),
    }
}
