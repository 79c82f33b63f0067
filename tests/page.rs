//! The built page end to end, in headless Chromium: what people see, and every failure that they are told of.
//!
//! The network's numbers are checked elsewhere; here it only has to answer. `DACL_SITE` names the folder of the built site.

#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "page/access.rs"]
mod access;
#[path = "page/answers.rs"]
mod answers;
#[path = "page/bench.rs"]
mod bench;
#[path = "page/browser.rs"]
mod browser;
#[path = "page/clip.rs"]
mod clip;
#[path = "page/doubt.rs"]
mod doubt;
#[path = "page/embedding.rs"]
mod embedding;
#[path = "page/explain.rs"]
mod explain;
#[path = "page/failures.rs"]
mod failures;
#[path = "page/gpu_loss.rs"]
mod gpu_loss;
#[path = "page/keep.rs"]
mod keep;
#[path = "page/languages.rs"]
mod languages;
#[path = "page/live.rs"]
mod live;
#[path = "page/net_log.rs"]
mod net_log;
#[path = "page/offline.rs"]
mod offline;
#[path = "page/old_browser.rs"]
mod old_browser;
#[path = "page/privacy.rs"]
mod privacy;
#[path = "page/site.rs"]
mod site;
#[path = "page/soak.rs"]
mod soak;
#[path = "page/teach.rs"]
mod teach;

use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::time::timeout;

use browser::{Browser, Options};
use site::Site;

/// Seconds for the CPU to load, warm up and answer, on a slow and busy machine.
const CPU_LIMIT: u64 = 90;
/// Seconds for a software adapter to do the same.
const SOFTWARE_GPU_LIMIT: u64 = 300;
/// Seconds for what needs no network at all.
const PAGE_LIMIT: u64 = 30;

/// A label is shown, not just words in its place.
const HAS_LABEL: &str = "document.querySelector('#headline').dataset.certainty !== 'none'";
/// Attention weights are shown.
const HAS_WEIGHTS: &str = "document.querySelector('#attention').dataset.state === 'shown'";

/// A browser with the page open, and a happy face on its stage that has its label and its attention weights.
async fn with_happy_sample(site: &Site) -> Browser {
    let browser = Browser::start(Options::default()).await;
    browser.open(&site.page("backend=cpu&sample=happy")).await;
    browser.wait_for("attention weights", HAS_WEIGHTS, CPU_LIMIT).await;
    browser
}

/// Runs a test by itself: several browsers at once would only slow each other down, and the limits would mean nothing.
fn alone(test: impl Future<Output = ()>) {
    alone_within(Duration::from_secs(2 * SOFTWARE_GPU_LIMIT), test);
}

/// The same for a test that may take longer than others.
fn alone_within(limit: Duration, test: impl Future<Output = ()>) {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = Runtime::new().unwrap();
    runtime.block_on(async { timeout(limit, test).await.expect("the test ends") });
}
