//! Tidy CSV: UTF-8, comma, ISO dates, point decimals, empty for missing. Cells that would start a formula in a
//! spreadsheet are given a leading apostrophe.

use std::io::Write;

use super::table::{Cell, Table};

/// Writes a table.
///
/// # Errors
/// When the stream refuses.
pub fn write_csv(table: &Table, out: impl Write) -> std::io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer
        .write_record(table.columns.iter().map(|column| column.name.as_str()))
        .map_err(std::io::Error::other)?;
    for row in &table.rows {
        writer.write_record(row.iter().map(text)).map_err(std::io::Error::other)?;
    }
    writer.flush()
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Number(value) => value.to_string(),
        Cell::Whole(value) => value.to_string(),
        Cell::Text(text) => defused(text),
    }
}

/// A text cell that begins like a formula is opened by some spreadsheets as one.
pub(super) fn defused(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_precision_and_formulas_are_defused() {
        let mut table = Table::new(&[("a", ""), ("b", ""), ("c", "")]);
        table.rows.push(vec![Cell::Number(175.731_255_621_195), Cell::Empty, "=1+1".into()]);
        let mut out = Vec::new();
        write_csv(&table, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "a,b,c\n175.731255621195,,'=1+1\n");
    }
}
