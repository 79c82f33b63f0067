//! Everything that a report says, worked out before a word of it is written.

use super::attention::{ClassAttention, Difference, by_class, difference};
use super::projection::{Plane, class_means, distance};
use super::subject::Origin;
use super::{Inside, Subject};
use crate::data::{ClassesDiffer, DataSpec, Split, SplitName, public_name, same_classes};
use crate::evaluation::{CalibrationBin, Evaluation, caution};
use crate::not_sure::{Outcome, outcome};
use dacl::artefact::NotSure;

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
    /// Whether the data set is the one that the network was trained on.
    pub own_data: OwnData,
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
    pub(super) sure: Option<SureFindings>,
    pub(super) attention: Option<AttentionFindings>,
    pub(super) space: Option<SpaceFindings>,
}

/// Whether pictures are of the data set that a network was trained on, as far as its origin tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnData {
    /// A run's data set under the same name, or an artefact's validation split with as many pictures.
    Yes,
    /// A data set of the same name: that one, which may have been moved, or another.
    Perhaps,
    /// One of another name, or of another number of pictures.
    No,
}

/// A temperature and where it is from.
#[derive(Clone, Debug, PartialEq)]
pub struct Temperature {
    /// What divides the logits.
    pub value: f64,
    /// A clause that goes on from "the temperature, ...".
    pub origin: String,
}

/// An artefact's limits for answers that are sure, and what they give on these pictures.
pub(super) struct SureFindings {
    pub(super) limits: NotSure,
    pub(super) here: Outcome,
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
    #[error(transparent)]
    Classes(#[from] ClassesDiffer),
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
        Ok(same_classes((&subject.name, &subject.classes), (&data.to_string(), &split.classes))?)
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
            own_data: OwnData::of(&subject.origin, data, split, answers.labels.len()),
            sure: SureFindings::of(&inside, &subject),
            data: data.public_name(),
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
    pub(super) fn caution(&self) -> String {
        match (&self.subject.origin, self.own_data, self.split) {
            (_, OwnData::No, _) => "Whether weights or epoch were chosen on these pictures is not known here.".into(),
            (_, OwnData::Perhaps, split) => {
                format!("If these are the data that it was trained with: {}", caution(split))
            }
            (Origin::Artefact(_), OwnData::Yes, SplitName::Valid) => {
                "Epoch and temperature were chosen on these very pictures, going by the data set's name and their number, which \
                 flatters the figures; by how much is not known."
                    .into()
            }
            (_, OwnData::Yes, split) => caution(split).into(),
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
        match self.subject.centres {
            Some(_) => None,
            None => Some("The softmax loss has no centres, so the means of the features stand alone."),
        }
    }
}

impl OwnData {
    /// Of `pictures` pictures of a split of `data`.
    fn of(origin: &Origin, data: &DataSpec, split: SplitName, pictures: usize) -> Self {
        // Without the folder, so that data that were moved keep their sentence.
        let named = |name: &str| public_name(name) == data.public_name();
        let (same, alike) = match origin {
            Origin::Run(run) => (run.description.data == data.to_string(), named(&run.description.data)),
            Origin::Artefact(manifest) if split == SplitName::Valid => {
                let (measured, trained_on_these) = (&manifest.measured, named(&manifest.provenance.data));
                match measured.data.strip_suffix(", validation split").is_some_and(named) {
                    true => (trained_on_these && measured.n == pictures, false),
                    // Its limits were chosen anew, on other data than those of its training.
                    false => (false, trained_on_these),
                }
            }
            Origin::Artefact(manifest) => (false, named(&manifest.provenance.data)),
        };
        match (same, alike) {
            (true, _) => Self::Yes,
            (false, true) => Self::Perhaps,
            (false, false) => Self::No,
        }
    }
}

impl SureFindings {
    fn of(inside: &Inside, subject: &Subject) -> Option<Self> {
        let Origin::Artefact(manifest) = &subject.origin else { return None };
        Some(Self { here: outcome(&manifest.not_sure, &inside.verdicts), limits: manifest.not_sure })
    }

    /// Both in sentences.
    pub(super) fn in_words(&self) -> String {
        let Self { limits, here } = self;
        let right = here.accuracy.map_or_else(
            || "none of the answers is sure".to_owned(),
            |right| {
                format!(
                    "{:.1} % of the answers are sure, and {:.1} % of these right",
                    100.0 * here.coverage,
                    100.0 * right
                )
            },
        );
        format!(
            "An answer is called not sure when its probability is below {:.3}, or its face further than {:.3} from the centre of the \
             class that is named, by the attentive distance. On these pictures {right}; measured when these limits were \
             chosen, {:.1} % were sure and {:.1} % of these right.",
            limits.probability,
            limits.distance,
            100.0 * limits.coverage,
            100.0 * limits.accuracy
        )
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
        let centres = subject.centres.as_deref().unwrap_or_default();
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
