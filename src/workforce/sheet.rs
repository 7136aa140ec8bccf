//! A table somebody hands in: columns by any of their names, cells as text, every fault with its line and column.

use std::fmt;

use chrono::NaiveDate;

use crate::epi::parse_indonesian_date;

/// A table as it was read: a line of names, then rows with their lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    names: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
}

/// Why a row is refused, as data; `text` makes the sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowReason {
    /// The table has no such column.
    NoColumn,
    /// The cell is empty and must not be.
    Empty,
    /// Not a day.
    NotADay,
    /// Not a whole number of people.
    NotACount,
    /// No unit, or more than one, goes by this name.
    UnknownUnit,
    /// Not N, E or K.
    UnknownCategory,
    /// Not a class of positions.
    UnknownPosition,
    /// Not a way to work on a day.
    UnknownMode,
    /// Not yes or no.
    NotYesNo,
    /// Nobody is known by this id.
    UnknownOfficer,
    /// The same is on an earlier line.
    Twice,
    /// It ends before it begins.
    EndBeforeStart,
    /// The parts are not the whole.
    DoesNotAddUp,
    /// More reports came than were expected.
    MoreThanExpected,
    /// The row counts nothing.
    NothingCounted,
    /// A telephone number is digits, blanks and + only.
    NotAPhone,
    /// The day lies ahead.
    InFuture,
    /// Longer than what is kept.
    TooLong,
}

impl RowReason {
    /// The code; its sentence is `row-` and the code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoColumn => "no-column",
            Self::Empty => "empty",
            Self::NotADay => "not-a-day",
            Self::NotACount => "not-a-count",
            Self::UnknownUnit => "unknown-unit",
            Self::UnknownCategory => "unknown-category",
            Self::UnknownPosition => "unknown-position",
            Self::UnknownMode => "unknown-mode",
            Self::NotYesNo => "not-yes-no",
            Self::UnknownOfficer => "unknown-officer",
            Self::Twice => "twice",
            Self::EndBeforeStart => "end-before-start",
            Self::DoesNotAddUp => "does-not-add-up",
            Self::MoreThanExpected => "more-than-expected",
            Self::NothingCounted => "nothing-counted",
            Self::NotAPhone => "not-a-phone",
            Self::InFuture => "in-future",
            Self::TooLong => "too-long",
        }
    }
}

/// A row that is refused: where, why, and what stood there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// Line of the file, counted from 1; 1 for what is wrong with the table itself.
    pub line: u64,
    /// The column.
    pub column: String,
    /// Why.
    pub reason: RowReason,
    /// What stood there, shortened.
    pub found: String,
}

/// Letters of a cell that a refusal repeats.
const TOLD: usize = 80;
/// Letters of a cell that is kept.
const LONGEST: usize = 300;

impl RowFault {
    /// A fault of a cell.
    #[must_use]
    pub fn new(line: u64, column: &str, reason: RowReason, found: impl fmt::Display) -> Self {
        let found = found.to_string().chars().take(TOLD).collect();
        Self { line, column: column.to_owned(), reason, found }
    }
}

/// What was taken from a table: rows and refusals together are all that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported<T> {
    /// What was read.
    pub rows: Vec<T>,
    /// What was refused, in the order of lines.
    pub faults: Vec<RowFault>,
}

impl Sheet {
    /// A table of these names and rows.
    #[must_use]
    pub fn new(names: Vec<String>, rows: Vec<(u64, Vec<String>)>) -> Self {
        Self { names, rows }
    }

    /// Rows that are not blank.
    #[must_use]
    pub fn len(&self) -> usize {
        self.filled().count()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.filled().next().is_none()
    }

    fn filled(&self) -> impl Iterator<Item = &(u64, Vec<String>)> {
        self.rows.iter().filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()))
    }

    /// The place of a column, by any of its names; the first name is ours.
    #[must_use]
    pub fn column(&self, names: &[&str]) -> Option<usize> {
        let plain = |text: &str| text.trim().to_lowercase().replace([' ', '-', '.'], "_");
        names.iter().find_map(|name| self.names.iter().position(|known| plain(known) == *name))
    }

    /// The same, and a fault of the whole table where there is none.
    ///
    /// # Errors
    /// [`RowReason::NoColumn`] on line 1, with the names there are.
    pub fn needed(&self, names: &[&str]) -> Result<usize, RowFault> {
        let own = names.first().copied().unwrap_or_default();
        self.column(names).ok_or_else(|| RowFault::new(1, own, RowReason::NoColumn, self.names.join(", ")))
    }

    /// Reads each row; those that cannot be are refused one by one. Rows of blanks are none.
    pub fn each<T>(&self, mut read: impl FnMut(&Row<'_>) -> Result<T, RowFault>) -> Imported<T> {
        let mut imported = Imported { rows: Vec::new(), faults: Vec::new() };
        for (line, cells) in self.filled() {
            match read(&Row { sheet: self, line: *line, cells }) {
                Ok(row) => imported.rows.push(row),
                Err(fault) => imported.faults.push(fault),
            }
        }
        imported
    }
}

