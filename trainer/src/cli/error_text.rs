//! What a user reads of an error.

/// An error and what caused it. A cause that the words before it tell already is not told again.
pub(crate) fn error_text(error: &anyhow::Error) -> String {
    error.chain().skip(1).map(ToString::to_string).fold(error.to_string(), |text, cause| match text.contains(&cause) {
        true => text,
        false => format!("{}: {cause}", text.trim_end_matches('.')),
    })
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn every_cause_is_told_once() {
        let error =
            anyhow!("no such file").context("a.toml cannot be read: no such file").context("The run is broken.");
        assert_eq!(error_text(&error), "The run is broken: a.toml cannot be read: no such file");
    }
}
