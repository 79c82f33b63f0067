//! A browser that cannot run the page is told what it lacks, before anything of the page is loaded.

use super::browser::{Browser, Options};
use super::site::{Site, before_the_page};
use super::{PAGE_LIMIT, alone, net_log};

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn what_fails_while_the_page_begins_is_told_with_its_reason() {
    alone(async {
        let site = Site::with("app/guard.js", before_the_page("delete globalThis.ResizeObserver;")).await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu")).await;
        let notice = browser.notice("page-failed", PAGE_LIMIT).await;
        assert!(notice.contains("The page could not begin") && notice.contains("ResizeObserver"), "{notice}");
        assert_eq!(browser.texts("#notices .notice").await.len(), 1, "it is told once");
    });
}

/// What makes the browser an older one, and what is said to be missing then, in the language that is asked for.
const OLDER: [(&str, &str, &str); 5] = [
    ("WebAssembly.validate = () => false;", "en", "Missing here: WebAssembly with SIMD."),
    ("WebAssembly.validate = () => false;", "de", "Hier fehlt: WebAssembly mit SIMD."),
    (
        "globalThis.Worker = class { constructor(address) { throw new SyntaxError(address); } };",
        "en",
        "Missing here: workers made of modules.",
    ),
    ("delete globalThis.OffscreenCanvas;", "en", "Missing here: OffscreenCanvas."),
    ("delete globalThis.WebAssembly;", "en", "Missing here: WebAssembly."),
];

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn what_an_older_browser_lacks_is_told_and_neither_program_nor_weights_are_asked_for() {
    alone(async {
        for (older, language, missing) in OLDER {
            let site = Site::with("app/guard.js", before_the_page(older)).await;
            let folder = tempfile::tempdir().unwrap();
            let log = folder.path().join("net-log.json");
            let browser = Browser::start(net_log::kept_in(&log)).await;
            for page in [
                site.page(&format!("sample=happy&lang={language}")),
                site.address(&format!("bench.html?lang={language}")),
            ] {
                browser.open(&page).await;
                let notice = browser.notice("browser-unsupported", PAGE_LIMIT).await;
                assert!(notice.contains(missing), "{older}\n{notice}");
                let lang = browser.run("return document.querySelector('#notices .notice').lang;").await;
                assert_eq!(lang, language);
            }
            // Whatever the page would load, it would have asked for by now.
            browser.run_async("await new Promise((resolve) => setTimeout(resolve, 1000));").await;
            browser.close().await;
            let requests = net_log::requests_of(&log);
            assert!(requests.iter().any(|url| url.ends_with("/app/guard.js")), "{requests:#?}");
            let loaded = ["/app/main.js", "/dacl", "/weights/"];
            let early: Vec<_> = requests.iter().filter(|url| loaded.iter().any(|part| url.contains(part))).collect();
            assert!(early.is_empty(), "{older}\n{early:#?}");
        }
    });
}
