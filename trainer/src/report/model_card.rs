//! The model card: what the network is, what it is for, what was measured and where it ends, in Markdown.

use super::Findings;
use crate::figures::{percent, percent_or_dash};

/// The card.
pub(super) fn markdown(findings: &Findings) -> String {
    let subject = &findings.subject;
    let sections = [
        format!("# Model card: {}", subject.name),
        network(findings),
        "## Where it comes from\n\n".to_owned()
            + &table(["", ""], subject.origin.provenance().into_iter().map(<[String; 2]>::from)),
        USE.to_owned(),
        figures(findings),
        classes(findings),
        attention(findings),
        limits(findings),
        "## Settings\n\n".to_owned()
            + &table(["setting", "value"], subject.origin.settings().into_iter().map(<[String; 2]>::from)),
    ];
    sections.join("\n\n") + "\n"
}

const USE: &str = "\
## Use

It names which of its expressions the face on a cropped picture shows, for research, teaching and demonstrations. It \
is not made for decisions about people: for hiring, policing, teaching, health or credit it is neither tested nor \
meant, and in some places such use is against the law.";

fn network(findings: &Findings) -> String {
    let subject = &findings.subject;
    format!(
        "Deep Attentive Center Loss (Farzaneh and Qi, WACV 2021): a ResNet-18 names the expression of a face; an \
         attention network weighs its 512 deep features for the sparse center loss. Input: one face of {size} x {size} \
         pixels. Output: one probability for each of {classes}.",
        size = subject.recogniser.config().network.input_size,
        classes = subject.classes.join(", ")
    )
}

fn figures(findings: &Findings) -> String {
    let (plain, calibrated) = (&findings.plain, &findings.calibrated);
    let rows = [
        ["pictures".into(), plain.n.to_string()],
        ["accuracy".into(), percent(plain.accuracy)],
        ["mean class accuracy".into(), percent(plain.mean_class_accuracy)],
        ["macro F1".into(), format!("{:.4}", plain.macro_f1)],
        ["calibration error at temperature 1".into(), format!("{:.4}", plain.ece)],
        [
            format!("calibration error at temperature {:.3}", findings.temperature.value),
            format!("{:.4}", calibrated.ece),
        ],
    ];
    format!(
        "## Figures\n\nMeasured on the {} split of {}. {} The temperature, {}, divides the scores before softmax.\n\n\
         {}",
        findings.split.in_words(),
        findings.data,
        findings.caution(),
        findings.temperature.origin,
        table(["figure", "value"], rows.into_iter())
    ) + &findings.sure.as_ref().map(|sure| format!("\n\n{}", sure.in_words())).unwrap_or_default()
}

fn classes(findings: &Findings) -> String {
    let rows = findings.plain.classes.iter().zip(findings.plain.per_class()).map(|(name, class)| {
        [
            name.clone(),
            class.pictures.to_string(),
            percent_or_dash(class.precision),
            percent_or_dash(class.recall),
            class.f1.map_or_else(|| "–".into(), |f1| format!("{f1:.3}")),
        ]
    });
    table(["class", "pictures", "precision", "recall", "F1"], rows)
}

fn attention(findings: &Findings) -> String {
    let told = match (&findings.attention, findings.why_no_attention()) {
        (Some(attention), _) => match &attention.difference {
            Some(found) => format!(
                "The ratio of between-class to within-class variance of the attention is {:.2}, and {:.2} with \
                 shuffled labels (p = {:.3}). Class means explain {:.1} % of the variance. The attention says which \
                 features counted in the loss; it is no explanation of the label.",
                found.ratio,
                found.chance_ratio,
                found.p,
                100.0 * found.explained
            ),
            None => "Whether the attention differs between classes cannot be told from these pictures.".into(),
        },
        (None, why) => why.unwrap_or_default(),
    };
    format!("## Attention\n\n{told}")
}

fn limits(findings: &Findings) -> String {
    let weakest = findings
        .plain
        .classes
        .iter()
        .zip(&findings.plain.recall)
        .filter_map(|(name, recall)| Some((name, (*recall)?)))
        .min_by(|one, other| one.1.total_cmp(&other.1));
    let weakest = weakest.map_or_else(String::new, |(name, recall)| {
        format!("- The class found least often here is {name}, {:.1} % of its pictures.\n", 100.0 * recall)
    });
    format!(
        "## Limits\n\n{weakest}\
         - An expression is what a face shows, not what a person feels; the labels are other people's opinions of \
         pictures.\n\
         - The figures hold for pictures like those measured. They were not taken apart by age, skin colour, sex or \
         glasses, so nothing is known about differences between groups of people.\n\
         - Small, turned, covered and badly lit faces were not looked at apart: expect worse of them."
    )
}

fn table<const COLUMNS: usize>(heads: [&str; COLUMNS], rows: impl Iterator<Item = [String; COLUMNS]>) -> String {
    let line =
        |cells: &[String]| format!("| {} |", cells.iter().map(|cell| escaped(cell)).collect::<Vec<_>>().join(" | "));
    let head = [line(&heads.map(String::from)), format!("|{}", "---|".repeat(COLUMNS))];
    head.into_iter().chain(rows.map(|row| line(&row))).collect::<Vec<_>>().join("\n")
}

/// A cell's text, whose bars must not end the cell.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
