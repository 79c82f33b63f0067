//! What a network got right: every figure that `trainer eval` prints.

use dacl::recognise::softmax;
use serde::Serialize;

use crate::data::SplitName;

/// Number of equal bins of confidence in the calibration error.
const CALIBRATION_BINS: usize = 15;

/// The network's answers to labelled pictures.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// Class scores before softmax, one row a picture; a picture without a face has none.
    pub logits: Vec<Option<Vec<f32>>>,
    /// True classes.
    pub labels: Vec<usize>,
}

/// Figures over a split. Field names are those of `trainer eval --json`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evaluation {
    /// Pictures.
    pub n: usize,
    /// Share named rightly.
    pub accuracy: f64,
    /// Mean of the recalls of the classes that occur.
    pub mean_class_accuracy: f64,
    /// Mean of the F1 scores of the classes that occur.
    pub macro_f1: f64,
    /// Expected calibration error over 15 equal bins of confidence, of the pictures that have an answer.
    pub ece: f64,
    /// Class names in order.
    pub classes: Vec<String>,
    /// Counts: rows are true classes, columns answers.
    pub confusion: Vec<Vec<usize>>,
    /// Share named rightly a class; `null` for a class that does not occur.
    pub recall: Vec<Option<f64>>,
    /// Pictures in which no face was found; they count as wrong. Only for whole photographs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_face: Option<usize>,
}

impl Answers {
    /// Whether every score is a finite number; those of a diverged network are not.
    pub fn are_finite(&self) -> bool {
        self.logits.iter().flatten().flatten().all(|logit| logit.is_finite())
    }

    /// The class with the largest score, picture by picture; the first of equals.
    pub fn chosen(&self) -> Vec<Option<usize>> {
        self.logits.iter().map(|row| row.as_deref().map(largest)).collect()
    }

    /// The figures, with `temperature` dividing the logits.
    pub fn evaluate(&self, classes: &[String], temperature: f64, whole_photographs: bool) -> Evaluation {
        let mut confusion = vec![vec![0usize; classes.len()]; classes.len()];
        let mut totals = vec![0usize; classes.len()];
        let mut no_face = 0;
        for (answer, &label) in self.chosen().into_iter().zip(&self.labels) {
            totals[label] += 1;
            match answer {
                Some(answer) => confusion[label][answer] += 1,
                None => no_face += 1,
            }
        }
        let n = self.labels.len();
        let right: usize = (0..classes.len()).map(|class| confusion[class][class]).sum();
        let occurring: Vec<usize> = (0..classes.len()).filter(|&class| totals[class] > 0).collect();
        let recall: Vec<Option<f64>> = (0..classes.len())
            .map(|class| (totals[class] > 0).then(|| confusion[class][class] as f64 / totals[class] as f64))
            .collect();
        let f1 = |class: usize| {
            let answered: usize = confusion.iter().map(|row| row[class]).sum();
            2.0 * confusion[class][class] as f64 / ((totals[class] + answered) as f64).max(1.0)
        };
        let mean = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / occurring.len().max(1) as f64;
        Evaluation {
            n,
            accuracy: right as f64 / n.max(1) as f64,
            mean_class_accuracy: mean(&mut recall.iter().flatten().copied()),
            macro_f1: mean(&mut occurring.iter().map(|&class| f1(class))),
            ece: self.reliability(temperature).iter().map(CalibrationBin::weighted_gap).sum::<f64>()
                / (n - no_face).max(1) as f64,
            classes: classes.to_vec(),
            confusion,
            recall,
            no_face: whole_photographs.then_some(no_face),
        }
    }

    /// How often answers of one confidence are right, in 15 equal bins of confidence at `temperature`, over the pictures that
    /// have an answer.
    pub fn reliability(&self, temperature: f64) -> [CalibrationBin; CALIBRATION_BINS] {
        let mut bins = [CalibrationBin::default(); CALIBRATION_BINS];
        for (logits, &label) in self.logits.iter().zip(&self.labels) {
            let Some(logits) = logits else { continue };
            let answer = largest(logits);
            let confidence = softmax(logits, temperature)[answer];
            let bin = ((confidence * CALIBRATION_BINS as f64) as usize).min(CALIBRATION_BINS - 1);
            bins[bin].add(confidence, answer == label);
        }
        bins
    }

    /// Mean negative log likelihood of the true classes at `temperature`, over the pictures that have an answer.
    pub fn cross_entropy(&self, temperature: f64) -> f64 {
        let losses: Vec<f64> = self
            .logits
            .iter()
            .zip(&self.labels)
            .filter_map(|(logits, &label)| Some(-softmax(logits.as_ref()?, temperature)[label].max(1e-300).ln()))
            .collect();
        losses.iter().sum::<f64>() / losses.len().max(1) as f64
    }

    /// The temperature in 0.2..5 that makes these answers most likely (Guo et al., 2017), by golden-section search.
    pub fn fit_temperature(&self) -> f64 {
        let ratio = (5f64.sqrt() - 1.0) / 2.0;
        let (mut low, mut high) = (0.2f64.ln(), 5f64.ln());
        for _ in 0..60 {
            let (left, right) = (high - ratio * (high - low), low + ratio * (high - low));
            match self.cross_entropy(left.exp()) < self.cross_entropy(right.exp()) {
                true => high = right,
                false => low = left,
            }
        }
        ((low + high) / 2.0).exp()
    }
}

