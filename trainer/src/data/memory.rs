//! Whether a split fits into memory: asked before minutes go into reading it, after which the system would end the program.

use std::fs;
use std::path::Path;

use super::{DataError, LoadOptions};

/// Pictures whose size is looked up to judge by them of all.
const PROBES: usize = 64;
/// The side that is proposed where pictures are too large.
const PROPOSED_SIDE: u32 = 128;

/// What a picture takes, before anything is done to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) has_colour: bool,
}

impl Shape {
    /// Bytes in memory when it is read as `options` ask.
    fn bytes(self, options: &LoadOptions) -> f64 {
        let (width, height) = (f64::from(self.width), f64::from(self.height));
        let shrunk = options.max_side.map_or(1.0, |side| (f64::from(side) / width.max(height).max(1.0)).min(1.0));
        let channels = if self.has_colour && !options.grey { 3.0 } else { 1.0 };
        width * height * shrunk * shrunk * channels
    }
}

/// Refuses `count` pictures that take more memory than there is, going by some of them: `shape` tells those of a place in the list, where
/// they can be told.
pub(super) fn check(
    place: &Path,
    count: usize,
    shape: impl Fn(usize) -> Option<Shape>,
    options: &LoadOptions,
) -> Result<(), DataError> {
    let Some(available) = available() else { return Ok(()) };
    let step = count.div_ceil(PROBES).max(1);
    let shapes: Vec<Shape> = (0..count).step_by(step).filter_map(shape).collect();
    match refusal(count, &shapes, options, available) {
        None => Ok(()),
        Some(problem) => Err(DataError::TooLarge { place: place.to_owned(), problem }),
    }
}

/// Why `count` pictures like `shapes` do not fit into so many bytes, and what would; `None` where they fit.
fn refusal(count: usize, shapes: &[Shape], options: &LoadOptions, available: u64) -> Option<String> {
    let needed = |options: &LoadOptions| {
        shapes.iter().map(|shape| shape.bytes(options)).sum::<f64>() / shapes.len().max(1) as f64 * count as f64
    };
    let all = needed(options);
    if all <= available as f64 {
        return None;
    }
    let smaller =
        LoadOptions { max_side: Some(options.max_side.unwrap_or(u32::MAX).min(PROPOSED_SIDE)), ..options.clone() };
    let grey = |options: &LoadOptions| LoadOptions { grey: true, ..options.clone() };
    let proposals = [
        ("--grey".to_owned(), grey(options)),
        (format!("--max-side {PROPOSED_SIDE}"), smaller.clone()),
        (format!("--max-side {PROPOSED_SIDE} --grey"), grey(&smaller)),
    ];
    // Only what changes something.
    let proposals =
        proposals.iter().map(|(flags, options)| (flags, needed(options))).filter(|(_, bytes)| *bytes < 0.99 * all);
    let proposals: Vec<String> = proposals.map(|(flags, bytes)| format!("{} with {flags}", gigabytes(bytes))).collect();
    let advice = match proposals.is_empty() {
        true => "Use a part of them".to_owned(),
        false => format!("They would take {}", proposals.join(", ")),
    };
    let (all, available) = (gigabytes(all), gigabytes(available as f64));
    Some(format!("{count} pictures take about {all} of memory, and {available} are free. {advice}."))
}

fn gigabytes(bytes: f64) -> String {
    format!("{:.1} GB", bytes / 1e9)
}

/// Bytes that this process can still take, swap included, where the system tells: on Linux, and within the limit of its control group.
fn available() -> Option<u64> {
    let system = fs::read_to_string("/proc/meminfo").ok()?;
    let free = kilobytes(&system, "MemAvailable:")? + kilobytes(&system, "SwapFree:").unwrap_or(0);
    let group = |file: &str| fs::read_to_string(Path::new("/sys/fs/cgroup").join(file)).unwrap_or_default();
    let left = left_to_group(&group("memory.max"), &group("memory.current"), &group("memory.stat"));
    Some(left.unwrap_or(u64::MAX).min(1024 * free))
}

