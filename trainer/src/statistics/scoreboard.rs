//! Which pictures several runs named rightly.

use serde::Serialize;

/// Right and wrong answers of several runs to the same pictures.
#[derive(Clone, Debug, Default)]
pub struct Scoreboard {
    labels: Vec<usize>,
    classes: usize,
    /// One row a run.
    right: Vec<Vec<bool>>,
}

/// Two figures of one run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Score {
    /// Share named rightly.
    pub accuracy: f64,
    /// Mean of the recalls of the classes that occur.
    pub mean_class_accuracy: f64,
}

impl Scoreboard {
    /// A board without runs for pictures of these true classes, which number `classes`.
    pub fn new(labels: Vec<usize>, classes: usize) -> Self {
        Self { labels, classes, right: Vec::new() }
    }

    /// Adds a run by its answers, one a picture; a picture without an answer counts as wrong, and so do missing ones.
    pub fn add(&mut self, answers: &[Option<usize>]) {
        let answer = |picture: usize| answers.get(picture).copied().flatten();
        let row = self.labels.iter().enumerate().map(|(picture, &label)| answer(picture) == Some(label));
        self.right.push(row.collect());
    }

    /// Pictures.
    pub fn pictures(&self) -> usize {
        self.labels.len()
    }

    /// The scores of all runs on the pictures that `drawn` names, as often as it names them.
    pub fn scores(&self, drawn: impl Iterator<Item = usize>) -> Vec<Score> {
        let mut totals = vec![0u32; self.classes];
        let mut hits = vec![vec![0u32; self.classes]; self.right.len()];
        for picture in drawn {
            let label = self.labels[picture];
            totals[label] += 1;
            for (hits, right) in hits.iter_mut().zip(&self.right) {
                hits[label] += u32::from(right[picture]);
            }
        }
        let pictures = f64::from(totals.iter().sum::<u32>().max(1));
        let occurring = totals.iter().filter(|&&total| total > 0).count().max(1) as f64;
        let score = |hits: &Vec<u32>| {
            let recalls = hits.iter().zip(&totals).filter(|(_, total)| **total > 0);
            Score {
                accuracy: f64::from(hits.iter().sum::<u32>()) / pictures,
                mean_class_accuracy: recalls.map(|(&hits, &total)| f64::from(hits) / f64::from(total)).sum::<f64>()
                    / occurring,
            }
        };
        hits.iter().map(score).collect()
    }

    /// How many pictures only the run `first` names rightly, and how many only `second`.
    pub fn discordant(&self, first: usize, second: usize) -> (u64, u64) {
        let mut counts = (0, 0);
        for (&first, &second) in self.right[first].iter().zip(&self.right[second]) {
            counts.0 += u64::from(first && !second);
            counts.1 += u64::from(second && !first);
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_and_discordant_pictures_are_those_counted_by_hand() {
        let mut board = Scoreboard::new(vec![0, 0, 0, 1], 3);
        board.add(&[Some(0), Some(0), Some(1), Some(1)]);
        board.add(&[Some(0), None, Some(0), Some(0)]);
        let scores = board.scores(0..4);
        assert_eq!(scores[0], Score { accuracy: 0.75, mean_class_accuracy: (2.0 / 3.0 + 1.0) / 2.0 });
        assert_eq!(scores[1], Score { accuracy: 0.5, mean_class_accuracy: (2.0 / 3.0) / 2.0 });
        assert_eq!(board.discordant(0, 1), (2, 1));
        assert_eq!(board.scores([3, 3].into_iter())[0], Score { accuracy: 1.0, mean_class_accuracy: 1.0 });
    }
}
