//! The built site as any static host would serve it: under a sub-path, without headers of its own.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use serde_json::Value;
use tokio::net::TcpListener;
use tower_http::services::ServeDir;

/// Relative addresses in the page must survive this.
const SUB_PATH: &str = "/some/sub/path";

/// What is served in place of a file.
pub(crate) enum Instead {
    /// Nothing: the host answers 404.
    Nothing,
    /// The file with its middle byte changed.
    OneByteChanged,
    /// This script.
    Script(&'static str),
}

/// The site, served until the test's runtime ends.
pub(crate) struct Site {
    origin: String,
}

impl Site {
    /// Serves the site as it was built.
    pub(crate) async fn as_built() -> Self {
        Self::with("", Instead::Nothing).await
    }

    /// Serves the site with something in place of one file; no file has an empty name.
    pub(crate) async fn with(file: &str, instead: Instead) -> Self {
        let mut site = Router::new();
        if !file.is_empty() {
            let (status, kind, body) = match instead {
                Instead::Nothing => (StatusCode::NOT_FOUND, "text/plain", Vec::new()),
                Instead::OneByteChanged => {
                    (StatusCode::OK, "application/octet-stream", one_byte_changed(&folder().join(file)))
                }
                Instead::Script(script) => (StatusCode::OK, "text/javascript", script.into()),
            };
            let answer = (status, [(CONTENT_TYPE, kind)], body);
            site = site.route(&format!("/{file}"), get(async || answer));
        }
        let site = Router::new().nest_service(SUB_PATH, site.fallback_service(ServeDir::new(folder())));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, site).await.unwrap() });
        Self { origin }
    }

    /// Scheme, host and port.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// The page with these parameters, such as `sample=happy`.
    pub(crate) fn page(&self, query: &str) -> String {
        format!("{}{SUB_PATH}/?{query}", self.origin)
    }
}

/// Where the weights' manifest says that a weight file lies in the site; `part` is `labels` or `attention`.
pub(crate) fn weight_file(part: &str) -> String {
    let manifest = std::fs::read(folder().join("weights/manifest.json")).unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    format!("weights/{}", manifest["files"][part]["name"].as_str().unwrap())
}

fn folder() -> PathBuf {
    let folder =
        std::env::var_os("DACL_SITE").expect("DACL_SITE names the folder of the built site: run `cargo xtask test`");
    let folder = PathBuf::from(folder);
    assert!(folder.join("dacl_bg.wasm").is_file(), "{} holds no built site", folder.display());
    folder
}

fn one_byte_changed(file: &Path) -> Vec<u8> {
    let mut bytes = std::fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    bytes
}
