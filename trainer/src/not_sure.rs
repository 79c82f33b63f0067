//! When an answer is better called "not sure": a threshold on its calibrated probability, and one on the face's attentive distance
//! to the centre of the class that is named.
//!
//! This is classification with a reject option (Chow, 1970; Geifman and El-Yaniv, NeurIPS 2017). The distance is for what the
//! probability does not see: softmax is sure of itself far away from everything it was trained on.

use dacl::artefact::NotSure;
use dacl::recognise::Recognition;

/// Share of the sure answers that shall be right.
const RIGHT: f64 = 0.9;
/// Share of the right answers whose face shall count as like those that the network knows.
const LIKE: f64 = 0.99;

/// An answer, as far as it matters here.
#[derive(Clone, Copy, Debug)]
pub struct Verdict {
    /// Calibrated probability of the class that is named.
    pub probability: f64,
    /// Attentive distance to that class's centre.
    pub distance: f64,
    /// Whether the class is the face's own.
    pub right: bool,
}

/// What thresholds give.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// Share of the answers that are sure.
    pub coverage: f64,
    /// Share of these that are right; `None` where nothing is sure.
    pub accuracy: Option<f64>,
}

/// What the thresholds `limits` give on answers.
pub fn outcome(limits: &NotSure, verdicts: &[Verdict]) -> Outcome {
    let is_sure = |one: &&Verdict| one.probability >= limits.probability && one.distance <= limits.distance;
    let sure: Vec<&Verdict> = verdicts.iter().filter(is_sure).collect();
    let right = sure.iter().filter(|one| one.right).count();
    Outcome {
        coverage: sure.len() as f64 / verdicts.len().max(1) as f64,
        accuracy: (!sure.is_empty()).then(|| right as f64 / sure.len() as f64),
    }
}

/// The thresholds for which most answers are sure and nine of ten sure answers right, on faces whose classes are `labels`.
///
/// Answers without distances, as those of a network without attention, are never too far.
pub fn measure(recognitions: &[Recognition], labels: &[usize]) -> NotSure {
    let verdict = |(recognition, &label): (&Recognition, &usize)| {
        let (answer, probability) = recognition.strongest();
        let distance = recognition.distances.as_ref().map_or(0.0, |distances| f64::from(distances[answer]));
        Verdict { probability: probability.into(), distance, right: answer == label }
    };
    thresholds(recognitions.iter().zip(labels).map(verdict).collect())
}

fn thresholds(verdicts: Vec<Verdict>) -> NotSure {
    let mut distances: Vec<f64> = verdicts.iter().filter(|one| one.right).map(|one| one.distance).collect();
    distances.sort_by(f64::total_cmp);
    let last_like = ((distances.len() as f64 * LIKE).ceil() as usize).max(1) - 1;
    let distance = distances.get(last_like).copied().unwrap_or(0.0).max(f64::MIN_POSITIVE);

    let all = verdicts.len().max(1) as f64;
    let mut like: Vec<Verdict> = verdicts.into_iter().filter(|one| one.distance <= distance).collect();
    like.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    // Nothing is sure, not even what is certain, until as many answers are found as keep the promise; equal probabilities stand or fall
    // together.
    let mut best = NotSure { probability: 1.0, distance: f64::MIN_POSITIVE, coverage: 0.0, accuracy: 0.0 };
    let (mut sure, mut right) = (0usize, 0usize);
    for (index, one) in like.iter().enumerate() {
        sure += 1;
        right += usize::from(one.right);
        let ends = like.get(index + 1).is_none_or(|next| next.probability < one.probability);
        let accuracy = right as f64 / sure as f64;
        if ends && accuracy >= RIGHT {
            best = NotSure { probability: one.probability, distance, coverage: sure as f64 / all, accuracy };
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(probability: f64, distance: f64, right: bool) -> Verdict {
        Verdict { probability, distance, right }
    }

    #[test]
    fn as_many_answers_are_sure_as_leave_nine_of_ten_right() {
        // 18 right ones at 0.9, then a wrong and a right one (19 of 20), then two wrong ones (19 of 22 is too few).
        let mut verdicts = vec![verdict(0.9, 1.0, true); 18];
        verdicts.extend([verdict(0.8, 1.0, false), verdict(0.7, 1.0, true), verdict(0.6, 1.0, false)]);
        verdicts.extend([verdict(0.5, 1.0, false), verdict(0.5, 1.0, false)]);
        let found = thresholds(verdicts.clone());
        let here = outcome(&found, &verdicts);
        assert_eq!(
            (here.coverage, here.accuracy),
            (found.coverage, Some(found.accuracy)),
            "they give what was measured"
        );
        // 19 right of 21 at 0.6 is still 90 %.
        assert_eq!((found.probability, found.coverage, found.accuracy), (0.6, 21.0 / 23.0, 19.0 / 21.0));
    }

    #[test]
    fn faces_further_away_than_99_of_100_right_ones_are_not_sure_however_probable() {
        let mut verdicts: Vec<Verdict> = (1..=100).map(|step| verdict(0.9, f64::from(step) / 100.0, true)).collect();
        verdicts.push(verdict(1.0, 5.0, false));
        let found = thresholds(verdicts);
        assert_eq!((found.distance, found.accuracy), (0.99, 1.0));
        assert!((found.coverage - 99.0 / 101.0).abs() < 1e-12);
    }

    #[test]
    fn where_nothing_keeps_the_promise_nothing_is_sure() {
        let found = thresholds(vec![verdict(0.9, 1.0, false), verdict(0.8, 1.0, true)]);
        assert_eq!((found.probability, found.coverage), (1.0, 0.0));
        let nothing = Outcome { coverage: 0.0, accuracy: None };
        assert_eq!(outcome(&found, &[verdict(0.9, 1.0, true), verdict(1.0, 1.0, true)]), nothing);
        assert_eq!(thresholds(Vec::new()).coverage, 0.0);
    }
}
