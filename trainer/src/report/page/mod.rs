//! The page: plain HTML with its style sheet and figures inside, and no script.

mod answers;
mod attention;
mod learning;
mod origin;
mod space;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Findings, PlotError};
use crate::figures::percent;

const STYLE: &str = include_str!("style.css");

/// The whole page.
///
/// # Errors
/// When a figure cannot be drawn.
pub(super) fn html(findings: &Findings) -> Result<String, PlotError> {
    let sections = [
        ("learning", "Training", learning::section(findings)?),
        ("answers", "Answers", answers::section(findings)?),
        ("attention", "Attention", attention::section(findings)?),
        ("space", "Features and centres", space::section(findings)?),
        ("origin", "Origin and settings", origin::section(findings)),
    ];
    let title = format!("Report on {}", findings.subject.name);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content={ "trainer " (env!("CARGO_PKG_VERSION")) };
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (title) }
                    p.quiet { (summary(findings)) }
                    nav aria-label="Contents" {
                        ul { @for (id, name, _) in &sections { li { a href={ "#" (id) } { (name) } } } }
                    }
                }
                main {
                    (key_figures(findings))
                    @for (id, name, section) in &sections {
                        section id=(id) aria-labelledby={ (id) "-title" } {
                            h2 id={ (id) "-title" } { (name) }
                            (section)
                        }
                    }
                }
            }
        }
    };
    Ok(page.into_string())
}

fn summary(findings: &Findings) -> String {
    format!(
        "Measured on {} pictures, the {} split of {}. {}",
        findings.plain.n,
        findings.split.in_words(),
        findings.data,
        findings.caution()
    )
}

fn key_figures(findings: &Findings) -> Markup {
    let figures = &findings.calibrated;
    html! {
        dl.figures {
            (key_figure("Accuracy", &percent(figures.accuracy)))
            (key_figure("Mean class accuracy", &percent(figures.mean_class_accuracy)))
            (key_figure("Macro F1", &format!("{:.4}", figures.macro_f1)))
            (key_figure("Calibration error", &format!("{:.4}", figures.ece)))
            (key_figure("Temperature", &format!("{:.3}", findings.temperature.value)))
        }
    }
}

fn key_figure(name: &str, value: &str) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}

/// A drawn figure: the drawing is hidden from screen readers, which get `alternative` instead.
fn figure(title: &str, alternative: &str, svg: String, caption: Markup) -> Markup {
    html! {
        figure {
            @if !title.is_empty() { h3 { (title) } }
            div role="img" aria-label=(alternative) { (PreEscaped(svg)) }
            figcaption { (caption) }
        }
    }
}
