//! Reading a comma-separated table row by row, with the line number kept for messages.

use std::{
    fs::File,
    path::{Component, Path, PathBuf},
    str::FromStr,
};

use csv::{Reader, ReaderBuilder, StringRecord};
use rayon::prelude::*;

use super::DataError;

/// One line of a table that is long enough for its columns.
pub(super) struct Row<'a> {
    path: &'a Path,
    record: StringRecord,
}

impl Row<'_> {
    /// The text of a column, trimmed. Columns beyond the line's end read as empty.
    pub(super) fn text(&self, column: usize) -> &str {
        self.record.get(column).unwrap_or_default().trim()
    }

    /// The number in a column; `what` names it in the message.
    pub(super) fn number<T: FromStr>(&self, column: usize, what: &str) -> Result<T, DataError> {
        let text = self.text(column);
        text.parse().map_err(|_| self.error(format!("\"{text}\" is not a number that can be {what}")))
    }

    /// An error about this line.
    pub(super) fn error(&self, problem: String) -> DataError {
        DataError::Row { path: self.path.to_owned(), line: self.line(), problem }
    }

    /// An error about the whole table, which this line shows.
    pub(super) fn disagreement(&self, problem: String) -> DataError {
        DataError::TablesDisagree { path: self.path.to_owned(), line: self.line(), problem }
    }

    /// Its number, counted from 1.
    pub(super) fn line(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    /// The name of a picture, refused where it could lead out of the data set's folder.
    pub(super) fn picture_name(&self, column: usize) -> Result<&str, DataError> {
        let name = self.text(column);
        let inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        if name.is_empty() || !inside {
            return Err(self.error(format!("\"{name}\" is not the name of a picture")));
        }
        Ok(name)
    }
}

/// A table whose columns were found. It is read while its rows are looked at and never held as a whole: some are hundreds of
/// megabytes long.
pub(super) struct Table {
    path: PathBuf,
    reader: Reader<File>,
    columns: usize,
}

impl Table {
    /// Reads a table that begins with column names and finds the wanted ones, in any order and case.
    ///
    /// Returns the table and the place of each wanted column.
    pub(super) fn with_header(path: &Path, wanted: &[&str]) -> Result<(Self, Vec<usize>), DataError> {
        let mut table = Self::open(path)?;
        let mut header = StringRecord::new();
        table.reader.read_record(&mut header).map_err(|error| unreadable(path, error))?;
        let places: Option<Vec<_>> =
            wanted.iter().map(|name| header.iter().position(|found| found.trim().eq_ignore_ascii_case(name))).collect();
        let Some(places) = places else {
            return Err(DataError::Header {
                path: path.to_owned(),
                expected: wanted.join(","),
                found: header.iter().collect::<Vec<_>>().join(","),
            });
        };
        table.columns = header.len();
        Ok((table, places))
    }

    /// Reads a table without column names, each line of `columns` columns.
    pub(super) fn without_header(path: &Path, columns: usize) -> Result<Self, DataError> {
        let mut table = Self::open(path)?;
        table.columns = columns;
        Ok(table)
    }

    fn open(path: &Path) -> Result<Self, DataError> {
        let file = File::open(path).map_err(|source| DataError::Read { path: path.to_owned(), source })?;
        let reader = ReaderBuilder::new()
            .has_headers(false)
            // Line lengths are checked row by row, with a message of our own.
            .flexible(true)
            .buffer_capacity(1 << 16)
            .from_reader(file);
        Ok(Self { path: path.to_owned(), reader, columns: 0 })
    }

    /// The lines after the header. A line with too few or too many columns is an error.
    pub(super) fn rows(&mut self) -> impl Iterator<Item = Result<Row<'_>, DataError>> {
        let Self { path, reader, columns } = self;
        let (path, columns) = (path.as_path(), *columns);
        reader.records().map(move |record| {
            let row = Row { path, record: record.map_err(|error| unreadable(path, error))? };
            if row.record.len() == columns {
                Ok(row)
            } else {
                Err(row.error(format!("{columns} columns expected, {} found", row.record.len())))
            }
        })
    }
}

/// Rows that are read at a time: enough work for all processors, and no table is held as a whole.
const ROWS_AT_ONCE: usize = 1024;

/// Reads rows on all processors, each with its number from 0, and hands what comes of them to `take` in their order.
pub(super) fn read_rows<R: Send, T: Send>(
    rows: impl Iterator<Item = R>,
    read: impl Fn(usize, R) -> T + Sync,
    mut take: impl FnMut(T) -> Result<(), DataError>,
) -> Result<(), DataError> {
    let mut rows = rows.enumerate();
    loop {
        let some: Vec<(usize, R)> = rows.by_ref().take(ROWS_AT_ONCE).collect();
        if some.is_empty() {
            return Ok(());
        }
        let read: Vec<T> = some.into_par_iter().map(|(index, row)| read(index, row)).collect();
        read.into_iter().try_for_each(&mut take)?;
    }
}

fn unreadable(path: &Path, error: csv::Error) -> DataError {
    let line = error.position().map_or(0, csv::Position::line);
    match error.into_kind() {
        csv::ErrorKind::Io(source) => DataError::Read { path: path.to_owned(), source },
        csv::ErrorKind::Utf8 { .. } => {
            DataError::Row { path: path.to_owned(), line, problem: "the line is not UTF-8 text".to_owned() }
        }
        kind => DataError::Row { path: path.to_owned(), line, problem: format!("{kind:?}") },
    }
}
