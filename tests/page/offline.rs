//! The site without a network, and new versions that are offered.

use dacl::artefact::sha256_hex;
use serde_json::json;

use super::browser::{Browser, Options};
use super::site::{Instead, Site, before_the_page, text_of};
use super::{CPU_LIMIT, HAS_LABEL, HAS_WEIGHTS, PAGE_LIMIT, alone, with_happy_sample};

const IS_STORED: &str = "document.querySelector('#status-offline')?.textContent === 'works'";
const VERSION: &str = "return document.querySelector('meta[name=version]').content;";

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn after_one_visit_the_page_opens_and_answers_without_a_network() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        let page = site.page("backend=cpu");
        browser.open(&page).await;
        browser.wait_for("the site in the browser", IS_STORED, CPU_LIMIT).await;
        let programs = browser
            .run_async(
                "const store = await caches.open((await caches.keys())[0]);
                 return (await store.keys()).map(({ url }) => url.split('/').at(-1)).filter((name) => name.startsWith('dacl'));",
            )
            .await;
        assert_eq!(
            programs,
            json!(["dacl-cpu.js", "dacl-cpu_bg.wasm"]),
            "the program that this browser needs, and no other"
        );
        site.take_off().await;

        browser.open(&page).await;
        browser.wait_for("the samples", "document.querySelector(\"[data-file='happy.png']\")", PAGE_LIMIT).await;
        browser.click("[data-file='happy.png']").await;
        browser.wait_for("a label", HAS_LABEL, CPU_LIMIT).await;
        browser.wait_for("attention weights", HAS_WEIGHTS, CPU_LIMIT).await;
        assert_eq!(browser.text("#headline-label").await, "Happy");
        assert!(browser.texts("#notices .notice__title").await.is_empty());
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_new_version_is_offered_and_taken_over_only_when_it_is_wanted() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        let page = site.page("backend=cpu&sample=happy");
        browser.open(&page).await;
        browser.wait_for("the site in the browser", IS_STORED, CPU_LIMIT).await;
        let old = browser.run(VERSION).await;
        publish(&site, "new version", old.as_str().unwrap());

        // A reload brings the old version: the new one is stored meanwhile, and offered.
        browser.open(&page).await;
        let notice = browser.notice("update-ready", CPU_LIMIT).await;
        assert!(notice.contains("A new version of this page is ready"), "{notice}");
        assert_eq!(browser.run(VERSION).await, old);
        browser.open(&page).await;
        browser.notice("update-ready", CPU_LIMIT).await;
        assert_eq!(browser.run(VERSION).await, old, "a reload by itself changes nothing");

        browser.click("#notices [data-code='update-ready'] button").await;
        let is_new = "document.querySelector('meta[name=version]').content === 'new version'";
        browser.wait_for("the new version", is_new, PAGE_LIMIT).await;
        browser.wait_for("attention weights", HAS_WEIGHTS, CPU_LIMIT).await;
        // Only the new version's store is left.
        let stores =
            browser.run_async("return (await caches.keys()).map((name) => name.split(' ').slice(2).join(' '));").await;
        assert_eq!(stores, json!(["new version"]));
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_file_of_another_version_is_not_stored() {
    alone(async {
        // As on a host where a new version is being put in the place of the old one.
        let site = Site::with("styles/tokens.css", Instead::OneByteChanged).await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu")).await;
        let told = "document.querySelector('#status-offline')?.textContent === 'does not work'";
        browser.wait_for("the word that nothing is stored", told, CPU_LIMIT).await;
        browser.wait_for("the engine all the same", "document.body.dataset.engine === 'ready'", CPU_LIMIT).await;
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn nothing_is_stored_where_the_host_says_so_as_one_for_development_does() {
    alone(async {
        let site = Site::not_to_be_stored().await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu")).await;
        let told = "document.querySelector('#status-offline')?.textContent === 'does not work'";
        browser.wait_for("the word that nothing is stored", told, CPU_LIMIT).await;
        let left =
            "return [await caches.keys(), await navigator.serviceWorker.getRegistrations()].map((all) => all.length);";
        assert_eq!(browser.run_async(left).await, json!([0, 0]));
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn nothing_is_stored_for_those_who_save_data() {
    alone(async {
        // guard.js is the first script of the page: before it, the browser tells of the wish.
        let wish = "Object.defineProperty(Navigator.prototype, 'connection', { get: () => ({ saveData: true }) });";
        let site = Site::with("app/guard.js", before_the_page(wish)).await;
        let browser = with_happy_sample(&site).await;
        assert_eq!(browser.text("#status-offline").await, "does not work");
        let stored = browser
            .run_async(
                "return [(await navigator.serviceWorker.getRegistrations()).length, (await caches.keys()).length];",
            )
            .await;
        assert_eq!(stored, json!([0, 0]));
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn the_page_can_be_installed() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu")).await;
        let seen = browser
            .run_async(
                "const address = document.querySelector('link[rel=manifest]').href;
                 const manifest = await (await fetch(address)).json();
                 const sizes = await Promise.all(manifest.icons.map(async ({ src, sizes }) => {
                   const icon = new Image();
                   icon.src = new URL(src, address);
                   await icon.decode();
                   return sizes === 'any' || sizes === `${icon.naturalWidth}x${icon.naturalHeight}`;
                 }));
                 return [manifest.display, new URL(manifest.start_url, address).href, sizes];",
            )
            .await;
        let start = site.page("").trim_end_matches('?').to_owned();
        assert_eq!(seen, json!(["standalone", start, [true, true, true, true]]));
    });
}

/// Serves the site as the build would have made it with another version.
fn publish(site: &Site, version: &str, old: &str) {
    let page = text_of("index.html");
    let changed = page.replace(&format!("content=\"{old}\""), &format!("content=\"{version}\""));
    assert_ne!(page, changed);
    let worker = text_of("service-worker.js");
    let worker = worker.replace(&format!("version: \"{old}\""), &format!("version: \"{version}\""));
    let worker = worker.replace(&sha256_hex(page.as_bytes()), &sha256_hex(changed.as_bytes()));
    site.change("index.html", Instead::Page(changed));
    site.change("service-worker.js", Instead::Script(worker));
}
