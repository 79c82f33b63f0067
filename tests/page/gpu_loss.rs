//! A GPU that the browser takes away: asked for once more, then the CPU; the visitor is told and the labels come back.

use serde_json::json;

use super::browser::{Browser, Options};
use super::site::{Instead, Site, text_of};
use super::{CPU_LIMIT, HAS_LABEL, HAS_WEIGHTS, PAGE_LIMIT, SOFTWARE_GPU_LIMIT, alone};

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
        browser.wait_for("a label from the CPU", HAS_LABEL, PAGE_LIMIT).await;
        assert_eq!(browser.text("#headline-label").await, "Happy");
        assert_eq!(browser.text("#status-backend").await, "CPU");
        assert_eq!(
            browser.run("return window.asked.slice(-2);").await,
            json!(["webgpu", "cpu"]),
            "once more, then the CPU"
        );
        let notice = browser.notice("device-lost-cpu", PAGE_LIMIT).await;
        assert!(notice.contains("the CPU goes on"), "{notice}");
        assert_eq!(browser.texts("#notices .notice").await.len(), 1, "the notice before is replaced");
        browser.wait_for("weights from the CPU", HAS_WEIGHTS, PAGE_LIMIT).await;
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_gpu_that_is_lost_once_is_rebuilt() {
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
        browser.run("new BroadcastChannel('destroy').postMessage('');").await;
        browser.click("[data-file='surprise.png']").await;
        let notice = browser.notice("device-lost-again", CPU_LIMIT).await;
        assert!(notice.contains("is asked for again"), "{notice}");
        let label = "document.querySelector('#headline-label').textContent === 'Surprise'";
        browser.wait_for("the label of the rebuilt GPU", label, SOFTWARE_GPU_LIMIT).await;
        assert_eq!(browser.text("#status-backend").await, "WebGPU");
    });
}
