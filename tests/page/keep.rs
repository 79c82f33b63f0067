//! What people keep and share is complete, and made on their own machine.

use serde_json::json;

use super::browser::{Browser, Options};
use super::site::{Site, before_the_page};
use super::{CPU_LIMIT, HAS_LABEL, HAS_WEIGHTS, PAGE_LIMIT, alone, clip, with_happy_sample};

/// Keeps what the page saves in `window.saved`, name and content, instead of in the downloads folder.
pub(crate) const CATCH_FILES: &str = "window.saved = [];
     const makeAddress = URL.createObjectURL;
     URL.createObjectURL = (blob) => {
       window.lastBlob = blob;
       return makeAddress(blob);
     };
     HTMLAnchorElement.prototype.click = function () {
       window.saved.push({ name: this.download, blob: window.lastBlob });
     };
     document.querySelector('#keep').open = true;";

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn picture_and_predictions_can_be_saved_and_forgotten() {
    alone(async {
        let site = Site::as_built().await;
        let browser = with_happy_sample(&site).await;
        browser.run(CATCH_FILES).await;
        browser
            .wait_for(
                "one face",
                "document.querySelector('#keep-count').textContent.startsWith('1 face of 1 picture')",
                PAGE_LIMIT,
            )
            .await;
        for (at, button) in ["#keep-picture", "#keep-csv", "#keep-json"].iter().enumerate() {
            browser.click(button).await;
            browser.wait_for(button, &format!("window.saved.length === {}", at + 1), PAGE_LIMIT).await;
        }
        let seen = browser
            .run_async(
                "const [png, csv, json] = window.saved.map(({ blob }) => blob);
                 const picture = await createImageBitmap(png);
                 const shown = document.querySelector('#picture');
                 const pixels = (source) => {
                   const context = new OffscreenCanvas(source.width, source.height).getContext('2d');
                   context.drawImage(source, 0, 0);
                   return context.getImageData(0, 0, source.width, source.height).data;
                 };
                 const [drawn, plain] = [pixels(picture), pixels(shown)];
                 const differs = drawn.some((value, at) => Math.abs(value - plain[at]) > 40);
                 const [head, row, end] = (await csv.text()).split('\\r\\n');
                 const { pictures } = JSON.parse(await json.text());
                 const [face] = pictures[0].faces;
                 const sum = Object.values(face.probabilities).reduce((one, other) => one + other, 0);
                 return {
                   endings: window.saved.map(({ name }) => name.split('.').at(-1)),
                   sameSize: picture.width === shown.width && picture.height === shown.height,
                   differs,
                   columns: [head.split(',').length, row.split(',').length, end],
                   label: [row.split(',')[5], face.label],
                   sum: Math.abs(sum - 1) < 1e-4,
                   attention: face.attention.mean > 0 && face.attention.spread > 0,
                 };",
            )
            .await;
        assert_eq!(
            seen,
            json!({
                "endings": ["png", "csv", "json"],
                "sameSize": true,
                "differs": true,
                "columns": [18, 18, ""],
                "label": ["happy", "happy"],
                "sum": true,
                "attention": true,
            })
        );
        browser.click("#keep-forget").await;
        assert_eq!(browser.text("#keep-count").await, "No predictions yet.");
        assert_eq!(browser.run("return document.querySelector('#keep-csv').disabled;").await, json!(true));
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn the_link_brings_the_settings_back() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu&unknown=thing")).await;
        browser.wait_for("samples", "document.querySelector('.sample')", PAGE_LIMIT).await;
        browser.click("[data-file='happy.png']").await;
        browser
            .run(
                "document.querySelector('#keep').open = true;
                 for (const [id, value, event] of [['lines', '1080', 'change'], ['steadiness', '20', 'input']]) {
                   const setting = document.querySelector(`#setting-${id}`);
                   setting.value = value;
                   setting.dispatchEvent(new Event(event));
                 }
                 const mirror = document.querySelector('#setting-mirror');
                 mirror.checked = false;
                 mirror.dispatchEvent(new Event('change'));",
            )
            .await;
        let link = "document.querySelector('#keep-link').value";
        browser.wait_for("the sample in the link", &format!("{link}.includes('sample=happy')"), CPU_LIMIT).await;
        let link = browser.run(&format!("return {link};")).await;
        let link = link.as_str().unwrap();
        // Going to another back end loses nothing of what was set.
        let webgpu = browser.run("return document.querySelector('nav a[data-value=webgpu]').href;").await;
        assert_eq!(webgpu, json!(link.replace("backend=cpu", "backend=webgpu")));
        assert_eq!(link, site.page("backend=cpu&lines=1080&mirror=off&steadiness=20&sample=happy"));

        browser.open(link).await;
        browser.wait_for("attention weights", HAS_WEIGHTS, CPU_LIMIT).await;
        assert_eq!(browser.text("#headline-label").await, "Happy");
        let settings = "return ['lines', 'steadiness'].map((id) => document.querySelector(`#setting-${id}`).value)
             .concat(document.querySelector('#setting-mirror').checked);";
        assert_eq!(browser.run(settings).await, json!(["1080", "20", false]));

        browser.open(&site.page("backend=cpu&steadiness=much")).await;
        let notice = browser.notice("parameter-setting", PAGE_LIMIT).await;
        assert!(notice.contains("steadiness=much"), "{notice}");
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_mirrored_picture_is_saved_as_people_see_it() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu")).await;
        // Red on its left and blue on its right, with a face at the left: mirrored, face and red are on the right.
        let seen = browser
            .run_async(
                "const { snapshot } = await import(new URL('app/keep/snapshot.js', document.baseURI));
                 const canvas = new OffscreenCanvas(400, 300);
                 const context = canvas.getContext('2d');
                 context.fillStyle = '#f00';
                 context.fillRect(0, 0, 200, 300);
                 context.fillStyle = '#00f';
                 context.fillRect(200, 0, 200, 300);
                 const face = { x: 10, y: 60, width: 60, height: 80, angle: 0, probabilities: Float32Array.of(1, 0) };
                 const analysis = { width: 200, height: 150, faces: [face] };
                 const blob = await snapshot(canvas, analysis, { mirrored: true, classes: ['happy', 'sad'] });
                 context.drawImage(await createImageBitmap(blob), 0, 0);
                 const pixel = (x, y) => [...context.getImageData(x, y, 1, 1).data.slice(0, 3)].join();
                 return [blob.type, pixel(60, 200), pixel(320, 200), pixel(380, 200), pixel(260, 200)];",
            )
            .await;
        assert_eq!(seen, json!(["image/png", "0,0,255", "255,0,0", "255,255,255", "255,255,255"]));
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn the_saved_picture_has_the_evidence_while_it_is_shown() {
    alone(async {
        let site = Site::as_built().await;
        let browser = with_happy_sample(&site).await;
        browser.run(CATCH_FILES).await;
        browser.run("document.querySelector('#evidence').open = true;").await;
        for saved in 1..=3 {
            // Without it, with it, without it.
            browser.click("#keep-picture").await;
            browser.wait_for("the file", &format!("window.saved.length === {saved}"), PAGE_LIMIT).await;
            browser.click("#evidence-on").await;
        }
        let seen = browser
            .run_async(
                "const pixels = async ({ blob }) => {
                   const picture = await createImageBitmap(blob);
                   const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
                   context.drawImage(picture, 0, 0);
                   return context.getImageData(0, 0, picture.width, picture.height);
                 };
                 const [plain, evidence, again] = await Promise.all(window.saved.map(pixels));
                 const { width, height } = plain;
                 // The page shows the map there; a saved pixel is reddened where its cell is strong, and nowhere else.
                 const media = document.querySelector('#picture').getBoundingClientRect();
                 const map = document.querySelector('#evidence-overlay');
                 map.hidden = false;
                 const place = map.getBoundingClientRect();
                 const cells = map.getContext('2d').getImageData(0, 0, map.width, map.height).data;
                 let [strong, reddened, weak, touched] = [0, 0, 0, 0];
                 for (let y = 0; y < height; y += 1) {
                   for (let x = 0; x < width; x += 1) {
                     const left = media.left + ((x + 0.5) / width) * media.width - place.left;
                     const top = media.top + ((y + 0.5) / height) * media.height - place.top;
                     const column = Math.floor((left / place.width) * map.width);
                     const row = Math.floor((top / place.height) * map.height);
                     const isInside = column >= 0 && row >= 0 && column < map.width && row < map.height;
                     const alpha = isInside ? cells[(row * map.width + column) * 4 + 3] : 0;
                     const at = (y * width + x) * 4;
                     const warmer = evidence.data[at] - evidence.data[at + 2] - (plain.data[at] - plain.data[at + 2]);
                     if (alpha > 100) {
                       strong += 1;
                       reddened += warmer > 20;
                     }
                     if (!isInside) {
                       weak += 1;
                       touched += warmer > 20;
                     }
                   }
                 }
                 return [strong > 500, reddened / strong > 0.9, touched / Math.max(1, weak) < 0.01,
                   again.data.every((value, at) => value === plain.data[at])];",
            )
            .await;
        assert_eq!(seen, json!([true, true, true, true]));
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn the_camera_is_recorded_with_boxes_and_can_be_played() {
    alone(async {
        let site = Site::as_built().await;
        let (browser, _clip) = clip::browser_with_camera(&site, "happy.png").await;
        browser.run(CATCH_FILES).await;
        assert_eq!(browser.run("return document.querySelector('#keep-video').disabled;").await, json!(true));
        browser.click("#camera").await;
        browser.wait_for("attention weights", HAS_WEIGHTS, CPU_LIMIT).await;
        browser.click("#keep-video").await;
        browser.run_async("await new Promise((resolve) => setTimeout(resolve, 3000));").await;
        // Ending the camera ends the recording.
        browser.click("#camera").await;
        browser.wait_for("the file", "window.saved.length === 1", PAGE_LIMIT).await;
        let seen = browser
            .run_async(
                "const [{ name, blob }] = window.saved;
                 const video = document.createElement('video');
                 video.muted = true;
                 video.src = URL.createObjectURL(blob);
                 await new Promise((resolve, reject) => {
                   video.onloadeddata = resolve;
                   video.onerror = () => reject(video.error.message);
                 });
                 video.currentTime = 1;
                 await new Promise((resolve) => (video.onseeked = resolve));
                 const context = new OffscreenCanvas(640, 480).getContext('2d');
                 context.drawImage(video, 0, 0);
                 // The ground beside the sample is grey: the label and the box are neither.
                 const { data } = context.getImageData(0, 0, 640, 480);
                 let white = 0;
                 for (let at = 0; at < data.length; at += 4) white += data[at] > 240 && data[at + 1] > 240 && data[at + 2] > 240;
                 return [name.endsWith('.webm'), blob.type, video.videoWidth, video.videoHeight, white > 500];",
            )
            .await;
        assert_eq!(seen, json!([true, "video/webm", 640, 480, true]));
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_recording_ends_with_the_video() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu")).await;
        browser.wait_for("the engine", "document.body.dataset.engine === 'ready'", CPU_LIMIT).await;
        clip::choose_video(&browser, ["happy.png", "surprise.png"]).await;
        let at_end = format!("document.querySelector('#video').ended && {HAS_LABEL}");
        browser.wait_for("the video's end", &at_end, CPU_LIMIT).await;
        browser.run(CATCH_FILES).await;
        browser.click("#keep-video").await;
        assert_eq!(browser.text("#keep-video").await, "Stop recording and save");
        // From its beginning.
        browser.click("#player-toggle").await;
        browser.wait_for("the file", "window.saved.length === 1", CPU_LIMIT).await;
        let seen = "return [window.saved[0].blob.size > 1000, document.body.dataset.source];";
        assert_eq!(browser.run(seen).await, json!([true, "video"]), "the video stays on the stage");
        assert_eq!(browser.text("#keep-video").await, "Record the video (WebM)");
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_browser_that_cannot_record_says_so() {
    alone(async {
        let site = Site::with("app/guard.js", before_the_page("delete globalThis.MediaRecorder;")).await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu")).await;
        browser.run("document.querySelector('#keep').open = true;").await;
        let note = browser.text("#keep-video-note").await;
        assert!(note.contains("cannot record"), "{note}");
        assert_eq!(browser.run("return document.querySelector('#keep-video').hidden;").await, json!(true));
    });
}