/// A row of a table.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    sheet: &'a Sheet,
    /// Its line.
    pub line: u64,
    cells: &'a [String],
}

impl Row<'_> {
    /// A cell without blanks around it; empty where there is none.
    #[must_use]
    pub fn text(&self, place: Option<usize>) -> &str {
        place.and_then(|place| self.cells.get(place)).map_or("", |cell| cell.trim())
    }

    /// A refusal of a cell.
    #[must_use]
    pub fn fault(&self, place: Option<usize>, reason: RowReason) -> RowFault {
        let name = place.and_then(|place| self.sheet.names.get(place)).map_or("", String::as_str);
        RowFault::new(self.line, name, reason, self.text(place))
    }

    /// A cell that must say something, and not too much.
    ///
    /// # Errors
    /// [`RowReason::Empty`], [`RowReason::TooLong`].
    pub fn said(&self, place: Option<usize>) -> Result<String, RowFault> {
        let text = self.short(place)?;
        if text.is_empty() { Err(self.fault(place, RowReason::Empty)) } else { Ok(text) }
    }

    /// A cell that may say something, but not too much.
    ///
    /// # Errors
    /// [`RowReason::TooLong`].
    pub fn short(&self, place: Option<usize>) -> Result<String, RowFault> {
        let text = self.text(place);
        match text.chars().nth(LONGEST) {
            Some(_) => Err(self.fault(place, RowReason::TooLong)),
            None => Ok(text.split_whitespace().collect::<Vec<_>>().join(" ")),
        }
    }

    /// A day, as ISO writes it or as an office does; with its weekday, if it names one, checked.
    ///
    /// # Errors
    /// [`RowReason::Empty`], [`RowReason::NotADay`].
    pub fn day(&self, place: Option<usize>) -> Result<NaiveDate, RowFault> {
        let text = self.text(place);
        if text.is_empty() {
            return Err(self.fault(place, RowReason::Empty));
        }
        let read = text.parse().ok().or_else(|| parse_indonesian_date(text).ok());
        read.ok_or_else(|| self.fault(place, RowReason::NotADay))
    }

    /// A number of people; `None` for an empty cell, which is not zero.
    ///
    /// # Errors
    /// [`RowReason::NotACount`]: below zero, with a fraction, with marks between its digits, beyond a million.
    pub fn count(&self, place: Option<usize>) -> Result<Option<u32>, RowFault> {
        match self.text(place) {
            "" => Ok(None),
            text => {
                let count = text.parse::<u32>().ok().filter(|count| *count <= 1_000_000);
                count.map(Some).ok_or_else(|| self.fault(place, RowReason::NotACount))
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A table of lines with commas.
    pub(in crate::workforce) fn sheet(text: &str) -> Sheet {
        let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
        let names = lines.next().unwrap_or_default();
        Sheet::new(names, lines.enumerate().map(|(at, cells)| (at as u64 + 2, cells)).collect())
    }

    #[test]
    fn columns_are_found_by_any_of_their_names_and_cells_are_checked() {
        let sheet =
            sheet("Tanggal,Jumlah Pegawai\n\"2021-06-28\",4\nSenin 28 Juni 2021,\n2021-06-28,1.5\n,1\n , ");
        let day = sheet.column(&["date", "tanggal"]);
        let count = sheet.column(&["count", "jumlah_pegawai"]);
        assert!(day.is_some() && count.is_some() && sheet.column(&["unit"]).is_none());
        let read = sheet.each(|row| Ok((row.day(day)?, row.count(count)?)));
        assert_eq!(read.rows, [("2021-06-28".parse().unwrap(), None)], "an empty cell is not zero");
        let refused: Vec<_> = read.faults.iter().map(|fault| (fault.line, fault.reason.code())).collect();
        assert_eq!(refused, [(2, "not-a-day"), (4, "not-a-count"), (5, "empty")], "a blank line is none");
        let fault = sheet.needed(&["unit", "opd"]).unwrap_err();
        assert_eq!((fault.line, fault.reason, fault.column.as_str()), (1, RowReason::NoColumn, "unit"));
        assert_eq!(fault.found, "Tanggal, Jumlah Pegawai");
    }

    #[test]
    fn long_cells_are_refused_and_blanks_joined() {
        let long = "x".repeat(LONGEST + 1);
        let sheet = sheet(&format!("name\n  a   b \n{long}"));
        let read = sheet.each(|row| row.said(Some(0)));
        assert_eq!(read.rows, ["a b"]);
        assert_eq!(read.faults[0].reason, RowReason::TooLong);
        assert!(read.faults[0].found.len() <= TOLD);
    }
}
