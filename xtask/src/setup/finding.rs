//! What a look for a tool has found, and how that is told.

use std::fmt;
use std::path::Path;

use crate::version::Version;

/// The result of looking for one tool.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    /// What was looked for.
    pub(crate) tool: &'static str,
    /// The version found, if one was.
    pub(crate) version: Option<String>,
    /// Where it lies.
    pub(crate) place: Option<String>,
    /// Why it will not do; `None` if it will.
    pub(crate) problem: Option<String>,
}

impl Finding {
    /// A tool that is not there.
    pub(crate) fn missing(tool: &'static str) -> Self {
        Self { tool, version: None, place: None, problem: Some("not found".to_owned()) }
    }

    /// A program that is there; whether it will do is for the caller to add.
    pub(crate) fn program(tool: &'static str, version: Option<&Version>, place: &Path) -> Self {
        Self { tool, version: version.map(Version::to_string), place: Some(place.display().to_string()), problem: None }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.tool)?;
        if let Some(version) = &self.version {
            write!(formatter, " {version}")?;
        }
        if let Some(place) = &self.place {
            write!(formatter, " ({place})")?;
        }
        match &self.problem {
            None => write!(formatter, ": ok"),
            Some(problem) => write!(formatter, ": {problem}"),
        }
    }
}

/// The findings as a table with a line for each tool.
pub(crate) fn table(findings: &[Finding]) -> String {
    let rows = findings.iter().map(|finding| {
        let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let state = match (&finding.problem, &finding.place) {
            (None, _) => "ok".to_owned(),
            (Some(_), None) => "missing".to_owned(),
            (Some(problem), Some(_)) => format!("missing: {problem}"),
        };
        [finding.tool.to_owned(), or_dash(&finding.version), or_dash(&finding.place), state]
    });
    let heading = ["tool", "version", "where", "state"].map(str::to_owned);
    let rows = std::iter::once(heading).chain(rows).collect::<Vec<_>>();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2)];
    rows.iter()
        .map(|[tool, version, place, state]| {
            let [a, b, c] = widths;
            format!("{tool:a$}  {version:b$}  {place:c$}  {state}\n")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn the_table_lines_up_and_tells_missing_from_unsuitable() {
        let trunk = Version::find("trunk 0.21.14");
        let old = Version::find("wasm-opt version 108");
        let mut unsuitable = Finding::program("wasm-opt", old.as_ref(), Path::new("/usr/bin/wasm-opt"));
        unsuitable.problem = Some("version 116 or newer is needed".to_owned());
        let findings = [
            Finding::program("trunk", trunk.as_ref(), Path::new("/bin/trunk")),
            unsuitable,
            Finding::missing("Chromium"),
        ];
        assert_eq!(
            table(&findings),
            "tool      version  where              state\n\
             trunk     0.21.14  /bin/trunk         ok\n\
             wasm-opt  108      /usr/bin/wasm-opt  missing: version 116 or newer is needed\n\
             Chromium  -        -                  missing\n"
        );
    }

    #[test]
    fn a_finding_reads_as_one_line() {
        let trunk = Version::find("trunk 0.21.14");
        let finding = Finding::program("trunk", trunk.as_ref(), Path::new("/bin/trunk"));
        assert_eq!(finding.to_string(), "trunk 0.21.14 (/bin/trunk): ok");
        assert_eq!(Finding::missing("trunk").to_string(), "trunk: not found");
    }
}
