//! Text with separated columns: any separator and quote, a line of names anywhere or none, line ends of any kind.

use std::borrow::Cow;

use super::{Cell, Record, Sink};
use crate::observation::RejectReason;
use crate::source::spec::{Encoding, PayloadFormat, SourceSpec};
use crate::text::Reason;

struct Line<'a>(&'a csv::StringRecord);

impl Record for Line<'_> {
    fn cell(&self, place: usize) -> Cell<'_> {
        self.0.get(place).map_or(Cell::Empty, Cell::of)
    }

    fn first_text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.0.iter().map(str::trim).find(|cell| !cell.is_empty()).unwrap_or_default())
    }
}

/// Reads CSV.
///
/// # Errors
/// When it is not text, or the sink refuses its columns.
pub(in crate::source) fn read_csv(
    bytes: &[u8],
    spec: &SourceSpec,
    sink: &mut dyn Sink,
) -> Result<(), Reason> {
    let text = decoded(bytes, spec.encoding)?;
    let text = with_line_feeds(text.strip_prefix('\u{feff}').unwrap_or(&text));
    let is_table = spec.format == PayloadFormat::Table;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(&text, spec))
        .quote(u8::try_from(spec.quote).unwrap_or(b'"'))
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut columns = None;
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                sink.broken(line, RejectReason::Unreadable, error.to_string());
                continue;
            }
        }
        let line = record.position().map_or(0, |at| line_of(text.as_bytes(), at));
        let Some(count) = columns else {
            if line < u64::from(spec.header_row) {
                continue;
            }
            columns = Some(record.len());
            if spec.header_row > 0 {
                let names: Vec<String> = record.iter().map(|name| name.trim().to_owned()).collect();
                sink.header(&names)?;
                continue;
            }
            sink.header(&vec![String::new(); record.len()])?;
            sink.record(line, &Line(&record));
            continue;
        };
        let is_blank = |from: usize| record.iter().skip(from).all(|cell| cell.trim().is_empty());
        if is_table && is_blank(0) {
            continue;
        }
        // A spreadsheet ends a row where its last cell is, and may have touched cells beyond the table.
        if record.len() == count || (is_table && (record.len() < count || is_blank(count))) {
            sink.record(line, &Line(&record));
        } else if !is_blank(0) {
            sink.broken(line, RejectReason::CellCount, format!("{} / {count}", record.len()));
        }
    }
    if columns.is_none() {
        return Err(Reason::new("empty"));
    }
    Ok(())
}

/// What separates columns: what the spec says, or of several that may the one that stands in the line of names most often,
/// the first of them where they stand there equally often.
fn delimiter(text: &str, spec: &SourceSpec) -> u8 {
    let byte = |mark: char| u8::try_from(mark).unwrap_or(b',');
    let nth = usize::try_from(spec.header_row.max(1)).unwrap_or(1) - 1;
    let names = text.lines().filter(|line| !line.trim().is_empty()).nth(nth).unwrap_or_default();
    let outside: String = names.split(spec.quote).step_by(2).collect();
    let count = |mark: &char| outside.matches(*mark).count();
    // The last of equals is found, so the first is looked at last.
    let found = spec.delimiters.iter().rev().max_by_key(|mark| count(mark));
    found.map_or_else(|| byte(spec.delimiter), |mark| byte(*mark))
}

/// The line a record starts on: empty lines before it are counted to it.
fn line_of(text: &[u8], at: &csv::Position) -> u64 {
    let start = usize::try_from(at.byte()).unwrap_or(usize::MAX);
    let blank = text.get(start..).unwrap_or_default().iter().take_while(|byte| b"\r\n".contains(byte));
    at.line()
        + (0..).zip(blank.filter(|byte| **byte == b'\n')).map(|(count, _)| count + 1).last().unwrap_or(0)
}

fn decoded(bytes: &[u8], encoding: Encoding) -> Result<Cow<'_, str>, Reason> {
    match encoding {
        Encoding::Utf8 => std::str::from_utf8(bytes)
            .map(Cow::Borrowed)
            .map_err(|error| Reason::new("not-utf8").count("byte", error.valid_up_to())),
        Encoding::Windows1252 => Ok(encoding_rs::WINDOWS_1252.decode(bytes).0),
        Encoding::Either => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Cow::Borrowed(text)),
            Err(_) => Ok(encoding_rs::WINDOWS_1252.decode(bytes).0),
        },
    }
}

/// Line ends of old computers become line feeds, so that lines are counted as a person counts them.
fn with_line_feeds(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let is_lone = |(index, byte): (usize, &u8)| *byte == b'\r' && bytes.get(index + 1) != Some(&b'\n');
    if !bytes.contains(&b'\r') || !bytes.iter().enumerate().any(is_lone) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}
