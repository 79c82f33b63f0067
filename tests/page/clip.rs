//! Clips of sample pictures: one that Chromium plays as its camera, one that the page draws, and a video file that Chromium records.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use tempfile::TempDir;

use super::browser::{Browser, Options};
use super::site::Site;

const WIDTH: usize = 640;
const HEIGHT: usize = 480;
/// Frames of a clip of something that stands still. Chromium plays a clip again and again.
const STILL: usize = 10;
/// Frames in which something that moves comes round to where it began: four seconds.
const ROUND: usize = 120;
/// How far it moves to each side, in pixels.
const SWING: f32 = 100.0;
/// Luma of the ground behind the sample.
const GROUND: u8 = 136;

/// Writes a YUV4MPEG2 clip in grey.
fn write_clip(frames: impl Iterator<Item = Vec<u8>>, file: &Path) {
    let mut clip = BufWriter::new(File::create(file).unwrap());
    writeln!(clip, "YUV4MPEG2 W{WIDTH} H{HEIGHT} F30:1 Ip A1:1 C420jpeg").unwrap();
    let grey = vec![128; WIDTH * HEIGHT / 2];
    for luma in frames {
        writeln!(clip, "FRAME").unwrap();
        clip.write_all(&luma).unwrap();
        clip.write_all(&grey).unwrap();
    }
    clip.flush().unwrap();
}

/// A sample's luma in a frame, decoded by a browser of its own.
async fn decoded(site: &Site, sample: &str, side: usize) -> Vec<u8> {
    let decoder = Browser::start(Options::default()).await;
    decoder.open(&site.page("backend=cpu")).await;
    let luma = luma(&decoder, sample, side).await;
    decoder.close().await;
    luma
}

/// A browser whose camera shows a sample, with the site's page open; the clip is gone with the folder.
pub(crate) async fn browser_with_camera(site: &Site, sample: &str) -> (Browser, TempDir) {
    let luma = decoded(site, sample, HEIGHT).await;
    browser_with_clip(site, std::iter::repeat_n(luma, STILL), Vec::new()).await
}

/// The same with a sample that goes round in the picture, half as high as it; `arguments` are Chromium's.
pub(crate) async fn browser_with_moving_camera(
    site: &Site,
    sample: &str,
    arguments: Vec<String>,
) -> (Browser, TempDir) {
    let luma = decoded(site, sample, HEIGHT / 2).await;
    let frames = (0..ROUND).map(|frame| {
        let (down, across) = (frame as f32 / ROUND as f32 * std::f32::consts::TAU).sin_cos();
        shifted(&luma, (across * SWING) as isize, (down * SWING) as isize)
    });
    browser_with_clip(site, frames, arguments).await
}

async fn browser_with_clip(
    site: &Site,
    frames: impl Iterator<Item = Vec<u8>>,
    arguments: Vec<String>,
) -> (Browser, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("camera.y4m");
    write_clip(frames, &file);
    let mut options = as_camera(&file);
    options.arguments.extend(arguments);
    let browser = Browser::start(options).await;
    browser.open(&site.page("backend=cpu")).await;
    (browser, folder)
}

/// A frame moved to the right and down; what was outside is ground.
fn shifted(luma: &[u8], right: isize, down: isize) -> Vec<u8> {
    let from = |at: usize, by: isize, length: usize| at.checked_add_signed(-by).filter(|&from| from < length);
    let pixel = |at: usize| {
        let (x, y) = (from(at % WIDTH, right, WIDTH)?, from(at / WIDTH, down, HEIGHT)?);
        Some(luma[y * WIDTH + x])
    };
    (0..luma.len()).map(|at| pixel(at).unwrap_or(GROUND)).collect()
}

/// A browser whose camera plays the clip.
fn as_camera(clip: &Path) -> Options {
    Options {
        arguments: vec![
            "--use-fake-device-for-media-stream".into(),
            "--use-fake-ui-for-media-stream".into(),
            format!("--use-file-for-fake-video-capture={}", clip.display()),
        ],
        ..Options::default()
    }
}

/// A camera of 320 x 240 pixels that shows whatever sample `window.show(name)` names, where `window.place` says.
pub(crate) const CAMERA_OF_SAMPLES: &str = "const canvas = document.createElement('canvas');
     [canvas.width, canvas.height] = [320, 240];
     const context = canvas.getContext('2d');
     let picture;
     window.show = async (name) => {
       picture = name && (await createImageBitmap(await (await fetch(new URL(`samples/${name}`, document.baseURI))).blob()));
     };
     window.place = { left: 40, top: 0, side: 240 };
     await window.show('neutral.png');
     setInterval(() => {
       const { left, top, side } = window.place;
       context.fillStyle = '#888';
       context.fillRect(0, 0, 320, 240);
       if (picture) context.drawImage(picture, left, top, side, side);
     }, 50);
     navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(20);";

/// Records a video in the page, a second and a half of each sample, and chooses it as a file.
pub(crate) async fn choose_video(browser: &Browser, samples: [&str; 2]) {
    let content = format!(
        "const load = async (name) => createImageBitmap(await (await fetch(new URL(`samples/${{name}}`, document.baseURI))).blob());
         const pictures = await Promise.all(['{}', '{}'].map(load));
         const canvas = document.createElement('canvas');
         [canvas.width, canvas.height] = [320, 240];
         const context = canvas.getContext('2d');
         const recorder = new MediaRecorder(canvas.captureStream(10), {{ mimeType: 'video/webm' }});
         const parts = [];
         recorder.addEventListener('dataavailable', ({{ data }}) => parts.push(data));
         const ended = new Promise((resolve) => recorder.addEventListener('stop', resolve));
         recorder.start();
         for (const picture of pictures) {{
           for (let frame = 0; frame < 15; frame += 1) {{
             context.fillStyle = '#888';
             context.fillRect(0, 0, 320, 240);
             context.drawImage(picture, 40, 0, 240, 240);
             await new Promise((resolve) => setTimeout(resolve, 100));
           }}
         }}
         recorder.stop();
         await ended;
         return new Blob(parts);",
        samples[0], samples[1]
    );
    browser.choose("recorded.webm", "video/webm", &content, "#file").await;
}

/// The sample in the middle of a grey frame, one byte a pixel; the browser has the site's page open.
async fn luma(browser: &Browser, sample: &str, side: usize) -> Vec<u8> {
    let script = format!(
        "const response = await fetch(new URL('samples/{sample}', document.baseURI));
         const picture = await createImageBitmap(await response.blob());
         const context = new OffscreenCanvas({WIDTH}, {HEIGHT}).getContext('2d');
         context.fillStyle = 'rgb({GROUND} {GROUND} {GROUND})';
         context.fillRect(0, 0, {WIDTH}, {HEIGHT});
         context.drawImage(picture, ({WIDTH} - {side}) / 2, ({HEIGHT} - {side}) / 2, {side}, {side});
         const {{ data }} = context.getImageData(0, 0, {WIDTH}, {HEIGHT});
         let hex = '';
         for (let at = 0; at < data.length; at += 4) {{
           const luma = Math.round(0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2]);
           hex += luma.toString(16).padStart(2, '0');
         }}
         return hex;"
    );
    let hex = browser.run_async(&script).await;
    let hex = hex.as_str().unwrap().as_bytes();
    let luma: Vec<u8> =
        hex.chunks_exact(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect();
    assert_eq!(luma.len(), WIDTH * HEIGHT);
    luma
}
