//! Downloads that tell how far they are.

use js_sys::{Function, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, Response};

use super::abort::Abort;
use super::failure::{Failure, FailureKind};
use super::types::object;

/// The bytes at `url`; `progress` hears loaded and total bytes as they arrive (total as `expected`, 0 where it is not known).
///
/// Fails with the signal's reason when the call was aborted. Where more arrive than `expected`, the rest is not waited for: whoever checks
/// the length refuses them anyway.
pub(super) async fn download(
    url: &str,
    expected: u64,
    abort: &Abort,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Vec<u8>, JsValue> {
    fetch(url, expected, abort, progress).await.map_err(|failure| abort.or(failure))
}

async fn fetch(
    url: &str,
    expected: u64,
    abort: &Abort,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Vec<u8>, Failure> {
    let missing = |kind, why: String| Failure::about(url, kind, format!("{url} cannot be loaded: {why}"));
    let said = |error: JsValue| missing(FailureKind::FileUnreachable, reason(&error));
    // `fetch` belongs to the worker as well as to the page: take it from whichever global object there is.
    let global = js_sys::global();
    let fetch: Function = Reflect::get(&global, &"fetch".into()).map_err(said)?.dyn_into().map_err(said)?;
    let options = object(&[("signal", abort.signal())]);
    let promise = fetch.call2(&global, &url.into(), &options).map_err(said)?;
    let promise: js_sys::Promise = promise.dyn_into().map_err(said)?;
    let response: Response = JsFuture::from(promise).await.map_err(said)?.dyn_into().map_err(said)?;
    if !response.ok() {
        let answer = format!("the server answered {} {}", response.status(), response.status_text());
        return Err(missing(FailureKind::FileRefused, answer));
    }
    let empty = |why: &str| missing(FailureKind::FileEmpty, why.into());
    let body = response.body().ok_or_else(|| empty("the answer is empty"))?;
    let reader: ReadableStreamDefaultReader = body.get_reader().dyn_into().map_err(|_| empty("it cannot be read"))?;
    let mut bytes = Vec::with_capacity(expected as usize);
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(said)?;
        if Reflect::get(&chunk, &"done".into()).map_err(said)?.is_truthy() {
            return Ok(bytes);
        }
        let value: Uint8Array = Reflect::get(&chunk, &"value".into()).map_err(said)?.dyn_into().map_err(said)?;
        let start = bytes.len();
        bytes.resize(start + value.length() as usize, 0);
        value.copy_to(&mut bytes[start..]);
        progress(bytes.len() as u64, expected);
        if expected > 0 && bytes.len() as u64 > expected {
            return Ok(bytes);
        }
    }
}

/// What a thrown JavaScript value says.
fn reason(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => format!("{error:?}"),
    }
}
