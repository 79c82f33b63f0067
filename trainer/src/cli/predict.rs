//! `trainer predict`.

use std::path::{Path, PathBuf};

use clap::Args;
use dacl::faces::{FaceBox, SeetaFinder, SeetaOptions};
use dacl::pipeline::{Face, Pipeline};
use serde::Serialize;
use trainer::data::open_picture;
use trainer::device::DeviceChoice;
use trainer::weights_folder;

use super::error_text;

/// Find the faces in pictures and name their expressions.
#[derive(Args)]
pub(crate) struct Predict {
    /// Folder of an exported artefact, or of a run.
    #[arg(long, value_name = "DIR", default_value = "www/weights")]
    weights: PathBuf,
    /// Whole pictures: PNG, JPEG, WebP or BMP.
    #[arg(required = true)]
    pictures: Vec<PathBuf>,
    /// Print JSON, attention vectors included.
    #[arg(long)]
    json: bool,
    /// Where to compute.
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
}

#[derive(Serialize)]
struct PictureAnswer {
    picture: String,
    faces: Vec<FaceAnswer>,
}

#[derive(Serialize)]
struct FaceAnswer {
    #[serde(rename = "box")]
    place: FaceBox,
    expression: String,
    probabilities: Vec<ClassProbability>,
    /// Nothing where the weights' loss did not train it.
    #[serde(skip_serializing_if = "Option::is_none")]
    attention: Option<Vec<f32>>,
}

#[derive(Serialize)]
struct ClassProbability {
    class: String,
    probability: f32,
}

impl Predict {
    /// Prints the faces of every picture; pictures that cannot be read are named at the end.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let device = self.device.open()?;
        let weights = weights_folder::open(&self.weights, &device.device)?;
        let classes = weights.recogniser.config().classes.clone();
        let finder = SeetaFinder::new(SeetaOptions::default())?;
        let pipeline = Pipeline::new(Box::new(finder), weights.face_crop, weights.recogniser);
        let mut answers = Vec::new();
        let mut failures = Vec::new();
        for path in &self.pictures {
            match predict(&pipeline, &classes, path) {
                Ok(answer) => answers.push(answer),
                Err(error) => failures.push(error_text(&error)),
            }
        }
        match self.json {
            true => println!("{}", serde_json::to_string_pretty(&answers)?),
            false => answers.iter().for_each(print),
        }
        anyhow::ensure!(failures.is_empty(), "{}", failures.join("; "));
        Ok(())
    }
}

fn predict(pipeline: &Pipeline, classes: &[String], path: &Path) -> anyhow::Result<PictureAnswer> {
    let picture = open_picture(path)?;
    let analysis = pollster::block_on(pipeline.analyse(&picture))?;
    let faces = analysis.faces.into_iter().map(|face| answer(face, classes)).collect();
    Ok(PictureAnswer { picture: path.display().to_string(), faces })
}

fn answer(face: Face, classes: &[String]) -> FaceAnswer {
    let (strongest, _) = face.recognition.strongest();
    FaceAnswer {
        place: face.place,
        expression: classes.get(strongest).cloned().unwrap_or_default(),
        probabilities: classes
            .iter()
            .zip(&face.recognition.probabilities)
            .map(|(class, &probability)| ClassProbability { class: class.clone(), probability })
            .collect(),
        attention: face.recognition.attention,
    }
}

fn print(answer: &PictureAnswer) {
    println!(
        "{}: {}",
        answer.picture,
        match answer.faces.len() {
            0 => "no face found".to_owned(),
            1 => "1 face".to_owned(),
            count => format!("{count} faces"),
        }
    );
    for face in &answer.faces {
        let place = &face.place;
        println!(
            "  {} in {:.0}x{:.0} pixels at ({:.0}, {:.0})",
            face.expression, place.width, place.height, place.x, place.y
        );
        for ClassProbability { class, probability } in &face.probabilities {
            println!("    {class:<10}{:>6.1} %", 100.0 * probability);
        }
        if let Some(attention) = &face.attention {
            let mean = attention.iter().sum::<f32>() / attention.len().max(1) as f32;
            println!("    attention: {} weights, mean {mean:.3} (all of them with --json)", attention.len());
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use dacl::recognise::Recognition;

    use super::*;

    #[test]
    fn a_network_without_attention_has_no_such_field() {
        let answered = |attention| {
            let recognition = Recognition {
                logits: vec![0.0, 1.0],
                probabilities: vec![0.3, 0.7],
                features: Vec::new(),
                attention,
                distances: None,
                activation: None,
            };
            let place = FaceBox { x: 1.0, y: 2.0, width: 30.0, height: 30.0, angle: 0.0, score: 1.0 };
            let face = Face { place, recognition };
            serde_json::to_value(answer(face, &["neutral".into(), "happy".into()])).unwrap()
        };
        assert_eq!(answered(Some(vec![0.5]))["attention"], serde_json::json!([0.5]));
        let without = answered(None);
        assert!(without["expression"] == "happy" && without.get("attention").is_none(), "{without}");
    }
}
