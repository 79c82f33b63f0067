//! Chromium's own log of its network, which no part of a page can hide from: workers are in it like everything else.

use std::path::Path;

use serde_json::Value;

use super::browser::Options;

/// For a browser that writes the log to this file.
pub(crate) fn kept_in(log: &Path) -> Options {
    Options { arguments: vec![format!("--log-net-log={}", log.display())], ..Options::default() }
}

/// The addresses that pages and workers asked for; what the browser asks for by itself is not among them.
pub(crate) fn requests_of(log: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(log).unwrap();
    let log: Value = serde_json::from_str(&text).expect("Chromium completes its log when it is closed");
    let start_job = &log["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"];
    assert!(start_job.is_number(), "the log names its events");
    log["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| &event["type"] == start_job)
        .filter(|event| event["params"]["initiator"].as_str().is_some_and(|initiator| initiator != "not an origin"))
        .filter_map(|event| event["params"]["url"].as_str().map(str::to_owned))
        .collect()
}
