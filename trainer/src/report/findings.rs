//! Everything that a report says, worked out before a word of it is written.

use super::attention::{ClassAttention, Difference, by_class, difference};
use super::projection::{Plane, class_means, distance};
use super::subject::Origin;
use super::{Inside, Subject};
use crate::data::{DataSpec, Split, SplitName};
use crate::evaluation::{CalibrationBin, Evaluation, caution};

/// Pictures of each class whose attention is shown.
const SHOWN_PICTURES: usize = 6;
/// Pictures of each class that the scatter plot shows; more would only hide each other.
const SHOWN_POINTS: usize = 120;

/// What was found out about a subject on one split.
pub struct Findings {
    /// The network and where it comes from.
    pub subject: Subject,
    /// The data set, without the folder where it lies.
    pub data: String,
    /// The split.
    pub split: SplitName,
    /// Whether the data set is the one that the run was trained on, under the same name.
    pub own_data: bool,
    /// Figures at temperature 1.
    pub plain: Evaluation,
    /// Figures at the temperature.
    pub calibrated: Evaluation,
    /// What divides the logits.
    pub temperature: Temperature,
    /// Confidence and accuracy at temperature 1.
    pub reliability_plain: Vec<CalibrationBin>,
    /// Confidence and accuracy at the temperature.
    pub reliability_calibrated: Vec<CalibrationBin>,
    pub(super) attention: Option<AttentionFindings>,
    pub(super) space: Option<SpaceFindings>,
}

/// A temperature and where it is from.
#[derive(Clone, Debug, PartialEq)]
pub struct Temperature {
    /// What divides the logits.
    pub value: f64,
    /// A clause that goes on from "the temperature, ...".
    pub origin: String,
}

pub(super) struct AttentionFindings {
    pub(super) classes: Vec<ClassAttention>,
    pub(super) difference: Option<Difference>,
    /// The first pictures of each class.
    pub(super) shown: Vec<Vec<ShownAttention>>,
    /// Between which values the colours of single pictures run.
    pub(super) range: [f64; 2],
}

pub(super) struct ShownAttention {
    pub(super) weights: Vec<f32>,
    pub(super) answer: usize,
}

pub(super) struct SpaceFindings {
    /// Share of the variance along the two axes.
    pub(super) explained: [f64; 2],
    /// Class and place of some pictures.
    pub(super) points: Vec<(usize, [f64; 2])>,
    pub(super) classes: Vec<ClassSpace>,
}

pub(super) struct ClassSpace {
    /// Place of the mean of its features; `None` for a class that does not occur.
    pub(super) mean: Option<[f64; 2]>,
    /// Place of its centre; `None` where there are no centres.
    pub(super) centre: Option<[f64; 2]>,
    /// Distance between the two in all dimensions.
    pub(super) centre_to_mean: Option<f64>,
    /// Mean distance of its pictures from their mean.
    pub(super) spread: Option<f64>,
    /// The class whose mean is nearest, and how far it is.
    pub(super) nearest: Option<(usize, f64)>,
}

/// A report cannot be made of these data.
#[derive(Debug, thiserror::Error)]
pub enum FindingsError {
    /// The classes differ.
    #[error("{subject} knows the classes {known}, {data} has {found}")]
    Classes {
        /// The run or artefact.
        subject: String,
        /// Its classes.
        known: String,
        /// The data set.
        data: String,
        /// Its classes.
        found: String,
    },
    /// The data hold whole photographs.
    #[error("a report looks into ready crops, and {0} holds whole photographs: use `trainer eval` for them")]
    Photographs(String),
    /// The network's answers are not numbers.
    #[error("{0} answers with numbers that are not finite: its training diverged")]
    NotFinite(String),
}

impl Findings {
    /// Checks that a report on `subject` can be made of `split` before minutes go into it.
    ///
    /// # Errors
    /// When the classes differ or the split holds whole photographs.
    pub fn check(subject: &Subject, data: &DataSpec, split: &Split) -> Result<(), FindingsError> {
        if split.whole_photographs {
            return Err(FindingsError::Photographs(data.to_string()));
        }
        if split.classes != subject.classes {
            return Err(FindingsError::Classes {
                subject: subject.name.clone(),
                known: subject.classes.join(", "),
                data: data.to_string(),
                found: split.classes.join(", "),
            });
        }
        Ok(())
    }

    /// Works everything out of what the network made of the split `split` of `data`.
    ///
    /// # Errors
    /// When an answer is not a finite number.
    pub fn of(
        subject: Subject,
        data: &DataSpec,
        split: SplitName,
        inside: Inside,
        temperature: Temperature,
    ) -> Result<Self, FindingsError> {
        let answers = &inside.answers;
        if !answers.are_finite() {
            return Err(FindingsError::NotFinite(subject.name));
        }
        Ok(Self {
            own_data: matches!(&subject.origin, Origin::Run(run) if run.description.data == data.to_string()),
            data: public_name(data),
            split,
            plain: answers.evaluate(&subject.classes, 1.0, false),
            calibrated: answers.evaluate(&subject.classes, temperature.value, false),
            reliability_plain: answers.reliability(1.0).to_vec(),
            reliability_calibrated: answers.reliability(temperature.value).to_vec(),
            temperature,
            attention: AttentionFindings::of(&inside, subject.classes.len()),
            space: SpaceFindings::of(&inside, &subject),
            subject,
        })
    }

