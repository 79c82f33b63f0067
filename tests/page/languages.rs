//! The page in the visitor's language, and in both directions of writing.

use serde_json::json;

use super::browser::{Browser, Options};
use super::site::{Instead, Site, weight_file};
use super::{CPU_LIMIT, HAS_WEIGHTS, PAGE_LIMIT, alone, with_happy_sample};

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_german_browser_reads_german_and_can_switch_to_english() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options {
            preferences: json!({ "intl.accept_languages": "de-DE,de" }),
            ..Options::default()
        })
        .await;
        browser.open(&site.page("backend=cpu&sample=happy&steadiness=20")).await;
        browser.wait_for("attention weights", HAS_WEIGHTS, CPU_LIMIT).await;
        assert_eq!(browser.run("return document.documentElement.lang;").await, json!("de-DE"));
        assert_eq!(browser.text("#headline-label").await, "Freude");
        assert_eq!(browser.text("#camera").await, "Kamera starten");
        assert!(browser.text("#status-reason").await.contains("CPU war gewünscht"));
        assert!(browser.texts(".strongest__value").await.iter().all(|weight| weight.starts_with("0,")));
        // What is read by programs is the same in every language.
        let link = browser.run("return document.querySelector('#keep-link').value;").await;
        assert_eq!(link, json!(site.page("backend=cpu&steadiness=20&sample=happy")));

        browser.click("nav a[data-value=en]").await;
        browser.wait_for("attention weights in English", HAS_WEIGHTS, CPU_LIMIT).await;
        assert_eq!(browser.text("#headline-label").await, "Happy");
        assert_eq!(browser.run("return document.documentElement.lang;").await, json!("en-GB"));
        // The choice goes on in the link.
        let link = browser.run("return document.querySelector('#keep-link').value;").await;
        assert_eq!(link, json!(site.page("backend=cpu&lang=en&steadiness=20&sample=happy")));
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn failures_are_told_in_the_language_of_the_page() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu&lang=de&steadiness=viel")).await;
        let notice = browser.notice("parameter-setting", PAGE_LIMIT).await;
        assert!(notice.contains("nicht verständlich") && notice.contains("steadiness=viel"), "{notice}");
        browser.open(&site.page("backend=cpu&lang=xx")).await;
        let notice = browser.notice("parameter-setting", PAGE_LIMIT).await;
        assert!(notice.contains("lang=xx"), "{notice}");
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn the_engines_own_failures_are_told_in_that_language_with_its_english_words_to_copy() {
    alone(async {
        let site = Site::with(&weight_file("labels"), Instead::OneByteChanged).await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu&lang=de")).await;
        let notice = browser.notice("weights-altered", CPU_LIMIT).await;
        assert!(notice.contains("labels.safetensors hat einen anderen Inhalt"), "{notice}");
        assert!(!notice.contains("SHA-256"), "the English words are folded: {notice}");
        browser.catch_clipboard().await;
        browser.click("#notices .notice__report summary").await;
        browser.click("#notices .notice__report button").await;
        let copied = "window.copied.startsWith('weights-altered (file-altered): labels.safetensors is not the file')";
        browser.wait_for("the copied report", copied, PAGE_LIMIT).await;

        // A reason for a back end is one for its absence as well.
        browser.open(&site.page("backend=webgpu&lang=de")).await;
        let notice = browser.notice("webgpu-unavailable", CPU_LIMIT).await;
        assert!(notice.contains("Dieser Browser") && !notice.contains("This browser"), "{notice}");
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn nothing_overflows_a_narrow_phone_in_any_language_or_direction() {
    alone(async {
        let site = Site::as_built().await;
        // 320 pixels are also what a window of 1280 has at a zoom of 400 %.
        for (width, language) in [(320, "en"), (320, "de"), (360, "de")] {
            let browser = Browser::start(Options { phone: Some((width, 780)), ..Options::default() }).await;
            browser.open(&site.page(&format!("backend=cpu&sample=happy&lang={language}"))).await;
            browser.wait_for("attention weights", HAS_WEIGHTS, CPU_LIMIT).await;
            browser
                .run(
                    "for (const details of document.querySelectorAll('details')) details.open = true;
                     for (const part of ['timeline', 'player']) document.querySelector(`#${part}`).hidden = false;",
                )
                .await;
            let unfolded = "document.querySelectorAll('#times-table td').length && document.querySelectorAll('#attention-table td').length";
            browser.wait_for("the tables", unfolded, PAGE_LIMIT).await;
            for direction in ["ltr", "rtl"] {
                let seen = browser
                    .run(&format!(
                        "document.documentElement.dir = '{direction}';
                         const root = document.documentElement;
                         const outside = [...document.querySelectorAll('main *, header *, section *')]
                           .filter((one) => !one.closest('.attention__scroll, .samples__list, .visually-hidden, .boxes, .bar__track'))
                           .filter((one) => {{
                             const {{ left, right, width }} = one.getBoundingClientRect();
                             return width > 1 && (left < -0.5 || right > innerWidth + 0.5);
                           }})
                           .map((one) => one.id || one.className || one.tagName);
                         return [innerWidth, root.scrollWidth, outside];"
                    ))
                    .await;
                assert_eq!(seen, json!([width, width, []]), "{language}, {direction}");
            }
        }
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn bars_grow_in_the_direction_of_writing() {
    alone(async {
        let site = Site::as_built().await;
        let browser = with_happy_sample(&site).await;
        // Of a bar that is nearly empty, what is filled lies outside of its track, before its beginning.
        let script = "const bar = document.querySelector('.bar:not([data-first])');
             const [fill, track] = ['.bar__fill', '.bar__track'].map((part) => bar.querySelector(part));
             fill.style.transition = 'none';
             const seen = [];
             for (const direction of ['ltr', 'rtl']) {
               document.documentElement.dir = direction;
               const [inner, outer] = [fill.getBoundingClientRect(), track.getBoundingClientRect()];
               seen.push(Math.sign(inner.left - outer.left));
             }
             return seen;";
        assert_eq!(browser.run(script).await, json!([-1, 1]));
    });
}
