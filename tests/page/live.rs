//! Live modes: cameras and their failures, video files, steady labels and the timeline.

use std::collections::HashSet;

use serde_json::json;

use super::browser::{Browser, Options};
use super::clip;
use super::site::Site;
use super::{CPU_LIMIT, HAS_LABEL, HAS_WEIGHTS, PAGE_LIMIT, alone};

/// Two cameras that Chromium makes up; they show no face.
fn two_cameras() -> Options {
    Options {
        arguments: vec![
            "--use-fake-device-for-media-stream=device-count=2".into(),
            "--use-fake-ui-for-media-stream".into(),
        ],
        ..Options::default()
    }
}

const CAMERA_RUNS: &str = "document.body.dataset.source === 'camera' && document.querySelector('#video').videoWidth";

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn one_of_several_cameras_can_be_chosen_and_the_other_is_stopped() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(two_cameras()).await;
        browser.open(&site.page("backend=cpu&lines=480")).await;
        browser.click("#camera").await;
        browser.wait_for("the camera", CAMERA_RUNS, PAGE_LIMIT).await;
        browser
            .wait_for("the other camera's offer", "!document.querySelector('#camera-switch').hidden", PAGE_LIMIT)
            .await;
        browser.run("window.first = document.querySelector('#video').srcObject.getTracks()[0];").await;
        assert_eq!(browser.run("return window.first.getSettings().height;").await, json!(480));

        browser.click("#camera-switch").await;
        let switched = "window.first.readyState === 'ended'
             && document.querySelector('#video').srcObject?.getTracks()[0].label !== window.first.label
             && document.querySelector('#camera').textContent === 'Stop the camera'";
        browser.wait_for("the other camera", switched, PAGE_LIMIT).await;
        let named = "document.querySelector('#setting-camera').selectedOptions[0].text
             === document.querySelector('#video').srcObject.getTracks()[0].label";
        browser.wait_for("the camera's name in the settings", named, PAGE_LIMIT).await;

        browser.run("document.querySelector('#settings').open = true;").await;
        let mirrored = "return document.querySelector('#video').hasAttribute('data-mirrored');";
        assert_eq!(browser.run(mirrored).await, json!(true));
        browser.click("#setting-mirror").await;
        assert_eq!(browser.run(mirrored).await, json!(false));
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_camera_that_is_unplugged_is_told_and_can_be_started_again() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(two_cameras()).await;
        browser.open(&site.page("backend=cpu")).await;
        browser.click("#camera").await;
        browser.wait_for("the camera", CAMERA_RUNS, PAGE_LIMIT).await;
        // What Chromium does when a camera goes; its made-up ones cannot.
        browser
            .run("document.querySelector('#video').srcObject.getTracks()[0].dispatchEvent(new Event('ended'));")
            .await;
        let notice = browser.notice("camera-lost", PAGE_LIMIT).await;
        assert!(notice.contains("The camera is gone"), "{notice}");
        assert_eq!(browser.text("#camera").await, "Start the camera");
        assert_eq!(browser.run("return document.querySelector('#video').srcObject;").await, json!(null));
        browser.click("#notices [data-code='camera-lost'] button").await;
        browser.wait_for("the camera again", CAMERA_RUNS, PAGE_LIMIT).await;
        browser.wait_for("the notice to go", "!document.querySelector('#notices').children.length", PAGE_LIMIT).await;
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_camera_that_gives_no_picture_is_told_until_it_gives_one() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(two_cameras()).await;
        browser.open(&site.page("backend=cpu")).await;
        // As with a shutter that is closed from the beginning: no event tells of it.
        browser
            .run(
                "const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
                 navigator.mediaDevices.getUserMedia = async (wish) => {
                   const stream = await ask(wish);
                   Object.defineProperty(stream.getVideoTracks()[0], 'muted', { get: () => window.isSilent });
                   return stream;
                 };
                 window.isSilent = true;",
            )
            .await;
        browser.click("#camera").await;
        let notice = browser.notice("camera-silent", PAGE_LIMIT).await;
        assert!(notice.contains("The camera gives no picture"), "{notice}");
        // What changed while the page was hidden told nobody either.
        browser.run("window.isSilent = false; document.dispatchEvent(new Event('visibilitychange'));").await;
        browser.wait_for("the notice to go", "!document.querySelector('#notices').children.length", PAGE_LIMIT).await;
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn every_failure_of_a_camera_has_its_own_words() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(two_cameras()).await;
        browser.open(&site.page("backend=cpu")).await;
        let mut titles = HashSet::new();
        for (name, code) in [
            ("NotAllowedError", "camera-denied"),
            ("NotFoundError", "camera-missing"),
            ("NotReadableError", "camera-busy"),
            ("OverconstrainedError", "camera-unsuitable"),
            ("SecurityError", "camera-insecure"),
            ("AbortError", "camera-aborted"),
            ("InventedError", "camera-unknown"),
        ] {
            browser
                .run(&format!(
                    "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('its words', '{name}'));"
                ))
                .await;
            browser.click("#camera").await;
            browser.notice(code, PAGE_LIMIT).await;
            let title = browser.texts("#notices .notice__title").await;
            assert_eq!(title.len(), 1, "the notice before {code} goes");
            assert!(!title[0].contains("Something went wrong"), "{code} has words of its own");
            assert!(titles.insert(title[0].clone()), "{code} has the words of another failure: {title:?}");
            assert_eq!(browser.text("#camera").await, "Start the camera");
        }
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_video_is_played_analysed_and_scrubbed() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu&steadiness=0")).await;
        browser.wait_for("the engine", "document.body.dataset.engine === 'ready'", CPU_LIMIT).await;
        clip::choose_video(&browser, ["happy.png", "surprise.png"]).await;
        let at_end = "document.querySelector('#video').ended
             && document.querySelector('#headline-label').textContent === 'Surprise'";
        browser.wait_for("the label of the video's end", at_end, CPU_LIMIT).await;
        assert_eq!(browser.text("#player-toggle").await, "Play");
        let length = "return document.querySelector('#player-seek').max >= 1;";
        assert_eq!(browser.run(length).await, json!(true), "the length is known, though recordings do not say it");

        let begin = "const seek = document.querySelector('#player-seek');
             seek.value = 0;
             seek.dispatchEvent(new Event('input'));";
        browser.run(begin).await;
        let at_begin = "document.querySelector('#headline-label').textContent === 'Happy'";
        browser.wait_for("the label of the video's beginning", at_begin, CPU_LIMIT).await;
        assert_eq!(browser.run("return document.querySelector('#video').paused;").await, json!(true));
        assert_eq!(browser.texts(".box").await.len(), 1);

        browser.click("#player-toggle").await;
        browser.wait_for("the video plays", "document.querySelector('#video').currentTime > 0.2", PAGE_LIMIT).await;
        // A picture takes the video's place, and lets go of the file.
        browser.click(".sample").await;
        browser.wait_for("the sample", "document.body.dataset.source === 'picture'", PAGE_LIMIT).await;
        let gone =
            "return [document.querySelector('#video').hasAttribute('src'), document.querySelector('#player').hidden,
             document.querySelector('#timeline').hidden];";
        assert_eq!(browser.run(gone).await, json!([false, true, true]));
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_broken_video_is_told_and_what_is_on_the_stage_stays() {
    alone(async {
        let site = Site::as_built().await;
        let folder = tempfile::tempdir().unwrap();
        let [torn, other] = ["torn.webm", "letter.txt"].map(|name| folder.path().join(name));
        std::fs::write(&torn, b"\x1a\x45\xdf\xa3 and then nothing of a video").unwrap();
        std::fs::write(&other, b"Dear reader").unwrap();
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu&sample=happy")).await;
        browser.wait_for("a label", HAS_LABEL, CPU_LIMIT).await;
        browser.choose_file(&torn).await;
        let notice = browser.notice("video-unreadable", PAGE_LIMIT).await;
        assert!(notice.contains("torn.webm"), "{notice}");
        browser.choose_file(&other).await;
        let notice = browser.notice("file-unknown", PAGE_LIMIT).await;
        assert!(notice.contains("letter.txt"), "{notice}");
        assert_eq!(browser.text("#headline-label").await, "Happy");
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_picture_can_be_pasted() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu")).await;
        browser
            .run_async(
                "const response = await fetch(new URL('samples/happy.png', document.baseURI));
                 const clipboardData = new DataTransfer();
                 clipboardData.items.add(new File([await response.blob()], 'image.png', { type: 'image/png' }));
                 document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));",
            )
            .await;
        browser.wait_for("a label", HAS_LABEL, CPU_LIMIT).await;
        assert_eq!(browser.text("#headline-label").await, "Happy");
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn the_camera_has_a_timeline_in_words_and_rests_while_the_page_is_hidden() {
    alone(async {
        let site = Site::with_limits(0.0, 1e6).await;
        let (browser, _clip) = clip::browser_with_camera(&site, "happy.png").await;
        assert_eq!(browser.run("return document.querySelector('#timeline').hidden;").await, json!(true));
        browser.click("#camera").await;
        let told = "document.querySelector('#timeline-words').textContent.includes('happy 100%')";
        browser.wait_for("the timeline's words", told, CPU_LIMIT).await;
        assert!(browser.text("#timeline-words").await.contains("0 changes of the label"));
        browser.run("document.querySelector('#timeline-numbers').open = true;").await;
        let filled = "document.querySelectorAll('#timeline-table tr').length === 9";
        browser.wait_for("the timeline as numbers", filled, PAGE_LIMIT).await;
        let drawn = "const canvas = document.querySelector('#timeline-canvas');
             const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
             return new Set(new Uint32Array(data.buffer)).size;";
        assert!(browser.run(drawn).await.as_u64().unwrap() > 2, "ground, lines and the areas");

        // A hidden page: as WebDriver cannot hide one, the document says that it is.
        let hide = "Object.defineProperty(document, 'hidden', { get: () => window.isHidden, configurable: true });
             const turn = (isHidden) => {
               window.isHidden = isHidden;
               document.dispatchEvent(new Event('visibilitychange'));
             };
             window.pictures = async () => {
               // What is unfolded is written anew.
               document.querySelector('#keep').open = !document.querySelector('#keep').open;
               await new Promise((resolve) => setTimeout(resolve, 300));
               return Number(/of ([0-9,]+) picture/.exec(document.querySelector('#keep-count').textContent)[1].replace(',', ''));
             };
             turn(true);
             const before = await window.pictures();
             await new Promise((resolve) => setTimeout(resolve, 6000));
             window.atRest = await window.pictures();
             turn(false);
             return window.atRest - before;";
        let answered = browser.run_async(hide).await.as_f64().unwrap();
        assert!(answered <= 1.0, "only the frame that was being analysed is answered, not {answered}");
        let goes_on = "!document.querySelector('#keep-count').textContent.includes(`of ${window.atRest} picture`)";
        browser.wait_for("further frames", goes_on, CPU_LIMIT).await;
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_face_that_moves_is_followed_and_searched_for_only_every_few_frames() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu&mirror=off")).await;
        browser.run_async(clip::CAMERA_OF_SAMPLES).await;
        browser.run("window.place = { left: 60, top: 60, side: 120 };").await;
        browser.click("#camera").await;
        browser.wait_for("attention weights", HAS_WEIGHTS, CPU_LIMIT).await;
        let still = browser.run(BOX_IN_SAMPLE).await;
        let seen = browser
            .run_async(
                "document.querySelector('#times').open = true;
                 const numbers = new Set();
                 for (let step = 0; step <= 80; step += 1) {
                   window.place = { left: 60 + step, top: 60 + 30 * Math.sin(step / 8), side: 120 };
                   await new Promise((resolve) => setTimeout(resolve, 100));
                   for (const box of document.querySelectorAll('.box')) numbers.add(box.dataset.face);
                 }
                 return [...numbers].join();",
            )
            .await;
        assert_eq!(seen, "1", "the face keeps its number, and there is no other");
        // It stands now: the next answers are about where it is.
        browser.run_async("await new Promise((resolve) => setTimeout(resolve, 2000));").await;
        let moved = browser.run(BOX_IN_SAMPLE).await;
        for axis in 0..2 {
            let off = moved[axis].as_f64().unwrap() - still[axis].as_f64().unwrap();
            assert!(off.abs() < 0.06, "the box lies {off} of the sample's side off, {still} before, {moved} now");
        }
        let (searched, pictures) = searched_pictures(&browser).await;
        let rate = browser.text("#status-rate").await;
        let rate: f64 = rate.split(' ').next().and_then(|number| number.parse().ok()).expect("pictures a second");
        assert!(searched < pictures, "{searched} of {pictures} were searched");
        // A machine that is busy with other things takes so long for a frame that there is a search each second.
        assert!(rate < 3.0 || searched * 2 < pictures, "{searched} of {pictures} were searched, {rate} a second");
        // A camera without the face is searched at once.
        browser.run_async("await window.show('');").await;
        let gone = "document.querySelector('#headline-label').textContent === 'No face found'";
        browser.wait_for("the words for no face", gone, PAGE_LIMIT).await;
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_still_picture_is_searched_for_faces_whatever_was_on_the_stage() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu")).await;
        browser.run_async(clip::CAMERA_OF_SAMPLES).await;
        browser.run("document.querySelector('#times').open = true;").await;
        browser.click("#camera").await;
        browser.wait_for("attention weights", HAS_WEIGHTS, CPU_LIMIT).await;
        let follows = "document.querySelector('#times-note').textContent.includes('of them were searched')";
        browser.wait_for("frames that are not searched", follows, CPU_LIMIT).await;
        browser.click(".sample").await;
        let answered = format!("document.body.dataset.source === 'picture' && {HAS_WEIGHTS}");
        browser.wait_for("the sample's weights", &answered, CPU_LIMIT).await;
        // The numbers are written once a second.
        browser.run_async("await new Promise((resolve) => setTimeout(resolve, 1500));").await;
        let (before, _) = searched_pictures(&browser).await;
        browser.click("#samples-list li:nth-child(2) .sample").await;
        let answered = "document.querySelector('#headline-label').textContent === 'Happy'";
        browser.wait_for("the second sample's label", answered, CPU_LIMIT).await;
        browser.run_async("await new Promise((resolve) => setTimeout(resolve, 1500));").await;
        assert_eq!(searched_pictures(&browser).await.0, before + 1);
    });
}

/// Where the box's middle is in the sample that a camera of samples shows, in sides of the sample.
const BOX_IN_SAMPLE: &str = "const stage = document.querySelector('#boxes').getBoundingClientRect();
     const box = document.querySelector('.box').getBoundingClientRect();
     const middle = (start, size) => start + size / 2;
     const { left, top, side } = window.place;
     const x = ((middle(box.left, box.width) - stage.left) / stage.width) * 320;
     const y = ((middle(box.top, box.height) - stage.top) / stage.height) * 240;
     return [(x - left) / side, (y - top) / side];";

/// How many of the pictures that median and p90 are of were searched for faces, and how many these are.
async fn searched_pictures(browser: &Browser) -> (u32, u32) {
    let note = browser.text("#times-note").await;
    let numbers: Vec<u32> = note.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok()).collect();
    // "Median and 90 % of the last 40 pictures; 9 of them were searched ..."
    match numbers[..] {
        [90, pictures, searched, ..] if note.contains("of them were searched") => (searched, pictures),
        _ => panic!("{note}"),
    }
}
