//! The attention as the paper shows it, 512 weights in a row, and whether it differs between classes.

use maud::{Markup, html};

use super::super::attention::{Difference, PERMUTATIONS};
use super::super::findings::AttentionFindings;
use super::super::{Findings, PlotError, heat_map};
use crate::figures::percent;

/// Height of a picture's row on the page.
const ROW_REM: f64 = 0.55;

pub(super) fn section(findings: &Findings) -> Result<Markup, PlotError> {
    let Some(attention) = &findings.attention else {
        return Ok(html! { p { (findings.why_no_attention().unwrap_or_default()) } });
    };
    let classes = &findings.subject.classes;
    Ok(html! {
        p {
            "Every picture gets 512 weights between 0 and 1, one for each deep feature, which say how much that \
             feature counts in the sparse center loss. They do not change the label."
        }
        h3 { "Single pictures" }
        (pictures(attention, classes)?)
        h3 { "Mean of each class" }
        (means(attention, classes)?)
        h3 { "Do classes differ?" }
        @match &attention.difference {
            Some(found) => { (difference(found)) }
            None => { p { "That cannot be told from these pictures: two classes with some variation are needed." } }
        }
        div.scroll tabindex="0" role="region" aria-label="Attention of each class" { (table(attention, classes)) }
    })
}

fn pictures(attention: &AttentionFindings, classes: &[String]) -> Result<Markup, PlotError> {
    let mut rows = Vec::new();
    for (class, shown) in attention.shown.iter().enumerate().filter(|(_, shown)| !shown.is_empty()) {
        let weights: Vec<Vec<f64>> =
            shown.iter().map(|row| row.weights.iter().map(|&weight| f64::from(weight)).collect()).collect();
        let answers: Vec<&str> = shown.iter().map(|row| classes[row.answer].as_str()).collect();
        let means: Vec<String> =
            weights.iter().map(|row| format!("{:.3}", row.iter().sum::<f64>() / row.len().max(1) as f64)).collect();
        let alternative = format!(
            "Attention of {} pictures of the class {}, answered {}; their mean weights are {}.",
            shown.len(),
            classes[class],
            answers.join(", "),
            means.join(", ")
        );
        let height = format!("height: {:.2}rem", ROW_REM * shown.len() as f64);
        let url = heat_map::data_url(&weights, attention.range)?;
        rows.push(html! { span { (classes[class]) } img src=(url) alt=(alternative) style=(height); });
    }
    Ok(html! {
        figure {
            div.heat { @for row in rows { (row) } }
            (key(attention.range)?)
            figcaption {
                "The first pictures of each class, a row a picture, a column a feature. The colours run from the 1st \
                 to the 99th percentile of what is shown."
            }
        }
    })
}

fn means(attention: &AttentionFindings, classes: &[String]) -> Result<Markup, PlotError> {
    let values = || attention.classes.iter().flat_map(|class| class.mean_by_head.iter().copied());
    let range = [values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max)];
    let mut rows = Vec::new();
    for (name, class) in classes.iter().zip(&attention.classes).filter(|(_, class)| class.pictures > 0) {
        let alternative = format!(
            "Mean attention of the class {name} over {} pictures: {:.3} with a standard deviation of {:.3}.",
            class.pictures, class.mean, class.std
        );
        let url = heat_map::data_url(std::slice::from_ref(&class.mean_by_head), range)?;
        rows.push(html! { span { (name) } div.means { img src=(url) alt=(alternative); } });
    }
    Ok(html! {
        figure {
            div.heat { @for row in rows { (row) } }
            (key(range)?)
            figcaption {
                "Mean over all pictures of a class, a column a feature. Colours run from lowest to highest mean."
            }
        }
    })
}

fn key([low, high]: [f64; 2]) -> Result<Markup, PlotError> {
    let alternative = format!("Colours from dark for {low:.3} to light for {high:.3}");
    Ok(html! {
        div.key {
            span { (format!("{low:.3}")) }
            img src=(heat_map::scale()?) alt=(alternative);
            span { (format!("{high:.3}")) }
        }
    })
}

fn difference(found: &Difference) -> Markup {
    let Difference { ratio, explained, chance_ratio, chance_ratio_95, chance_explained, p } = *found;
    let told = match (p <= 0.05, explained) {
        (false, _) => "So these pictures give no reason to believe that the attention depends on the class.",
        (true, ..0.1) => {
            "So the attention differs between classes by more than chance, but hardly: most of it depends on the \
             picture, not the class."
        }
        (true, _) => "So the attention differs between classes by more than chance.",
    };
    html! {
        p {
            "The ratio of between-class to within-class variance (the F of an analysis of variance) is "
            strong { (format!("{ratio:.2}")) } "; class means explain " (percent(explained)) " of all variance. With \
             the labels shuffled " (PERMUTATIONS) " times the ratio is " (format!("{chance_ratio:.2}"))
            " on average and above " (format!("{chance_ratio_95:.2}")) " in one of twenty, with "
            (percent(chance_explained)) " explained; p = " (format!("{p:.3}")) ". " (told)
        }
    }
}

fn table(attention: &AttentionFindings, classes: &[String]) -> Markup {
    html! {
        table {
            caption { "Attention over all pictures and features of a class" }
            thead {
                tr {
                    @for head in ["class", "pictures", "mean", "standard deviation", "below 0.05"] {
                        th scope="col" { (head) }
                    }
                }
            }
            tbody {
                @for (name, class) in classes.iter().zip(&attention.classes).filter(|(_, class)| class.pictures > 0) {
                    tr {
                        th scope="row" { (name) }
                        td { (class.pictures) }
                        td { (format!("{:.4}", class.mean)) }
                        td { (format!("{:.4}", class.std)) }
                        td { (percent(class.below_005)) }
                    }
                }
            }
        }
    }
}
