//! What the network makes of pictures on its way to a label: features and attention beside the logits.

use dacl::recognise::{DeviceFailure, Recognition};

use super::Subject;
use crate::data::Split;
use crate::evaluation::Answers;
use crate::loss::row_at_length;
use crate::measure::recognitions;
use crate::not_sure::Verdict;

/// Logits, deep features and attention of the pictures of a split, in its order.
#[derive(Clone, Debug, Default)]
pub struct Inside {
    /// Logits and true classes.
    pub answers: Answers,
    /// 512 features a picture, at the length that the subject's centres are for.
    pub features: Vec<Vec<f32>>,
    /// 512 weights a picture; empty where the network has no trained attention.
    pub attention: Vec<Vec<f32>>,
    /// How sure each answer is; empty where the weights come without centres to measure distances to.
    pub verdicts: Vec<Verdict>,
}

impl Inside {
    /// Asks the network, in evaluation mode. `seen` is called with the number of pictures done.
    ///
    /// # Errors
    /// When the device fails.
    pub fn of(subject: &Subject, split: &Split, seen: impl FnMut(usize)) -> Result<Self, DeviceFailure> {
        let mut inside = Self { answers: Answers { labels: split.labels(), ..Answers::default() }, ..Self::default() };
        for (recognition, sample) in recognitions(&subject.recogniser, split, seen)?.into_iter().zip(&split.samples) {
            inside.verdicts.extend(verdict(&recognition, sample.label));
            inside.answers.logits.push(Some(recognition.logits));
            inside.features.push(row_at_length(&recognition.features, subject.feature_length));
            inside.attention.extend(recognition.attention);
        }
        Ok(inside)
    }
}

fn verdict(recognition: &Recognition, label: usize) -> Option<Verdict> {
    let (answer, probability) = recognition.strongest();
    let distance = recognition.distances.as_ref()?[answer];
    Some(Verdict { probability: probability.into(), distance: distance.into(), right: answer == label })
}
