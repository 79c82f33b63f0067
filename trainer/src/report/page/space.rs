//! Where features and centres lie, seen in the plane of their largest spread.

use maud::{Markup, html};

use super::super::findings::SpaceFindings;
use super::super::plot::{SERIES, space};
use super::super::{Findings, PlotError};
use super::figure;
use crate::figures::percent;

pub(super) fn section(findings: &Findings) -> Result<Markup, PlotError> {
    let Some(found) = &findings.space else {
        return Ok(html! { p { "The features of these pictures do not vary, so there is nothing to see." } });
    };
    let classes = &findings.subject.classes;
    let marks = match findings.why_no_centres() {
        None => "Crosses are the class centres. ",
        Some(_) => "",
    };
    let caption = html! {
        ul.legend {
            @for (index, class) in classes.iter().enumerate() {
                li { i.dot style={ "color: var(--series-" (index % SERIES) ")" } {} (class) }
            }
        }
        "Dots are pictures, named discs the means of their classes. " (marks)
        "The two axes hold " (percent(found.explained[0])) " and " (percent(found.explained[1]))
        " of the variance of the 512 features: what looks close here may be far apart in the others."
    };
    let alternative = format!(
        "Scatter plot of features in two dimensions. {}",
        classes
            .iter()
            .zip(&found.classes)
            .filter_map(|(name, class)| Some(format!("{name} around {}.", place(class.mean?))))
            .collect::<Vec<_>>()
            .join(" ")
    );
    let length = findings.subject.feature_length;
    Ok(html! {
        @if let Some(why) = findings.why_no_centres() { p { (why) } }
        @if length != 0.0 { p { "Features are brought to a length of " (length) ", as the center loss saw them." } }
        (figure("", &alternative, space(found, classes)?, caption))
        div.scroll tabindex="0" role="region" aria-label="Places of the classes" { (table(found, classes)) }
    })
}

fn table(found: &SpaceFindings, classes: &[String]) -> Markup {
    let heads = [
        "class",
        "mean in the plane",
        "centre in the plane",
        "centre to mean",
        "pictures to mean",
        "nearest other mean",
    ];
    let number = |value: Option<f64>| value.map_or_else(|| "–".into(), |value| format!("{value:.3}"));
    html! {
        table {
            caption { "Distances are Euclidean in all 512 dimensions" }
            thead { tr { @for head in heads { th scope="col" { (head) } } } }
            tbody {
                @for (name, class) in classes.iter().zip(&found.classes) {
                    tr {
                        th scope="row" { (name) }
                        td { (class.mean.map_or_else(|| "–".into(), place)) }
                        td { (class.centre.map_or_else(|| "–".into(), place)) }
                        td { (number(class.centre_to_mean)) }
                        td { (number(class.spread)) }
                        td {
                            @match class.nearest {
                                Some((other, distance)) => { (classes[other]) ", " (format!("{distance:.3}")) }
                                None => { "–" }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn place([x, y]: [f64; 2]) -> String {
    format!("({x:.2}, {y:.2})")
}
