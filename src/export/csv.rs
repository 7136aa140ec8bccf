//! Tidy CSV: UTF-8, comma, ISO dates, point decimals, empty for missing. Cells that would start a formula in a
//! spreadsheet are given a leading apostrophe.

use std::io::Write;

use std::borrow::Cow;

use super::table::{Cell, Column, Table};

/// Writes a table.
///
/// # Errors
/// When the stream refuses.
pub fn write_csv(table: &Table, out: impl Write) -> std::io::Result<()> {
    let mut rows = CsvRows::open(&table.columns, out)?;
    for row in &table.rows {
        rows.push(row)?;
    }
    rows.finish()
}

/// A table that is written row by row and never held whole: a country's days are millions.
pub struct CsvRows<W: Write>(csv::Writer<W>);

impl<W: Write> CsvRows<W> {
    /// Writes the names of the columns.
    ///
    /// # Errors
    /// When the stream refuses.
    pub fn open(columns: &[Column], out: W) -> std::io::Result<Self> {
        let mut writer = csv::Writer::from_writer(out);
        writer
            .write_record(columns.iter().map(|column| column.name.as_str()))
            .map_err(std::io::Error::other)?;
        Ok(Self(writer))
    }

    /// Writes a row.
    ///
    /// # Errors
    /// When the stream refuses.
    pub fn push(&mut self, row: &[Cell]) -> std::io::Result<()> {
        self.0.write_record(row.iter().map(text)).map_err(std::io::Error::other)
    }

    /// Writes what is still held back.
    ///
    /// # Errors
    /// When the stream refuses.
    pub fn finish(mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

fn text(cell: &Cell) -> CellBytes<'_> {
    CellBytes(match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Number(value) => Cow::Owned(value.to_string()),
        Cell::Whole(value) => Cow::Owned(value.to_string()),
        Cell::Text(text) => defused(text),
    })
}

/// A cell's text, borrowed where it can be.
struct CellBytes<'a>(Cow<'a, str>);

impl AsRef<[u8]> for CellBytes<'_> {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// A text cell that begins like a formula is opened by some spreadsheets as one.
pub(super) fn defused(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
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
