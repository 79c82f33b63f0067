//! What the cross entropy compares the network's answer to a picture with.

use crate::data::Sample;
use crate::recipe::{Recipe, Targets};

/// One share a class, 1 in sum: what [teachers](crate::distillation::teach) made of it where there are some, else the recipe's own.
pub(crate) fn target(sample: &Sample, recipe: &Recipe) -> Vec<f32> {
    sample.target.clone().unwrap_or_else(|| own_target(sample, recipe))
}

/// The label or the votes' shares, smoothed as the recipe says.
pub(crate) fn own_target(sample: &Sample, recipe: &Recipe) -> Vec<f32> {
    let classes = recipe.network.classes;
    let shares = match (&sample.votes, recipe.targets) {
        (Some(votes), Targets::Votes) => votes.clone(),
        _ => (0..classes).map(|class| if class == sample.label { 1.0 } else { 0.0 }).collect(),
    };
    let smoothing = recipe.label_smoothing as f32;
    shares.into_iter().map(|share| share * (1.0 - smoothing) + smoothing / classes as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Preset;
    use image::DynamicImage;

    fn sample(votes: Option<Vec<f32>>) -> Sample {
        let picture = DynamicImage::new_luma8(1, 1);
        Sample { name: "one".into(), picture, label: 1, sha256: [0; 32], votes, target: None }
    }

    #[test]
    fn a_label_is_one_class_and_smoothing_spreads_its_share_over_all() {
        let plain = Preset::Compact.recipe();
        assert_eq!(target(&sample(None), &plain), [0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        let smooth = target(&sample(None), &Recipe { label_smoothing: 0.14, ..plain });
        for (class, share) in smooth.iter().enumerate() {
            let expected = if class == 1 { 0.88 } else { 0.02 };
            assert!((share - expected).abs() < 1e-6, "{smooth:?}");
        }
    }

    #[test]
    fn votes_are_used_only_where_the_recipe_asks_and_the_data_have_them() {
        let votes = vec![0.25, 0.75, 0.0, 0.0, 0.0, 0.0, 0.0];
        let majority = Preset::Compact.recipe();
        let recipe = Recipe { targets: Targets::Votes, ..majority.clone() };
        assert_eq!(target(&sample(Some(votes.clone())), &recipe), votes);
        assert_eq!(target(&sample(Some(votes)), &majority)[1], 1.0);
        assert_eq!(target(&sample(None), &recipe)[1], 1.0);
    }

    #[test]
    fn what_teachers_made_of_a_picture_is_its_whole_target() {
        let taught = vec![0.1, 0.3, 0.1, 0.1, 0.1, 0.1, 0.2];
        let sample = Sample { target: Some(taught.clone()), ..sample(Some(vec![1.0 / 7.0; 7])) };
        let recipe = Recipe { targets: Targets::Votes, label_smoothing: 0.1, ..Preset::Compact.recipe() };
        assert_eq!(target(&sample, &recipe), taught);
    }
}