    /// What the figures are worth, going by what weights and epoch were chosen on.
    pub(super) fn caution(&self) -> &'static str {
        match self.own_data {
            true => caution(self.split),
            false => "Whether weights or epoch were chosen on these pictures is not known here.",
        }
    }

    /// Why there is no attention to show, in a sentence; `None` where there is.
    pub(super) fn why_no_attention(&self) -> Option<String> {
        match (&self.subject.origin, &self.attention) {
            (_, Some(_)) => None,
            (Origin::Run(run), None) => Some(format!(
                "This run was trained with the {} loss, which does not train the attention arm: there is no attention to show.",
                run.description.recipe.loss
            )),
            (Origin::Artefact(_), None) => Some("The split has no picture whose attention could be shown.".into()),
        }
    }

    /// Why there are no centres to show, in a sentence; `None` where there are.
    pub(super) fn why_no_centres(&self) -> Option<&'static str> {
        match &self.subject.origin {
            Origin::Run(run) if run.centres.is_some() => None,
            Origin::Run(_) => Some("The softmax loss has no centres, so the means of the features stand alone."),
            Origin::Artefact(_) => Some(
                "An artefact carries no centres, which only training needs, so the means of the features stand alone.",
            ),
        }
    }
}

/// The data set's name without a path, which says nothing to others and may say too much.
pub(super) fn public_name(data: &DataSpec) -> String {
    let text = data.to_string();
    match data {
        DataSpec::Synthetic(_) => text,
        _ => text.split(':').next().unwrap_or_default().to_owned(),
    }
}

impl AttentionFindings {
    fn of(inside: &Inside, classes: usize) -> Option<Self> {
        let labels = &inside.answers.labels;
        if inside.attention.is_empty() {
            return None;
        }
        let chosen = inside.answers.chosen();
        let shown = |class: usize| {
            let pictures = (0..labels.len()).filter(|&picture| labels[picture] == class).take(SHOWN_PICTURES);
            let shown = |picture: usize| {
                let answer = chosen[picture]?;
                Some(ShownAttention { weights: inside.attention[picture].clone(), answer })
            };
            pictures.filter_map(shown).collect()
        };
        let shown: Vec<Vec<ShownAttention>> = (0..classes).map(shown).collect();
        let mut values: Vec<f32> = shown.iter().flatten().flat_map(|row| row.weights.iter().copied()).collect();
        values.sort_by(f32::total_cmp);
        // A few far values must not take the colours from all others.
        let at = |share: f64| f64::from(values[((values.len() - 1) as f64 * share) as usize]);
        Some(Self {
            classes: by_class(&inside.attention, labels, classes),
            difference: difference(&inside.attention, labels, classes),
            range: if values.is_empty() { [0.0, 1.0] } else { [at(0.01), at(0.99)] },
            shown,
        })
    }
}

impl SpaceFindings {
    fn of(inside: &Inside, subject: &Subject) -> Option<Self> {
        let plane = Plane::of(&inside.features)?;
        let labels = &inside.answers.labels;
        let means = class_means(&inside.features, labels, subject.classes.len());
        let wide = |row: &[f32]| -> Vec<f64> { row.iter().map(|&value| f64::from(value)).collect() };
        let mut shown = vec![0usize; subject.classes.len()];
        let mut points = Vec::new();
        let mut distances = vec![(0.0, 0usize); subject.classes.len()];
        for (row, &label) in inside.features.iter().zip(labels) {
            let row = wide(row);
            if let Some(mean) = &means[label] {
                distances[label].0 += distance(&row, mean);
                distances[label].1 += 1;
            }
            if shown[label] < SHOWN_POINTS {
                points.push((label, plane.project(&row)));
                shown[label] += 1;
            }
        }
        let centres = match &subject.origin {
            Origin::Run(run) => run.centres.as_deref().unwrap_or_default(),
            Origin::Artefact(_) => &[],
        };
        let nearest = |class: usize| {
            let mean = means[class].as_ref()?;
            let others = means.iter().enumerate().filter(|(other, _)| *other != class);
            let distances = others.filter_map(|(other, place)| Some((other, distance(mean, place.as_ref()?))));
            distances.min_by(|one, other| one.1.total_cmp(&other.1))
        };
        let class = |class: usize| ClassSpace {
            mean: means[class].as_ref().map(|mean| plane.project(mean)),
            centre: centres.get(class).map(|centre| plane.project(centre)),
            centre_to_mean: centres.get(class).zip(means[class].as_ref()).map(|(centre, mean)| distance(centre, mean)),
            spread: (distances[class].1 > 0).then(|| distances[class].0 / distances[class].1 as f64),
            nearest: nearest(class),
        };
        Some(Self { explained: plane.explained, points, classes: (0..subject.classes.len()).map(class).collect() })
    }
}
