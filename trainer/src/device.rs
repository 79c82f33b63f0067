//! Chooses the device that computes, by looking at what is really there.

use std::fmt;

use burn::tensor::Device;
use clap::ValueEnum;

use crate::recipe::Precision;

/// What the user asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DeviceChoice {
    /// The fastest that works: CUDA, then Vulkan, then another graphics API, then the CPU.
    Auto,
    /// NVIDIA's CUDA.
    Cuda,
    /// A GPU through Vulkan.
    Vulkan,
    /// A GPU through whichever graphics API the system offers.
    Wgpu,
    /// The CPU.
    Cpu,
}

/// A device and why it was taken.
pub struct ChosenDevice {
    /// The device, without gradients.
    pub device: Device,
    /// Short name for reports.
    pub name: String,
    /// A sentence for people.
    pub reason: String,
}

impl ChosenDevice {
    /// Refuses a precision that the device does not have.
    ///
    /// # Errors
    /// When it has not.
    pub fn check_precision(&self, precision: Precision) -> Result<(), DeviceError> {
        match precision.runs_on(&self.device) {
            true => Ok(()),
            false => Err(DeviceError(format!("{} does not compute in {precision}: use --precision f32", self.name))),
        }
    }
}

/// The device that was asked for is not to be had.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct DeviceError(String);

impl fmt::Display for DeviceChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::Cuda => "cuda",
            Self::Vulkan => "vulkan",
            Self::Wgpu => "wgpu",
            Self::Cpu => "cpu",
        })
    }
}

impl DeviceChoice {
    /// Opens the device.
    ///
    /// # Errors
    /// When a device was named and is not there, or this build has no support for it. `Auto` always finds the CPU.
    pub fn open(self) -> Result<ChosenDevice, DeviceError> {
        match self {
            Self::Cpu => Ok(cpu("asked for with --device cpu".into())),
            Self::Cuda => cuda().map_err(|why| DeviceError(format!("--device cuda: {why}. Try --device auto"))),
            Self::Vulkan | Self::Wgpu => {
                gpu(self, true).map_err(|why| DeviceError(format!("--device {self}: {why}. Try --device auto")))
            }
            Self::Auto => {
                let mut reasons = Vec::new();
                let attempts: [fn() -> Result<ChosenDevice, String>; 3] =
                    [cuda, || gpu(DeviceChoice::Vulkan, false), || gpu(DeviceChoice::Wgpu, false)];
                for attempt in attempts {
                    match attempt() {
                        Ok(chosen) => return Ok(chosen),
                        Err(why) => reasons.push(why),
                    }
                }
                reasons.dedup();
                Ok(cpu(reasons.join("; ")))
            }
        }
    }
}

fn cpu(reason: String) -> ChosenDevice {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    ChosenDevice { device: Device::flex(), name: format!("CPU, {threads} threads"), reason }
}

#[cfg(feature = "cuda")]
fn cuda() -> Result<ChosenDevice, String> {
    use burn::tensor::DeviceType;
    let found = std::panic::catch_unwind(|| Device::enumerate(DeviceType::Cuda).into_iter().next());
    match found {
        Ok(Some(device)) => Ok(ChosenDevice { device, name: "CUDA 0".into(), reason: "a CUDA device is there".into() }),
        Ok(None) => Err("no CUDA device was found".into()),
        Err(_) => Err("the CUDA driver could not be loaded".into()),
    }
}

#[cfg(not(feature = "cuda"))]
fn cuda() -> Result<ChosenDevice, String> {
    Err("this build has no CUDA support (build with --features cuda)".into())
}

/// A GPU through a graphics API. A CPU in the guise of a GPU is taken only when it is `named`: good for tests, slow for all else.
#[cfg(feature = "gpu")]
fn gpu(choice: DeviceChoice, named: bool) -> Result<ChosenDevice, String> {
    use burn::tensor::wgpu::{WgpuBackend, wgpu};
    let (api, name) = match choice {
        DeviceChoice::Vulkan => (WgpuBackend::Vulkan, "Vulkan"),
        _ => (WgpuBackend::Auto, "wgpu"),
    };
    let options = Device::wgpu_options().graphics_api(api);
    let (device, setup) =
        options.init_with_setup().map_err(|error| format!("no GPU answers through {name} ({error})"))?;
    let info = setup.adapter.get_info();
    let adapter = format!("{} ({name}, {:?})", info.name, info.backend);
    let software = info.device_type == wgpu::DeviceType::Cpu;
    if software && !named {
        return Err(format!("{adapter} is the CPU in the guise of a GPU, slower than the CPU itself"));
    }
    let reason = match software {
        true => {
            format!("asked for with --device {choice}; it is the CPU in the guise of a GPU, slower than --device cpu")
        }
        false => format!("a GPU answers through {name}"),
    };
    Ok(ChosenDevice { device, reason, name: adapter })
}

#[cfg(not(feature = "gpu"))]
fn gpu(_: DeviceChoice, _: bool) -> Result<ChosenDevice, String> {
    Err("this build has no GPU support (build with --features gpu)".into())
}
