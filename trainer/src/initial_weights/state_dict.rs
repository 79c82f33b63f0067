//! Start weights from tensors by name: torchvision's ResNet-18, the DACL authors' network, our own export, each alone or within
//! something larger, of which a part is enough.
//!
//! A checkpoint wraps its weights in keys (`state_dict`, `model`) and modules in modules (`module` of PyTorch's `DataParallel`,
//! `backbone`). No list of such words could be whole: the prefix is whatever stands before most of the names that are known.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use burn::tensor::{DType, TensorData};
use burn_store::burn_pack::Tensor;
use burn_store::{ModuleSnapshot, PyTorchToBurnAdapter, bridge};
use dacl::network::Dacl;

use super::checkpoint::{self, Kind};
use super::{Imported, InitError};
use crate::torch_names;

/// Fills `network` as far as the file at `path` goes.
pub(super) fn from_file(mut network: Dacl, path: &Path, kind: Kind) -> Result<(Dacl, Imported), InitError> {
    let mut file = checkpoint::read(path, kind)?;
    // PyTorch counts batches for a way of averaging that nobody here uses; the counters would only lengthen the lists.
    file.retain(|name, _| !name.ends_with("num_batches_tracked"));
    let places: BTreeMap<String, Vec<usize>> =
        torch_names::tensors(&network).into_iter().map(|tensor| (tensor.name, tensor.shape.to_vec())).collect();
    let namings = Naming::all(&places);
    let Some(found) = namings.iter().filter_map(|naming| naming.find(&file)).max_by_key(|found| found.names.len())
    else {
        return Err(InitError::NothingFits { path: path.to_owned() });
    };
    if let Some(name) = found.layer_too_many(&file) {
        let reason = format!("the file's network has layers that a ResNet-18 has not, as {name}");
        return Err(InitError::NoTrunk { path: path.to_owned(), reason });
    }
    let mut imported = Imported::default();
    let mut fitting = Vec::new();
    let mut free = places;
    for (name, tensor) in file {
        let Some((place, shape)) = found.names.get(&name).and_then(|place| free.remove_entry(place)) else {
            imported.unused.push(name);
            continue;
        };
        if *tensor.shape != *shape {
            imported.other_shape.push(format!("{place} {:?} instead of {shape:?}", tensor.shape.to_vec()));
            continue;
        }
        let data = bridge::into_data(tensor).map_err(|error| kind.unreadable(path, format!("{name}: {error}")))?;
        let data = floats(data).map_err(|reason| kind.unreadable(path, format!("{name} {reason}")))?;
        fitting.push(bridge::from_data(data, torch_names::in_network(&place), None));
        imported.found.push(place);
    }
    imported.missing = free.into_keys().collect();
    if !imported.found.iter().any(|name| torch_names::is_of_trunk(name)) {
        return Err(InitError::NothingFits { path: path.to_owned() });
    }
    let result = network.apply(fitting, None, Some(Box::new(PyTorchToBurnAdapter)), true);
    match result.errors.first() {
        Some(error) => Err(kind.unreadable(path, error)),
        None => Ok((network, imported)),
    }
}

/// Values in 32 bits, all of them finite, or what is wrong with them.
fn floats(data: TensorData) -> Result<TensorData, &'static str> {
    if !matches!(data.dtype(), DType::F64 | DType::F32 | DType::F16 | DType::BF16) {
        return Err("holds no floating-point numbers");
    }
    let data = data.convert_dtype(DType::F32);
    let finite = data.iter::<f32>().all(f32::is_finite);
    if finite { Ok(data) } else { Err("holds a value that is not a finite number") }
}

/// A way to name the network's tensors: the name in a file to our own name in files.
struct Naming(HashMap<String, String>);

/// Names that were found in a file.
struct Found {
    /// What stands before them.
    prefix: String,
    /// The names, prefix included, and our own names for them.
    names: HashMap<String, String>,
}

impl Naming {
    /// The ways that are known, the usual one last, so that it wins among equals.
    fn all(places: &BTreeMap<String, Vec<usize>>) -> [Self; 2] {
        let pairs = |name: fn(&str) -> Option<String>| {
            places.keys().filter_map(move |place| Some((name(place)?, place.clone())))
        };
        let usual = pairs(|place| Some(place.to_owned())).chain(pairs(torch_names::by_authors));
        [Self(pairs(torch_names::in_sequence).collect()), Self(usual.collect())]
    }

    /// The names under the prefix that has most of them in `file`; the shortest prefix of equals.
    fn find(&self, file: &BTreeMap<String, Tensor>) -> Option<Found> {
        let mut prefixes = BTreeMap::<&str, HashMap<String, String>>::new();
        for name in file.keys() {
            if let Some((prefix, place)) = self.place(name) {
                prefixes.entry(prefix).or_default().insert(name.clone(), place.to_owned());
            }
        }
        let best = prefixes.into_iter().rev().max_by_key(|(_, names)| names.len());
        best.map(|(prefix, names)| Found { prefix: prefix.to_owned(), names })
    }

    /// The longest known name at the end of `name`, after what stands before it.
    fn place<'a>(&self, name: &'a str) -> Option<(&'a str, &str)> {
        let starts = std::iter::once(0).chain(name.match_indices('.').map(|(point, _)| point + 1));
        let mut known = starts.filter_map(|start| Some((&name[..start], self.0.get(&name[start..])?.as_str())));
        known.next()
    }
}

impl Found {
    /// A tensor of `file` in a stage of the trunk where a ResNet-18 has none: of a longer ResNet, or one with other blocks.
    fn layer_too_many<'a>(&self, file: &'a BTreeMap<String, Tensor>) -> Option<&'a String> {
        let stage = |name: &'a str| Some(name.strip_prefix(self.prefix.as_str())?.split_once('.')?.0);
        let stages: HashSet<&str> = file
            .keys()
            .filter(|name| self.names.get(*name).is_some_and(|place| place.starts_with("layer")))
            .filter_map(|name| stage(name))
            .collect();
        file.keys()
            .filter(|name| !self.names.contains_key(*name))
            .find(|name| stage(name).is_some_and(|stage| stages.contains(stage)))
    }
}
