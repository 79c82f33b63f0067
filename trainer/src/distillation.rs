//! Targets from teachers: networks that were trained before tell how sure one can be of each picture (Hinton et al., 2015).

use dacl::recognise::{DeviceFailure, softmax};

use crate::data::{ClassesDiffer, Split, same_classes};
use crate::measure;
use crate::recipe::Recipe;
use crate::targets::own_target;
use crate::weights_folder::LoadedWeights;

/// Teachers could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum DistillationError {
    /// There is a share without teachers, or there are teachers without a share.
    #[error("teachers and their share of the target belong together: --teacher DIR --teacher-share 0.5")]
    Apart,
    /// A teacher names other classes.
    #[error(transparent)]
    Classes(#[from] ClassesDiffer),
    /// The device failed.
    #[error(transparent)]
    Device(#[from] DeviceFailure),
}

/// Refuses teachers without a share of the target, and a share without teachers.
///
/// # Errors
/// When one is there without the other.
pub fn check(recipe: &Recipe, teachers: usize) -> Result<(), DistillationError> {
    match (recipe.teacher_share > 0.0) == (teachers > 0) {
        true => Ok(()),
        false => Err(DistillationError::Apart),
    }
}

/// Gives every picture its whole target: the recipe's own target and the mean probabilities of the teachers,
/// who see the picture and its mirror image, blended by `recipe.teacher_share`.
///
/// # Errors
/// When a teacher's classes are not the data's, or the device fails.
pub fn teach(split: &mut Split, teachers: &[LoadedWeights], recipe: &Recipe) -> Result<(), DistillationError> {
    let mut taught = vec![vec![0.0f64; split.classes.len()]; split.samples.len()];
    for teacher in teachers {
        let config = teacher.recogniser.config();
        same_classes(("a teacher", &config.classes), ("the data set", &split.classes))?;
        let answers = measure::crops_and_mirrors(&teacher.recogniser, split, |_| {})?;
        for (taught, logits) in taught.iter_mut().zip(answers.logits.iter().flatten()) {
            for (sum, probability) in taught.iter_mut().zip(softmax(logits, config.temperature)) {
                *sum += probability / teachers.len() as f64;
            }
        }
    }
    let share = recipe.teacher_share;
    for (sample, taught) in split.samples.iter_mut().zip(taught) {
        let own = own_target(sample, recipe);
        let blended =
            own.iter().zip(taught).map(|(&own, taught)| ((1.0 - share) * f64::from(own) + share * taught) as f32);
        sample.target = Some(blended.collect());
    }
    Ok(())
}
