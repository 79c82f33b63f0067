//! What a built site needs to open without a network: its version in every page, and the service worker with the list of files.
//!
//! How files are stored and handed out says www/service-worker.js.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

/// The line of the service worker that the list takes the place of.
const EMPTY: &str = r#"const SITE = { version: "", files: {} };"#;
/// The line of a page after which its version is written.
const CHARSET: &str = r#"<meta charset="utf-8">"#;

/// Writes the version into the pages of `site`, and its service worker; returns the version.
pub(crate) fn prepare(site: &Path, service_worker: &Path) -> Result<String> {
    let script = fs::read_to_string(service_worker)
        .with_context(|| format!("{} could not be read", service_worker.display()))?;
    ensure!(script.contains(EMPTY), "{} has no line `{EMPTY}`", service_worker.display());

    let mut files = BTreeMap::new();
    add_files(site, "", &mut files)?;
    let mut version = Sha256::new();
    version.update(&script);
    for (name, hash) in &files {
        version.update(format!("{name} {hash}\n"));
    }
    let version = hexadecimal(version.finalize())[..12].to_owned();

    for (name, hash) in files.iter_mut().filter(|(name, _)| name.ends_with(".html")) {
        let file = site.join(name);
        let page = fs::read_to_string(&file).with_context(|| format!("{} could not be read", file.display()))?;
        ensure!(page.contains(CHARSET), "{} has no line `{CHARSET}`", file.display());
        let page = page.replacen(CHARSET, &format!("{CHARSET}\n  <meta name=\"version\" content=\"{version}\">"), 1);
        *hash = hexadecimal(Sha256::digest(&page));
        fs::write(&file, page).with_context(|| format!("{} could not be written", file.display()))?;
    }

    let list = files.iter().map(|(name, hash)| format!("    {name:?}: \"{hash}\",\n")).collect::<String>();
    let list = format!("const SITE = {{\n  version: \"{version}\",\n  files: {{\n{list}  }},\n}};");
    let file = site.join("service-worker.js");
    fs::write(&file, script.replacen(EMPTY, &list, 1))
        .with_context(|| format!("{} could not be written", file.display()))?;
    Ok(version)
}

/// Adds the files of a folder with their SHA-256, by their names from the site's folder.
fn add_files(site: &Path, folder: &str, files: &mut BTreeMap<String, String>) -> Result<()> {
    let path = site.join(folder);
    let unreadable = || format!("{} could not be read", path.display());
    for entry in fs::read_dir(&path).with_context(unreadable)? {
        let entry = entry.with_context(unreadable)?;
        let name = format!("{folder}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            add_files(site, &format!("{name}/"), files)?;
        } else if is_used(&name) {
            let bytes = fs::read(entry.path()).with_context(|| format!("{name} could not be read"))?;
            files.insert(name, hexadecimal(Sha256::digest(bytes)));
        }
    }
    Ok(())
}

/// Whether a visit uses the file: types and notes are for other people, icons for the system, the service worker for itself.
fn is_used(name: &str) -> bool {
    let is_for_others = name.ends_with(".d.ts") || name.ends_with(".md");
    !is_for_others && !name.starts_with("icons/") && name != "service-worker.js"
}

fn hexadecimal(hash: impl AsRef<[u8]>) -> String {
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    /// A site of a page, a module and what nobody downloads; and the version that it gets.
    fn prepared(name: &str, module: &str) -> (String, String, String) {
        let folder = std::env::temp_dir().join(format!("xtask-offline-{}-{name}", std::process::id()));
        let site = folder.join("site");
        fs::create_dir_all(site.join("app")).unwrap();
        fs::create_dir_all(site.join("icons")).unwrap();
        fs::write(site.join("index.html"), format!("<head>\n  {CHARSET}\n</head>")).unwrap();
        for (file, content) in [("app/main.js", module), ("dacl.d.ts", "types"), ("icons/icon.png", "icon")] {
            fs::write(site.join(file), content).unwrap();
        }
        let worker = folder.join("worker.js");
        fs::write(&worker, format!("// about\n{EMPTY}\nrest();")).unwrap();
        let version = prepare(&site, &worker).unwrap();
        let page = fs::read_to_string(site.join("index.html")).unwrap();
        let script = fs::read_to_string(site.join("service-worker.js")).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        (version, page, script)
    }

    #[test]
    fn pages_and_service_worker_get_the_version_and_the_list_of_what_is_used() {
        let (version, page, script) = prepared("list", "one");
        assert_eq!(version.len(), 12);
        assert!(page.contains(&format!("<meta name=\"version\" content=\"{version}\">")), "{page}");
        assert!(script.starts_with("// about\n") && script.ends_with("\nrest();"), "{script}");
        assert!(script.contains(&format!("version: \"{version}\"")), "{script}");
        // The page as it is served, with its version in it.
        let page = hexadecimal(Sha256::digest(page));
        assert!(script.contains(&format!("\"index.html\": \"{page}\"")), "{script}");
        assert!(script.contains("\"app/main.js\"") && !script.contains("d.ts") && !script.contains("icon"), "{script}");
    }

    #[test]
    fn the_version_changes_with_any_file_and_only_then() {
        let one = prepared("one", "one").0;
        assert_eq!(prepared("same", "one").0, one);
        assert_ne!(prepared("other", "two").0, one);
    }
}
