//! The one class that JavaScript sees.

use image::{DynamicImage, GrayImage, RgbaImage};
use js_sys::{Array, Float32Array, Function, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_time::Instant;

use super::abort::Abort;
use super::back_end::{BackEnd, Chosen};
use super::download::{Remote, download};
use super::failure::{Failure, FailureKind};
use super::types::{self, JsAbortSignal, JsAnalysis, JsBackend, JsFace, JsOptionalBytes, JsProgressCallback};
use crate::artefact::Manifest;
use crate::faces::{FaceBox, SeetaFinder, SeetaOptions};
use crate::pipeline::{Face, Pipeline};
use crate::recognise::Recogniser;

/// Finds faces in pictures and names the expressions that they show.
///
/// Everything happens in the calling thread, which should be a worker. Pictures go nowhere.
#[wasm_bindgen]
pub struct Engine {
    pipeline: Pipeline,
    manifest: Manifest,
    chosen: Chosen,
    /// Folder of the artefact, where it came from an address.
    folder: Option<String>,
}

#[wasm_bindgen]
impl Engine {
    /// Loads the artefact in the folder `weights` (a URL) as far as labels need it, and warms the engine up.
    ///
    /// `backend` is "auto", "webgpu" or "cpu"; `progress` hears how far it is; `signal` ends it early, with its own reason. Throws a
    /// `DaclError`.
    pub async fn create(
        weights: String,
        backend: JsBackend,
        progress: JsProgressCallback,
        signal: Option<JsAbortSignal>,
    ) -> Result<Engine, JsValue> {
        let back_end = parse_back_end(&backend)?;
        let abort = Abort::new(signal);
        let progress = ProgressReport::new(&progress);
        let folder = weights.trim_end_matches('/').to_owned();
        let json = download(&Remote::manifest(&folder), &abort, &mut |loaded, total| {
            progress.tell("manifest", loaded, total);
        })
        .await?;
        let manifest = Manifest::parse(&json).map_err(Failure::from)?;
        progress.tell("device", 0, 1);
        let chosen = back_end.open().await?;
        progress.tell("device", 1, 1);
        let labels = download(&Remote::weights(&folder, &manifest.files.labels), &abort, &mut |loaded, total| {
            progress.tell("labels", loaded, total);
        })
        .await?;
        abort.check()?;
        let files = Files { labels, attention: None, centres: None };
        let engine = Self::assemble(manifest, &files, chosen, Some(folder))?;
        let engine = engine.warmed_up(back_end, &files, &progress).await?;
        abort.check()?;
        Ok(engine)
    }

    /// The same from bytes that the page has already; without `attention` there are labels only, without `centres` no distances. Throws a
    /// `DaclError`.
    #[wasm_bindgen(js_name = fromBytes)]
    pub async fn from_bytes(
        manifest: Vec<u8>,
        labels: Vec<u8>,
        attention: JsOptionalBytes,
        centres: JsOptionalBytes,
        backend: JsBackend,
    ) -> Result<Engine, JsValue> {
        let manifest = Manifest::parse(&manifest).map_err(Failure::from)?;
        let back_end = parse_back_end(&backend)?;
        let (attention, centres) = (bytes(attention, "attention")?, bytes(centres, "centres")?);
        let files = Files { labels, attention, centres };
        let chosen = back_end.open().await?;
        let engine = Self::assemble(manifest, &files, chosen, None)?;
        Ok(engine.warmed_up(back_end, &files, &ProgressReport::silent()).await?)
    }

    /// Loads the attention arm and the class centres; labels go on working meanwhile, and if it fails or `signal` ends
    /// it early. Throws a `DaclError`.
    #[wasm_bindgen(js_name = loadAttention)]
    pub async fn load_attention(
        &self,
        progress: JsProgressCallback,
        signal: Option<JsAbortSignal>,
    ) -> Result<(), JsValue> {
        let progress = ProgressReport::new(&progress);
        let abort = Abort::new(signal);
        let Some(folder) = &self.folder else {
            let message = "this engine was made from bytes, so it knows no address";
            return Err(Failure::new(FailureKind::NoAddress, message).into());
        };
        let (files, recogniser) = (&self.manifest.files, self.pipeline.recogniser());
        let centres = download(&Remote::weights(folder, &files.centres), &abort, &mut |_, _| {}).await?;
        recogniser.add_centres_file(&self.manifest, &centres).map_err(Failure::from)?;
        let attention = download(&Remote::weights(folder, &files.attention), &abort, &mut |loaded, total| {
            progress.tell("attention", loaded, total);
        })
        .await?;
        abort.check()?;
        recogniser.add_attention_file(&self.manifest, &attention).map_err(Failure::from)?;
        if self.chosen.name == "webgpu" {
            // A device that fails here fails with the next picture, and is told then.
            let _ = self.warm_up(&ProgressReport::silent()).await;
        }
        Ok(())
    }

    /// Finds the faces of a picture and names their expressions.
    ///
    /// `rgba` holds `4 * width * height` bytes, row by row, as `ImageData.data` does. No face gives an empty list. A
    /// `signal` that aborts takes the answer's place with its own reason. Throws a `DaclError`.
    pub async fn analyse(
        &self,
        rgba: Vec<u8>,
        width: u32,
        height: u32,
        signal: Option<JsAbortSignal>,
    ) -> Result<JsAnalysis, JsValue> {
        self.answer(rgba, width, height, None, signal).await
    }

    /// Names the expressions of faces whose places are known, as in a video from the frame before: nothing is searched for.
    ///
    /// `boxes` holds left edge, top edge, width and height in picture pixels and the angle in degrees of each face, as `Face` has them; the
    /// answer's faces are in their order, with a score of 0. The rest is as for `analyse`. Throws a `DaclError`.
    #[wasm_bindgen(js_name = analyseAt)]
    pub async fn analyse_at(
        &self,
        rgba: Vec<u8>,
        width: u32,
        height: u32,
        boxes: Vec<f32>,
        signal: Option<JsAbortSignal>,
    ) -> Result<JsAnalysis, JsValue> {
        let (places, rest) = boxes.as_chunks();
        if !rest.is_empty() {
            let message = format!("{} numbers do not make boxes of five numbers each", boxes.len());
            return Err(Failure::new(FailureKind::BoxesTorn, message).into());
        }
        let place = |&[x, y, width, height, angle]: &[f32; 5]| FaceBox { x, y, width, height, angle, score: 0.0 };
        self.answer(rgba, width, height, Some(places.iter().map(place).collect()), signal).await
    }

    /// Names the expression of a face that the caller has cut out already; the answer's box is the whole picture.
    ///
    /// `rgba`, `width` and `height` are as for `analyse`. Throws a `DaclError`.
    #[wasm_bindgen(js_name = analyseCrop)]
    pub async fn analyse_crop(&self, rgba: Vec<u8>, width: u32, height: u32) -> Result<JsFace, JsValue> {
        let picture = picture(rgba, width, height)?;
        self.check_device()?;
        let recognition = self.pipeline.recogniser().recognise(&[picture]).await;
        self.check_device()?;
        let recognition = recognition.map_err(Failure::from)?.into_iter().next();
        let recognition =
            recognition.ok_or_else(|| Failure::new(FailureKind::NoAnswer, "the device gave no answer"))?;
        let (width, height) = (width as f32, height as f32);
        let place = FaceBox { x: 0.0, y: 0.0, width, height, angle: 0.0, score: 0.0 };
        Ok(types::face(&Face { place, recognition }).unchecked_into())
    }

    /// Class names in the order of `Face.probabilities`.
    #[wasm_bindgen(getter, unchecked_return_type = "string[]")]
    pub fn classes(&self) -> Array {
        self.manifest.classes.iter().map(|class| JsValue::from_str(class)).collect()
    }

    /// What computes: "webgpu" or "cpu".
    #[wasm_bindgen(getter, unchecked_return_type = "\"webgpu\" | \"cpu\"")]
    pub fn backend(&self) -> String {
        self.chosen.name.into()
    }

    /// What the browser calls the adapter.
    #[wasm_bindgen(getter)]
    pub fn adapter(&self) -> String {
        self.chosen.adapter.clone()
    }

    /// Why this back end was taken, in an English sentence.
    #[wasm_bindgen(getter, js_name = backendReason)]
    pub fn backend_reason(&self) -> String {
        self.chosen.reason.sentence.clone()
    }

    /// The same for programs, as for words in another language.
    #[wasm_bindgen(getter, js_name = backendReasonCode, unchecked_return_type = "BackendReason")]
    pub fn backend_reason_code(&self) -> String {
        self.chosen.reason.code.as_str().into()
    }

    /// Whether answers have attention.
    #[wasm_bindgen(getter, js_name = attentionReady)]
    pub fn attention_ready(&self) -> bool {
        self.pipeline.recogniser().has_attention()
    }

    /// Side of the network's input in pixels.
    #[wasm_bindgen(getter, js_name = inputSize)]
    pub fn input_size(&self) -> usize {
        self.manifest.network.input_size
    }

    /// The class centres, 512 values a class in the order of `classes`; undefined until `loadAttention()` has brought them, or where
    /// `fromBytes` was given none.
    #[wasm_bindgen(getter, unchecked_return_type = "Float32Array | undefined")]
    pub fn centres(&self) -> JsValue {
        let centres = self.pipeline.recogniser().centres();
        centres.map_or(JsValue::UNDEFINED, |centres| Float32Array::from(centres.positions().concat().as_slice()).into())
    }

    /// The mean attention of each class's faces, 512 values a class; undefined like `centres`.
    #[wasm_bindgen(getter, js_name = meanAttention, unchecked_return_type = "Float32Array | undefined")]
    pub fn mean_attention(&self) -> JsValue {
        let centres = self.pipeline.recogniser().centres();
        let rows = centres.map(|centres| centres.mean_attention().concat());
        rows.map_or(JsValue::UNDEFINED, |rows| Float32Array::from(rows.as_slice()).into())
    }

    /// What one unit of each of the 512 features adds to the logarithm of each class's probability, but for what all classes share;
    /// 512 values a class in the order of `classes`.
    #[wasm_bindgen(getter, js_name = classWeights)]
    pub fn class_weights(&self) -> Float32Array {
        self.pipeline.recogniser().class_weights().into()
    }

    /// Side of the square that the network sees of a face, as a multiple of its box's larger side.
    #[wasm_bindgen(getter, js_name = viewScale)]
    pub fn view_scale(&self) -> f64 {
        f64::from(self.manifest.face_crop.margin) * f64::from(self.manifest.preprocessing.centre)
    }

    /// How far that square's centre lies below the box's, as a share of the box's larger side.
    #[wasm_bindgen(getter, js_name = viewShift)]
    pub fn view_shift(&self) -> f64 {
        self.manifest.face_crop.shift_down.into()
    }

    /// Side of the maps in `Face.activation`.
    #[wasm_bindgen(getter, js_name = mapSide)]
    pub fn map_side(&self) -> usize {
        self.manifest.network.feature_map_side()
    }

    /// Below this probability an answer is not sure, as measured on `dataset`.
    #[wasm_bindgen(getter, js_name = notSureBelow)]
    pub fn not_sure_below(&self) -> f64 {
        self.manifest.not_sure.probability
    }

    /// Beyond this attentive distance to the named class's centre a face is unlike those that the network knows.
    #[wasm_bindgen(getter, js_name = unlikeBeyond)]
    pub fn unlike_beyond(&self) -> f64 {
        self.manifest.not_sure.distance
    }

    /// Measured accuracy of the weights in 0..1, on `dataset`.
    #[wasm_bindgen(getter)]
    pub fn accuracy(&self) -> f64 {
        self.manifest.measured.accuracy
    }

    /// What the accuracy was measured on, in words.
    #[wasm_bindgen(getter)]
    pub fn dataset(&self) -> String {
        self.manifest.measured.data.clone()
    }
}

impl Engine {
    /// What the faces of a picture show: of those at `places`, or where that is `None`, of those that are found.
    async fn answer(
        &self,
        rgba: Vec<u8>,
        width: u32,
        height: u32,
        places: Option<Vec<FaceBox>>,
        signal: Option<JsAbortSignal>,
    ) -> Result<JsAnalysis, JsValue> {
        let started = Instant::now();
        let abort = Abort::new(signal);
        abort.check()?;
        let picture = picture(rgba, width, height)?;
        self.check_device()?;
        let analysis = match places {
            None => self.pipeline.analyse(&picture).await,
            Some(places) => self.pipeline.analyse_at(&picture, places).await,
        };
        // A lost GPU shows as nonsense before it shows as an error.
        self.check_device()?;
        let analysis = analysis.map_err(Failure::from)?;
        abort.check()?;
        Ok(types::analysis(&analysis, started.elapsed().as_secs_f64() * 1e3).unchecked_into())
    }

    fn assemble(manifest: Manifest, files: &Files, chosen: Chosen, folder: Option<String>) -> Result<Self, Failure> {
        let recogniser = Recogniser::from_artefact(&manifest, &files.labels, &chosen.device)?;
        if let Some(attention) = &files.attention {
            recogniser.add_attention_file(&manifest, attention)?;
        }
        if let Some(centres) = &files.centres {
            recogniser.add_centres_file(&manifest, centres)?;
        }
        let finder = SeetaFinder::new(SeetaOptions::default()).map_err(Failure::from)?;
        let pipeline = Pipeline::new(Box::new(finder), manifest.face_crop, recogniser);
        Ok(Self { pipeline, manifest, chosen, folder })
    }

    /// The engine once it is warm. Where a GPU fails with the first answer that `back_end` took by itself, it is one on the CPU.
    async fn warmed_up(self, back_end: BackEnd, files: &Files, progress: &ProgressReport) -> Result<Self, Failure> {
        let Err(failure) = self.warm_up(progress).await else { return Ok(self) };
        let chosen = back_end.instead_of(&self.chosen, &failure).ok_or(failure)?;
        let engine = Self::assemble(self.manifest, files, chosen, self.folder)?;
        engine.warm_up(progress).await?;
        Ok(engine)
    }

    /// Runs the network once on an empty picture, so that kernels are compiled before the first face comes.
    async fn warm_up(&self, progress: &ProgressReport) -> Result<(), Failure> {
        progress.tell("warm-up", 0, 1);
        let side = self.manifest.preprocessing.input_size;
        let blank = DynamicImage::ImageLuma8(GrayImage::new(side, side));
        self.pipeline.recogniser().recognise(&[blank]).await?;
        progress.tell("warm-up", 1, 1);
        self.check_device()
    }

    fn check_device(&self) -> Result<(), Failure> {
        match self.chosen.lost.get() {
            true => Err(Failure::new(FailureKind::GpuTaken, "the browser took the GPU away from this page")),
            false => Ok(()),
        }
    }
}

/// The artefact's files, as far as they are there.
struct Files {
    labels: Vec<u8>,
    attention: Option<Vec<u8>>,
    centres: Option<Vec<u8>>,
}

/// The bytes of the file `name`, if they were given. What are no bytes is refused: an engine would lack something, and nobody know why.
fn bytes(given: JsOptionalBytes, name: &str) -> Result<Option<Vec<u8>>, Failure> {
    let given = JsValue::from(given);
    if given.is_undefined() || given.is_null() {
        return Ok(None);
    }
    let bytes = given.dyn_into::<Uint8Array>().map_err(|_| {
        Failure::about(name, FailureKind::NoBytes, format!("what was given as {name} is no Uint8Array"))
    })?;
    Ok(Some(bytes.to_vec()))
}

/// The picture that JavaScript's bytes make.
fn picture(rgba: Vec<u8>, width: u32, height: u32) -> Result<DynamicImage, Failure> {
    let length = rgba.len();
    RgbaImage::from_raw(width, height, rgba)
        .filter(|picture| length > 0 && picture.as_raw().len() as u64 == 4 * u64::from(width) * u64::from(height))
        .map(DynamicImage::ImageRgba8)
        .ok_or_else(|| {
            let message = format!("{length} bytes do not make a picture of {width} x {height} RGBA pixels");
            Failure::new(FailureKind::PixelsMissing, message)
        })
}

fn parse_back_end(backend: &JsBackend) -> Result<BackEnd, Failure> {
    let value: &JsValue = backend.as_ref();
    BackEnd::parse(&value.as_string().unwrap_or_else(|| "auto".into()))
}

/// The page's progress callback, if it gave one.
struct ProgressReport(Option<Function>);

impl ProgressReport {
    fn new(callback: &JsProgressCallback) -> Self {
        let value: &JsValue = callback.as_ref();
        Self(value.dyn_ref::<Function>().cloned())
    }

    fn silent() -> Self {
        Self(None)
    }

    fn tell(&self, stage: &str, loaded: u64, total: u64) {
        if let Some(callback) = &self.0 {
            let progress = types::object(&[
                ("stage", stage.into()),
                ("loaded", (loaded as f64).into()),
                ("total", (total as f64).into()),
            ]);
            // What the page's callback throws is the page's affair.
            let _ = callback.call1(&JsValue::NULL, &progress);
        }
    }
}
