//! The browser's engine on WebGPU and on the CPU against the native answers.
//!
//! Run with `wasm-pack test --headless --chrome`; `webdriver.json` gives Chrome a WebGPU adapter.
#![cfg(target_family = "wasm")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../src/faces/drawn_face.rs"]
mod drawn_face;
mod golden;

use dacl::web::Engine;
use drawn_face::{draw_face, draw_leaning_face};
use golden::{ATTENTION, CENTRES, Golden, LABELS, MANIFEST, assert_close, pattern};
use image::{DynamicImage, GrayImage, Luma};
use js_sys::{Array, Float32Array, Promise, Reflect, Uint8Array};
use wasm_bindgen::convert::TryFromJsValue;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Largest difference to the native answers that is allowed.
const TOLERANCE: f32 = 1e-3;

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

fn floats(object: &JsValue, name: &str) -> Vec<f32> {
    get(object, name).dyn_into::<Float32Array>().unwrap().to_vec()
}

async fn engine(back_end: &str, labels: Vec<u8>, arm: Option<[&[u8]; 2]>) -> Result<Engine, JsValue> {
    let [attention, centres] = match arm {
        Some(files) => files.map(|bytes| Uint8Array::from(bytes).into()),
        None => [JsValue::UNDEFINED; 2],
    };
    let (attention, centres) = (attention.unchecked_into(), centres.unchecked_into());
    let back_end = JsValue::from_str(back_end).unchecked_into();
    Engine::from_bytes(MANIFEST.to_vec(), labels, attention, centres, back_end).await
}

/// An engine with all that it can have.
async fn whole_engine(back_end: &str) -> Result<Engine, JsValue> {
    engine(back_end, LABELS.to_vec(), Some([ATTENTION, CENTRES])).await
}

/// An engine's answer to the pattern, which has to be the native one.
async fn native_answer(engine: &Engine) -> JsValue {
    let picture = pattern().to_rgba8();
    let (width, height) = picture.dimensions();
    let face: JsValue = engine.analyse_crop(picture.into_raw(), width, height).await.unwrap().into();
    let golden = Golden::committed();
    assert_eq!(golden.manifest_sha256, Golden::shipped_manifest_sha256(), "the answers belong to other weights");
    assert_close("probabilities", &floats(&face, "probabilities"), &golden.probabilities, TOLERANCE);
    assert_close("attention", &floats(&face, "attention"), &golden.attention, TOLERANCE);
    face
}

#[wasm_bindgen_test]
async fn the_cpu_in_the_browser_gives_the_native_answers() {
    let engine = whole_engine("cpu").await.unwrap();
    assert_eq!(engine.backend(), "cpu");
    native_answer(&engine).await;
}

/// The one test on WebGPU, so that no device is there before.
#[wasm_bindgen_test]
async fn webgpu_gives_the_native_answers_in_two_engines_that_are_made_at_the_same_time() {
    let on_cpu = native_answer(&whole_engine("cpu").await.unwrap()).await;
    let made = [(); 2].map(|()| future_to_promise(async { whole_engine("webgpu").await.map(JsValue::from) }));
    let made = JsFuture::from(Promise::all(&made.iter().collect::<Array>())).await.unwrap();
    for engine in made.dyn_into::<Array>().unwrap().iter() {
        let engine = Engine::try_from_js_value(engine).unwrap();
        assert_eq!(engine.backend(), "webgpu");
        let face = native_answer(&engine).await;
        for name in ["features", "distances", "activation"] {
            let (found, expected) = (floats(&face, name), floats(&on_cpu, name));
            let largest = expected.iter().fold(1f32, |largest, value| largest.max(value.abs()));
            assert_close(name, &found, &expected, TOLERANCE * largest);
        }
    }
}

#[wasm_bindgen_test]
async fn labels_work_before_the_attention_has_arrived() {
    let engine = engine("cpu", LABELS.to_vec(), None).await.unwrap();
    assert!(!engine.attention_ready());
    let picture = pattern().to_rgba8();
    let (width, height) = picture.dimensions();
    let face: JsValue = engine.analyse_crop(picture.into_raw(), width, height).await.unwrap().into();
    assert!(get(&face, "attention").is_undefined());
    assert_close("probabilities", &floats(&face, "probabilities"), &Golden::committed().probabilities, TOLERANCE);
}

#[wasm_bindgen_test]
async fn altered_weights_are_refused_with_a_code() {
    let mut altered = LABELS.to_vec();
    altered[LABELS.len() / 3] ^= 4;
    let error = engine("cpu", altered, None).await.err().unwrap();
    assert_eq!(get(&error, "code").as_string().unwrap(), "weights-altered");
    assert_eq!(get(&error, "kind").as_string().unwrap(), "file-altered");
    assert!(get(&error, "subject").as_string().unwrap().contains("labels.safetensors"));
    assert_eq!(get(&error, "name").as_string().unwrap(), "DaclError");
    assert!(get(&error, "message").as_string().unwrap().contains("labels.safetensors"));
}

#[wasm_bindgen_test]
async fn pixels_that_make_no_picture_are_refused_with_a_code() {
    let engine = engine("cpu", LABELS.to_vec(), None).await.unwrap();
    for (bytes, width, height) in [(vec![0; 15], 2, 2), (vec![], 0, 0), (vec![0; 64], 2, 2)] {
        let error = engine.analyse(bytes, width, height, None).await.err().unwrap();
        assert_eq!(get(&error, "code").as_string().unwrap(), "picture-invalid");
    }
}

