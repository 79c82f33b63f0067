//! Whatever fails is told in words, and what still works goes on working.

use serde_json::json;

use super::browser::{Browser, Options};
use super::site::{Instead, Site, weight_file};
use super::{CPU_LIMIT, HAS_LABEL, PAGE_LIMIT, alone};

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_denied_camera_is_told() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options {
            arguments: vec!["--use-fake-device-for-media-stream".into()],
            preferences: json!({ "profile.default_content_setting_values.media_stream_camera": 2 }),
            ..Options::default()
        })
        .await;
        browser.open(&site.page("backend=cpu")).await;
        browser.click("#camera").await;
        let notice = browser.notice("camera-denied", PAGE_LIMIT).await;
        assert!(notice.contains("The camera was denied"), "{notice}");
        assert_eq!(browser.text("#camera").await, "Start the camera");
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_missing_camera_is_told() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options {
            arguments: vec![
                "--use-fake-device-for-media-stream=device-count=0".into(),
                "--use-fake-ui-for-media-stream".into(),
            ],
            ..Options::default()
        })
        .await;
        browser.open(&site.page("backend=cpu")).await;
        browser.click("#camera").await;
        let notice = browser.notice("camera-missing", PAGE_LIMIT).await;
        assert!(notice.contains("No camera found"), "{notice}");
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn absent_webgpu_is_told_and_the_cpu_is_offered() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=webgpu&sample=happy")).await;
        let notice = browser.notice("webgpu-unavailable", CPU_LIMIT).await;
        assert!(notice.contains("WebGPU is not available"), "{notice}");
        browser.click("#notices a[href*='backend=cpu']").await;
        browser.wait_for("a label from the CPU", HAS_LABEL, CPU_LIMIT).await;
        assert_eq!(browser.text("#status-backend").await, "CPU");
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn altered_weights_are_refused_and_told() {
    alone(async {
        let site = Site::with(&weight_file("labels"), Instead::OneByteChanged).await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu&sample=happy")).await;
        let notice = browser.notice("weights-altered", CPU_LIMIT).await;
        assert!(notice.contains("The weights were altered"), "{notice}");
        assert_no_label(&browser).await;
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn missing_weights_are_told() {
    alone(async {
        let site = Site::with("weights/manifest.json", Instead::Nothing).await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu&sample=happy")).await;
        let notice = browser.notice("weights-missing", CPU_LIMIT).await;
        assert!(notice.contains("The weights are missing"), "{notice}");
        assert_no_label(&browser).await;
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_missing_program_is_told() {
    alone(async {
        let site = Site::with("dacl-cpu_bg.wasm", Instead::Nothing).await;
        // The other program would do as well.
        site.change("dacl_bg.wasm", Instead::Nothing);
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu")).await;
        let notice = browser.notice("program-missing", PAGE_LIMIT).await;
        assert!(notice.contains("dacl-cpu_bg.wasm: status 404"), "{notice}");
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn where_the_program_for_the_cpu_is_missing_the_other_takes_its_place() {
    alone(async {
        let site = Site::with("dacl-cpu.js", Instead::Nothing).await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu&sample=happy")).await;
        browser.wait_for("a label", HAS_LABEL, CPU_LIMIT).await;
        assert_eq!(browser.text("#headline-label").await, "Happy");
        assert!(browser.texts("#notices .notice__title").await.is_empty());
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_missing_module_of_the_page_is_told() {
    alone(async {
        let site = Site::with("app/texts.js", Instead::Nothing).await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu")).await;
        let notice = browser.notice("page-incomplete", PAGE_LIMIT).await;
        assert!(notice.contains("The page is incomplete"), "{notice}");
        assert_eq!(browser.run("return document.querySelector('main').hidden;").await, json!(true));
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_panic_is_told_with_its_message_though_no_promise_hears_of_it() {
    alone(async {
        // What a panic in a future of the program looks like from outside: a message on the console, a trap, and silence.
        let panics = "export default async function () {}
             export class Engine {
               static create() {
                 queueMicrotask(() => {
                   console.error('panicked at src/somewhere.rs:1:2:\\nthe reason\\n\\nStack:\\n\\nmuch');
                   throw new WebAssembly.RuntimeError('unreachable');
                 });
                 return new Promise(() => {});
               }
             }";
        let site = Site::with("dacl-cpu.js", Instead::Script(panics.into())).await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu&sample=happy")).await;
        let notice = browser.notice("panic", PAGE_LIMIT).await;
        assert!(notice.contains("the reason") && !notice.contains("Stack"), "{notice}");
        assert!(notice.contains("Reload the page"), "{notice}");
        // What a developer needs to know: the message, the version, the engine and the browser.
        let report = browser.text("#notices .notice__report pre").await;
        assert!(report.starts_with("panic: panicked at src/somewhere.rs:1:2:"), "{report}");
        let version = browser.run("return document.querySelector('meta[name=version]')?.content ?? 'none';").await;
        assert!(report.contains(&format!("version: {}", version.as_str().unwrap())), "{report}");
        assert!(report.contains("engine: not started") && report.contains("browser: Mozilla/"), "{report}");
        browser.catch_clipboard().await;
        browser.click("#notices .notice__report button").await;
        browser.wait_for("the copied report", "window.copied.startsWith('panic: ')", PAGE_LIMIT).await;
        assert_no_label(&browser).await;
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn without_the_attention_arm_there_is_a_label_and_the_page_says_what_is_missing() {
    alone(async {
        let site = Site::with(&weight_file("attention"), Instead::OneByteChanged).await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu&sample=happy")).await;
        browser.wait_for("a label", HAS_LABEL, CPU_LIMIT).await;
        let notice = browser.notice("attention-failed", CPU_LIMIT).await;
        assert!(notice.contains("Labels only"), "{notice}");
        assert_eq!(browser.text("#headline-label").await, "Happy");
        assert_eq!(browser.run("return document.querySelector('#attention').dataset.state;").await, json!("failed"));
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_broken_picture_is_told_and_the_next_one_works() {
    alone(async {
        let site = Site::as_built().await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("torn.png");
        std::fs::write(&file, b"\x89PNG\r\n\x1a\n and then nothing of a picture").unwrap();
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu")).await;
        browser.choose_file(&file).await;
        let notice = browser.notice("picture-unreadable", PAGE_LIMIT).await;
        assert!(notice.contains("torn.png"), "{notice}");
        browser.wait_for("samples", "document.querySelector('.sample')", PAGE_LIMIT).await;
        browser.click(".sample").await;
        browser.wait_for("a label", HAS_LABEL, CPU_LIMIT).await;
        let gone = "!document.querySelector(\"#notices [data-code='picture-unreadable']\")";
        browser.wait_for("the notice to go", gone, PAGE_LIMIT).await;
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_picture_without_a_face_is_told() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu")).await;
        let draw = "context.fillStyle = '#7a8a90'; context.fillRect(0, 0, 400, 300);";
        browser.choose_drawing(400, 300, draw, "bytes").await;
        let told = "document.querySelector('#headline-label').textContent === 'No face found'";
        browser.wait_for("the words for no face", told, CPU_LIMIT).await;
        assert!(browser.texts(".box").await.is_empty());
    });
}

async fn assert_no_label(browser: &Browser) {
    assert_eq!(browser.run(&format!("return {HAS_LABEL};")).await, json!(false), "{}", browser.account().await);
    assert!(browser.texts(".box").await.is_empty());
}
