//! Downloads that tell how far they are.

use js_sys::{Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, Response};

use super::abort::Abort;
use super::failure::{Failure, FailureKind};
use super::types::object;
use crate::artefact::{FileEntry, MANIFEST_FILE};

/// More than any manifest has.
const MANIFEST_LIMIT: u64 = 1_000_000;

/// A file of an artefact, where a server has it.
pub(super) struct Remote {
    url: String,
    /// Bytes that it has; 0 where that is not known.
    length: u64,
    /// No more bytes than this are waited for: whoever reads the file refuses more anyway.
    limit: u64,
    /// How far the browser's cache is trusted, as `fetch` has it.
    cache: &'static str,
}

impl Remote {
    /// The manifest in `folder`: the server is asked each time whether it has changed, for its address stays the same.
    pub(super) fn manifest(folder: &str) -> Self {
        Self { url: format!("{folder}/{MANIFEST_FILE}"), length: 0, limit: MANIFEST_LIMIT, cache: "no-cache" }
    }

    /// A weight file in `folder`. Its hash is part of the address, so that a cache never serves the file of another release.
    pub(super) fn weights(folder: &str, FileEntry { name, bytes, sha256 }: &FileEntry) -> Self {
        Self { url: format!("{folder}/{name}?sha256={sha256}"), length: *bytes, limit: *bytes, cache: "default" }
    }
}

/// The bytes of `file`; `progress` hears loaded and total bytes as they arrive (total 0 where it is not known).
///
/// Fails with the signal's reason when the call was aborted.
pub(super) async fn download(
    file: &Remote,
    abort: &Abort,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Vec<u8>, JsValue> {
    fetch(file, abort, progress).await.map_err(|failure| abort.or(failure))
}

async fn fetch(
    &Remote { ref url, length, limit, cache }: &Remote,
    abort: &Abort,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Vec<u8>, Failure> {
    let missing = |kind, why: String| Failure::about(url.as_str(), kind, format!("{url} cannot be loaded: {why}"));
    let said = |error: JsValue| missing(FailureKind::FileUnreachable, reason(&error));
    // `fetch` belongs to the worker as well as to the page: take it from whichever global object there is.
    let global = js_sys::global();
    let fetch: Function = Reflect::get(&global, &"fetch".into()).map_err(said)?.dyn_into().map_err(said)?;
    let options = object(&[("signal", abort.signal()), ("cache", cache.into())]);
    let promise = fetch.call2(&global, &url.as_str().into(), &options).map_err(said)?;
    let promise: Promise = promise.dyn_into().map_err(said)?;
    let response: Response = JsFuture::from(promise).await.map_err(said)?.dyn_into().map_err(said)?;
    if !response.ok() {
        if let Some(body) = response.body() {
            stop(body.cancel()).await;
        }
        let answer = format!("the server answered {} {}", response.status(), response.status_text());
        return Err(missing(FailureKind::FileRefused, answer));
    }
    let empty = |why: &str| missing(FailureKind::FileEmpty, why.into());
    let body = response.body().ok_or_else(|| empty("the answer is empty"))?;
    let reader: ReadableStreamDefaultReader = body.get_reader().dyn_into().map_err(|_| empty("it cannot be read"))?;
    let mut bytes = Vec::with_capacity(length as usize);
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(said)?;
        if Reflect::get(&chunk, &"done".into()).map_err(said)?.is_truthy() {
            return Ok(bytes);
        }
        let value: Uint8Array = Reflect::get(&chunk, &"value".into()).map_err(said)?.dyn_into().map_err(said)?;
        let start = bytes.len();
        bytes.resize(start + value.length() as usize, 0);
        value.copy_to(&mut bytes[start..]);
        progress(bytes.len() as u64, length);
        if bytes.len() as u64 > limit {
            stop(reader.cancel()).await;
            return Ok(bytes);
        }
    }
}

/// Ends an answer of which no more is wanted, which would arrive to its end otherwise. Whether it can be ended changes nothing.
async fn stop(cancelled: Promise) {
    let _ = JsFuture::from(cancelled).await;
}

/// What a thrown JavaScript value says.
fn reason(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => format!("{error:?}"),
    }
}
