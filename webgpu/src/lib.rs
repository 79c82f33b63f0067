//! burn's WebGPU engine, opened in the browser.
//!
//! A crate of its own, because it is what makes the browser's program large: `dacl` without its feature `webgpu` computes on the CPU
//! and is a small part of the size. Which of the two a browser should get is not decided here.
#![cfg(target_family = "wasm")]

use burn::tensor::Device;
use burn_wgpu::graphics::AutoGraphicsApi;
use burn_wgpu::{RuntimeOptions, WgpuDevice, try_init_setup_async};

/// Opens the browser's high-performance adapter. `lost` is called when the browser takes the GPU away.
///
/// burn's runtime can be set up once in a program's life.
///
/// # Errors
/// When the adapter gives no device, with its reason.
pub async fn open(lost: impl Fn() + 'static) -> Result<Device, String> {
    let place = WgpuDevice::default();
    let setup = try_init_setup_async::<AutoGraphicsApi>(&place, RuntimeOptions::default())
        .await
        .map_err(|error| error.to_string())?;
    let lost = OneThread(lost);
    setup.device.set_device_lost_callback(move |_, _| lost.call());
    Ok(place.into())
}

/// The callback's type asks for `Send`, though a worker has one thread only.
struct OneThread<F>(F);
// SAFETY: wasm32 without atomics has a single thread, so the callback never leaves it.
#[allow(unsafe_code)]
unsafe impl<F> Send for OneThread<F> {}
#[allow(unsafe_code)]
unsafe impl<F> Sync for OneThread<F> {}

impl<F: Fn()> OneThread<F> {
    fn call(&self) {
        (self.0)();
    }
}
