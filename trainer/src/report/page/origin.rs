//! Where the network comes from, and every setting of it.

use maud::{Markup, html};

use super::super::Findings;

pub(super) fn section(findings: &Findings) -> Markup {
    let origin = &findings.subject.origin;
    html! {
        (table("Origin", &origin.provenance()))
        (table("Settings", &origin.settings()))
    }
}

fn table(caption: &str, rows: &[(String, String)]) -> Markup {
    html! {
        table.words {
            caption { (caption) }
            tbody { @for (name, value) in rows { tr { th scope="row" { (name) } td { (value) } } } }
        }
    }
}
