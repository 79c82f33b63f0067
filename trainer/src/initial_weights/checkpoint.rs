//! The tensors of a file of weights by name, whatever the file's kind; what the names mean is not known here.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use burn_store::burn_pack::Tensor;
use burn_store::{ModuleStore, PytorchStore, SafetensorsStore};

use super::InitError;

/// The kinds of files that hold tensors by name.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// `.safetensors`.
    Safetensors,
    /// What `torch.save` writes: a zip archive since PyTorch 1.6, a chain of pickles before it.
    PyTorch,
}

impl Kind {
    fn in_words(self) -> &'static str {
        match self {
            Self::Safetensors => "safetensors",
            Self::PyTorch => "a PyTorch checkpoint",
        }
    }

    pub(super) fn unreadable(self, path: &Path, message: impl ToString) -> InitError {
        InitError::Unreadable { path: path.to_owned(), kind: self.in_words(), message: message.to_string() }
    }
}

/// The tensors of the file at `path`. Tensors in nested dictionaries have the dictionaries' keys in their names, divided by points;
/// values are read when they are asked for.
pub(super) fn read(path: &Path, kind: Kind) -> Result<BTreeMap<String, Tensor>, InitError> {
    // Asked first, for the system's words say more than the readers'.
    File::open(path).map_err(|error| kind.unreadable(path, error))?;
    match kind {
        Kind::Safetensors => tensors(SafetensorsStore::from_file(path)),
        // Its numbering of layers is the names' own; closing gaps would make other names of them.
        Kind::PyTorch => tensors(PytorchStore::from_file(path).map_indices_contiguous(false)).map_err(in_our_words),
    }
    .map_err(|message| kind.unreadable(path, message))
}

fn tensors(mut store: impl ModuleStore) -> Result<BTreeMap<String, Tensor>, String> {
    store.get_all_tensors().cloned().map_err(|error| error.to_string())
}

/// What the reader of checkpoints says, to somebody who has a file and not its program.
fn in_our_words(message: String) -> String {
    // The classes of a TorchScript program are named so.
    if message.contains("__torch__") {
        return "it is a TorchScript program: write its state_dict() with torch.save instead".into();
    }
    message.strip_prefix("PyTorch reader error: ").unwrap_or(&message).to_owned()
}
