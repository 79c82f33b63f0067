//! How far through the pictures of a split a command is.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over `pictures`, with `name` before it.
pub(super) fn over_pictures(pictures: usize, name: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix}{wide_bar} {pos}/{len} pictures, eta {eta}");
    let prefix = if name.is_empty() { String::new() } else { format!("{name} ") };
    ProgressBar::new(pictures as u64)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        .with_prefix(prefix)
}
