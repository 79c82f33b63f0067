//! How the run learned: curves of every loss term, accuracy, learning rate and attention.

use maud::{Markup, html};

use super::super::curves::{Column, Curves, Panel};
use super::super::plot::{SERIES, curves};
use super::super::subject::Origin;
use super::super::{Findings, PlotError};
use super::figure;

/// Up to so many epochs, the table stands open.
const OPEN_EPOCHS: usize = 12;

pub(super) fn section(findings: &Findings) -> Result<Markup, PlotError> {
    let run = match &findings.subject.origin {
        Origin::Run(run) => run,
        Origin::Artefact(_) => {
            return Ok(
                html! { p { "An artefact carries no curves: they are in the report of the run that it came from." } },
            );
        }
    };
    let panels = run.curves.panels();
    let figures = panels.iter().map(panel).collect::<Result<Vec<_>, _>>()?;
    let attention = panels.iter().any(|panel| panel.title == "Attention");
    Ok(html! {
        p {
            (run.curves.epochs()) " of " (run.description.recipe.epochs) " epochs are done; epoch " (run.epoch)
            " had the highest accuracy on the validation split and is what this report looks into."
        }
        @if !attention {
            p { "There are no curves of the attention: the loss of this run does not use it." }
        }
        div.plots { @for figure in figures { (figure) } }
        details open[run.curves.epochs() <= OPEN_EPOCHS] {
            summary { "All columns of metrics.csv" }
            div.scroll tabindex="0" role="region" aria-label="Table of metrics" { (table(&run.curves)) }
        }
    })
}

fn panel(panel: &Panel<'_>) -> Result<Markup, PlotError> {
    let alternative: Vec<String> = panel.columns.iter().map(|column| course(column)).collect();
    let legend = html! {
        ul.legend {
            @for (index, column) in panel.columns.iter().enumerate() {
                li {
                    i.dashed[column.is_validation()] style={ "color: var(--series-" (index % SERIES) ")" } {}
                    (column.label())
                }
            }
        }
    };
    Ok(figure(&panel.title, &alternative.join(" "), curves(panel)?, legend))
}

/// Where a curve starts, where it ends and what lies between, in words.
fn course(column: &Column) -> String {
    let values: Vec<(usize, f64)> =
        column.values.iter().enumerate().filter_map(|(epoch, value)| Some((epoch + 1, (*value)?))).collect();
    let (Some((first, start)), Some((last, end))) = (values.first(), values.last()) else {
        return format!("{}: no value.", column.label());
    };
    let low = values.iter().map(|value| value.1).fold(f64::INFINITY, f64::min);
    let high = values.iter().map(|value| value.1).fold(f64::NEG_INFINITY, f64::max);
    format!(
        "{}: {start:.4} in epoch {first}, {end:.4} in epoch {last}, lowest {low:.4}, highest {high:.4}.",
        column.label()
    )
}

fn table(curves: &Curves) -> Markup {
    html! {
        table {
            caption { "One row an epoch" }
            thead { tr { @for column in &curves.columns { th scope="col" { (column.label()) } } } }
            tbody {
                @for epoch in 0..curves.epochs() {
                    tr {
                        @for (index, column) in curves.columns.iter().enumerate() {
                            @if index == 0 { th scope="row" { (cell(column.values[epoch])) } }
                            @else { td { (cell(column.values[epoch])) } }
                        }
                    }
                }
            }
        }
    }
}

fn cell(value: Option<f64>) -> String {
    match value {
        None => "–".into(),
        Some(value) if value.fract() == 0.0 && value.abs() < 1e9 => format!("{value:.0}"),
        Some(value) if value.abs() >= 100.0 => format!("{value:.1}"),
        Some(value) if value.abs() >= 1e-3 => format!("{value:.4}"),
        Some(value) => format!("{value:.2e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_course_of_a_curve_is_told_in_words() {
        let column = Column { name: "valid_accuracy".into(), values: vec![Some(0.5), None, Some(0.9), Some(0.8)] };
        let said = "validation accuracy: 0.5000 in epoch 1, 0.8000 in epoch 4, lowest 0.5000, highest 0.9000.";
        assert_eq!(course(&column), said);
    }
}
