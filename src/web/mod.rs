//! The browser's entry: a thin layer that turns bytes from JavaScript into calls of the library and errors into messages.
//!
//! Everything runs in the worker that loads this module; nothing here touches the page.

mod abort;
mod back_end;
mod download;
mod engine;
mod failure;
mod types;

pub use engine::Engine;

use wasm_bindgen::prelude::wasm_bindgen;

/// Makes a panic readable in the browser's console.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}