#[wasm_bindgen_test]
async fn a_picture_without_a_face_gives_no_faces() {
    let engine = engine("cpu", LABELS.to_vec(), None).await.unwrap();
    let analysis: JsValue = engine.analyse(vec![128; 4 * 64 * 64], 64, 64, None).await.unwrap().into();
    assert_eq!(get(&get(&analysis, "faces"), "length").as_f64(), Some(0.0));
}

#[wasm_bindgen_test]
async fn a_face_that_leans_is_told_with_its_angle() {
    // That its crop stands upright is held natively (src/faces/crop.rs). The probabilities are not compared: of a drawing, which the network
    // has never seen the like of, they hang on every pixel.
    let engine = engine("cpu", LABELS.to_vec(), None).await.unwrap();
    for degrees in [0.0, 40.0] {
        let mut picture = GrayImage::from_pixel(320, 240, Luma([120]));
        match degrees {
            0.0 => draw_face(&mut picture, 160.0, 120.0, 110.0),
            _ => draw_leaning_face(&mut picture, 160.0, 120.0, 110.0, degrees),
        }
        let rgba = DynamicImage::ImageLuma8(picture).to_rgba8().into_raw();
        let analysis: JsValue = engine.analyse(rgba, 320, 240, None).await.unwrap().into();
        let face = get(&get(&analysis, "faces"), "0");
        let angle = get(&face, "angle").as_f64().unwrap();
        assert!((angle - f64::from(degrees)).abs() < 13.0, "{angle} is told of a face that leans by {degrees}");
        let sum: f32 = floats(&face, "probabilities").iter().sum();
        assert!((sum - 1.0).abs() < 1e-5, "a share of {sum} is named");
    }
}

#[wasm_bindgen_test]
async fn a_back_end_that_does_not_exist_is_refused() {
    let error = engine("quantum", LABELS.to_vec(), None).await.err().unwrap();
    assert_eq!(get(&error, "code").as_string().unwrap(), "argument-invalid");
    assert_eq!(get(&error, "kind").as_string().unwrap(), "no-such-back-end");
    assert_eq!(get(&error, "subject").as_string().unwrap(), "quantum");
}

#[wasm_bindgen_test]
async fn what_is_given_as_a_file_and_is_none_is_refused() {
    let [attention, centres, back_end] = [JsValue::UNDEFINED, JsValue::from_str("cpu"), JsValue::from_str("cpu")];
    let (attention, centres) = (attention.unchecked_into(), centres.unchecked_into());
    let made = Engine::from_bytes(MANIFEST.to_vec(), LABELS.to_vec(), attention, centres, back_end.unchecked_into());
    let error = made.await.err().unwrap();
    assert_eq!(get(&error, "code").as_string().unwrap(), "argument-invalid");
    assert_eq!(get(&error, "kind").as_string().unwrap(), "no-bytes");
    assert_eq!(get(&error, "subject").as_string().unwrap(), "centres");
}

#[wasm_bindgen_test]
async fn faces_at_known_places_are_named_in_their_order_without_a_search() {
    let engine = engine("cpu", LABELS.to_vec(), None).await.unwrap();
    // A ramp beside a chequerboard: nothing would be found.
    let picture = GrayImage::from_fn(128, 64, |x, y| match x {
        0..64 => Luma([4 * x as u8]),
        _ => Luma([if (x / 8 + y / 8) % 2 == 0 { 40 } else { 210 }]),
    });
    let rgba = DynamicImage::ImageLuma8(picture).to_rgba8().into_raw();
    let faces_at = async |places: &[[f32; 5]]| -> Vec<JsValue> {
        let analysis = engine.analyse_at(rgba.clone(), 128, 64, places.concat(), None).await.unwrap();
        get(&analysis, "faces").dyn_into::<Array>().unwrap().to_vec()
    };
    let places = [[4.0, 8.0, 40.0, 44.0, 0.0], [78.0, 14.0, 36.0, 36.0, -20.0]];
    let together = faces_at(&places).await;
    assert_eq!(together.len(), 2);
    for (face, place) in together.iter().zip(places) {
        assert_eq!(get(face, "x").as_f64(), Some(place[0].into()));
        assert_eq!(get(face, "angle").as_f64(), Some(place[4].into()));
        let alone = &faces_at(&[place]).await[0];
        assert_close("probabilities", &floats(face, "probabilities"), &floats(alone, "probabilities"), TOLERANCE);
    }
    let [ramp, board] = [0, 1].map(|index| floats(&together[index], "probabilities"));
    let apart = ramp.iter().zip(&board).any(|(ramp, board)| (ramp - board).abs() > 0.1);
    assert!(apart, "answers that are the same would prove no order: {ramp:?}");
    let error = engine.analyse_at(rgba.clone(), 128, 64, vec![1.0; 6], None).await.err().unwrap();
    assert_eq!(get(&error, "kind").as_string().unwrap(), "boxes-torn");
}

#[wasm_bindgen_test]
async fn weights_that_are_not_there_are_told() {
    let backend = JsValue::from_str("cpu").unchecked_into();
    let silent = JsValue::UNDEFINED.unchecked_into();
    let error = Engine::create("/no-such-folder".into(), backend, silent, None).await.err().unwrap();
    assert_eq!(get(&error, "code").as_string().unwrap(), "weights-missing");
}
