//! Statistics of answers: how sure a figure is, and whether two runs differ by more than chance.
//!
//! Nothing here knows of networks or files.

mod bootstrap;
mod holm;
mod mcnemar;
mod scoreboard;
mod spread;

pub use bootstrap::{Bootstrap, CONFIDENCE, Interval};
pub use holm::holm;
pub use mcnemar::{McNemar, McNemarMethod};
pub use scoreboard::{Score, Scoreboard};
pub use spread::Spread;
