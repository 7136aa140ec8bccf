//! Workbooks. Values are read, formulas and macros are not; nothing is fetched that a workbook refers to.
//!
//! Cells are taken one after the other as the file has them, never as a rectangle: two cells far apart would make one of
//! billions.

use std::borrow::Cow;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};
use chrono::{NaiveDate, NaiveDateTime};
use regex::Regex;

use super::unpack::check_unpacked;
use super::{Cell, Record, Sink};
use crate::source::spec::SourceSpec;
use crate::text::Reason;

/// Names of columns are looked for so far to the right.
const MOST_COLUMNS: usize = 16_384;

/// The cells of a row that are not empty, with their columns, in order.
#[derive(Debug, Default)]
struct Row(Vec<(usize, Held)>);

#[derive(Debug, Clone, PartialEq)]
enum Held {
    Text(String),
    Number(f64),
    Day(NaiveDateTime),
    Other(&'static str),
}

impl Held {
    fn cell(&self) -> Cell<'_> {
        match self {
            Self::Text(text) => Cell::of(text),
            Self::Number(number) => Cell::Number(*number),
            Self::Day(at) => Cell::Day(*at),
            Self::Other(what) => Cell::Other(what),
        }
    }
}

impl Row {
    fn put(&mut self, place: usize, held: Held) {
        match self.0.binary_search_by_key(&place, |(place, _)| *place) {
            Ok(at) => self.0[at].1 = held,
            Err(at) => self.0.insert(at, (place, held)),
        }
    }

    /// Its cells as names, as far as there are any.
    fn names(&self) -> Vec<String> {
        let width = self.0.last().map_or(0, |(place, _)| place + 1);
        (0..width).map(|place| self.cell(place).text().into_owned()).collect()
    }
}

impl Record for Row {
    fn cell(&self, place: usize) -> Cell<'_> {
        let at = self.0.binary_search_by_key(&place, |(place, _)| *place);
        at.map_or(Cell::Empty, |at| self.0[at].1.cell())
    }

    fn first_text(&self) -> Cow<'_, str> {
        self.0.first().map_or(Cow::Borrowed(""), |(_, held)| held.cell().text())
    }
}

/// Reads a workbook.
///
/// # Errors
/// When it is none, is too much, lacks the sheet, or the sink refuses its columns.
pub(in crate::source) fn read_xlsx(
    bytes: &[u8],
    spec: &SourceSpec,
    sink: &mut dyn Sink,
) -> Result<(), Reason> {
    check_unpacked(bytes)?;
    // The crate is made for files of spreadsheet programs; whatever else makes it stumble ends here.
    catch_unwind(AssertUnwindSafe(|| rows(bytes, spec, sink)))
        .unwrap_or_else(|_| Err(Reason::new("workbook-broken")))
}

fn rows(bytes: &[u8], spec: &SourceSpec, sink: &mut dyn Sink) -> Result<(), Reason> {
    let broken = |error: calamine::XlsxError| Reason::new("workbook-unreadable").text("detail", error);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let sheet = sheet(&book.sheet_names(), spec)?;
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(broken)?;
    let mut table = Table { header_row: u64::from(spec.header_row), has_header: false, sink };
    let (mut line, mut row) = (0, Row::default());
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (at, place) = cell.get_position();
        let (at, place) = (u64::from(at) + 1, usize::try_from(place).unwrap_or(usize::MAX));
        let Some(held) = held(cell.get_value()) else { continue };
        if place >= MOST_COLUMNS {
            return Err(Reason::new("too-many-columns").count("row", at).count("most", MOST_COLUMNS));
        }
        if at < line {
            return Err(Reason::new("rows-unordered").count("row", at).count("before", line));
        }
        if at > line {
            table.row(line, &std::mem::take(&mut row))?;
            line = at;
        }
        row.put(place, held);
    }
    table.row(line, &row)?;
    if table.has_header { Ok(()) } else { Err(Reason::new("no-header")) }
}

struct Table<'a> {
    header_row: u64,
    has_header: bool,
    sink: &'a mut dyn Sink,
}

impl Table<'_> {
    /// Takes a row: one above the names is left out, one of blanks too.
    fn row(&mut self, line: u64, row: &Row) -> Result<(), Reason> {
        if row.0.is_empty() || line < self.header_row {
            return Ok(());
        }
        if self.has_header {
            self.sink.record(line, row);
            return Ok(());
        }
        self.has_header = true;
        if self.header_row == 0 {
            self.sink.header(&vec![String::new(); row.names().len()])?;
            self.sink.record(line, row);
            return Ok(());
        }
        if line > self.header_row {
            return Err(Reason::new("header-empty").count("row", self.header_row));
        }
        self.sink.header(&row.names())
    }
}

fn sheet(names: &[String], spec: &SourceSpec) -> Result<String, Reason> {
    if let Some(pattern) = &spec.sheet_pattern {
        let missing =
            || Reason::new("no-sheet-like").text("pattern", pattern).text("found", names.join(", "));
        // A pattern that is none is refused with the spec.
        let found = Regex::new(pattern).ok().and_then(|known| names.iter().find(|name| known.is_match(name)));
        return found.cloned().ok_or_else(missing);
    }
    match &spec.sheet {
        Some(name) if names.contains(name) => Ok(name.clone()),
        Some(name) => Err(Reason::new("no-sheet").text("name", name).text("found", names.join(", "))),
        None => names.first().cloned().ok_or_else(|| Reason::new("no-sheet-at-all")),
    }
}

