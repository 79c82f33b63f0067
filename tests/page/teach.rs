//! A visitor teaches their own face: recorded, learnt, measured on held-back frames, used, kept as numbers, deleted.

use serde_json::json;

use super::browser::{Browser, Options};
use super::keep::CATCH_FILES;
use super::site::Site;
use super::{CPU_LIMIT, HAS_WEIGHTS, PAGE_LIMIT, alone, clip};

/// Where each class stands in the list.
const NEUTRAL: u32 = 1;
const SURPRISE: u32 = 4;

async fn record(browser: &Browser, row: u32, name: &str) {
    browser.click(&format!("#teach-list li:nth-child({row}) button")).await;
    let told = format!("document.querySelector('#teach-words').textContent.startsWith('Recorded {name}: ')");
    browser.wait_for(&format!("the recording of {name}"), &told, CPU_LIMIT).await;
}

/// Brings a file; `content` as in `Browser::choose`.
async fn bring(browser: &Browser, content: &str) {
    browser.choose("face.json", "application/json", content, "#teach-file").await;
}

async fn show(browser: &Browser, sample: &str, label: &str) {
    browser.run_async(&format!("await window.show('{sample}');")).await;
    let shown = format!("document.querySelector('#headline-label').textContent === '{label}'");
    browser.wait_for(&format!("the label {label}"), &shown, CPU_LIMIT).await;
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_face_is_taught_with_figures_on_held_back_frames_and_deleted_again() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu&steadiness=0")).await;
        browser.run_async(clip::CAMERA_OF_SAMPLES).await;
        browser.run("document.querySelector('#teach').open = true;").await;
        assert_eq!(browser.run("return document.querySelector('#teach-use').disabled;").await, json!(true));
        browser.click("#camera").await;
        browser.wait_for("attention weights", HAS_WEIGHTS, CPU_LIMIT).await;

        // Someone whose neutral face looks to the network like surprise, and the other way round.
        show(&browser, "surprise.png", "Surprise").await;
        record(&browser, NEUTRAL, "neutral").await;
        show(&browser, "neutral.png", "Neutral").await;
        record(&browser, SURPRISE, "surprise").await;
        assert_eq!(browser.run("return localStorage.length;").await, json!(0), "nothing is kept before it is learnt");
        browser.click("#teach-learn").await;
        let figures = browser.text("#teach-figures").await;
        assert!(figures.starts_with("Learnt: neutral, surprise."), "{figures}");
        assert!(figures.contains("0% were named as recorded before, 100% after"), "{figures}");

        // Nothing changes until it is asked for.
        assert_eq!(browser.run("return document.querySelector('#teach-use').checked;").await, json!(false));
        assert_eq!(browser.text("#headline-label").await, "Neutral");
        browser.click("#teach-use").await;
        let taught = "document.querySelector('#headline-label').textContent === 'Surprise'";
        browser.wait_for("the taught label", taught, CPU_LIMIT).await;
        assert_eq!(browser.run("return document.querySelector('#teach-mark').hidden;").await, json!(false));
        let kept = "const { text, isUsed } = JSON.parse(localStorage.getItem('dacl-taught-face'));
             const { centres } = JSON.parse(text);
             return [isUsed, ...Object.entries(centres).map(([name, values]) => `${name} ${values.length}`)];";
        assert_eq!(browser.run(kept).await, json!([true, "neutral 512", "surprise 512"]));

        // Another visit finds it as it was left.
        browser.open(&site.page("backend=cpu&sample=neutral")).await;
        browser.wait_for("attention weights", HAS_WEIGHTS, CPU_LIMIT).await;
        browser.wait_for("the taught label of a picture", taught, CPU_LIMIT).await;
        // Saved to a file, it can be deleted and brought back.
        browser.run(CATCH_FILES).await;
        browser.run("document.querySelector('#teach').open = true;").await;
        browser.click("#teach-save").await;
        browser.wait_for("the file", "window.saved.length === 1", PAGE_LIMIT).await;
        delete(&browser).await;
        bring(&browser, "return window.saved[0].blob;").await;
        browser.wait_for("what was brought", "!document.querySelector('#teach-use').disabled", PAGE_LIMIT).await;
        assert_eq!(browser.text("#teach-figures").await, figures);
        browser.click("#teach-use").await;
        browser.wait_for("the taught label again", taught, CPU_LIMIT).await;
        delete(&browser).await;
    });
}

/// Deletes what was taught about a neutral face; nothing of it is left.
async fn delete(browser: &Browser) {
    browser.click("#teach-delete").await;
    let own = "document.querySelector('#headline-label').textContent === 'Neutral'";
    browser.wait_for("the network's own label", own, CPU_LIMIT).await;
    assert_eq!(browser.run("return localStorage.length;").await, json!(0));
    // The button that had the focus is disabled now.
    assert_eq!(browser.run("return document.activeElement.parentElement.id;").await, json!("teach"));
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_file_that_is_no_taught_face_is_told_and_changes_nothing() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu&sample=happy")).await;
        browser.wait_for("the file input", "!document.querySelector('#teach-file').disabled", CPU_LIMIT).await;
        bring(&browser, "return '{ torn';").await;
        browser.notice("taught-unreadable", PAGE_LIMIT).await;
        bring(&browser, "return JSON.stringify({ format: 'dacl-taught-face 1', network: '00000000' });").await;
        let notice = browser.notice("taught-other-network", PAGE_LIMIT).await;
        assert!(notice.contains("belongs to another network"), "{notice}");
        assert_eq!(browser.run("return localStorage.length;").await, json!(0));
        assert_eq!(browser.text("#headline-label").await, "Happy");
    });
}
