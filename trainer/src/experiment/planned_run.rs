//! One run of an experiment, and how far it is.

use std::path::{Path, PathBuf};

use crate::build_info::{BuildInfo, commit};
use crate::data::LoadOptions;
use crate::recipe::Recipe;
use crate::run_folder::{RunDescription, RunError, RunFolder};

/// A run that an experiment asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedRun {
    /// Name of the variant.
    pub variant: String,
    /// The resolved recipe, seed included.
    pub recipe: Recipe,
    /// The data set.
    pub data: String,
    /// How it is read.
    pub loading: LoadOptions,
    /// The start weights.
    pub init: Option<String>,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    /// Nothing is there.
    New,
    /// So many epochs are done, but not all.
    Begun(usize),
    /// All epochs are done.
    Done,
}

/// A run of the experiment cannot be begun or gone on with.
#[derive(Debug, thiserror::Error)]
pub enum PlannedRunError {
    /// What is there is the outcome of something else.
    #[error(
        "{0} was begun with other settings, data or start weights than the experiment file asks for now: choose \
         another --out, or move that folder away"
    )]
    Changed(PathBuf),
    /// The pictures are others.
    #[error(
        "{run} was trained on other pictures than {data} holds now: choose another --out, or move that folder away"
    )]
    OtherPictures {
        /// The run's folder.
        run: PathBuf,
        /// The data set.
        data: String,
    },
    /// Other start weights have the name now.
    #[error(
        "{run} began with other start weights than {init} holds now: choose another --out, or move that folder away"
    )]
    OtherStartWeights {
        /// The run's folder.
        run: PathBuf,
        /// The start weights.
        init: String,
    },
    /// The run folder cannot be used.
    #[error(transparent)]
    Run(#[from] RunError),
}

impl PlannedRun {
    /// The run's folder within the experiment's folder `out`.
    pub fn folder(&self, out: &Path) -> PathBuf {
        out.join(format!("{}-seed-{}", self.variant, self.recipe.seed))
    }

    /// How far the run is in the experiment's folder `out`.
    ///
    /// # Errors
    /// When its folder holds another run or something else, or cannot be read.
    pub fn state(&self, out: &Path) -> Result<RunState, PlannedRunError> {
        let folder = self.folder(out);
        if RunFolder::is_free(&folder)? {
            return Ok(RunState::New);
        }
        let run = RunFolder::open(&folder)?;
        let RunDescription { recipe, data, loading, init, .. } = run.description();
        if (recipe, data, loading, init) != (&self.recipe, &self.data, &self.loading, &self.init) {
            return Err(PlannedRunError::Changed(folder));
        }
        let epochs = run.history()?.len();
        Ok(if epochs >= self.recipe.epochs { RunState::Done } else { RunState::Begun(epochs) })
    }

    /// Checks that the run that is in the experiment's folder `out` had the pictures and start weights that `environment` has, as far as
    /// it knows their hashes.
    ///
    /// # Errors
    /// When it had others, or cannot be read.
    pub fn check(&self, out: &Path, environment: &Environment) -> Result<(), PlannedRunError> {
        let run = self.folder(out);
        let folder = RunFolder::open(&run)?;
        let RunDescription { data_sha256, init_sha256, .. } = folder.description();
        if *data_sha256 != environment.data_sha256 {
            return Err(PlannedRunError::OtherPictures { run, data: self.data.clone() });
        }
        match &self.init {
            // A run of an older version knows no hash, and start weights that are gone have none.
            Some(init) if init_sha256.iter().zip(&environment.init_sha256).any(|(then, now)| then != now) => {
                Err(PlannedRunError::OtherStartWeights { run, init: init.clone() })
            }
            _ => Ok(()),
        }
    }

