//! Start weights of the trunk from a `.safetensors` file in torchvision's names, of which a part is enough.

use std::path::Path;

use burn::tensor::DType;
use burn_store::{FloatCastAdapter, ModuleAdapter, ModuleSnapshot, PyTorchToBurnAdapter, SafetensorsStore};
use dacl::network::Dacl;

use super::{Imported, InitError};

pub(super) fn from_safetensors(mut network: Dacl, path: &Path) -> Result<(Dacl, Imported), InitError> {
    let unreadable = |message: String| InitError::Unreadable { path: path.to_owned(), message };
    let mut store = SafetensorsStore::from_file(path)
        .with_from_adapter(PyTorchToBurnAdapter.chain(FloatCastAdapter::to(DType::F32)))
        .with_key_remapping(r"^(.*layer\d\.\d\.)downsample\.0\.", "${1}downsample.conv.")
        .with_key_remapping(r"^(.*layer\d\.\d\.)downsample\.1\.", "${1}downsample.bn.")
        .allow_partial(true)
        .validate(false);
    let result = network.trunk.load_from(&mut store).map_err(|error| unreadable(error.to_string()))?;
    if result.applied.is_empty() {
        return Err(InitError::NothingFits { path: path.to_owned() });
    }
    let imported = Imported {
        found: result.applied,
        missing: result.missing.into_iter().map(|(name, _)| name).collect(),
        unused: result.unused,
    };
    Ok((network, imported))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::initial_weights::{initialise, tests::network};
    use burn::tensor::{Device, TensorData};
    use safetensors::tensor::{Dtype, TensorView};

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
        ];
        std::fs::write(&path, safetensors::serialize(tensors, None).unwrap()).unwrap();

        let (config, start) = network();
        let (filled, imported) = initialise(start, &config, &path, &Device::flex()).unwrap();
        let trunk = &filled.trunk;
        trunk.conv1.weight.val().into_data().assert_eq(&TensorData::full([64, 3, 7, 7], 0.5f32), true);
        let down = trunk.layer2[0].downsample.as_ref().unwrap();
        down.conv.weight.val().into_data().assert_eq(&TensorData::full([128, 64, 1, 1], -0.25f32), true);
        down.bn.running_mean.value().into_data().assert_eq(&TensorData::full([128], 3f32), true);
        trunk.layer2[0].bn1.gamma.val().into_data().assert_eq(&TensorData::full([128], 4f32), true);
        assert_eq!(imported.found.len(), 4);
        assert!(imported.missing.iter().any(|name| name.contains("layer4.0.conv1")), "{:?}", imported.missing);
        assert_eq!(imported.unused, ["fc.weight"]);
    }
}
