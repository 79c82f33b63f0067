//! A GPU that the browser takes away: the CPU answers at once, the GPU is asked for once more; the visitor is told.

use serde_json::json;

use super::browser::{Browser, Options};
use super::site::{Instead, Site, text_of};
use super::{CPU_LIMIT, HAS_LABEL, HAS_WEIGHTS, PAGE_LIMIT, SOFTWARE_GPU_LIMIT, alone};

/// From the loss of the GPU to the next label. Two seconds are wanted and a quiet machine needs one (docs/page.md); a busy one is given time.
const LABEL_BACK_MS: f64 = 6_000.0;

/// A program whose GPU is lost with every answer, and whose CPU answers. The page that made it hears of each back end.
const LOSES_EVERY_GPU: &str = "export default async function () {}
     const asked = new BroadcastChannel('asked');
     export class Engine {
       static async create(weights, backend) {
         asked.postMessage(backend);
         return Object.assign(new Engine(), {
           classes: ['neutral', 'happy'], backend: backend === 'cpu' ? 'cpu' : 'webgpu', adapter: 'made up', backendReason: '',
           backendReasonCode: 'webgpu-hardware', accuracy: 1, dataset: 'none', notSureBelow: 0, unlikeBeyond: 9, mapSide: 1,
           viewScale: 1, viewShift: 0, classWeights: new Float32Array(4),
         });
       }
       async loadAttention() {
         this.centres = new Float32Array(4);
         this.meanAttention = new Float32Array(4);
       }
       async analyse() {
         if (this.backend === 'webgpu') throw Object.assign(new Error('gone'), { code: 'device-lost' });
         const face = {
           x: 10, y: 10, width: 50, height: 50, angle: 0, score: 9, probabilities: [0.1, 0.9], features: [1, 1],
           attention: [0.5, 0.5], distances: [1, 1], activation: [1, 1],
         };
         return { faces: [face], findMs: 1, cropMs: 1, networkMs: 1, totalMs: 3 };
       }
     }";

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_gpu_that_goes_twice_is_replaced_by_the_cpu_and_the_picture_gets_its_label() {
    alone(async {
        let site = Site::with("dacl.js", Instead::Script(LOSES_EVERY_GPU.into())).await;
        site.change("dacl-cpu.js", Instead::Script(LOSES_EVERY_GPU.into()));
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=webgpu")).await;
        browser.wait_for("samples", "document.querySelector('.sample')", PAGE_LIMIT).await;
        browser
            .run(
                "window.asked = [];
                 new BroadcastChannel('asked').onmessage = ({ data }) => window.asked.push(data);",
            )
            .await;
        browser.click("[data-file='happy.png']").await;
        let notice = browser.notice("device-lost-cpu", PAGE_LIMIT).await;
        assert!(notice.contains("the CPU goes on"), "{notice}");
        let on_cpu = "document.querySelector('#status-backend').textContent === 'CPU'";
        browser.wait_for("the CPU", on_cpu, PAGE_LIMIT).await;
        browser.wait_for("a label from the CPU", HAS_LABEL, PAGE_LIMIT).await;
        assert_eq!(browser.text("#headline-label").await, "Happy");
        assert_eq!(
            browser.run("return window.asked.slice(-3);").await,
            json!(["cpu", "webgpu", "cpu"]),
            "the CPU at once, the GPU once more, then the CPU alone"
        );
        assert_eq!(browser.texts("#notices .notice").await.len(), 1, "the notice before is replaced");
        browser.wait_for("weights from the CPU", HAS_WEIGHTS, PAGE_LIMIT).await;
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn labels_are_back_within_seconds_from_the_cpu_and_then_from_the_gpu_that_was_rebuilt() {
    alone(async {
        // In the worker, the device that the program gets can be destroyed from the page.
        let worker = format!(
            "{}
             const ask = GPUAdapter.prototype.requestDevice;
             GPUAdapter.prototype.requestDevice = async function (...wishes) {{
               const device = await ask.apply(this, wishes);
               new BroadcastChannel('destroy').onmessage = () => device.destroy();
               return device;
             }};",
            text_of("app/engine/worker.js")
        );
        let site = Site::with("app/engine/worker.js", Instead::Script(worker)).await;
        let browser = Browser::start(Options::software_webgpu()).await;
        browser.open(&site.page("backend=webgpu&sample=happy")).await;
        browser.wait_for("attention weights", HAS_WEIGHTS, SOFTWARE_GPU_LIMIT).await;
        browser
            .run(
                "const label = document.querySelector('#headline-label');
                 const lostMs = performance.now();
                 window.backMs = {};
                 new MutationObserver(() => {
                   if (label.textContent !== 'Surprise') return;
                   window.backMs[document.querySelector('#status-backend').textContent] ??= performance.now() - lostMs;
                 }).observe(label, { childList: true });
                 new BroadcastChannel('destroy').postMessage('');
                 document.querySelector(\"[data-file='surprise.png']\").click();",
            )
            .await;
        let notice = browser.notice("device-lost-again", CPU_LIMIT).await;
        assert!(notice.contains("The CPU answers until it is back"), "{notice}");
        browser.wait_for("a label from the rebuilt GPU", "window.backMs.WebGPU", SOFTWARE_GPU_LIMIT).await;
        assert!(browser.texts("#notices .notice").await.is_empty(), "it is back");
        let back = browser.run("return window.backMs;").await;
        let [cpu, gpu] = ["CPU", "WebGPU"].map(|name| back[name].as_f64().unwrap());
        println!("After the loss, the CPU's label came in {cpu:.0} ms, the rebuilt GPU's in {gpu:.0} ms.");
        assert!(cpu < LABEL_BACK_MS, "{cpu} ms");
        assert!(2.0 * cpu < gpu, "whoever waited for the GPU would wait longer: {cpu} and {gpu} ms");
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_gpu_that_the_page_chose_and_that_gives_no_first_answer_is_replaced_by_the_cpu() {
    alone(async {
        // The software adapter under the name of a real one; what it gives is lost before anything was computed.
        let worker = format!(
            "{}
             for (const [name, value] of Object.entries({{ architecture: '', device: '', description: '', isFallbackAdapter: false }})) {{
               Object.defineProperty(GPUAdapterInfo.prototype, name, {{ get: () => value }});
             }}
             const ask = GPUAdapter.prototype.requestDevice;
             GPUAdapter.prototype.requestDevice = async function (...wishes) {{
               const device = await ask.apply(this, wishes);
               device.destroy();
               return device;
             }};",
            text_of("app/engine/worker.js")
        );
        let site = Site::with("app/engine/worker.js", Instead::Script(worker)).await;
        let browser = Browser::start(Options::software_webgpu()).await;
        browser.open(&site.page("backend=auto&sample=happy")).await;
        browser.wait_for("attention weights from the CPU", HAS_WEIGHTS, SOFTWARE_GPU_LIMIT).await;
        assert_eq!(browser.text("#status-backend").await, "CPU");
        assert_eq!(browser.text("#status-reason").await, "The GPU failed: the CPU took its place.");
        assert!(browser.texts("#notices .notice").await.is_empty(), "nothing has to be done");
    });
}
