//! CSV: tidy (UTF-8, comma, ISO dates, point decimals, empty for missing), or as a spreadsheet of the reader's language opens it.
//! Text that would start a formula in a spreadsheet is given a leading apostrophe, which the importer takes away again.

use std::borrow::Cow;
use std::io::Write;

use chrono_tz::Tz;

use super::table::{Cell, Column, Table};
use crate::text::{Locale, defused};

/// Marks text as UTF-8 for spreadsheets that would take it for something older.
pub(super) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// For whom a CSV is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// For programs, and for our own importer.
    Tidy,
    /// For a spreadsheet that is set to this language: a byte-order mark, its separator of lists, its decimal mark, moments by the
    /// city's clock to the second.
    Spreadsheet(Locale, Tz),
}

impl Dialect {
    fn delimiter(self) -> u8 {
        if self.has_decimal_comma() { b';' } else { b',' }
    }

    fn has_decimal_comma(self) -> bool {
        matches!(self, Self::Spreadsheet(Locale::Id, _))
    }

    fn writer<W: Write>(self, out: W) -> csv::Writer<W> {
        let ends = match self {
            Self::Tidy => csv::Terminator::Any(b'\n'),
            Self::Spreadsheet(..) => csv::Terminator::CRLF,
        };
        csv::WriterBuilder::new().delimiter(self.delimiter()).terminator(ends).from_writer(out)
    }

    fn text(self, cell: &Cell) -> CellBytes<'_> {
        CellBytes(match cell {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Number(value) if self.has_decimal_comma() => {
                Cow::Owned(value.to_string().replace('.', ","))
            }
            Cell::Number(value) => Cow::Owned(value.to_string()),
            Cell::Whole(value) => Cow::Owned(value.to_string()),
            Cell::Text(text) => defused(text),
            Cell::Date(date) => Cow::Owned(date.to_string()),
            Cell::Moment(moment) => Cow::Owned(match self {
                Self::Tidy => moment.to_string(),
                Self::Spreadsheet(_, zone) => {
                    moment.moment().with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string()
                }
            }),
        })
    }
}

/// Writes a table.
///
/// # Errors
/// When the stream refuses.
pub fn write_csv(table: &Table, out: impl Write) -> std::io::Result<()> {
    let mut rows = CsvRows::open(&table.columns, Dialect::Tidy, out)?;
    for row in &table.rows {
        rows.push(row)?;
    }
    rows.finish()
}

/// A table that is written row by row and never held whole: a country's days are millions.
pub struct CsvRows<W: Write>(csv::Writer<W>, Dialect);

impl<W: Write> CsvRows<W> {
    /// Writes the names of the columns.
    ///
    /// # Errors
    /// When the stream refuses.
    pub fn open(columns: &[Column], dialect: Dialect, mut out: W) -> std::io::Result<Self> {
        if dialect != Dialect::Tidy {
            out.write_all(BYTE_ORDER_MARK.as_bytes())?;
        }
        let mut rows = Self::go_on(dialect, out);
        rows.0
            .write_record(columns.iter().map(|column| column.name.as_str()))
            .map_err(std::io::Error::other)?;
        Ok(rows)
    }

    /// Goes on with a table whose head is written.
    pub fn go_on(dialect: Dialect, out: W) -> Self {
        Self(dialect.writer(out), dialect)
    }

    /// Writes a row.
    ///
    /// # Errors
    /// When the stream refuses.
    pub fn push(&mut self, row: &[Cell]) -> std::io::Result<()> {
        self.0.write_record(row.iter().map(|cell| self.1.text(cell))).map_err(std::io::Error::other)
    }

    /// Writes what is still held back.
    ///
    /// # Errors
    /// When the stream refuses.
    pub fn finish(mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

/// A cell's text, borrowed where it can be.
struct CellBytes<'a>(Cow<'a, str>);

impl AsRef<[u8]> for CellBytes<'_> {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::Vintage;

    fn written(dialect: Dialect, row: &[Cell]) -> String {
        let columns = ["a", "b", "c"].map(|name| Column::new(name, ""));
        let mut out = Vec::new();
        let mut rows = CsvRows::open(&columns, dialect, &mut out).unwrap();
        rows.push(row).unwrap();
        rows.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_keep_their_precision_and_formulas_are_defused() {
        let row = [Cell::Number(-175.731_255_621_195), Cell::Empty, "=1+1".into()];
        assert_eq!(written(Dialect::Tidy, &row), "a,b,c\n-175.731255621195,,'=1+1\n");
    }

    #[test]
    fn a_spreadsheet_finds_the_marks_of_its_language() {
        let moment = Vintage::parse_as_of("2021-06-28T12:00:00+07:00", chrono_tz::Asia::Jakarta).unwrap();
        let row = [Cell::Number(-1.5), Cell::Moment(moment), "a;b,c".into()];
        let id = Dialect::Spreadsheet(Locale::Id, chrono_tz::Asia::Jakarta);
        assert_eq!(written(id, &row), "\u{feff}a;b;c\r\n-1,5;2021-06-28 12:00:00;\"a;b,c\"\r\n");
        let en = Dialect::Spreadsheet(Locale::En, chrono_tz::Asia::Jakarta);
        assert_eq!(written(en, &row), "\u{feff}a,b,c\r\n-1.5,2021-06-28 12:00:00,\"a;b,c\"\r\n");
    }
}
