//! Work on several threads; on one in the browser.

use std::ops::Range;

/// Threads that share the work.
pub(super) fn threads() -> usize {
    #[cfg(not(target_family = "wasm"))]
    return rayon::current_num_threads();
    #[cfg(target_family = "wasm")]
    return 1;
}

/// Does `work` once with each item, in no particular order.
pub(super) fn for_each<T: Send>(items: impl IntoIterator<Item = T>, work: impl Fn(T) + Sync + Send) {
    #[cfg(not(target_family = "wasm"))]
    {
        use rayon::iter::{IntoParallelIterator, ParallelIterator};
        let mut items: Vec<T> = items.into_iter().collect();
        match items.len() {
            0 => {}
            1 => items.drain(..).for_each(work),
            _ => items.into_par_iter().for_each(work),
        }
    }
    #[cfg(target_family = "wasm")]
    items.into_iter().for_each(work);
}

/// `range` in pieces of `length`, the last one shorter.
pub(super) fn pieces(range: Range<usize>, length: usize) -> impl Iterator<Item = Range<usize>> {
    let end = range.end;
    range.step_by(length).map(move |start| start..(start + length).min(end))
}
