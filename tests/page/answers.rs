//! Samples, the camera and people's own pictures get their answers.

use serde_json::json;

use super::browser::{Browser, Options};
use super::site::Site;
use super::{CPU_LIMIT, HAS_LABEL, HAS_WEIGHTS, PAGE_LIMIT, SOFTWARE_GPU_LIMIT, alone, clip, with_happy_sample};

const EXPRESSIONS: [&str; 7] = ["neutral", "happy", "sad", "surprise", "fear", "disgust", "anger"];

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_sample_gives_a_label_and_512_weights_on_the_cpu() {
    alone(async {
        let site = Site::as_built().await;
        let browser = with_happy_sample(&site).await;
        assert_complete_answer(&browser).await;
        assert_eq!(browser.text("#headline-label").await, "Happy");
        assert_eq!(browser.text("#status-backend").await, "CPU");
        for part in ["find", "crop", "network", "total"] {
            let time = browser.text(&format!("#status-{part}")).await;
            assert!(time.ends_with(" ms") || time.ends_with(" s"), "{part}: {time}");
        }
        browser.run("document.querySelector('#times').open = true;").await;
        let filled = "document.querySelectorAll('#times-table td').length === 16";
        browser.wait_for("now, first, median and p90 of four parts", filled, PAGE_LIMIT).await;
        let cells = browser.texts("#times-table td").await;
        assert!(cells.iter().all(|time| time.replace(',', "").parse::<f64>().is_ok_and(|ms| ms >= 0.0)), "{cells:?}");
        let note = browser.text("#times-note").await;
        assert!(note.contains("Memory of the program: ") && note.ends_with(" MB."), "{note}");
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_sample_gives_a_label_and_512_weights_on_webgpu() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options::software_webgpu()).await;
        browser.open(&site.page("backend=webgpu&sample=happy")).await;
        browser.wait_for("attention weights", HAS_WEIGHTS, SOFTWARE_GPU_LIMIT).await;
        assert_complete_answer(&browser).await;
        assert_eq!(browser.text("#headline-label").await, "Happy");
        assert_eq!(browser.text("#status-backend").await, "WebGPU");
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_software_adapter_is_answered_with_the_cpu_and_the_page_says_so() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options::software_webgpu()).await;
        browser.open(&site.page("sample=happy")).await;
        browser.wait_for("a label", HAS_LABEL, CPU_LIMIT).await;
        assert_eq!(browser.text("#status-backend").await, "CPU");
        let reason = browser.text("#status-reason").await;
        assert!(reason.contains("software"), "{reason}");
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn every_sample_of_the_strip_can_be_chosen() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu")).await;
        let listed = browser
            .run_async("return (await (await fetch(new URL('samples/index.json', document.baseURI))).json()).length;")
            .await
            .as_u64()
            .unwrap();
        assert!(listed > 0);
        let shown = format!("document.querySelectorAll('.sample').length === {listed}");
        browser.wait_for("the samples that are listed", &shown, PAGE_LIMIT).await;
        for at in 1..=listed {
            let sample = format!("#samples-list li:nth-child({at}) .sample");
            browser.click(&sample).await;
            let chosen = format!("document.querySelector('{sample}').getAttribute('aria-pressed') === 'true'");
            let answered = format!("{chosen} && {HAS_LABEL} && document.querySelectorAll('.box').length === 1");
            browser.wait_for(&format!("the label of sample {at}"), &answered, CPU_LIMIT).await;
        }
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn the_camera_gives_labels_and_its_light_goes_out_when_it_is_stopped() {
    alone(async {
        let site = Site::as_built().await;
        let (browser, _clip) = clip::browser_with_camera(&site, "happy.png").await;
        browser.click("#camera").await;
        browser.wait_for("a label from the camera", HAS_LABEL, CPU_LIMIT).await;
        let follows = format!("{HAS_WEIGHTS} && document.querySelector('#status-rate')");
        browser.wait_for("weights and pace from the camera", &follows, CPU_LIMIT).await;
        assert_complete_answer(&browser).await;
        assert_eq!(browser.text("#camera").await, "Stop the camera");

        browser.run("window.track = document.querySelector('#video').srcObject.getTracks()[0];").await;
        browser.click("#camera").await;
        browser.wait_for("the track's end", "window.track.readyState === 'ended'", PAGE_LIMIT).await;
        assert_eq!(browser.text("#camera").await, "Start the camera");
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_large_photograph_is_turned_upright_and_scaled_down() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu")).await;
        // Red on the left as it is stored; the orientation 6 of its EXIF block says: turn it clockwise, red to the top.
        let draw = "context.fillStyle = '#00f'; context.fillRect(0, 0, 3000, 2000);
                    context.fillStyle = '#f00'; context.fillRect(0, 0, 1500, 2000);";
        let turned = "[...bytes.slice(0, 2), 0xff, 0xe1, 0, 34, ...[...'Exif\\0\\0MM\\0*'].map((c) => c.charCodeAt(0)),
                       0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, ...bytes.slice(2)]";
        browser.choose_drawing(3000, 2000, draw, turned).await;
        browser.wait_for("the picture", "document.body.dataset.source === 'picture'", PAGE_LIMIT).await;
        let seen = browser
            .run(
                "const picture = document.querySelector('#picture');
                 const red = (y) => picture.getContext('2d').getImageData(400, y, 1, 1).data[0] > 128;
                 return [picture.width, picture.height, red(100), red(1180)];",
            )
            .await;
        assert_eq!(seen, json!([853, 1280, true, false]));
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn of_two_faces_each_has_its_box_and_the_second_is_shown_when_it_is_clicked() {
    alone(async {
        let site = Site::with_limits(0.0, 1e6).await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu")).await;
        // The larger one is shown until people choose.
        let draw = "context.fillStyle = '#888'; context.fillRect(0, 0, 640, 320);
                    context.drawImage(await sample('happy.png'), 20, 10, 300, 300);
                    context.drawImage(await sample('surprise.png'), 360, 40, 240, 240);";
        browser.choose_drawing(640, 320, draw, "bytes").await;
        let labelled = |label| format!("document.querySelector('#headline-label').textContent === '{label}'");
        browser.wait_for("the larger face's label", &labelled("Happy"), CPU_LIMIT).await;
        let mut labels = browser.texts(".box__label").await;
        labels.sort();
        assert!(
            matches!(&labels[..], [one, other] if one.starts_with("Happy") && other.starts_with("Surprise")),
            "{labels:?}"
        );
        assert_eq!(browser.texts("#face-choice button").await.len(), 2);

        browser.click(".box[aria-pressed='false']").await;
        browser.wait_for("the other face's label", &labelled("Surprise"), PAGE_LIMIT).await;
        let chosen = browser.texts("#face-choice [aria-pressed='true']").await;
        assert!(matches!(&chosen[..], [one] if one.contains("Surprise")), "{chosen:?}");
        let said = browser.texts("#announcer").await;
        assert!(said[0].starts_with("2 faces found. The face shows: Surprise."), "{said:?}");
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_picture_can_be_dropped_anywhere_and_the_stage_shows_that_it_would_be_taken() {
    alone(async {
        let site = Site::as_built().await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.page("backend=cpu")).await;
        let seen = browser
            .run_async(
                "const response = await fetch(new URL('samples/happy.png', document.baseURI));
                 const dataTransfer = new DataTransfer();
                 dataTransfer.items.add(new File([await response.blob()], 'mine.png', { type: 'image/png' }));
                 const stage = document.querySelector('#stage');
                 // Whether the page takes it upon itself, and what the stage shows then.
                 return ['dragenter', 'dragover', 'drop'].map((name) => {
                   const event = new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true });
                   document.querySelector('#about').dispatchEvent(event);
                   return [event.defaultPrevented, stage.hasAttribute('data-drop')];
                 });",
            )
            .await;
        assert_eq!(seen, json!([[false, true], [true, true], [true, false]]));
        browser.wait_for("a label", HAS_LABEL, CPU_LIMIT).await;
        assert_eq!(browser.text("#headline-label").await, "Happy");
        let name = browser.run("return document.querySelector('#picture').getAttribute('aria-label');").await;
        assert_eq!(name, json!("Picture: mine.png"));
    });
}

/// One face with a label, seven probabilities that add up to 1, and 512 weights between 0 and 1 with the strongest named.
async fn assert_complete_answer(browser: &Browser) {
    let label = browser.text("#headline-label").await.trim_end_matches('?').to_lowercase();
    assert!(EXPRESSIONS.contains(&label.as_str()), "{label}");
    assert_eq!(browser.texts(".bar__name").await, EXPRESSIONS);
    assert_eq!(browser.texts(".bar[data-first] .bar__name").await, [label.as_str()]);
    // What would round to 0 or 100 is told as less or more than its neighbour.
    let rounded = |text: &str| if text == "<1" { 0 } else { text.trim_start_matches('>').parse().unwrap() };
    let shares: Vec<u32> =
        browser.texts(".bar__value").await.iter().map(|text| rounded(text.strip_suffix('%').unwrap())).collect();
    let sum: u32 = shares.iter().sum();
    assert!((96..=104).contains(&sum), "rounded shares that add up to {sum}: {shares:?}");
    let boxes = browser.texts(".box__label").await;
    assert_eq!(boxes.len(), 1, "{boxes:?}");
    // Before it, a label that is not sure says so.
    assert!(boxes[0].to_lowercase().contains(&label), "{boxes:?}");

    browser.run("document.querySelector('#attention-values').open = true;").await;
    let filled = "document.querySelectorAll('#attention-table th ~ td').length === 512";
    browser.wait_for("512 weights in the table", filled, PAGE_LIMIT).await;
    let weights: Vec<f32> =
        browser.texts("#attention-table th ~ td").await.iter().map(|text| text.parse().unwrap()).collect();
    assert!(weights.iter().all(|weight| (0.0..=1.0).contains(weight)), "{weights:?}");
    let strongest: Vec<f32> =
        browser.texts(".strongest__value").await.iter().map(|text| text.parse().unwrap()).collect();
    assert_eq!(strongest.len(), 5);
    assert!(strongest.is_sorted_by(|one, next| one >= next), "{strongest:?}");
    let largest = weights.iter().copied().fold(0.0, f32::max);
    assert!((strongest[0] - largest).abs() < 0.011, "{} is named, {largest} is the largest", strongest[0]);
}
