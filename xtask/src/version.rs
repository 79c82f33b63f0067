//! Version numbers as tools print them, and their order.

use std::cmp::Ordering;
use std::fmt;

/// A dotted number such as `0.21.14` or `108`; missing places count as zero.
#[derive(Clone, Debug)]
pub(crate) struct Version(Vec<u64>);

impl Version {
    /// The first word of `text` that starts with a digit, or with a `v` and a digit, up to the first character that is neither
    /// digit nor dot.
    pub(crate) fn find(text: &str) -> Option<Self> {
        text.split_whitespace().find_map(|word| {
            let word = word.strip_prefix('v').unwrap_or(word);
            let end = word.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(word.len());
            let numbers = word[..end].trim_end_matches('.').split('.');
            let numbers = numbers.map(|number| number.parse().ok()).collect::<Option<_>>()?;
            Some(Self(numbers))
        })
    }

    /// The first place: `156` of `156.0.8078.79`.
    pub(crate) fn major(&self) -> u64 {
        self.0.first().copied().unwrap_or(0)
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let places = self.0.len().max(other.0.len());
        let place = |version: &Self, index: usize| version.0.get(index).copied().unwrap_or(0);
        (0..places)
            .map(|index| place(self, index).cmp(&place(other, index)))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Version {}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers = self.0.iter().map(u64::to_string).collect::<Vec<_>>();
        formatter.pad(&numbers.join("."))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn version(text: &str) -> Version {
        Version::find(text).unwrap()
    }

    #[test]
    fn finds_the_number_in_what_each_tool_prints() {
        for (printed, number) in [
            ("wasm-bindgen 0.2.130", "0.2.130"),
            ("wasm-opt version 108", "108"),
            ("wasm-opt version 116 (version_116)", "116"),
            ("Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)", "156.0.8078.79"),
            ("cc (Debian 12.2.0-14+deb12u1) 12.2.0", "12.2.0"),
            ("rustc 1.96.0 (ac68faa20 2026-05-25)", "1.96.0"),
        ] {
            assert_eq!(version(printed).to_string(), number);
        }
        assert!(Version::find("no number here").is_none());
    }

    #[test]
    fn a_v_before_the_number_is_passed_over() {
        assert_eq!(version("v20.20.2"), version("20.20.2"));
        assert!(Version::find("very").is_none());
    }

    #[test]
    fn orders_by_number_and_not_by_letter() {
        assert!(version("0.21.14") > version("0.21.9"));
        assert!(version("108") < version("116"));
        assert!(version("1.95.1") > version("1.95"));
        assert_eq!(version("1.95"), version("1.95.0"));
    }
}
