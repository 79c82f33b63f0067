//! Reads which version of a crate Cargo.lock has chosen.

use std::path::Path;

use anyhow::{Context, Result, bail};

/// The version of `name` in a Cargo.lock. It must be there once: with two versions there is no right answer.
pub(crate) fn locked_version(lock_file: &Path, name: &str) -> Result<String> {
    let text = std::fs::read_to_string(lock_file).with_context(|| {
        let path = lock_file.display();
        format!("{path} could not be read; it belongs to the repository, restore it")
    })?;
    match versions(&text, name)[..] {
        [version] => Ok(version.to_owned()),
        [] => bail!("{} names no crate {name}", lock_file.display()),
        ref several => bail!(
            "{} names {name} in several versions ({}); the workspace must agree on one",
            lock_file.display(),
            several.join(", ")
        ),
    }
}

fn versions<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    text.split("[[package]]")
        .filter(|entry| value(entry, "name") == Some(name))
        .filter_map(|entry| value(entry, "version"))
        .collect()
}

/// The text between the quotes of the line `key = "..."`.
fn value<'a>(entry: &'a str, key: &str) -> Option<&'a str> {
    entry.lines().find_map(|line| {
        let rest = line.strip_prefix(key)?.strip_prefix(" = \"")?;
        rest.strip_suffix('"')
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    const LOCK: &str = r#"version = 4

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
source = "registry"
dependencies = [
 "wasm-bindgen-macro",
]

[[package]]
name = "wasm-bindgen-macro"
version = "0.2.129"

[[package]]
name = "syn"
version = "1.0.109"

[[package]]
name = "syn"
version = "2.0.1"
"#;

    #[test]
    fn finds_the_crate_and_not_one_whose_name_begins_alike() {
        assert_eq!(versions(LOCK, "wasm-bindgen"), ["0.2.130"]);
        assert_eq!(versions(LOCK, "wasm-bindgen-macro"), ["0.2.129"]);
        assert!(versions(LOCK, "wasm").is_empty());
    }

    #[test]
    fn sees_that_a_crate_is_there_twice() {
        assert_eq!(versions(LOCK, "syn"), ["1.0.109", "2.0.1"]);
    }

    #[test]
    fn reads_the_lock_file_of_this_workspace() {
        let lock_file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
        let version = locked_version(&lock_file, "wasm-bindgen").unwrap();
        assert!(version.starts_with("0.2."), "{version}");
    }

    #[test]
    fn a_missing_lock_file_is_named() {
        let error = locked_version(Path::new("/nowhere/Cargo.lock"), "syn").unwrap_err();
        assert!(error.to_string().contains("/nowhere/Cargo.lock"));
    }
}
