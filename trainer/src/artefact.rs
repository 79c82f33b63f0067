//! An exported artefact as a whole, read from its folder.

use std::fs;
use std::path::Path;

use burn::tensor::Device;
use dacl::artefact::{FileEntry, Manifest, read_weights};
use dacl::centres::ClassCentres;
use dacl::network::Weights;
use dacl::recognise::{LoadError, Recogniser};

use crate::weights_folder::OpenError;

/// A manifest and the content of its files, each of which is the one that the manifest speaks of.
pub(crate) struct Artefact {
    pub(crate) manifest: Manifest,
    /// Trunk and classifier, folded.
    pub(crate) labels: Weights,
    /// Context encoder and heads, folded.
    pub(crate) attention: Weights,
    pub(crate) centres: ClassCentres,
}

impl Artefact {
    /// Reads the files of `manifest` in `folder`.
    ///
    /// # Errors
    /// When one is missing, altered or broken.
    pub(crate) fn read(folder: &Path, manifest: Manifest) -> Result<Self, OpenError> {
        let file = |entry: &FileEntry| -> Result<Vec<u8>, OpenError> {
            let path = folder.join(&entry.name);
            let bytes = fs::read(&path).map_err(|source| OpenError::Io { path, source })?;
            entry.verify(&bytes).map_err(LoadError::from)?;
            Ok(bytes)
        };
        let weights =
            |entry| -> Result<Weights, OpenError> { Ok(read_weights(&file(entry)?).map_err(LoadError::from)?) };
        let (labels, attention) = (weights(&manifest.files.labels)?, weights(&manifest.files.attention)?);
        let centres = ClassCentres::from_bytes(&file(&manifest.files.centres)?, manifest.network.classes);
        Ok(Self { labels, attention, centres: centres.map_err(LoadError::from)?, manifest })
    }

    /// The network with its attention arm, without centres.
    ///
    /// # Errors
    /// When the weights do not fit the network.
    pub(crate) fn recogniser(&self, device: &Device) -> Result<Recogniser, LoadError> {
        let recogniser = Recogniser::new((&self.manifest).into(), &self.labels, device)?;
        recogniser.add_attention(&self.attention)?;
        Ok(recogniser)
    }
}
