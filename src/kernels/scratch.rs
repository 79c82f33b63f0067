//! Memory that is used over and over, so that the system is not asked for fresh pages with every product.

use std::cell::RefCell;

thread_local! {
    static SPARE: RefCell<Vec<Vec<f32>>> = const { RefCell::new(Vec::new()) };
}

/// Lends `length` values to `work`; what they are at first is anything.
pub(super) fn with_scratch<R>(length: usize, work: impl FnOnce(&mut [f32]) -> R) -> R {
    // Taken out rather than borrowed: a thread that waits for others may start on another task meanwhile.
    let mut values = SPARE.with_borrow_mut(Vec::pop).unwrap_or_default();
    if values.len() < length {
        values.resize(length, 0.0);
    }
    let result = work(&mut values[..length]);
    SPARE.with_borrow_mut(|spare| spare.push(values));
    result
}
