//! Nothing leaves the machine, and the page's policy refuses other origins.

use serde_json::json;

use super::browser::{Browser, Options};
use super::site::{Instead, Site, weight_file};
use super::{CPU_LIMIT, HAS_WEIGHTS, PAGE_LIMIT, alone, net_log, with_happy_sample};

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn no_request_leaves_the_origin() {
    alone(async {
        let site = Site::as_built().await;
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("net-log.json");
        let browser = Browser::start(net_log::kept_in(&log)).await;
        browser.open(&site.page("sample=happy")).await;
        browser.wait_for("attention weights", HAS_WEIGHTS, CPU_LIMIT).await;
        browser.close().await;

        let requests = net_log::requests_of(&log);
        // The log covers page and worker, or it would prove nothing.
        for part in ["/app/main.js", "/dacl-cpu_bg.wasm", &format!("/{}?sha256=", weight_file("labels"))] {
            assert!(requests.iter().any(|url| url.contains(part)), "{part} is not among {requests:#?}");
        }
        let own = format!("{}/", site.origin());
        let foreign: Vec<_> = requests.iter().filter(|url| !url.starts_with(&own)).collect();
        assert!(foreign.is_empty(), "{foreign:#?}");
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn the_content_security_policy_refuses_other_origins_and_inline_scripts() {
    alone(async {
        let site = Site::as_built().await;
        let other = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu")).await;
        let script = format!(
            "const refused = [];
             document.addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective));
             const answer = await fetch('{}').then(() => 'answered', () => 'refused');
             const inline = document.createElement('script');
             inline.textContent = 'window.inlineRan = true';
             document.body.append(inline);
             const picture = new Image();
             picture.src = '{}/favicon.svg';
             await new Promise((resolve) => setTimeout(resolve, 500));
             return [answer, window.inlineRan === true, refused.sort().join()];",
            other.page(""),
            other.origin(),
        );
        let seen = browser.run_async(&script).await;
        assert_eq!(seen, json!(["refused", false, "connect-src,img-src,script-src-elem"]));
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn the_policy_as_a_header_holds_a_worker_as_well_and_the_page_works_with_it() {
    alone(async {
        let other = Site::as_built().await;
        // What comes back cannot be read, but whether anything was asked for is seen.
        let worker = "onmessage = async ({ data }) => {
             postMessage(await fetch(data, { mode: 'no-cors' }).then(() => 'answered', () => 'refused'));
           };";
        for (site, outcome) in [(Site::as_built().await, "answered"), (Site::with_policy().await, "refused")] {
            site.change("asks.js", Instead::Script(worker.into()));
            let browser = with_happy_sample(&site).await;
            let script = format!(
                "const worker = new Worker(new URL('asks.js', document.baseURI), {{ type: 'module' }});
                 const answer = new Promise((resolve) => (worker.onmessage = ({{ data }}) => resolve(data)));
                 worker.postMessage('{}/favicon.svg');
                 return answer;",
                other.origin()
            );
            assert_eq!(browser.run_async(&script).await, json!(outcome));
        }
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn weights_of_another_origin_are_not_fetched() {
    alone(async {
        let site = Site::as_built().await;
        let other = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page(&format!("backend=cpu&weights={}/weights/", other.origin()))).await;
        let notice = browser.notice("parameter-weights", PAGE_LIMIT).await;
        assert!(notice.contains(other.origin()), "{notice}");
        // The shipped weights take their place.
        browser.wait_for("the engine", "document.body.dataset.engine === 'ready'", CPU_LIMIT).await;
    });
}
