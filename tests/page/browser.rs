//! A headless Chromium with an empty profile, driven through chromedriver.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use axum::http::Method;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{sleep, timeout};
use url::{ParseError, Url};

/// No single command to the browser takes longer, unless the machine is stuck.
const COMMAND_LIMIT: Duration = Duration::from_secs(60);

/// How a browser differs from the plain one, which has no WebGPU and no camera.
#[derive(Default)]
pub(crate) struct Options {
    /// Further arguments of Chromium.
    pub(crate) arguments: Vec<String>,
    /// Settings of its profile.
    pub(crate) preferences: Value,
    /// Width and height of the phone that Chromium takes itself for, in CSS pixels.
    pub(crate) phone: Option<(u32, u32)>,
}

impl Options {
    /// Gives Chromium a WebGPU adapter in software.
    pub(crate) fn software_webgpu() -> Self {
        Self { arguments: vec!["--enable-unsafe-webgpu".into()], ..Self::default() }
    }
}

/// The browser; it ends when it is dropped.
pub(crate) struct Browser {
    client: Client,
    driver: Driver,
    _profile: TempDir,
}

impl Browser {
    /// Starts Chromium with an empty profile.
    pub(crate) async fn start(options: Options) -> Self {
        let mut driver = Driver::start();
        let profile = tempfile::tempdir().unwrap();
        let mut arguments = vec![
            "--headless".into(),
            // Chromium's sandbox refuses to run as root, as which containers often run.
            "--no-sandbox".into(),
            "--disable-dev-shm-usage".into(),
            "--disable-background-networking".into(),
            "--disable-component-update".into(),
            "--disable-quic".into(),
            "--disable-sync".into(),
            "--no-first-run".into(),
            "--window-size=1280,900".into(),
            format!("--user-data-dir={}", profile.path().display()),
        ];
        arguments.extend(options.arguments);
        let mut chrome = json!({ "args": arguments });
        if options.preferences.is_object() {
            chrome["prefs"] = options.preferences;
        }
        if let Some((width, height)) = options.phone {
            chrome["mobileEmulation"] =
                json!({ "deviceMetrics": { "width": width, "height": height, "pixelRatio": 2 } });
        }
        let mut capabilities = Capabilities::new();
        capabilities.insert("goog:chromeOptions".into(), chrome);
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let connecting = builder.capabilities(capabilities).connect(&driver.address);
        let client = timeout(COMMAND_LIMIT, connecting).await.expect("Chromium starts in time").unwrap();
        driver.browser = client.capabilities().and_then(|known| known.get("goog:processID")).and_then(Value::as_u64);
        Self { client, driver, _profile: profile }
    }

    /// Opens an address.
    pub(crate) async fn open(&self, address: &str) {
        timeout(COMMAND_LIMIT, self.client.goto(address)).await.expect("the page loads in time").unwrap();
    }

