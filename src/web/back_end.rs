//! Chooses between WebGPU and the CPU, by looking at the adapter.

use std::cell::Cell;
#[cfg(feature = "webgpu")]
use std::cell::RefCell;
use std::rc::Rc;

use burn::tensor::Device;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::failure::{Failure, FailureCode, FailureKind};
use super::types::object;

/// What the page asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum BackEnd {
    /// WebGPU on a real adapter that works, else the CPU.
    Auto,
    /// WebGPU, a software adapter included.
    WebGpu,
    /// The CPU.
    Cpu,
}

/// A device and how it was come by.
#[derive(Clone)]
pub(super) struct Chosen {
    pub(super) device: Device,
    /// "webgpu" or "cpu".
    pub(super) name: &'static str,
    /// What the browser calls the adapter.
    pub(super) adapter: String,
    pub(super) reason: Reason,
    /// Set when the browser takes the GPU away.
    pub(super) lost: Rc<Cell<bool>>,
}

/// Why a back end was taken, or could not be.
#[derive(Clone)]
pub(super) struct Reason {
    /// For programs.
    pub(super) code: ReasonCode,
    /// For people.
    pub(super) sentence: String,
}

/// What a reason comes down to: the TypeScript type `BackendReason`.
#[derive(Clone, Copy)]
#[expect(dead_code, reason = "the programs with and without WebGPU have different ones")]
pub(super) enum ReasonCode {
    /// The CPU was asked for.
    CpuAsked,
    /// The browser has no usable WebGPU.
    WebGpuAbsent,
    /// WebGPU has no adapter.
    AdapterAbsent,
    /// The only adapter is a software one.
    AdapterSoftware,
    /// The adapter gives no device.
    DeviceRefused,
    /// The device gave no answer.
    DeviceFailed,
    /// The program was built without WebGPU.
    ProgramForCpu,
    /// WebGPU was asked for and its adapter is a software one.
    WebGpuSoftware,
    /// WebGPU has a hardware adapter.
    WebGpuHardware,
}

impl ReasonCode {
    /// The value of `backendReasonCode`.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::CpuAsked => "cpu-asked",
            Self::WebGpuAbsent => "webgpu-absent",
            Self::AdapterAbsent => "adapter-absent",
            Self::AdapterSoftware => "adapter-software",
            Self::DeviceRefused => "device-refused",
            Self::DeviceFailed => "device-failed",
            Self::ProgramForCpu => "program-for-cpu",
            Self::WebGpuSoftware => "webgpu-software",
            Self::WebGpuHardware => "webgpu-hardware",
        }
    }
}

impl Reason {
    fn new(code: ReasonCode, sentence: impl Into<String>) -> Self {
        Self { code, sentence: sentence.into() }
    }
}

#[cfg(feature = "webgpu")]
thread_local! {
    /// burn's WebGPU runtime can be set up once in a module's life; every engine shares it.
    static GPU: RefCell<Option<Chosen>> = const { RefCell::new(None) };
}

impl BackEnd {
    /// Reads the JavaScript value.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        match text {
            "auto" => Ok(Self::Auto),
            "webgpu" => Ok(Self::WebGpu),
            "cpu" => Ok(Self::Cpu),
            other => Err(Failure::about(
                other,
                FailureKind::NoSuchBackEnd,
                format!("there is no back end \"{other}\": use \"auto\", \"webgpu\" or \"cpu\""),
            )),
        }
    }

    /// Opens the device.
    pub(super) async fn open(self) -> Result<Chosen, Failure> {
        if self == Self::Cpu {
            return Ok(cpu(Reason::new(ReasonCode::CpuAsked, "The CPU was asked for.")));
        }
        let opened = match adapter().await {
            Err(why) => Err(why),
            Ok(adapter) if self == Self::Auto && adapter.software => {
                let adapter = adapter.description;
                return Ok(cpu(Reason::new(
                    ReasonCode::AdapterSoftware,
                    format!(
                        "The only WebGPU adapter is a software one ({adapter}), which is slower than the CPU itself."
                    ),
                )));
            }
            Ok(adapter) => gpu(adapter).await,
        };
        match (opened, self) {
            (Ok(chosen), _) => Ok(chosen),
            (Err(why), Self::Auto) => Ok(cpu(why)),
            (Err(why), _) => Err(Failure::new(FailureKind::NoWebGpu(why.code), why.sentence)),
        }
    }

    /// What takes the place of `chosen` after a `failure`: the CPU, where a GPU fails that nobody insisted on.
    pub(super) fn instead_of(self, chosen: &Chosen, failure: &Failure) -> Option<Chosen> {
        let gives_way = self == Self::Auto && chosen.name == "webgpu" && failure.kind.code() == FailureCode::DeviceLost;
        gives_way.then(|| {
            let sentence = format!("WebGPU's device ({}) failed: {}.", chosen.adapter, failure.message);
            cpu(Reason::new(ReasonCode::DeviceFailed, sentence))
        })
    }
}

