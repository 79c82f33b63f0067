//! A clip of a sample picture that Chromium plays as its camera.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use super::browser::Browser;

const WIDTH: usize = 640;
const HEIGHT: usize = 480;
/// Chromium plays the clip again and again.
const FRAMES: usize = 10;

/// Writes a YUV4MPEG2 clip of a sample, in grey; the browser, which has the site's page open, decodes the picture.
pub(crate) async fn write_clip(browser: &Browser, sample: &str, file: &Path) {
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
