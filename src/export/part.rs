//! Text formats, in parts: a file of any length is made a thousand rows at a time, whether it goes into a file, to a terminal or
//! over the network, and its parts are the same each time.

use std::ops::Range;

use super::csv::{CsvRows, Dialect};
use super::json::Object;
use super::table::Rowset;

/// Rows of a part.
pub const ROWS: usize = 1000;

/// A format that is text, row by row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFormat {
    /// CSV.
    Csv(Dialect),
    /// An array of objects.
    Json,
    /// Objects, one a line.
    JsonLines,
}

/// How many parts a file has; at least one, which has its head.
#[must_use]
pub fn parts(rows: &dyn Rowset) -> usize {
    rows.count().div_ceil(ROWS).max(1)
}

/// A part of a file; the first has its head and the last its tail.
///
/// # Errors
/// What the format refuses.
pub fn part(rows: &dyn Rowset, format: TextFormat, nth: usize) -> std::io::Result<Vec<u8>> {
    let range = nth * ROWS..rows.count().min((nth + 1) * ROWS);
    match format {
        TextFormat::Csv(dialect) => csv(rows, dialect, range),
        TextFormat::JsonLines => json(rows, range, ("", "\n")),
        TextFormat::Json => {
            let mut out = if nth == 0 { b"[\n".to_vec() } else { b",\n".to_vec() };
            out.extend(json(rows, range, (",\n", ""))?);
            if nth + 1 == parts(rows) {
                out.extend(if rows.count() == 0 { b"]\n".as_slice() } else { b"\n]\n" });
            }
            Ok(out)
        }
    }
}

fn csv(rows: &dyn Rowset, dialect: Dialect, range: Range<usize>) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut written = match range.start {
        0 => CsvRows::open(rows.columns(), dialect, &mut out)?,
        _ => CsvRows::go_on(dialect, &mut out),
    };
    for nth in range {
        written.push(&rows.row(nth))?;
    }
    written.finish()?;
    Ok(out)
}

fn json(rows: &dyn Rowset, range: Range<usize>, (between, after): (&str, &str)) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let first = range.start;
    for nth in range {
        if nth > first {
            out.extend(between.as_bytes());
        }
        serde_json::to_writer(&mut out, &Object { columns: rows.columns(), row: &rows.row(nth) })
            .map_err(std::io::Error::other)?;
        out.extend(after.as_bytes());
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::{Cell, Column, Kind, Table};

    fn table(rows: usize) -> Table {
        let columns = vec![Column::of(Kind::Whole, "n", ""), Column::new("t", "")];
        let row = |n: usize| vec![Cell::Whole(i64::try_from(n).unwrap()), Cell::Text(format!("row, {n}"))];
        Table { columns, rows: (0..rows).map(row).collect() }
    }

    fn whole(table: &Table, format: TextFormat) -> String {
        let parts = (0..parts(table)).flat_map(|nth| part(table, format, nth).unwrap());
        String::from_utf8(parts.collect()).unwrap()
    }

    #[test]
    fn parts_make_up_the_whole_whatever_its_length() {
        for count in [0, 1, ROWS - 1, ROWS, ROWS + 1, 2 * ROWS, 2 * ROWS + 7] {
            let table = table(count);
            let csv = whole(&table, TextFormat::Csv(Dialect::Tidy));
            assert_eq!(csv.lines().count(), count + 1);
            assert!(csv.starts_with("n,t\n"));
            let json: serde_json::Value = serde_json::from_str(&whole(&table, TextFormat::Json)).unwrap();
            assert_eq!(json.as_array().unwrap().len(), count);
            let lines = whole(&table, TextFormat::JsonLines);
            assert_eq!(lines.lines().count(), count);
            for (nth, line) in lines.lines().enumerate() {
                let row: serde_json::Value = serde_json::from_str(line).unwrap();
                assert_eq!((row["n"].as_u64(), &row), (Some(nth as u64), &json[nth]));
            }
        }
    }
}
