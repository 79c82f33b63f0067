//! `metrics.csv` as columns, read by the names in its first line. A column gets a curve where its name tells what it measures: an accuracy,
//! a loss, a cross entropy, the learning rate, or something of the attention.

/// The columns of `metrics.csv`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Curves {
    /// Columns in the file's order.
    pub(super) columns: Vec<Column>,
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    /// Its name.
    pub(super) name: String,
    /// One value an epoch, where there is one.
    pub(super) values: Vec<Option<f64>>,
}

/// Columns that belong into one figure.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Panel<'a> {
    /// What the figure shows.
    pub(super) title: String,
    /// Its columns.
    pub(super) columns: Vec<&'a Column>,
}

impl Curves {
    /// Reads the file's bytes.
    ///
    /// # Errors
    /// When it is not CSV.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, csv::Error> {
        let mut reader = csv::Reader::from_reader(bytes);
        let names: Vec<String> = reader.headers()?.iter().map(String::from).collect();
        let rows = reader.records().collect::<Result<Vec<_>, _>>()?;
        let values = |index: usize| {
            rows.iter().map(|row| row.get(index)?.parse().ok().filter(|value: &f64| value.is_finite())).collect()
        };
        Ok(Self {
            columns: names
                .into_iter()
                .enumerate()
                .map(|(index, name)| Column { name, values: values(index) })
                .collect(),
        })
    }

    /// Number of epochs.
    pub(super) fn epochs(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }

    /// The columns that have a value, by figure: what has one unit stands together, and each loss term of another scale
    /// alone.
    pub(super) fn panels(&self) -> Vec<Panel<'_>> {
        let mut panels: Vec<Panel<'_>> = Vec::new();
        for column in self.columns.iter().filter(|column| column.values.iter().any(Option::is_some)) {
            let Some(title) = panel_title(&column.name) else { continue };
            match panels.iter_mut().find(|panel| panel.title == title) {
                Some(panel) => panel.columns.push(column),
                None => panels.push(Panel { title, columns: vec![column] }),
            }
        }
        panels
    }
}

impl Column {
    /// Whether the column was measured on the validation split.
    pub(super) fn is_validation(&self) -> bool {
        self.name.starts_with("valid_")
    }

    /// The name in words.
    pub(super) fn label(&self) -> String {
        let name = match self.name.strip_prefix("valid_") {
            Some(rest) => format!("validation {rest}"),
            None => self.name.replace("train_", "training "),
        };
        name.replace("below_005", "below 0.05").replace('_', " ")
    }
}

fn panel_title(name: &str) -> Option<String> {
    let bare = name.trim_start_matches("train_").trim_start_matches("valid_");
    if bare.ends_with("accuracy") {
        Some("Accuracy".into())
    } else if name.starts_with("attention_") {
        Some("Attention".into())
    } else if bare == "loss" {
        Some("Total loss".into())
    } else if bare.ends_with("_loss") || bare.contains("cross_entropy") || bare == "learning_rate" {
        let words = bare.replace('_', " ");
        Some(words[..1].to_uppercase() + &words[1..])
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const TEXT: &str = "epoch,learning_rate,train_loss,train_cross_entropy,train_center_loss,train_accuracy,\
                        valid_cross_entropy,valid_accuracy,attention_mean,train_spread_loss,seconds\n\
                        1,0.1,2.0,1.9,10,0.5,1.8,0.4,,3,60\n2,0.05,1.0,0.9,9,0.7,1.1,0.6,,NaN,61\n";

    #[test]
    fn columns_of_one_unit_share_a_figure_and_empty_ones_have_none() {
        let curves = Curves::parse(TEXT.as_bytes()).unwrap();
        let panels: Vec<(String, Vec<&str>)> = curves
            .panels()
            .into_iter()
            .map(|panel| (panel.title, panel.columns.iter().map(|column| column.name.as_str()).collect()))
            .collect();
        let expected: [(&str, &[&str]); 6] = [
            ("Learning rate", &["learning_rate"]),
            ("Total loss", &["train_loss"]),
            ("Cross entropy", &["train_cross_entropy", "valid_cross_entropy"]),
            ("Center loss", &["train_center_loss"]),
            ("Accuracy", &["train_accuracy", "valid_accuracy"]),
            ("Spread loss", &["train_spread_loss"]),
        ];
        assert_eq!(panels, expected.map(|(title, names)| (title.to_owned(), names.to_vec())));
        assert_eq!(curves.epochs(), 2);
        assert_eq!(curves.columns[9].values, [Some(3.0), None], "what is not a number is left out");
        assert_eq!(curves.columns[6].label(), "validation cross entropy");
    }
}
