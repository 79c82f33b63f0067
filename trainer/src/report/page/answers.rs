//! What the network answered: confusion, figures a class, and whether its confidence can be believed.

use maud::{Markup, html};

use super::super::plot::reliability;
use super::super::{Findings, PlotError};
use super::figure;
use crate::evaluation::CalibrationBin;
use crate::figures::percent_or_dash;

pub(super) fn section(findings: &Findings) -> Result<Markup, PlotError> {
    let (plain, calibrated) = (&findings.reliability_plain, &findings.reliability_calibrated);
    Ok(html! {
        h3 { "Confusion" }
        div.scroll tabindex="0" role="region" aria-label="Confusion matrix" { (confusion(findings)) }
        h3 { "Classes" }
        div.scroll tabindex="0" role="region" aria-label="Figures of each class" { (classes(findings)) }
        h3 { "Confidence" }
        p {
            "Of the answers given with a confidence of 0.8, eight of ten should be right: then the bars reach the \
             dashed line. Bars below it are over-confident. The temperature, " (findings.temperature.origin) ", \
             divides the scores; it changes no answer."
        }
        div.plots.two {
            (figure(
                "At temperature 1",
                &told(plain, findings.plain.ece),
                reliability(plain)?,
                html! { "Calibration error " (format!("{:.4}", findings.plain.ece)) },
            ))
            (figure(
                &format!("At temperature {:.3}", findings.temperature.value),
                &told(calibrated, findings.calibrated.ece),
                reliability(calibrated)?,
                html! { "Calibration error " (format!("{:.4}", findings.calibrated.ece)) },
            ))
        }
        div.scroll tabindex="0" role="region" aria-label="Table of confidence" { (bins(plain, calibrated)) }
        @if let Some(sure) = &findings.sure {
            h3 { "Not sure" }
            p { (sure.in_words()) }
        }
    })
}

fn confusion(findings: &Findings) -> Markup {
    let figures = &findings.plain;
    html! {
        table.confusion {
            caption {
                "Rows are true classes, columns answers. A cell's shade is its share of the row; right ones are framed."
            }
            thead {
                tr {
                    th scope="col" { "true class" }
                    @for class in &figures.classes { th scope="col" { (class) } }
                    th scope="col" { "pictures" }
                }
            }
            tbody {
                @for (class, row) in figures.confusion.iter().enumerate() {
                    @let pictures = row.iter().sum::<usize>();
                    tr {
                        th scope="row" { (figures.classes[class]) }
                        @for (answer, &count) in row.iter().enumerate() {
                            @let share = count as f64 / pictures.max(1) as f64;
                            td.right[answer == class] style={ "--share: " (format!("{share:.3}")) } { (count) }
                        }
                        td style="--share: 0" { (pictures) }
                    }
                }
            }
        }
    }
}

fn classes(findings: &Findings) -> Markup {
    html! {
        table {
            caption {
                "Precision: share of a class's answers that are right. Recall: share of its pictures that are found."
            }
            thead {
                tr {
                    @for head in ["class", "pictures", "answers", "precision", "recall", "F1"] {
                        th scope="col" { (head) }
                    }
                }
            }
            tbody {
                @for (name, class) in findings.plain.classes.iter().zip(findings.plain.per_class()) {
                    tr {
                        th scope="row" { (name) }
                        td { (class.pictures) }
                        td { (class.answered) }
                        td { (percent_or_dash(class.precision)) }
                        td { (percent_or_dash(class.recall)) }
                        td { (class.f1.map_or_else(|| "–".into(), |f1| format!("{f1:.3}"))) }
                    }
                }
            }
        }
    }
}

/// A reliability diagram in words.
fn told(bins: &[CalibrationBin], ece: f64) -> String {
    let points: Vec<String> = bins
        .iter()
        .filter_map(|bin| Some(format!("{:.2} right at confidence {:.2}", bin.accuracy()?, bin.confidence()?)))
        .collect();
    format!("Reliability diagram: {}. Calibration error {ece:.4}.", points.join(", "))
}

fn bins(plain: &[CalibrationBin], calibrated: &[CalibrationBin]) -> Markup {
    let width = 1.0 / plain.len().max(1) as f64;
    let cells = |bin: &CalibrationBin| {
        html! { td { (bin.count) } td { (percent_or_dash(bin.confidence())) } td { (percent_or_dash(bin.accuracy())) } }
    };
    html! {
        table {
            caption { "Answers by confidence, before and after the temperature. Bins without any answer are left out." }
            thead {
                tr {
                    th scope="col" rowspan="2" { "confidence" }
                    th scope="colgroup" colspan="3" { "temperature 1" }
                    th scope="colgroup" colspan="3" { "with temperature" }
                }
                tr {
                    @for _ in 0..2 {
                        th scope="col" { "answers" } th scope="col" { "mean confidence" } th scope="col" { "right" }
                    }
                }
            }
            tbody {
                @for (index, (plain, calibrated)) in plain.iter().zip(calibrated).enumerate() {
                    @if plain.count + calibrated.count > 0 {
                        tr {
                            th scope="row" {
                                (format!("{:.2} to {:.2}", index as f64 * width, (index + 1) as f64 * width))
                            }
                            (cells(plain))
                            (cells(calibrated))
                        }
                    }
                }
            }
        }
    }
}
