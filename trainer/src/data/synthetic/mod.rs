//! Drawn faces with seven expressions, so that anyone can train within minutes without a data set.
//!
//! Every face is drawn from parameters: an identity (head, hair, skin, pose), a scene (background, light, noise)
//! and an expression in terms of muscles (brows, lids, nose, mouth). A face depends on seed, split and
//! index alone, not on the number of threads or on how many faces are made. The faces are for trying
//! out and testing the training, not for recognising real people.

mod canvas;
mod expression;
mod eyes;
mod head;
mod identity;
mod light;
mod mouth;
mod nose;
mod options;

use std::path::Path;

use image::GrayImage;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use self::{canvas::Canvas, expression::Expression, identity::Identity};
use super::{
    DataError, EXPRESSIONS, LeftOut, LoadOptions, Sample, Split, SplitName,
    memory::{self, Shape},
};
use crate::random::generator;

pub use self::options::SyntheticOptions;

/// Draws one split.
pub(super) fn load(options: &SyntheticOptions, split: SplitName, loading: &LoadOptions) -> Result<Split, DataError> {
    options.check()?;
    let shape = |_| Some(Shape { width: options.size, height: options.size, has_colour: false });
    memory::check(Path::new("synthetic"), options.count(split), shape, loading)?;
    let samples = (0..options.count(split))
        .into_par_iter()
        .map(|index| sample(options, split, index, loading))
        .collect::<Option<_>>()
        .ok_or_else(|| options.refused("size", "it is too large to draw".to_owned()))?;
    Ok(Split::of_crops(samples, LeftOut::default()))
}

/// Draws the face of one place in a split. Classes take turns, so every class is equally frequent.
fn sample(options: &SyntheticOptions, split: SplitName, index: usize, loading: &LoadOptions) -> Option<Sample> {
    let label = index % EXPRESSIONS.len();
    let mut rng = of_face(options.seed, split, index);
    let picture = draw(options.size, label, &mut rng)?;
    Some(Sample::of_pixels(format!("synthetic-{split}-{index:06}"), picture, label, loading))
}

/// Random numbers of one face's own: neighbours share nothing.
fn of_face(seed: u64, split: SplitName, index: usize) -> ChaCha8Rng {
    let split = match split {
        SplitName::Train => 0,
        SplitName::Valid => 1,
        SplitName::Test => 2,
    };
    generator(seed, [split, index as u64, 0])
}

/// Draws a face of `size` x `size` pixels; `None` if that many pixels cannot be had.
fn draw(size: u32, label: usize, rng: &mut ChaCha8Rng) -> Option<GrayImage> {
    let identity = Identity::random(rng);
    let expression = Expression::random(label, rng);
    let mut canvas = Canvas::new(size, &identity.pose)?;
    head::draw(&mut canvas, &identity, rng);
    nose::draw(&mut canvas, &identity, &expression);
    eyes::draw(&mut canvas, &identity, &expression);
    mouth::draw(&mut canvas, &identity, &expression);
    head::draw_fringe_and_glasses(&mut canvas, &identity);
    Some(light::expose(&canvas, size, rng))
}
