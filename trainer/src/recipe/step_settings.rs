//! The settings that change from step to step.

use super::Recipe;

/// The settings of one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepSettings {
    /// Learning rate.
    pub learning_rate: f64,
    /// Weight of the (sparse) center loss.
    pub lambda: f64,
}

impl Recipe {
    /// The settings of step `step`, counted from 0 over all epochs, each of `steps_per_epoch` steps.
    pub fn at_step(&self, step: usize, steps_per_epoch: usize) -> StepSettings {
        let growing = self.lambda_warmup * (steps_per_epoch * self.epochs) as f64;
        let grown = if growing > 0.0 { ((step + 1) as f64 / growing).min(1.0) } else { 1.0 };
        StepSettings {
            learning_rate: self.schedule.learning_rate(self.learning_rate, step, steps_per_epoch, self.epochs),
            lambda: self.lambda * grown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Preset;
    use super::*;

    #[test]
    fn lambda_grows_in_a_straight_line_over_its_share_of_the_run_and_then_stays() {
        let recipe = Recipe { lambda: 0.2, lambda_warmup: 0.5, epochs: 4, ..Preset::Compact.recipe() };
        // 40 steps, of which 20 grow.
        for (step, expected) in [(0, 0.01), (9, 0.1), (18, 0.19), (19, 0.2), (20, 0.2), (39, 0.2)] {
            let found = recipe.at_step(step, 10).lambda;
            assert!((found - expected).abs() < 1e-12, "step {step}: {found} instead of {expected}");
        }
    }

    #[test]
    fn lambda_is_whole_from_the_first_step_as_published() {
        let recipe = Preset::Paper.recipe();
        assert!([0, 1, 599].iter().all(|&step| recipe.at_step(step, 10).lambda == 0.01));
        let rate = recipe.at_step(599, 10).learning_rate;
        assert!((rate - 1e-4).abs() < 1e-12, "the learning rate is the schedule's: {rate}");
    }
}