    /// Writes down what the run is to do; from then on it can be gone on with like any run that stopped before its
    /// first epoch's end.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn begin(&self, out: &Path, environment: &Environment) -> Result<(), PlannedRunError> {
        let description = RunDescription {
            recipe: self.recipe.clone(),
            data: self.data.clone(),
            data_sha256: environment.data_sha256.clone(),
            loading: self.loading.clone(),
            init: self.init.clone(),
            teachers: Vec::new(),
            init_sha256: environment.init_sha256.clone(),
            teachers_sha256: Vec::new(),
            classes: environment.classes.clone(),
            device: environment.device.clone(),
            resumed_on: Vec::new(),
            version: env!("CARGO_PKG_VERSION").into(),
            commit: commit(),
            build: BuildInfo::of_this_program(),
        };
        RunFolder::create(&self.folder(out), description)?;
        Ok(())
    }
}

/// What all runs of an experiment have in common beside its file.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Class names of the data set.
    pub classes: Vec<String>,
    /// Hash over the training and validation pictures.
    pub data_sha256: String,
    /// SHA-256 of the start weights, where there are some.
    pub init_sha256: Option<String>,
    /// Name of the device.
    pub device: String,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::recipe::Preset;

    fn planned() -> PlannedRun {
        PlannedRun {
            variant: "dacl".into(),
            recipe: Preset::Compact.recipe(),
            data: "synthetic".into(),
            loading: LoadOptions::default(),
            init: None,
        }
    }

    #[test]
    fn a_run_is_new_then_begun_and_never_taken_for_another() {
        let out = tempfile::tempdir().unwrap();
        let run = planned();
        assert_eq!(run.state(out.path()).unwrap(), RunState::New);
        // As a process leaves it that is killed before it has written down what the run is to do.
        std::fs::create_dir_all(run.folder(out.path()).join("checkpoints")).unwrap();
        std::fs::write(run.folder(out.path()).join(".partial-run"), "half").unwrap();
        assert_eq!(run.state(out.path()).unwrap(), RunState::New);
        let environment = Environment {
            classes: vec!["happy".into()],
            data_sha256: String::new(),
            init_sha256: None,
            device: "CPU".into(),
        };
        run.begin(out.path(), &environment).unwrap();
        assert_eq!(run.state(out.path()).unwrap(), RunState::Begun(0));
        let changes: [fn(&mut PlannedRun); 2] = [|run| run.recipe.lambda = 0.5, |run| run.loading.grey = true];
        for change in changes {
            let mut run = run.clone();
            change(&mut run);
            let said = run.state(out.path()).unwrap_err().to_string();
            assert!(said.contains("dacl-seed-1") && said.contains("other settings"), "{said}");
        }
    }

    #[test]
    fn a_run_on_other_pictures_or_from_other_start_weights_of_the_same_name_is_told() {
        let out = tempfile::tempdir().unwrap();
        let now = |pictures: &str, weights: Option<&str>| Environment {
            classes: vec!["happy".into()],
            data_sha256: pictures.into(),
            init_sha256: weights.map(String::from),
            device: "CPU".into(),
        };
        let begun = |seed: u64, weights: Option<&str>| {
            let recipe = Recipe { seed, ..Preset::Compact.recipe() };
            let run = PlannedRun { recipe, init: Some("start.pth".into()), ..planned() };
            run.begin(out.path(), &now("these", weights)).unwrap();
            run
        };
        let run = begun(1, Some("of these"));
        run.check(out.path(), &now("these", Some("of these"))).unwrap();
        let said = |environment| run.check(out.path(), &environment).unwrap_err().to_string();
        let other = said(now("those", Some("of these")));
        assert!(other.contains("dacl-seed-1 was trained on other pictures than synthetic"), "{other}");
        let other = said(now("these", Some("of those")));
        assert!(other.contains("dacl-seed-1 began with other start weights than start.pth"), "{other}");
        // Older runs do not know.
        begun(2, None).check(out.path(), &now("these", Some("of those"))).unwrap();
    }

    #[test]
    fn what_cannot_be_looked_into_is_not_taken_for_a_run_that_is_to_start() {
        let out = tempfile::tempdir().unwrap();
        let run = planned();
        std::fs::write(run.folder(out.path()), "a file").unwrap();
        let said = run.state(out.path()).unwrap_err().to_string();
        assert!(said.contains("dacl-seed-1: "), "{said}");
    }
}