impl Evaluation {
    /// Precision, recall and F1 of every class.
    pub fn per_class(&self) -> Vec<ClassFigures> {
        let share = |part: usize, whole: usize| (whole > 0).then(|| part as f64 / whole as f64);
        let figures = |class: usize| {
            let right = self.confusion[class][class];
            let answered: usize = self.confusion.iter().map(|row| row[class]).sum();
            let precision = share(right, answered);
            let recall = self.recall[class];
            let f1 = match (precision, recall) {
                (Some(precision), Some(recall)) if precision + recall > 0.0 => {
                    Some(2.0 * precision * recall / (precision + recall))
                }
                (_, Some(_)) => Some(0.0),
                (_, None) => None,
            };
            ClassFigures { pictures: self.confusion[class].iter().sum(), answered, precision, recall, f1 }
        };
        (0..self.classes.len()).map(figures).collect()
    }
}

/// Figures of one class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassFigures {
    /// Pictures of the class that have an answer.
    pub pictures: usize,
    /// Answers that name the class.
    pub answered: usize,
    /// Share of those answers that are right; `None` without such an answer.
    pub precision: Option<f64>,
    /// Share of its pictures named rightly; `None` for a class that does not occur.
    pub recall: Option<f64>,
    /// Harmonic mean of the two; `None` for a class that does not occur.
    pub f1: Option<f64>,
}

/// The answers of about one confidence.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CalibrationBin {
    /// Answers.
    pub count: usize,
    /// Sum of their confidences.
    confidence: f64,
    /// Those that are right.
    right: usize,
}

impl CalibrationBin {
    fn add(&mut self, confidence: f64, right: bool) {
        self.count += 1;
        self.confidence += confidence;
        self.right += usize::from(right);
    }

    /// Mean confidence; `None` without an answer.
    pub fn confidence(&self) -> Option<f64> {
        (self.count > 0).then(|| self.confidence / self.count as f64)
    }

    /// Share that is right; `None` without an answer.
    pub fn accuracy(&self) -> Option<f64> {
        (self.count > 0).then(|| self.right as f64 / self.count as f64)
    }

    /// Answers in the bin times the distance between its mean confidence and its accuracy.
    fn weighted_gap(&self) -> f64 {
        (self.confidence - self.right as f64).abs()
    }
}

/// What figures on a split are worth, of a run that was trained on the data set that it belongs to.
pub fn caution(split: SplitName) -> &'static str {
    match split {
        SplitName::Train => "The weights were fitted on these very pictures, so this says nothing about new ones.",
        SplitName::Valid => {
            "The epoch was chosen on these very pictures, which flatters the figures; by how much is not known."
        }
        SplitName::Test => "Neither weights nor epoch were chosen on these pictures.",
    }
}

/// Index of the largest value, the first of equals.
fn largest(values: &[f32]) -> usize {
    (1..values.len()).fold(0, |best, index| if values[index] > values[best] { index } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|index| format!("class {index}")).collect()
    }

    /// Logits that give `probability` to class `answer` of three.
    fn sure(answer: usize, probability: f64) -> Option<Vec<f32>> {
        let rest = ((1.0 - probability) / 2.0).ln() as f32;
        let mut logits = vec![rest; 3];
        logits[answer] = probability.ln() as f32;
        Some(logits)
    }

    #[test]
    fn the_figures_of_a_small_split_are_those_worked_out_by_hand() {
        let answers = Answers {
            logits: vec![sure(0, 0.8), sure(0, 0.8), sure(1, 0.8), sure(1, 0.8), None],
            labels: vec![0, 0, 0, 1, 1],
        };
        let figures = answers.evaluate(&names(3), 1.0, true);
        assert_eq!(figures.confusion, vec![vec![2, 1, 0], vec![0, 1, 0], vec![0, 0, 0]]);
        assert_eq!((figures.n, figures.no_face), (5, Some(1)));
        assert!((figures.accuracy - 0.6).abs() < 1e-12, "a picture without a face counts as wrong");
        assert_eq!(figures.recall, vec![Some(2.0 / 3.0), Some(0.5), None]);
        assert!((figures.mean_class_accuracy - (2.0 / 3.0 + 0.5) / 2.0).abs() < 1e-12);
        assert!((figures.macro_f1 - (0.8 + 0.5) / 2.0).abs() < 1e-12);
        assert!((figures.ece - 0.05).abs() < 1e-6, "confidence 0.8 with 3 of 4 right is off by 0.05");
        let classes = figures.per_class();
        assert_eq!((classes[0].precision, classes[1].precision, classes[2].precision), (Some(1.0), Some(0.5), None));
        assert!(classes[0].f1.is_some_and(|f1| (f1 - 0.8).abs() < 1e-12) && classes[2].f1.is_none());
        let bins = answers.reliability(1.0);
        assert_eq!(bins.iter().map(|bin| bin.count).sum::<usize>(), 4);
        assert_eq!(bins[12].accuracy().or(bins[11].accuracy()), Some(0.75), "confidence 0.8 is where two bins meet");
    }

    #[test]
    fn the_fitted_temperature_makes_confidence_meet_accuracy() {
        // Always 0.99 sure and right three times of four: the best temperature brings the confidence down to 0.75.
        let answers = Answers {
            logits: vec![sure(0, 0.99), sure(0, 0.99), sure(0, 0.99), sure(0, 0.99)],
            labels: vec![0, 0, 0, 1],
        };
        let temperature = answers.fit_temperature();
        let confidence = softmax(&sure(0, 0.99).unwrap_or_default(), temperature)[0];
        assert!((confidence - 0.75).abs() < 1e-3, "confidence {confidence} at temperature {temperature}");
    }
}
