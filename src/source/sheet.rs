//! A list that a person hands in, as a table of texts: separated columns or a workbook, whichever it is. What its columns mean
//! is for whoever asked for it.

use super::read::{Record, Sink, read_csv, read_xlsx};
use super::sniff::Looks;
use super::spec::SourceSpec;
use crate::observation::RejectReason;
use crate::text::Reason;
use crate::workforce::Sheet;

/// How lists are read: as spreadsheets save them.
const FORM: &str = "id = \"list\"\ntitle = \"list\"\nformat = \"table\"\n\
    delimiters = [\";\", \",\", \"\\t\"]\nencoding = \"utf-8-or-windows-1252\"\n";

/// Reads a list with a line of column names.
///
/// # Errors
/// Why it is none: another kind of file, no line of names, a line that cannot be read.
pub fn sheet_of(bytes: &[u8]) -> Result<Sheet, Reason> {
    let spec = SourceSpec::parse(FORM).map_err(|_| Reason::new("no-header"))?;
    let looks = Looks::of(bytes);
    if let Some(refusal) = looks.refusal(spec.format) {
        return Err(refusal);
    }
    let mut gathered = Gathered::default();
    match looks {
        Looks::Archive => read_xlsx(bytes, &spec, &mut gathered)?,
        _ => read_csv(bytes, &spec, &mut gathered)?,
    }
    match gathered.broken {
        Some((line, detail)) => {
            Err(Reason::new("line-unreadable").count("line", line).text("detail", detail))
        }
        None if gathered.names.is_empty() => Err(Reason::new("no-header")),
        None => Ok(Sheet::new(gathered.names, gathered.rows)),
    }
}

#[derive(Default)]
struct Gathered {
    names: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
    broken: Option<(u64, String)>,
}

impl Sink for Gathered {
    fn header(&mut self, names: &[String]) -> Result<(), Reason> {
        self.names = names.to_vec();
        Ok(())
    }

    fn record(&mut self, line: u64, record: &dyn Record) {
        let cells = (0..self.names.len()).map(|place| record.cell(place).text().into_owned());
        self.rows.push((line, cells.collect()));
    }

    fn broken(&mut self, line: u64, _reason: RejectReason, detail: String) {
        self.broken.get_or_insert((line, detail));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sheet: &Sheet, column: &str) -> Vec<String> {
        let place = sheet.column(&[column]);
        sheet.each(|row| Ok(row.text(place).to_owned())).rows
    }

    #[test]
    fn lists_are_read_as_spreadsheets_save_them() {
        let sheet = sheet_of("\u{feff}tanggal;unit\n2021-06-29;\"Dinas; Kesehatan\"\n".as_bytes()).unwrap();
        assert_eq!(texts(&sheet, "unit"), ["Dinas; Kesehatan"]);
        let workbook = {
            let mut book = rust_xlsxwriter_table();
            book.save_to_buffer().unwrap()
        };
        let sheet = sheet_of(&workbook).unwrap();
        assert_eq!(texts(&sheet, "wfo"), ["4"], "a number of a workbook is a whole number again");
        assert_eq!(texts(&sheet, "tanggal"), ["2021-06-29"]);
    }

    fn rust_xlsxwriter_table() -> rust_xlsxwriter::Workbook {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "Tanggal").unwrap().write(0, 1, "WFO").unwrap();
        let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2021, 6, 29).unwrap();
        let format = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
        sheet.write_with_format(1, 0, &day, &format).unwrap().write(1, 1, 4).unwrap();
        book
    }

    #[test]
    fn what_is_no_list_is_refused_with_its_reason() {
        for (bytes, code) in [(&b"<!DOCTYPE html><p>502"[..], "html"), (b"", "no-header")] {
            let reason = sheet_of(bytes).unwrap_err();
            assert!(!reason.to_string().is_empty(), "{code}: {reason}");
        }
        assert!(sheet_of(b"PK\x03\x04 broken").is_err());
    }
}