/// Bytes that a control group may still take, by what its files say; `None` where it has no limit. What it has used contains the files
/// that the system keeps in memory for it, and gives up when there is need.
fn left_to_group(most: &str, used: &str, parts: &str) -> Option<u64> {
    let bytes = |text: &str| text.trim().parse::<u64>().ok();
    let part = |name: &str| parts.lines().find_map(|line| bytes(line.strip_prefix(name)?)).unwrap_or(0);
    let files = part("inactive_file ") + part("active_file ");
    Some(bytes(most)?.saturating_sub(bytes(used)?.saturating_sub(files)))
}

fn kilobytes(meminfo: &str, name: &str) -> Option<u64> {
    meminfo.lines().find_map(|line| line.strip_prefix(name))?.trim().strip_suffix(" kB")?.parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const CROPS: [Shape; 2] = [Shape { width: 224, height: 224, has_colour: true }; 2];

    fn options(max_side: Option<u32>, grey: bool) -> LoadOptions {
        LoadOptions { max_side, grey, ..LoadOptions::default() }
    }

    /// The figures of `docs/datasets.md`.
    #[test]
    fn what_does_not_fit_is_refused_with_what_would_save_how_much() {
        let said = refusal(284_000, &CROPS, &options(None, false), 20_000_000_000).unwrap();
        assert!(said.contains("284000 pictures take about 42.7 GB of memory, and 20.0 GB are free"), "{said}");
        assert!(
            said.contains("14.2 GB with --grey, 14.0 GB with --max-side 128, 4.7 GB with --max-side 128 --grey"),
            "{said}"
        );
        let said = refusal(284_000, &CROPS, &options(None, true), 10_000_000_000).unwrap();
        assert!(
            said.contains("14.2 GB")
                && said.ends_with("They would take 4.7 GB with --max-side 128, 4.7 GB with --max-side 128 --grey."),
            "{said}"
        );
        let said = refusal(284_000, &CROPS, &options(Some(100), true), 1_000_000_000).unwrap();
        assert!(said.ends_with("Use a part of them."), "{said}");
    }

    #[test]
    fn what_fits_is_let_through_and_small_pictures_are_not_enlarged() {
        assert_eq!(refusal(284_000, &CROPS, &options(Some(128), true), 5_000_000_000), None);
        let small = Shape { width: 40, height: 20, has_colour: false };
        assert_eq!(small.bytes(&options(Some(128), false)), 800.0);
        assert_eq!(Shape { has_colour: true, ..small }.bytes(&options(Some(20), false)), 600.0);
        assert_eq!(refusal(10, &[], &options(None, false), 1), None, "of what nobody knows nothing is said");
    }

    #[test]
    fn the_systems_words_are_read() {
        let text = "MemTotal:       16000 kB\nMemAvailable:    9000 kB\nSwapFree:          12 kB\n";
        assert_eq!((kilobytes(text, "MemAvailable:"), kilobytes(text, "SwapFree:")), (Some(9000), Some(12)));
        assert_eq!(kilobytes(text, "SwapTotal:"), None);
    }

    #[test]
    fn files_that_the_system_keeps_in_memory_count_as_free() {
        let parts = "anon 300\nfile 650\ninactive_anon 7\ninactive_file 400\nactive_file 200\n";
        assert_eq!(left_to_group("1000\n", "900\n", parts), Some(700));
        assert_eq!(left_to_group("1000\n", "900\n", ""), Some(100), "what is not told is not free");
        assert_eq!(left_to_group("1000\n", "1200\n", "inactive_file 100\n"), Some(0));
        assert_eq!(left_to_group("max\n", "900\n", parts), None);
        assert_eq!(left_to_group("", "", ""), None);
    }
}
