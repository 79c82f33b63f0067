//! Clips of sample pictures: one that Chromium plays as its camera, and a video file that Chromium records.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use tempfile::TempDir;

use super::browser::{Browser, Options};
use super::site::Site;

const WIDTH: usize = 640;
const HEIGHT: usize = 480;
/// Chromium plays the clip again and again.
const FRAMES: usize = 10;

/// Writes a YUV4MPEG2 clip of a sample, in grey; the browser, which has the site's page open, decodes the picture.
async fn write_clip(browser: &Browser, sample: &str, file: &Path) {
    let luma = luma(browser, sample).await;
    let mut clip = BufWriter::new(File::create(file).unwrap());
    writeln!(clip, "YUV4MPEG2 W{WIDTH} H{HEIGHT} F30:1 Ip A1:1 C420jpeg").unwrap();
    let grey = vec![128; WIDTH * HEIGHT / 2];
    for _ in 0..FRAMES {
        writeln!(clip, "FRAME").unwrap();
        clip.write_all(&luma).unwrap();
        clip.write_all(&grey).unwrap();
    }
    clip.flush().unwrap();
}

/// A browser whose camera shows a sample, with the site's page open; the clip is gone with the folder.
pub(crate) async fn browser_with_camera(site: &Site, sample: &str) -> (Browser, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("camera.y4m");
    let decoder = Browser::start(Options::default()).await;
    decoder.open(&site.page("backend=cpu")).await;
    write_clip(&decoder, sample, &file).await;
    decoder.close().await;
    let browser = Browser::start(as_camera(&file)).await;
    browser.open(&site.page("backend=cpu")).await;
    (browser, folder)
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

/// Records a video in the page, a second and a half of each sample, and chooses it as a file.
pub(crate) async fn choose_video(browser: &Browser, samples: [&str; 2]) {
    let script = format!(
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
         const transfer = new DataTransfer();
         transfer.items.add(new File(parts, 'recorded.webm', {{ type: 'video/webm' }}));
         const input = document.querySelector('#file');
         input.files = transfer.files;
         input.dispatchEvent(new Event('change'));",
        samples[0], samples[1]
    );
    browser.run_async(&script).await;
}

/// The sample in the middle of a grey frame, one byte a pixel.
async fn luma(browser: &Browser, sample: &str) -> Vec<u8> {
    let script = format!(
        "const response = await fetch(new URL('samples/{sample}', document.baseURI));
         const picture = await createImageBitmap(await response.blob());
         const context = new OffscreenCanvas({WIDTH}, {HEIGHT}).getContext('2d');
         context.fillStyle = '#888';
         context.fillRect(0, 0, {WIDTH}, {HEIGHT});
         context.drawImage(picture, ({WIDTH} - {HEIGHT}) / 2, 0, {HEIGHT}, {HEIGHT});
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
