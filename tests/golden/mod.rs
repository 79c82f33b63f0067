//! The answers of the shipped weights to a drawn pattern, computed natively: what every back end has to give again.

use dacl::artefact::sha256_hex;
use image::{DynamicImage, GrayImage, Luma};
use serde::{Deserialize, Serialize};

/// The shipped artefact.
pub(crate) const MANIFEST: &[u8] = include_bytes!("../../www/weights/manifest.json");
/// Its label file.
pub(crate) const LABELS: &[u8] = include_bytes!("../../www/weights/labels.safetensors");
/// Its attention file.
pub(crate) const ATTENTION: &[u8] = include_bytes!("../../www/weights/attention.safetensors");
/// Its class centres.
pub(crate) const CENTRES: &[u8] = include_bytes!("../../www/weights/centres.safetensors");

/// Golden answers and the weights that they belong to.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Golden {
    /// SHA-256 of the manifest, which names the weight files by theirs.
    pub(crate) manifest_sha256: String,
    /// Probabilities a class.
    pub(crate) probabilities: Vec<f32>,
    /// 512 attention weights.
    pub(crate) attention: Vec<f32>,
}

impl Golden {
    /// The committed answers.
    pub(crate) fn committed() -> Self {
        serde_json::from_str(include_str!("answers.json")).expect("tests/golden/answers.json is JSON")
    }

    /// The hash of the shipped manifest.
    pub(crate) fn shipped_manifest_sha256() -> String {
        sha256_hex(MANIFEST)
    }
}

/// A pattern of soft waves with a face-like arrangement of dark spots; any picture would do, but it must be the same everywhere,
/// so it is made with whole numbers.
pub(crate) fn pattern() -> DynamicImage {
    let spot = |x: i32, y: i32, cx: i32, cy: i32, radius: i32| {
        let distance = (x - cx).pow(2) + (y - cy).pow(2);
        (90 - 90 * distance / radius.pow(2)).max(0)
    };
    let picture = GrayImage::from_fn(96, 96, |x, y| {
        let (x, y) = (x as i32, y as i32);
        let waves = 150 + ((x * 7 + y * 3) % 48 - 24).abs();
        let dark = spot(x, y, 30, 36, 10) + spot(x, y, 66, 36, 10) + spot(x, y, 48, 72, 16);
        Luma([(waves - dark).clamp(0, 255) as u8])
    });
    DynamicImage::ImageLuma8(picture)
}

/// Asserts that two lists of values agree within `tolerance`.
pub(crate) fn assert_close(what: &str, found: &[f32], expected: &[f32], tolerance: f32) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let worst = found.iter().zip(expected).map(|(found, expected)| (found - expected).abs()).fold(0f32, f32::max);
    assert!(worst <= tolerance, "{what} differs by {worst}, allowed are {tolerance}");
}