    /// Runs a script's body in the page and returns what it returns.
    pub(crate) async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Runs the body of an asynchronous function in the page and returns what it resolves to.
    pub(crate) async fn run_async(&self, script: &str) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             (async () => {{ {script} }})().then((value) => done({{ value }}), (error) => done({{ error: String(error) }}));"
        );
        let answer = timeout(COMMAND_LIMIT, self.client.execute_async(&script, Vec::new()));
        let mut answer = answer.await.expect("the script ends in time").unwrap();
        assert!(answer["error"].is_null(), "the script failed: {}", answer["error"]);
        answer["value"].take()
    }

    /// Waits until an expression in the page is true; fails with all that the page says after `limit` seconds.
    pub(crate) async fn wait_for(&self, what: &str, condition: &str, limit: u64) {
        let started = Instant::now();
        // What the condition asks for may not be there yet.
        let script = format!("try {{ return Boolean({condition}); }} catch {{ return false; }}");
        while self.run(&script).await != Value::Bool(true) {
            if started.elapsed() > Duration::from_secs(limit) {
                panic!("{what}: not within {limit} s.\n{}", self.account().await);
            }
            sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits for a notice and returns its words.
    pub(crate) async fn notice(&self, code: &str, limit: u64) -> String {
        let selector = format!("#notices [data-code='{code}']");
        self.wait_for(&format!("the notice {code}"), &format!("document.querySelector(\"{selector}\")"), limit).await;
        self.text(&selector).await
    }

    /// An element's text as people see it; fails when there is none.
    pub(crate) async fn text(&self, selector: &str) -> String {
        let script = format!("return document.querySelector(\"{selector}\")?.innerText ?? null;");
        match self.run(&script).await {
            Value::String(text) => text,
            _ => panic!("nothing in the page is {selector}.\n{}", self.account().await),
        }
    }

    /// The texts of all elements that a selector names.
    pub(crate) async fn texts(&self, selector: &str) -> Vec<String> {
        let script = format!("return Array.from(document.querySelectorAll(\"{selector}\"), (one) => one.textContent);");
        serde_json::from_value(self.run(&script).await).unwrap()
    }

    /// Clicks an element as a mouse would.
    pub(crate) async fn click(&self, selector: &str) {
        self.client.find(Locator::Css(selector)).await.unwrap().click().await.unwrap();
    }

    /// Presses and releases a key, such as `fantoccini::key::Key::Tab`.
    pub(crate) async fn press(&self, key: char) {
        let keys = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key });
        self.client.perform_actions(keys).await.unwrap();
    }

    /// Gives the page a size in CSS pixels, and media features such as `("prefers-color-scheme", "dark")`.
    pub(crate) async fn emulate(&self, (width, height): (u32, u32), features: &[(&str, &str)]) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.command("Emulation.setDeviceMetricsOverride", metrics).await;
        let features: Vec<_> = features.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.command("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// Sends a command of Chromium's own protocol.
    async fn command(&self, name: &'static str, parameters: Value) {
        let command = ChromiumCommand { name, parameters };
        timeout(COMMAND_LIMIT, self.client.issue_cmd(command)).await.expect("Chromium answers in time").unwrap();
    }

    /// Chooses a file through the page's file input.
    pub(crate) async fn choose_file(&self, file: &Path) {
        let input = self.client.find(Locator::Css("#file")).await.unwrap();
        input.send_keys(&file.display().to_string()).await.unwrap();
    }

    /// Makes a file in the page and chooses it through a file input; `content` is the body of an asynchronous function
    /// that returns what is in the file.
    pub(crate) async fn choose(&self, name: &str, kind: &str, content: &str, input: &str) {
        let script = format!(
            "const content = await (async () => {{ {content} }})();
             const transfer = new DataTransfer();
             transfer.items.add(new File([content], '{name}', {{ type: '{kind}' }}));
             const input = document.querySelector('{input}');
             input.files = transfer.files;
             input.dispatchEvent(new Event('change'));"
        );
        self.run_async(&script).await;
    }

    /// Draws a picture in the page and chooses it as a JPEG file; `draw` may wait, and `file` is an expression of the
    /// file's `bytes`.
    pub(crate) async fn choose_drawing(&self, width: u32, height: u32, draw: &str, file: &str) {
        let content = format!(
            "const canvas = new OffscreenCanvas({width}, {height});
             const context = canvas.getContext('2d');
             const sample = async (name) =>
               createImageBitmap(await (await fetch(new URL(`samples/${{name}}`, document.baseURI))).blob());
             {draw}
             const blob = await canvas.convertToBlob({{ type: 'image/jpeg' }});
             const bytes = [...new Uint8Array(await blob.arrayBuffer())];
             return new Uint8Array({file});"
        );
        self.choose("drawn.jpg", "image/jpeg", &content, "#file").await;
    }

    /// Keeps what the page copies in `window.copied`, instead of in the system's clipboard.
    pub(crate) async fn catch_clipboard(&self) {
        self.run(
            "Object.defineProperty(navigator, 'clipboard', {
               value: { writeText: async (text) => { window.copied = text; } },
             });",
        )
        .await;
    }

    /// Chromium's process: the others are its descendants.
    pub(crate) fn process(&self) -> u64 {
        self.driver.browser.expect("chromedriver tells Chromium's process")
    }

    /// Everything that the page says, for a failed test's message.
    pub(crate) async fn account(&self) -> String {
        let state = self.run("return JSON.stringify({ ...document.body.dataset });").await;
        let text = self.run("return document.body.innerText;").await;
        format!("State: {}\nThe page says:\n{}", state.as_str().unwrap_or_default(), text.as_str().unwrap_or_default())
    }

    /// Ends Chromium in good order, so that it completes its logs.
    pub(crate) async fn close(self) {
        let Self { client, driver, _profile: profile } = self;
        timeout(COMMAND_LIMIT, client.close()).await.expect("Chromium ends in time").unwrap();
        drop(driver);
        drop(profile);
    }
}

/// A command of Chromium's own protocol, as chromedriver hands it on.
#[derive(Debug)]
struct ChromiumCommand {
    name: &'static str,
    parameters: Value,
}

impl WebDriverCompatibleCommand for ChromiumCommand {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "cmd": self.name, "params": self.parameters }).to_string()))
    }
}

/// A chromedriver process, and Chromium's process id, so that neither outlives a failed test.
struct Driver {
    process: Child,
    address: String,
    browser: Option<u64>,
}

impl Driver {
    /// Starts chromedriver on a free port. Once in some hundred starts it ends without having named one, and is started again.
    fn start() -> Self {
        (0..5).find_map(|_| Self::started()).expect("chromedriver says its port")
    }

    fn started() -> Option<Self> {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is on the PATH: run `cargo xtask setup`");
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            line.split_once("successfully on port ").map(|(_, port)| port.trim_end_matches('.').to_owned())
        });
        let mut driver = Self { process, address: String::new(), browser: None };
        driver.address = format!("http://127.0.0.1:{}", port?);
        Some(driver)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(browser) = self.browser {
            // It has ended already after an orderly close.
            let _ = Command::new("kill").arg(browser.to_string()).stderr(Stdio::null()).status();
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
