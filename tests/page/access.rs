//! For everyone: no barrier that axe knows, everything by keyboard, motion only where it is wanted.

use std::collections::BTreeSet;

use fantoccini::key::Key;
use serde_json::{Value, json};

use super::browser::{Browser, Options};
use super::site::Site;
use super::{CPU_LIMIT, HAS_WEIGHTS, PAGE_LIMIT, alone, with_happy_sample};

/// Sizes of a phone and of a screen.
const SIZES: [(u32, u32); 2] = [(360, 780), (1440, 900)];

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn axe_finds_no_barrier_before_and_after_a_result() {
    alone(async {
        let axe = axe();
        let site = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        for scheme in ["light", "dark"] {
            for size in SIZES {
                browser.emulate(size, &[("prefers-color-scheme", scheme)]).await;
                browser.open(&site.page("backend=cpu")).await;
                browser.wait_for("samples", "document.querySelector('.sample')", PAGE_LIMIT).await;
                browser.run(&axe).await;
                assert_no_barrier(&browser, &format!("{scheme}, {size:?}, before a result")).await;
                browser.click(".sample").await;
                browser.wait_for("attention weights", HAS_WEIGHTS, CPU_LIMIT).await;
                browser.run("for (const details of document.querySelectorAll('details')) details.open = true;").await;
                assert_no_barrier(&browser, &format!("{scheme}, {size:?}, after a result")).await;
            }
        }
        browser.open(&site.address("bench.html")).await;
        browser.wait_for("the bench", "document.querySelector('#bench-start')?.disabled === false", PAGE_LIMIT).await;
        browser.run(&axe).await;
        browser.run("document.querySelector('#bench-result').hidden = false;").await;
        assert_no_barrier(&browser, "bench").await;
        // What goes wrong is told without a barrier too.
        browser.open(&site.page("backend=webgpu&lines=9&sample=none")).await;
        browser.notice("webgpu-unavailable", CPU_LIMIT).await;
        browser.run(&axe).await;
        assert_no_barrier(&browser, "notices").await;
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn the_tab_key_reaches_everything_and_the_focus_is_seen() {
    alone(async {
        let site = Site::as_built().await;
        let browser = with_happy_sample(&site).await;
        browser
            .run(
                "for (const details of document.querySelectorAll('details')) details.open = true;
                 // A name for everything that can be operated and is not hidden.
                 const operable = 'a[href], button:enabled, input:enabled, select:enabled, summary, [tabindex=\"0\"]';
                 const all = [...document.querySelectorAll(operable)].filter((one) => one.checkVisibility());
                 window.names = new Map(all.map((one, at) => [one, `${at}: ${one.id || one.className || one.textContent.trim()}`]));",
            )
            .await;
        let all = browser.run("return [...window.names.values()];").await;
        let all: BTreeSet<String> = serde_json::from_value(all).unwrap();
        assert!(all.len() > 20, "{all:?}");

        let mut reached = BTreeSet::new();
        // Once round, and the browser's own stops at the end.
        for _ in 0..all.len() + 3 {
            browser.press(Key::Tab.into()).await;
            let seen = browser
                .run(
                    "const focused = document.activeElement;
                     if (!window.names.has(focused)) return null;
                     // A hidden file input shows its focus by its label.
                     const shown = focused.classList.contains('visually-hidden') ? focused.closest('label') : focused;
                     const { outlineStyle, outlineWidth } = getComputedStyle(shown);
                     const { top, bottom } = shown.getBoundingClientRect();
                     return [
                       window.names.get(focused),
                       outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
                       bottom > 0 && top < innerHeight,
                     ];",
                )
                .await;
            if let Value::Array(seen) = seen {
                assert_eq!(seen[1..], [json!(true), json!(true)], "outlined and in view: {}", seen[0]);
                reached.insert(seen[0].as_str().unwrap().to_owned());
            }
        }
        assert_eq!(reached, all);
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn the_keyboard_skips_to_the_result_and_chooses_a_sample() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu")).await;
        browser.wait_for("samples", "document.querySelector('.sample')", PAGE_LIMIT).await;
        browser.press(Key::Tab.into()).await;
        browser.press(Key::Enter.into()).await;
        let skipped = "document.activeElement.id === 'result'";
        browser.wait_for("the focus on the result", skipped, PAGE_LIMIT).await;
        browser.run("document.querySelector(\"[data-file='happy.png']\").focus();").await;
        browser.press(Key::Enter.into()).await;
        browser.wait_for("attention weights", HAS_WEIGHTS, CPU_LIMIT).await;
        assert_eq!(browser.text("#headline-label").await, "Happy");
        let said = browser.texts("#announcer").await;
        assert!(said[0].starts_with("One face found. The face shows: Happy."), "{said:?}");
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn nothing_moves_where_less_motion_is_wanted() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu")).await;
        let longest = "const times = [...document.querySelectorAll('*')].flatMap((one) => {
               const { transitionDuration, animationDuration } = getComputedStyle(one);
               return [...transitionDuration.split(','), ...animationDuration.split(',')].map(Number.parseFloat);
             });
             return Math.max(...times);";
        browser.emulate((1280, 900), &[("prefers-reduced-motion", "no-preference")]).await;
        assert!(browser.run(longest).await.as_f64().unwrap() > 0.0);
        browser.emulate((1280, 900), &[("prefers-reduced-motion", "reduce")]).await;
        assert_eq!(browser.run(longest).await.as_f64().unwrap(), 0.0);
    });
}

/// axe-core's script, which `cargo xtask setup` installs.
fn axe() -> String {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{file}: {error}; `cargo xtask setup` installs it"))
}

async fn assert_no_barrier(browser: &Browser, when: &str) {
    let found = browser
        .run_async(
            "const { violations, passes } = await axe.run(document);
             const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
             return {
               grave: grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`),
               checks: passes.length,
             };",
        )
        .await;
    assert_eq!(found["grave"], json!([]), "{when}");
    assert!(found["checks"].as_u64().unwrap() > 20, "{when}: axe looked at the page");
}
