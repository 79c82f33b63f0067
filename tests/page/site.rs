//! The built site as any static host would serve it: under a sub-path, without headers of its own.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

/// Relative addresses in the page must survive this.
const SUB_PATH: &str = "/some/sub/path";

/// What is served in place of a file.
pub(crate) enum Instead {
    /// Nothing: the host answers 404.
    Nothing,
    /// The file with its middle byte changed.
    OneByteChanged,
    /// This script.
    Script(String),
    /// This content.
    Json(Value),
    /// This page.
    Page(String),
}

/// What is served in place of files, by their names.
type Changes = Arc<Mutex<HashMap<String, (StatusCode, &'static str, Vec<u8>)>>>;

/// The site, served until it is taken off or the test's runtime ends.
pub(crate) struct Site {
    origin: String,
    changes: Changes,
    off: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl Site {
    /// Serves the site as it was built.
    pub(crate) async fn as_built() -> Self {
        Self::served(None).await
    }

    /// Serves the site as a host does on which nothing may be stored.
    pub(crate) async fn not_to_be_stored() -> Self {
        Self::served(Some((CACHE_CONTROL, "no-store"))).await
    }

    /// Serves the site with the policy as a header, as docs/page.md tells hosts to.
    pub(crate) async fn with_policy() -> Self {
        let (_, policy) = include_str!("../../Trunk.toml").split_once("\"Content-Security-Policy\" = \"").unwrap();
        let (policy, _) = policy.split_once('"').unwrap();
        Self::served(Some((CONTENT_SECURITY_POLICY, policy))).await
    }

    async fn served(header: Option<(HeaderName, &'static str)>) -> Self {
        let changes = Changes::default();
        let changed = changes.clone();
        let answer = move |request: Request, next: Next| {
            let name = request.uri().path().trim_start_matches('/');
            let name = if name.is_empty() { "index.html" } else { name };
            let instead = changed.lock().unwrap().get(name).cloned();
            async move {
                match instead {
                    Some((status, kind, body)) => (status, [(CONTENT_TYPE, kind)], body).into_response(),
                    None => next.run(request).await,
                }
            }
        };
        let site = Router::new().fallback_service(ServeDir::new(folder())).layer(from_fn(answer));
        let site = match header {
            Some((name, value)) => {
                site.layer(SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value)))
            }
            None => site,
        };
        let site = Router::new().nest_service(SUB_PATH, site);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let (off, is_off) = oneshot::channel();
        let server = tokio::spawn(async move {
            let server = axum::serve(listener, site);
            server.with_graceful_shutdown(async { drop(is_off.await) }).await.unwrap();
        });
        Self { origin, changes, off, server }
    }

    /// Serves the site with something in place of one file.
    pub(crate) async fn with(file: &str, instead: Instead) -> Self {
        let site = Self::as_built().await;
        site.change(file, instead);
        site
    }

    /// Serves the site with other limits beyond which an answer is not sure: its own are those of its weights.
    pub(crate) async fn with_limits(probability: f64, distance: f64) -> Self {
        let mut manifest: Value = serde_json::from_str(&text_of("weights/manifest.json")).unwrap();
        manifest["not_sure"]["probability"] = probability.into();
        manifest["not_sure"]["distance"] = distance.into();
        Self::with("weights/manifest.json", Instead::Json(manifest)).await
    }

    /// From now on serves something in place of a file.
    pub(crate) fn change(&self, file: &str, instead: Instead) {
        let answer = match instead {
            Instead::Nothing => (StatusCode::NOT_FOUND, "text/plain", Vec::new()),
            Instead::OneByteChanged => {
                (StatusCode::OK, "application/octet-stream", one_byte_changed(&folder().join(file)))
            }
            Instead::Script(script) => (StatusCode::OK, "text/javascript", script.into()),
            Instead::Json(content) => (StatusCode::OK, "application/json", content.to_string().into()),
            Instead::Page(page) => (StatusCode::OK, "text/html", page.into()),
        };
        self.changes.lock().unwrap().insert(file.to_owned(), answer);
    }

    /// Takes the site off the network: nobody answers at its address any more.
    pub(crate) async fn take_off(self) {
        let Self { off, server, .. } = self;
        let _ = off.send(());
        // Connections that the browser keeps are closed as soon as they are idle.
        timeout(Duration::from_secs(30), server).await.expect("the server ends in time").unwrap();
    }

    /// Scheme, host and port.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// A file of the site, with parameters if it has some.
    pub(crate) fn address(&self, file: &str) -> String {
        format!("{}{SUB_PATH}/{file}", self.origin)
    }

    /// The page with these parameters, such as `sample=happy`.
    pub(crate) fn page(&self, query: &str) -> String {
        self.address(&format!("?{query}"))
    }
}

/// Where the weights' manifest says that a weight file lies in the site; `part` is `labels` or `attention`.
pub(crate) fn weight_file(part: &str) -> String {
    let manifest = std::fs::read(folder().join("weights/manifest.json")).unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    format!("weights/{}", manifest["files"][part]["name"].as_str().unwrap())
}

/// A file of the site as it was built, as text.
pub(crate) fn text_of(file: &str) -> String {
    std::fs::read_to_string(folder().join(file)).unwrap()
}

/// The site's first script, with another before it: what it makes of the browser holds when the page looks at it.
pub(crate) fn before_the_page(script: &str) -> Instead {
    Instead::Script(format!("{script}\n{}", text_of("app/guard.js")))
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