fn held(data: &DataRef<'_>) -> Option<Held> {
    let text = |text: &str| (!text.trim().is_empty()).then(|| Held::Text(text.to_owned()));
    match data {
        DataRef::Empty => None,
        DataRef::String(said) => text(said),
        DataRef::SharedString(said) => text(said),
        DataRef::Int(number) => Some(number.to_string().parse().map_or(Held::Other("∞"), Held::Number)),
        DataRef::Float(number) => Some(Held::Number(*number)),
        DataRef::Bool(true) => Some(Held::Other("TRUE")),
        DataRef::Bool(false) => Some(Held::Other("FALSE")),
        DataRef::DateTime(moment) => Some(day(*moment)),
        DataRef::DateTimeIso(said) => match said.parse().or_else(|_| midnight(said)) {
            Ok(at) => Some(Held::Day(at)),
            Err(_) => text(said),
        },
        DataRef::DurationIso(said) => text(said),
        DataRef::Error(_) => Some(Held::Other("#ERR")),
    }
}

fn day(moment: ExcelDateTime) -> Held {
    if moment.is_duration() {
        return Held::Number(moment.as_f64());
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let date = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into());
    let at =
        date.and_then(|date| date.and_hms_milli_opt(hour.into(), minute.into(), second.into(), milli.into()));
    at.map_or(Held::Other("#DATE"), Held::Day)
}

/// The day that a moment begins with which is not written in full, or bears an offset.
fn midnight(said: &str) -> Result<NaiveDateTime, chrono::ParseError> {
    said.get(..10).unwrap_or(said).parse::<NaiveDate>().map(NaiveDateTime::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::RejectReason;
    use rust_xlsxwriter::{Format, Formula, Workbook};

    /// What a sink was given, as text.
    #[derive(Default)]
    struct Seen(Vec<String>);

    impl Sink for Seen {
        fn header(&mut self, names: &[String]) -> Result<(), Reason> {
            self.0.push(names.join("|"));
            Ok(())
        }

        fn record(&mut self, line: u64, record: &dyn Record) {
            let cells: Vec<String> = (0..4).map(|place| record.cell(place).text().into_owned()).collect();
            self.0.push(format!("{line}: {}", cells.join("|")));
        }

        fn broken(&mut self, line: u64, _: RejectReason, detail: String) {
            self.0.push(format!("{line}: broken {detail}"));
        }
    }

    fn read(bytes: &[u8], said: &str) -> Result<Vec<String>, String> {
        let spec =
            SourceSpec::parse(&format!("id = \"t\"\ntitle = \"t\"\nformat = \"xlsx\"\n{said}")).unwrap();
        let mut seen = Seen::default();
        read_xlsx(bytes, &spec, &mut seen).map(|()| seen.0).map_err(|reason| reason.to_string())
    }

    fn book() -> Vec<u8> {
        let mut book = Workbook::new();
        book.add_worksheet().set_name("Catatan").unwrap().write(0, 0, "tidak ada angka").unwrap();
        let sheet = book.add_worksheet().set_name("Juni 2021").unwrap();
        sheet.write(0, 0, "Laporan").unwrap();
        for (column, name) in (0..).zip(["Tanggal", "Kasus", "Kasus"]) {
            sheet.write(2, column, name).unwrap();
        }
        let day = Format::new().set_num_format("dd/mm/yyyy");
        sheet.write_number_with_format(3, 0, 44_375.5, &day).unwrap();
        sheet.write(3, 1, 447).unwrap();
        sheet.write(3, 2, " 1.833 ").unwrap();
        sheet.write(5, 1, true).unwrap();
        sheet.write_formula(5, 2, Formula::new("=1+1").set_result("2")).unwrap();
        book.save_to_buffer().unwrap()
    }

    #[test]
    fn a_sheet_is_read_by_its_name_or_a_pattern() {
        let rows = ["Tanggal|Kasus|Kasus", "4: 2021-06-28 12:00:00|447|1.833|", "6: |TRUE|2|"];
        assert_eq!(read(&book(), "header_row = 3\nsheet = \"Juni 2021\"").unwrap(), rows);
        assert_eq!(read(&book(), "header_row = 3\nsheet_pattern = \"20[0-9]+$\"").unwrap(), rows);
        assert_eq!(read(&book(), "").unwrap(), ["tidak ada angka"]);
        assert_eq!(read(&book(), "header_row = 0").unwrap(), ["", "1: tidak ada angka|||"]);
    }

    #[test]
    fn what_is_not_there_is_told() {
        let missing = read(&book(), "sheet = \"Juli\"").unwrap_err();
        assert_eq!(missing, "it has no sheet Juli; it has Catatan, Juni 2021");
        assert!(read(&book(), "sheet_pattern = \"^X\"").unwrap_err().contains("no sheet like ^X"));
        assert!(
            read(&book(), "sheet = \"Juni 2021\"\nheader_row = 2")
                .unwrap_err()
                .contains("row 2 has no column")
        );
        assert!(read(&book(), "header_row = 9").unwrap_err().contains("no row of column names"));
        assert!(read(b"PK\x03\x04", "").unwrap_err().contains("no workbook"));
    }

    #[test]
    fn two_cells_far_apart_are_two_cells() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "a").unwrap();
        sheet.write(1_048_575, 16_383, 5).unwrap();
        assert_eq!(read(&book.save_to_buffer().unwrap(), "").unwrap(), ["a", "1048576: |||"]);
    }

    #[test]
    fn a_workbook_cut_or_changed_anywhere_is_refused_or_read_but_never_more() {
        let whole = book();
        for at in (0..whole.len()).step_by(97) {
            let _ = read(&whole[..at], "");
            let mut changed = whole.clone();
            changed[at] ^= 0x55;
            let _ = read(&changed, "header_row = 3\nsheet = \"Juni 2021\"");
        }
    }
}
