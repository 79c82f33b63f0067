//! Random numbers that depend on what they are for and on nothing else: not on threads, not on what was drawn before.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// The generator that belongs to a seed and up to three numbers that say what for; others of the same seed share nothing with it.
pub(crate) fn generator(seed: u64, purpose: [u64; 3]) -> ChaCha8Rng {
    let mut key = [0; 32];
    for (bytes, number) in key.chunks_exact_mut(8).zip([seed].into_iter().chain(purpose)) {
        bytes.copy_from_slice(&number.to_le_bytes());
    }
    ChaCha8Rng::from_seed(key)
}
