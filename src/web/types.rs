//! The types of the JavaScript interface, and the objects that have them.

use js_sys::{Array, Float32Array, Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::pipeline::{Analysis, Face};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Which engine computes: "auto" takes WebGPU on a real adapter that works, else the CPU. */
export type Backend = "auto" | "webgpu" | "cpu";

/**
 * Why a back end was taken. On the CPU: it was asked for, there is no usable WebGPU, no adapter, none but a software one, no
 * device, one that gave no answer, or the program was built without WebGPU. On WebGPU: its adapter is a software one, or hardware.
 */
export type BackendReason = "cpu-asked" | "webgpu-absent" | "adapter-absent" | "adapter-software" | "device-refused"
  | "device-failed" | "program-for-cpu" | "webgpu-software" | "webgpu-hardware";

/** How far loading is. */
export interface Progress {
  stage: "manifest" | "device" | "labels" | "warm-up" | "attention";
  /** Bytes for downloads, steps otherwise. */
  loaded: number;
  /** The same unit; 0 while unknown. */
  total: number;
}

/** A face and the expression that it shows. */
export interface Face {
  /** Left edge of the box in picture pixels; may lie outside the picture, as the others may. */
  x: number;
  /** Top edge. */
  y: number;
  width: number;
  height: number;
  /** How far the face leans, in degrees, clockwise; the box is to be turned by it about its centre. 0 for an upright face. */
  angle: number;
  /** How sure the face finder is; above 0, without an upper end. */
  score: number;
  /** One probability a class, in the order of `Engine.classes`; they sum to 1. */
  probabilities: Float32Array;
  /** 512 attention weights in 0..1; undefined until `Engine.attentionReady`. */
  attention: Float32Array | undefined;
  /** The 512 deep features that the attention weighs; never negative. */
  features: Float32Array;
  /** Attentive distance to each class's centre, in the order of `Engine.classes`; undefined without `attention` or `Engine.centres`. */
  distances: Float32Array | undefined;
  /**
   * Where in the face the evidence for each class lies: for each class `Engine.mapSide` rows of as many values, from top left; above 0
   * where the face speaks for the class, below 0 where against it. Undefined like `attention`.
   */
  activation: Float32Array | undefined;
}

/** Everything about one picture. */
export interface Analysis {
  faces: Face[];
  /** Milliseconds for finding the faces; of `analyseAt`, for making the picture ready. */
  findMs: number;
  /** Milliseconds for cutting them out. */
  cropMs: number;
  /** Milliseconds for preprocessing and network, reading back included. */
  networkMs: number;
  /** Milliseconds in all. */
  totalMs: number;
}

/** What every failure looks like. */
export interface DaclError extends Error {
  name: "DaclError";
  code: "webgpu-unavailable" | "weights-missing" | "weights-altered" | "weights-invalid"
    | "picture-invalid" | "device-lost" | "argument-invalid";
  /** What exactly it is, for words in another language than the message, which is English. */
  kind: FailureKind;
  /** What it is about, such as the address of a file; may be empty. */
  subject: string;
}

/** What exactly went wrong; where WebGPU was asked for in vain, the reason for that. */
export type FailureKind = "file-unreachable" | "file-refused" | "file-empty" | "no-address" | "file-length" | "file-altered"
  | "manifest-unreadable" | "manifest-version" | "manifest-wrong" | "weights-unreadable" | "weights-unfit" | "face-finder"
  | "pixels-missing" | "gpu-taken" | "no-answer" | "no-such-back-end" | "no-bytes" | "boxes-torn" | BackendReason;
"#;

#[wasm_bindgen]
extern "C" {
    /// The TypeScript type `Backend`.
    #[wasm_bindgen(typescript_type = "Backend")]
    pub type JsBackend;
    /// The TypeScript type `Analysis`.
    #[wasm_bindgen(typescript_type = "Analysis")]
    pub type JsAnalysis;
    /// The TypeScript type `Face`.
    #[wasm_bindgen(typescript_type = "Face")]
    pub type JsFace;
    /// The TypeScript type `AbortSignal`.
    #[wasm_bindgen(typescript_type = "AbortSignal")]
    pub type JsAbortSignal;
    /// The TypeScript type of a progress callback.
    #[wasm_bindgen(typescript_type = "((progress: Progress) => void) | undefined")]
    pub type JsProgressCallback;
    /// The TypeScript type of optional bytes.
    #[wasm_bindgen(typescript_type = "Uint8Array | undefined")]
    pub type JsOptionalBytes;
}

/// An object with these properties.
pub(super) fn object(properties: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in properties {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object
}

/// The TypeScript type `Analysis`.
pub(super) fn analysis(analysis: &Analysis, total: f64) -> JsValue {
    let faces: Array = analysis.faces.iter().map(face).collect();
    let timings = &analysis.timings;
    object(&[
        ("faces", faces.into()),
        ("findMs", timings.find.into()),
        ("cropMs", timings.crop.into()),
        ("networkMs", timings.network.into()),
        ("totalMs", total.into()),
    ])
    .into()
}

/// The TypeScript type `Face`.
pub(super) fn face(face: &Face) -> JsValue {
    let place = &face.place;
    let floats = |values: &[f32]| JsValue::from(Float32Array::from(values));
    let if_there = |values: Option<&[f32]>| values.map_or(JsValue::UNDEFINED, floats);
    object(&[
        ("x", place.x.into()),
        ("y", place.y.into()),
        ("width", place.width.into()),
        ("height", place.height.into()),
        ("angle", place.angle.into()),
        ("score", place.score.into()),
        ("probabilities", floats(&face.recognition.probabilities)),
        ("attention", if_there(face.recognition.attention.as_deref())),
        ("features", floats(&face.recognition.features)),
        ("distances", if_there(face.recognition.distances.as_deref())),
        ("activation", if_there(face.recognition.activation.as_deref())),
    ])
    .into()
}
