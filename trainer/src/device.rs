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
    /// Further devices of its kind that share its work.
    pub others: Vec<Device>,
    /// Short name for reports.
    pub name: String,
    /// A sentence for people.
    pub reason: String,
}

impl ChosenDevice {
    /// All devices with gradients, the first one first.
    pub fn all_with_gradients(&self) -> Vec<Device> {
        std::iter::once(&self.device).chain(&self.others).map(|device| device.clone().autodiff()).collect()
    }

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

/// Some drivers crash when the program ends while they still work on what it has asked for, as it does after an error: what holds a
/// device waits for it.
impl Drop for ChosenDevice {
    fn drop(&mut self) {
        for device in std::iter::once(&self.device).chain(&self.others) {
            // A device that was lost has nothing left to do.
            let _ = device.sync();
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
        self.open_several(1)
    }

    /// Opens `count` devices of one kind.
    ///
    /// # Errors
    /// As [`open`](Self::open), and when there are fewer.
    pub fn open_several(self, count: usize) -> Result<ChosenDevice, DeviceError> {
        let named = |why: String| DeviceError(format!("--device {self}: {why}. Try --device auto"));
        match self {
            Self::Cpu => cpu("asked for with --device cpu".into(), count),
            Self::Cuda => cuda(count).map_err(named),
            Self::Vulkan | Self::Wgpu => gpu(self, true, count).map_err(named),
            Self::Auto => {
                let mut reasons = Vec::new();
                let attempts: [fn(usize) -> Result<ChosenDevice, String>; 3] =
                    [cuda, |count| gpu(Self::Vulkan, false, count), |count| gpu(Self::Wgpu, false, count)];
                for attempt in attempts {
                    match attempt(count) {
                        Ok(chosen) => return Ok(chosen),
                        Err(why) => reasons.push(why),
                    }
                }
                reasons.dedup();
                cpu(reasons.join("; "), count)
            }
        }
    }
}

fn cpu(reason: String, count: usize) -> Result<ChosenDevice, DeviceError> {
    if count > 1 {
        return Err(DeviceError(format!(
            "--devices {count}: the CPU is one device, and all its cores work on a batch already ({reason})"
        )));
    }
    let name = match rayon::current_num_threads() {
        1 => "CPU, 1 thread".to_owned(),
        threads => format!("CPU, {threads} threads"),
    };
    Ok(ChosenDevice { device: Device::flex(), others: Vec::new(), name, reason })
}

#[cfg(feature = "cuda")]
fn cuda(count: usize) -> Result<ChosenDevice, String> {
    use burn::tensor::DeviceType;
    let found = std::panic::catch_unwind(|| Device::enumerate(DeviceType::Cuda).into_vec())
        .map_err(|_| "the CUDA driver could not be loaded".to_owned())?;
    let there = found.len();
    let mut devices = found.into_iter().take(count);
    let Some(device) = devices.next() else { return Err("no CUDA device was found".into()) };
    if there < count {
        return Err(format!("{count} CUDA devices were asked for and {there} found"));
    }
    Ok(ChosenDevice {
        device,
        others: devices.collect(),
        name: of_several("CUDA", count),
        reason: "a CUDA device is there".into(),
    })
}

#[cfg(not(feature = "cuda"))]
fn cuda(_: usize) -> Result<ChosenDevice, String> {
    Err("this build has no CUDA support (build with --features cuda)".into())
}

/// A GPU through a graphics API. A CPU in the guise of a GPU is taken only when it is `named`: good for tests, slow for all else.
#[cfg(feature = "gpu")]
fn gpu(choice: DeviceChoice, named: bool, count: usize) -> Result<ChosenDevice, String> {
    use burn::tensor::DeviceKind;
    use burn::tensor::wgpu::{WgpuBackend, wgpu};
    let (api, name) = match choice {
        DeviceChoice::Vulkan => (WgpuBackend::Vulkan, "Vulkan"),
        _ => (WgpuBackend::Auto, "wgpu"),
    };
    // The system's choice among several, or the first discrete ones.
    let kinds = match count {
        1 => vec![DeviceKind::DefaultDevice],
        _ => (0..count).map(DeviceKind::DiscreteGpu).collect(),
    };
    let mut opened = Vec::new();
    for (index, kind) in kinds.into_iter().enumerate() {
        let options = Device::wgpu_options().graphics_api(api).device_kind(kind);
        opened.push(options.init_with_setup().map_err(|error| match index {
            0 => format!("no GPU answers through {name} ({error})"),
            _ => format!("{count} GPUs were asked for and {index} answer through {name} ({error})"),
        })?);
    }
    let mut opened = opened.into_iter();
    let Some((device, setup)) = opened.next() else { return Err("no GPU was asked for".into()) };
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
    Ok(ChosenDevice {
        device,
        others: opened.map(|(device, _)| device).collect(),
        reason,
        name: of_several(&adapter, count),
    })
}

#[cfg(not(feature = "gpu"))]
fn gpu(_: DeviceChoice, _: bool, _: usize) -> Result<ChosenDevice, String> {
    Err("this build has no GPU support (build with --features gpu)".into())
}

/// A name for one device or several.
#[cfg(any(feature = "cuda", feature = "gpu"))]
fn of_several(name: &str, count: usize) -> String {
    match count {
        1 => name.to_owned(),
        count => format!("{count} x {name}"),
    }
}