fn cpu(reason: Reason) -> Chosen {
    Chosen {
        device: Device::flex(),
        name: "cpu",
        adapter: "WebAssembly with SIMD".into(),
        reason,
        lost: Rc::new(Cell::new(false)),
    }
}

#[cfg(feature = "webgpu")]
async fn gpu(adapter: Adapter) -> Result<Chosen, Reason> {
    if let Some(chosen) = GPU.with_borrow(Clone::clone) {
        return Ok(chosen);
    }
    let lost = Rc::new(Cell::new(false));
    let flag = lost.clone();
    // The adapter is chosen as above: burn asks for high performance too.
    let device = match dacl_webgpu::open(move || flag.set(true)).await {
        Ok(device) => device,
        // Where two calls wait for a device, burn takes the first one's: it is there for both.
        Err(error) => {
            let sentence = format!("WebGPU is there but gives no device: {error}");
            return GPU.with_borrow(Clone::clone).ok_or(Reason::new(ReasonCode::DeviceRefused, sentence));
        }
    };
    let chosen = Chosen {
        device,
        name: "webgpu",
        reason: match adapter.software {
            true => {
                let sentence = "WebGPU was asked for; its adapter is a software one and slow.";
                Reason::new(ReasonCode::WebGpuSoftware, sentence)
            }
            false => Reason::new(ReasonCode::WebGpuHardware, "WebGPU has a hardware adapter."),
        },
        adapter: adapter.description,
        lost,
    };
    GPU.set(Some(chosen.clone()));
    Ok(chosen)
}

#[cfg(not(feature = "webgpu"))]
async fn gpu(_: Adapter) -> Result<Chosen, Reason> {
    Err(Reason::new(
        ReasonCode::ProgramForCpu,
        "This browser has WebGPU, but the program that was loaded is the one for the CPU alone.",
    ))
}

struct Adapter {
    description: String,
    software: bool,
}

/// Asks the browser for the adapter that burn will get, to learn its name and whether it is real.
async fn adapter() -> Result<Adapter, Reason> {
    let get = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let navigator = get(&js_sys::global(), "navigator");
    let gpu = get(&navigator, "gpu");
    if !gpu.is_object() {
        return Err(Reason::new(ReasonCode::WebGpuAbsent, "This browser has no WebGPU."));
    }
    let unusable = |sentence: &str| Reason::new(ReasonCode::WebGpuAbsent, sentence);
    let options = object(&[("powerPreference", "high-performance".into())]);
    let request: Function =
        get(&gpu, "requestAdapter").dyn_into().map_err(|_| unusable("This browser's WebGPU is not usable."))?;
    let promise: Promise = request
        .call1(&gpu, &options)
        .ok()
        .and_then(|promise| promise.dyn_into().ok())
        .ok_or_else(|| unusable("This browser's WebGPU gives no answer."))?;
    let adapter = JsFuture::from(promise).await.map_err(|_| unusable("WebGPU refused an adapter."))?;
    if !adapter.is_object() {
        return Err(Reason::new(
            ReasonCode::AdapterAbsent,
            "This browser has WebGPU but no adapter for it: the graphics driver may be missing or blocked.",
        ));
    }
    let info = get(&adapter, "info");
    let text = |name: &str| get(&info, name).as_string().filter(|text| !text.is_empty());
    let parts: Vec<String> = ["vendor", "architecture", "device", "description"].into_iter().filter_map(text).collect();
    let software = get(&info, "isFallbackAdapter").is_truthy()
        || get(&adapter, "isFallbackAdapter").is_truthy()
        || parts.iter().any(|part| part.to_lowercase().contains("swiftshader"));
    let description = if parts.is_empty() { "unnamed adapter".to_owned() } else { parts.join(" ") };
    Ok(Adapter { description, software })
}
