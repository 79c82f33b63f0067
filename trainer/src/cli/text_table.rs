//! A table for a terminal: columns as wide as their widest cell.

/// Prints `rows` under `heads`; the first column stands at the left, the others at the right.
pub(super) fn print<const COLUMNS: usize>(heads: [&str; COLUMNS], rows: impl Iterator<Item = [String; COLUMNS]>) {
    let lines: Vec<[String; COLUMNS]> = std::iter::once(heads.map(String::from)).chain(rows).collect();
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    for line in &lines {
        let mut text = format!("{:<1$}", line[0], width(0));
        for (column, cell) in line.iter().enumerate().skip(1) {
            text.push_str(&format!("  {cell:>0$}", width(column)));
        }
        println!("{}", text.trim_end());
    }
}
