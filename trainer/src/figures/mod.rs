//! Figures for people: how they are written, and the axes that they are drawn on.

mod axis;
mod in_words;

pub use axis::axis;
pub use in_words::{mean_and_spread, p_value, percent, percent_or_dash, points, range, range_in_points};
