//! One run of an experiment, and how far it is.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

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
        let empty = match std::fs::read_dir(&folder) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) if error.kind() == ErrorKind::NotFound => true,
            Err(source) => return Err(RunError::Io { path: folder, source }.into()),
        };
        if empty {
            return Ok(RunState::New);
        }
        let run = RunFolder::open(&folder)?;
        let RunDescription { recipe, data, init, .. } = run.description();
        if (recipe, data, init) != (&self.recipe, &self.data, &self.init) {
            return Err(PlannedRunError::Changed(folder));
        }
        let epochs = run.history()?.len();
        Ok(if epochs >= self.recipe.epochs { RunState::Done } else { RunState::Begun(epochs) })
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
            loading: LoadOptions::default(),
            init: self.init.clone(),
            teachers: Vec::new(),
            classes: environment.classes.clone(),
            device: environment.device.clone(),
            version: env!("CARGO_PKG_VERSION").into(),
            commit: environment.commit.clone(),
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
    /// Name of the device.
    pub device: String,
    /// Commit of the working tree.
    pub commit: Option<String>,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::recipe::Preset;

    #[test]
    fn a_run_is_new_then_begun_and_never_taken_for_another() {
        let out = tempfile::tempdir().unwrap();
        let mut run = PlannedRun {
            variant: "dacl".into(),
            recipe: Preset::Compact.recipe(),
            data: "synthetic".into(),
            init: None,
        };
        assert_eq!(run.state(out.path()).unwrap(), RunState::New);
        let environment = Environment {
            classes: vec!["happy".into()],
            data_sha256: String::new(),
            device: "CPU".into(),
            commit: None,
        };
        run.begin(out.path(), &environment).unwrap();
        assert_eq!(run.state(out.path()).unwrap(), RunState::Begun(0));
        run.recipe.lambda = 0.5;
        let said = run.state(out.path()).unwrap_err().to_string();
        assert!(said.contains("dacl-seed-1") && said.contains("other settings"), "{said}");
    }

    #[test]
    fn what_cannot_be_looked_into_is_not_taken_for_a_run_that_is_to_start() {
        let out = tempfile::tempdir().unwrap();
        let run = PlannedRun {
            variant: "dacl".into(),
            recipe: Preset::Compact.recipe(),
            data: "synthetic".into(),
            init: None,
        };
        std::fs::write(run.folder(out.path()), "a file").unwrap();
        let said = run.state(out.path()).unwrap_err().to_string();
        assert!(said.contains("dacl-seed-1: "), "{said}");
    }
}
