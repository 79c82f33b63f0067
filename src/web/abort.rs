//! Calls that their caller may end early, by an `AbortSignal`.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

use super::failure::Failure;
use super::types::JsAbortSignal;

/// The signal that came with a call; undefined where none did.
pub(super) struct Abort(JsValue);

impl Abort {
    pub(super) fn new(signal: Option<JsAbortSignal>) -> Self {
        Self(signal.map_or(JsValue::UNDEFINED, JsValue::from))
    }

    /// The signal, for calls that take one themselves.
    pub(super) fn signal(&self) -> JsValue {
        self.0.clone()
    }

    /// Fails with the signal's own reason once it has aborted.
    pub(super) fn check(&self) -> Result<(), JsValue> {
        self.reason().map_or(Ok(()), Err)
    }

    /// The signal's reason, where it has aborted: what failed then has failed because of it.
    pub(super) fn or(&self, failure: Failure) -> JsValue {
        self.reason().unwrap_or_else(|| failure.into())
    }

    fn reason(&self) -> Option<JsValue> {
        // Without a signal there is nothing to look at.
        let get = |name: &str| Reflect::get(&self.0, &name.into()).ok();
        get("aborted").filter(JsValue::is_truthy)?;
        get("reason")
    }
}
