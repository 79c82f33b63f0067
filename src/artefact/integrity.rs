//! Whether a file is the one that the manifest speaks of.

use sha2::{Digest, Sha256};

use super::FileEntry;

/// A weight file is not the one of the manifest.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum IntegrityError {
    /// Its length differs.
    #[error("{name} has {found} bytes where the manifest says {expected}: it is cut off or of another version")]
    Length {
        /// File name.
        name: String,
        /// Bytes found.
        found: u64,
        /// Bytes expected.
        expected: u64,
    },
    /// Its content differs.
    #[error("{name} is not the file that the manifest speaks of (SHA-256 differs): it was altered or damaged")]
    Digest {
        /// File name.
        name: String,
    },
}

impl FileEntry {
    /// Checks length and SHA-256 of the file's bytes.
    ///
    /// # Errors
    /// When either differs from the manifest.
    pub fn verify(&self, bytes: &[u8]) -> Result<(), IntegrityError> {
        if bytes.len() as u64 != self.bytes {
            return Err(IntegrityError::Length {
                name: self.name.clone(),
                found: bytes.len() as u64,
                expected: self.bytes,
            });
        }
        if sha256_hex(bytes) != self.sha256.to_ascii_lowercase() {
            return Err(IntegrityError::Digest { name: self.name.clone() });
        }
        Ok(())
    }

    /// The entry of a file with these bytes.
    pub fn of(name: &str, bytes: &[u8]) -> Self {
        Self { name: name.to_owned(), bytes: bytes.len() as u64, sha256: sha256_hex(bytes) }
    }
}

/// SHA-256 in lower-case hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Bytes in lower-case hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_the_standard() {
        // FIPS 180-2, appendix B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256_hex(b"abc"), expected);
    }

    #[test]
    fn one_changed_byte_and_one_missing_byte_are_noticed() {
        let entry = FileEntry::of("labels", b"weights");
        assert_eq!(entry.verify(b"weights"), Ok(()));
        assert!(matches!(entry.verify(b"weighty"), Err(IntegrityError::Digest { .. })));
        assert!(matches!(entry.verify(b"weight"), Err(IntegrityError::Length { found: 6, expected: 7, .. })));
    }
}
