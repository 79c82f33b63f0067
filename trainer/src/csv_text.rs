//! Rows as comma-separated text.

use serde::Serialize;

/// A line with the names of the fields, then a line a row; nothing at all without a row.
pub(crate) fn csv_text<R: Serialize>(rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.serialize(row)?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}
