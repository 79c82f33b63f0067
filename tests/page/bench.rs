//! The bench measures and gives its result to copy.

use serde_json::Value;

use super::browser::{Browser, Options};
use super::site::Site;
use super::{PAGE_LIMIT, SOFTWARE_GPU_LIMIT, alone};

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn the_bench_gives_cold_first_and_steady_times_with_back_end_and_adapter() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu")).await;
        browser.click("#bench-link").await;
        let is_ready = "document.querySelector('#bench-start')?.disabled === false";
        browser.wait_for("the bench", is_ready, PAGE_LIMIT).await;
        browser.click("#bench-start").await;
        let is_measured = "!document.querySelector('#bench-result').hidden";
        browser.wait_for("the result", is_measured, SOFTWARE_GPU_LIMIT).await;

        let json = browser.run("return document.querySelector('#bench-json').value;").await;
        let result: Value = serde_json::from_str(json.as_str().unwrap()).unwrap();
        let backend = &result["backend"];
        assert_eq!((&backend["asked"], &backend["used"]), (&"cpu".into(), &"cpu".into()));
        assert_eq!(backend["adapter"], "WebAssembly with SIMD");
        assert_eq!(backend["isSoftwareAdapter"], false);
        assert_eq!(result["picture"]["faces"], 1);
        let ready = result["cold"]["readyMs"].as_f64().unwrap();
        let stages: f64 =
            result["cold"]["stagesMs"].as_object().unwrap().values().map(|stage| stage.as_f64().unwrap()).sum();
        assert!((ready - stages).abs() < 1.0, "{stages} ms in stages of {ready} ms");
        let steady = &result["steady"];
        assert_eq!((&steady["warmUps"], &steady["runs"]), (&10.into(), &30.into()));
        for part in ["findMs", "networkMs", "totalMs"] {
            let [median, p90] = ["median", "p90"].map(|name| steady[part][name].as_f64().unwrap());
            assert!(0.0 < median && median <= p90, "{part}: {median}, {p90}");
            assert!(result["first"][part].as_f64().unwrap() > 0.0, "{part}");
        }
        assert!(result["programMemoryBytes"].as_u64().unwrap() > 10_000_000);
        assert!(result["browser"].as_str().unwrap().contains("Chrome"));
        assert_eq!(browser.texts("#bench-table td").await.len(), 12);
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn the_bench_tells_what_it_cannot_measure() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.address("bench.html?backend=webgpu")).await;
        browser.wait_for("the bench", "document.querySelector('#bench-start')?.disabled === false", PAGE_LIMIT).await;
        browser.click("#bench-start").await;
        let notice = browser.notice("webgpu-unavailable", PAGE_LIMIT).await;
        assert!(notice.contains("WebGPU is not available"), "{notice}");
        let seen = browser.run("return document.querySelector('#bench-result').hidden;").await;
        assert_eq!(seen, Value::Bool(true));
        assert!(browser.text("#bench-state").await.starts_with("Not measured"));
    });
}
