//! Training on a GPU agrees with training on the CPU. Without an adapter it is skipped:
//!
//!     cargo test --release -p trainer --features gpu --test gpu
//!
//! It has passed on Mesa's software adapter (lavapipe 25.0.7), in nine minutes on two cores, through WGSL. burn's SPIR-V kernels, which it takes
//! where Vulkan offers them, crash that compiler, as they do 22.3's: a layer that hid `bufferDeviceAddress` and the Vulkan memory model kept
//! burn from them. With `[autotune] level = "minimal"` and one sample in `cubecl.toml` most of the time goes into compiling.
#![allow(clippy::unwrap_used, clippy::panic)]

mod skipped;
mod trainer_command;

use std::collections::HashMap;
use std::path::Path;

use trainer_command::{text, trainer};

/// One epoch of three whole DACL steps, with everything that acts on the device.
fn metrics(device: &str, out: &Path) -> Result<HashMap<String, f64>, String> {
    let settings = "--epochs 1 --input-size 32 --batch 16 --context-encoder 16,16,8 --learning-rate 0.01 --seed 3 \
                    --mixup 0.3 --gradient-clip 1 --weight-average 0.9 --label-smoothing 0.1 --lambda-warmup 1 \
                    --feature-length 6 --attention-start 0.7";
    let mut arguments =
        vec!["train", "--data", "synthetic:train=48,valid=21,size=32,seed=5", "--device", device, "--out"];
    arguments.push(text(out));
    arguments.extend(settings.split_whitespace());
    let output = trainer(&arguments);
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let mut reader = csv::Reader::from_path(out.join("metrics.csv")).unwrap();
    Ok(reader.deserialize().next().unwrap().unwrap())
}

#[test]
fn three_steps_on_a_gpu_give_the_cpus_figures() {
    let folder = tempfile::tempdir().unwrap();
    let on_gpu = match metrics("vulkan", &folder.path().join("gpu")) {
        Ok(metrics) => metrics,
        Err(said) if said.contains("--device vulkan") => {
            skipped::skipped("training on a GPU", said.trim());
            return;
        }
        Err(said) => panic!("{said}"),
    };
    let on_cpu = metrics("cpu", &folder.path().join("cpu")).unwrap();
    let names = ["train_loss", "train_cross_entropy", "train_center_loss", "valid_cross_entropy"];
    for name in names.into_iter().chain(["attention_mean", "attention_std"]) {
        let (gpu, cpu) = (on_gpu[name], on_cpu[name]);
        assert!((gpu - cpu).abs() <= 2e-3 * cpu.abs(), "{name}: {gpu} on the GPU, {cpu} on the CPU");
    }
}
