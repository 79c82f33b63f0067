//! A step's gradients from several devices: each has a copy of the network and a share of the batch, and they work side by side.
//!
//! This is the strategy of burn's `Learner` with its optimiser on the main device: a thread and a copy a device, the gradients brought
//! home and summed by burn's accumulator. It is not that code, whose loop has nothing between one optimiser step and the next: there is
//! where centres move by the batch's own features. Shares are summed in their order here, so that a run ends alike twice.
//!
//! As in data-parallel training elsewhere, each copy's batch norms see their own share alone; the statistics that are kept are the
//! first device's.

use burn::module::Module;
use burn::optim::{GradientsAccumulator, GradientsParams};
use dacl::network::Dacl;

use super::loss_terms::LossTerms;
use crate::batches::BatchTensors;
use crate::loss::Centres;
use crate::recipe::Recipe;

/// The gradients of a batch's loss, times the recipe's loss scale, and what they were taken from, on the network's device.
///
/// The batch's `shares`, all of one size, lie on one device each, the first one on the network's own.
pub(super) fn gradients(
    network: &Dacl,
    centres: &Centres,
    shares: Vec<BatchTensors>,
    recipe: &Recipe,
    lambda: f64,
) -> (GradientsParams, LossTerms) {
    // The batch's loss is the mean of its shares'.
    let scale = recipe.precision.loss_scale() / shares.len() as f64;
    let mut shares = shares.into_iter();
    let Some(first) = shares.next() else { unreachable!("a batch has a share or more") };
    let home = first.inputs.device();
    std::thread::scope(|scope| {
        let others: Vec<_> = shares
            .map(|share| {
                let device = share.inputs.device();
                let (copy, centres) = (network.clone().fork(&device), centres.to_device(&device));
                scope.spawn(move || (of_share(&copy, &centres, share, recipe, lambda, scale), copy))
            })
            .collect();
        let (own, own_terms) = of_share(network, centres, first, recipe, lambda, scale);
        if others.is_empty() {
            return (own, own_terms);
        }
        let mut sum = GradientsAccumulator::new();
        sum.accumulate(network, own);
        let mut terms = vec![own_terms];
        for other in others {
            let ((gradients, share_terms), copy) = match other.join() {
                Ok(done) => done,
                Err(panic) => std::panic::resume_unwind(panic),
            };
            sum.accumulate(network, gradients.to_device(&home.clone().inner(), &copy));
            terms.push(share_terms.moved_to(&home));
        }
        (sum.grads(), LossTerms::of_all(terms))
    })
}

fn of_share(
    network: &Dacl,
    centres: &Centres,
    share: BatchTensors,
    recipe: &Recipe,
    lambda: f64,
    scale: f64,
) -> (GradientsParams, LossTerms) {
    let terms = LossTerms::of(network, share, centres, recipe);
    let gradients = (terms.total(lambda) * scale).backward();
    (GradientsParams::from_grads(gradients, network), terms.detached())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use burn::module::{ModuleVisitor, Param};
    use burn::tensor::{Device, Distribution, Int, Tensor};
    use dacl::network::{ContextEncoderConfig, DaclConfig, HEADS};

    use crate::recipe::Preset;

    struct Values<'a>(&'a GradientsParams, Vec<f32>);

    impl ModuleVisitor for Values<'_> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            if let Some(gradient) = self.0.get::<D>(param.id) {
                self.1.extend(gradient.into_data().try_to_vec::<f32>().unwrap());
            }
        }
    }

    fn values(gradients: &GradientsParams, network: &Dacl) -> Vec<f32> {
        let mut values = Values(gradients, Vec::new());
        network.visit(&mut values);
        values.1
    }

    fn small() -> Recipe {
        let recipe = Preset::Compact.recipe().with_input_size(32);
        let context_encoder = ContextEncoderConfig { hidden1: 8, hidden2: 8, code: 4 };
        Recipe { network: DaclConfig { context_encoder, ..recipe.network }, ..recipe }
    }

    #[test]
    fn the_heads_are_trained_in_proportion_to_the_lambda_of_the_step_and_not_to_the_recipes() {
        let (recipe, device) = (small(), Device::flex().autodiff());
        let network = Dacl::new(&recipe.network, &device).unwrap();
        let centres = Centres::random(7, HEADS, 0.5, &device);
        let inputs = Tensor::<4>::random([2, 3, 32, 32], Distribution::Normal(0.0, 1.0), &device);
        let to_heads = |lambda: f64| -> Vec<f32> {
            let labels = Tensor::<1, Int>::from_data([3, 0], &device);
            let targets = labels.clone().one_hot::<2>(7).float();
            // A copy each: a batch norm's statistics move with every pass.
            let copy = network.clone().fork(&device);
            let share = BatchTensors { inputs: inputs.clone(), labels, targets };
            let (gradients, _) = gradients(&copy, &centres, vec![share], &recipe, lambda);
            gradients.get::<2>(copy.heads.linear.weight.id).unwrap().into_data().try_to_vec().unwrap()
        };
        assert!(to_heads(0.0).iter().all(|&gradient| gradient == 0.0));
        let (one, three) = (to_heads(1.0), to_heads(3.0));
        let largest = one.iter().fold(0.0f32, |largest, value| largest.max(value.abs()));
        assert!(largest > 0.0);
        assert!(one.iter().zip(&three).all(|(one, three)| (3.0 * one - three).abs() < 1e-4 * largest));
    }

    #[test]
    fn two_devices_give_the_mean_of_their_shares_gradients_and_the_terms_of_all_pictures() {
        let (recipe, device) = (small(), Device::flex().autodiff());
        let network = Dacl::new(&recipe.network, &device).unwrap();
        let centres = Centres::random(7, HEADS, 0.5, &device);
        let pictures = Tensor::<4>::random([4, 3, 32, 32], Distribution::Normal(0.0, 1.0), &device);
        let share = |from: usize| {
            let labels = Tensor::<1, Int>::from_data([[3, 0], [6, 3]][from / 2], &device);
            let targets = labels.clone().one_hot::<2>(7).float();
            BatchTensors { inputs: pictures.clone().narrow(0, from, 2), labels, targets }
        };
        // A copy each: a batch norm's statistics move with every pass.
        let alone = [0, 2].map(|from| {
            let copy = network.clone().fork(&device);
            let (gradients, terms) = gradients(&copy, &centres, vec![share(from)], &recipe, recipe.lambda);
            (values(&gradients, &copy), terms.total(recipe.lambda).into_data().try_to_vec::<f32>().unwrap()[0])
        });
        let (together, terms) = gradients(&network, &centres, vec![share(0), share(2)], &recipe, recipe.lambda);

        let together = values(&together, &network);
        let largest = together.iter().fold(0.0f32, |largest, value| largest.max(value.abs()));
        assert!(largest > 0.0);
        for ((found, one), other) in together.iter().zip(&alone[0].0).zip(&alone[1].0) {
            assert!((found - (one + other) / 2.0).abs() < 1e-5 * largest, "{found} from {one} and {other}");
        }
        let total = terms.total(recipe.lambda).into_data().try_to_vec::<f32>().unwrap()[0];
        assert!((total - (alone[0].1 + alone[1].1) / 2.0).abs() < 1e-5 * total, "{total} from {alone:?}");
        assert_eq!(terms.labels.into_data().iter::<i64>().collect::<Vec<_>>(), [3, 0, 6, 3]);
        assert_eq!(terms.features.dims(), [4, HEADS]);
    }
}
