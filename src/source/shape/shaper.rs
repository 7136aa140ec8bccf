//! Records in, figures and refusals out.
//!
//! Every cell with a figure becomes a figure or a refusal with line, column and reason; rows that the spec leaves out are
//! counted. Nothing is dropped silently.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use regex::Regex;

use super::cache::Cache;
use super::date::{Day, NoDay, day, is_by_numbers, is_month_first, month_number, month_of, of_text, vintage};
use super::figure::{Reading, is_missing};
use super::place::{NoPlace, Places};
use super::plan::{Parts, Plan, ValueColumn, shifted};
use super::swapped::{Watch, exchanged as exchanged_day};
use crate::epi::{LocationId, Status, Vintage};
use crate::observation::{Figure, Measure, RejectReason, Rejection, SeriesKey, WITHHELD};
use crate::source::parse::{Parsed, Received};
use crate::source::read::{Cell, Record, Sink};
use crate::source::spec::{DateFormat, LookedUpBy, SourceSpec, plain_name};
use crate::text::{Reason, undefused};

/// Column, reason, detail.
type Fault = (String, RejectReason, String);

/// Where, of which unit, by whom: the numbers of the texts in their caches.
type Whose = (usize, Option<usize>, usize);

/// What a row says besides its figures.
#[derive(Debug, Clone, Copy)]
struct Row {
    line: u64,
    day: Option<Day>,
    whose: Whose,
    as_of: Vintage,
    status: Status,
    note: u32,
    address: u32,
}

/// A text as it was before a file for spreadsheets was made of it.
fn written(cell: Cell<'_>) -> Cell<'_> {
    match cell {
        Cell::Text(text) => Cell::Text(undefused(text)),
        cell => cell,
    }
}

/// Makes figures of records.
#[derive(Debug)]
pub(in crate::source) struct Shaper<'a> {
    spec: &'a SourceSpec,
    received: &'a Received<'a>,
    places: Places<'a>,
    plan: Plan,
    /// The day of every row, where no column says it.
    fixed: Option<NaiveDate>,
    parsed: Parsed,
    dates: Cache<Result<Day, NoDay>>,
    locations: Cache<Result<LocationId, NoPlace>>,
    vintages: Cache<Option<Vintage>>,
    measures: Cache<Option<Reading>>,
    units: Cache<Option<String>>,
    sources: Cache<Option<String>>,
    /// The numbers that series have in the table of figures.
    series: HashMap<(Whose, Measure), u32>,
    watch: Watch,
    numbered: Numbered,
}

/// Days that are written by numbers only, where the file may be of a spreadsheet that puts the month first.
#[derive(Debug, Default)]
struct Numbered {
    lines: BTreeSet<u64>,
    /// Whether one of them can only be a day if the month comes first.
    is_month_first: bool,
}

impl<'a> Shaper<'a> {
    /// # Errors
    /// When the day should stand in the payload's name and does not.
    pub(in crate::source) fn new(spec: &'a SourceSpec, received: &'a Received<'a>) -> Result<Self, Reason> {
        Ok(Self {
            spec,
            received,
            places: Places::new(spec, received.locations),
            plan: Plan::default(),
            fixed: fixed_day(spec, received)?,
            parsed: Parsed::default(),
            dates: Cache::default(),
            locations: Cache::default(),
            vintages: Cache::default(),
            measures: Cache::default(),
            units: Cache::default(),
            sources: Cache::default(),
            series: HashMap::new(),
            watch: Watch::default(),
            numbered: Numbered::default(),
        })
    }

    /// What the records came to.
    pub(in crate::source) fn parsed(self) -> Parsed {
        let Self { mut parsed, watch, plan, spec, numbered, .. } = self;
        let mut swapped = watch.swapped(&numbered.lines);
        if numbered.is_month_first {
            // One day that can only be month-first gives the others away.
            let rows = parsed.rows.rows().iter().map(|figure| (u64::from(figure.row), figure.date));
            let days = rows.filter(|(row, _)| numbered.lines.contains(row));
            let other = |(row, date)| Some((row, exchanged_day(date).filter(|other| *other != date)?));
            swapped.extend(days.filter_map(other));
        }
        if !swapped.is_empty() {
            let column = &spec.columns.date;
            let rejected = &mut parsed.rejected;
            parsed.rows.retain(|figure| {
                let row = u64::from(figure.row);
                let Some(meant) = swapped.get(&row) else { return true };
                rejected.push(Rejection {
                    row,
                    column: column.clone(),
                    reason: RejectReason::DayMonthSwapped,
                    detail: format!("{} ↔ {meant}", figure.date),
                });
                false
            });
        }
        parsed.rejected.sort_by_key(|rejection| rejection.row);
        parsed.columns = plan.shape;
        parsed
    }

    fn refuse(&mut self, row: u64, (column, reason, detail): Fault) {
        self.parsed.rejected.push(Rejection { row, column, reason, detail });
    }

    fn is_left_out(&self, record: &dyn Record) -> bool {
        let is_in = |(place, values): &(usize, BTreeSet<String>)| {
            values.contains(record.cell(*place).text().as_ref())
        };
        !self.plan.keep.iter().all(is_in)
            || self.plan.skip.iter().any(is_in)
            || (!self.spec.skip_rows_like.is_empty() && self.is_like(record))
    }

    fn is_withheld(&self, record: &dyn Record) -> bool {
        self.plan.note.is_some_and(|place| record.cell(place).text().starts_with(WITHHELD))
    }

    fn is_like(&self, record: &dyn Record) -> bool {
        let first = record.first_text().to_uppercase();
        self.spec.skip_rows_like.iter().any(|word| first.trim().starts_with(&word.trim().to_uppercase()))
    }

    fn row(&mut self, line: u64, record: &dyn Record) -> Result<Row, Fault> {
        let cell = |place: Option<usize>| place.map_or(Cell::Empty, |place| record.cell(place));
        let columns = &self.spec.columns;
        self.note_numbered(line, cell(self.plan.date));
        let day = self.day(record)?;
        let day = match (day, cell(self.plan.date_from)) {
            (Some(day), from) if from != Cell::Empty => Some(self.since(from, day.date)?),
            (day, _) => day,
        };
        let text = |place: Option<usize>| written(cell(place));
        let location = match text(self.plan.location) {
            Cell::Empty => text(self.plan.location_else),
            cell => cell,
        };
        let places = &self.places;
        let (place, location) = self.locations.of(&location.text(), |text| places.of(text));
        if let Err((reason, detail)) = location {
            return Err((columns.location.clone(), *reason, detail.clone()));
        }
        if let (Some(day), Some(_)) = (day, self.plan.date) {
            // Unshifted: it is the written date that may be exchanged.
            let written = shifted(day.date, -self.spec.date_shift_days);
            self.watch.row(place, line, written);
        }
        let unreadable = |column: &str, cell: Cell<'_>| {
            (column.to_owned(), RejectReason::Unreadable, cell.text().into_owned())
        };
        let as_of = match cell(self.plan.as_of) {
            Cell::Empty => self.received.at,
            Cell::Text(known) => {
                let zone = self.received.zone;
                let read = *self.vintages.of(known, |known| vintage(Cell::Text(known), zone)).1;
                read.ok_or_else(|| unreadable(&columns.as_of, Cell::Text(known)))?
            }
            known => vintage(known, self.received.zone).ok_or_else(|| unreadable(&columns.as_of, known))?,
        };
        let status = match cell(self.plan.status) {
            Cell::Empty => self.spec.status,
            word => Status::parse(&word.text()).ok_or_else(|| unreadable(&columns.status, word))?,
        };
        let source = self.source(text(self.plan.source))?;
        let unit = self.unit(text(self.plan.unit))?;
        let note = self.parsed.rows.text_number(&text(self.plan.note).text());
        let address = self.parsed.rows.text_number(&text(self.plan.address).text());
        Ok(Row { line, day, whose: (place, unit, source), as_of, status, note, address })
    }

    fn note_numbered(&mut self, line: u64, cell: Cell<'_>) {
        let Cell::Text(text) = cell else { return };
        if self.spec.dates == DateFormat::Spreadsheet && is_by_numbers(text) {
            self.numbered.lines.insert(line);
            self.numbered.is_month_first |= is_month_first(text);
        }
    }

    fn day(&mut self, record: &dyn Record) -> Result<Option<Day>, Fault> {
        if let Some(date) = self.fixed {
            return Ok(Some(date.into()));
        }
        if let Some(parts) = self.plan.parts {
            return self.of_parts(record, parts).map(Some);
        }
        let Some(place) = self.plan.date else { return Ok(None) };
        self.written(record.cell(place), &self.spec.columns.date).map(Some)
    }

    /// The day a cell says.
    fn written(&mut self, cell: Cell<'_>, column: &str) -> Result<Day, Fault> {
        let (format, zone) = (self.spec.dates, self.received.zone);
        let read = match cell {
            Cell::Text(text) => self.dates.of(text, |text| of_text(text, format, zone)).1.clone(),
            cell => day(cell, format, zone),
        };
        read.map(|day| Day { date: shifted(day.date, self.spec.date_shift_days), ..day })
            .map_err(|(reason, detail)| (column.to_owned(), reason, detail))
    }

    fn of_parts(&self, record: &dyn Record, parts: Parts) -> Result<Day, Fault> {
        let text = |place: usize| record.cell(place).text().into_owned();
        let number = |place: usize| text(place).parse::<u32>().ok();
        let read = || -> Option<Day> {
            let year = text(parts.year).parse().ok()?;
            let month = month_number(&text(parts.month))?;
            let whole = month_of(year, month)?;
            match parts.day {
                None => Some(whole),
                Some(place) => NaiveDate::from_ymd_opt(year, month, number(place)?).map(Day::from),
            }
        };
        read().map(|day| Day { date: shifted(day.date, self.spec.date_shift_days), ..day }).ok_or_else(|| {
            let day = parts.day.map(text).unwrap_or_default();
            let said = format!("{} {} {day}", text(parts.year), text(parts.month));
            (self.spec.columns.date.clone(), RejectReason::NotADay, said.trim().to_owned())
        })
    }

    /// A figure for several days, the first of which a cell says.
    fn since(&mut self, from: Cell<'_>, to: NaiveDate) -> Result<Day, Fault> {
        let column = self.spec.columns.date_from.clone();
        let from = self.written(from, &column)?.date;
        u32::try_from((to - from).num_days() + 1)
            .ok()
            .filter(|days| (1..=366).contains(days))
            .map(|days| Day { date: to, days })
            .ok_or_else(|| (column, RejectReason::Unreadable, format!("{from} … {to}")))
    }

    /// The number of the source that a cell names.
    fn source(&mut self, cell: Cell<'_>) -> Result<usize, Fault> {
        let (spec, text) = (self.spec, cell.text());
        let (number, source) = self.sources.of(&text, |text| {
            if text.is_empty() || text == spec.id.as_str() {
                return Some(spec.series().to_owned());
            }
            (spec.sources.is_empty() || spec.sources.contains(text)).then(|| text.to_owned())
        });
        match source {
            Some(_) => Ok(number),
            None => Err((spec.columns.source.clone(), RejectReason::Unreadable, text.into_owned())),
        }
    }

    /// The number of the unit that a cell names.
    fn unit(&mut self, cell: Cell<'_>) -> Result<Option<usize>, Fault> {
        if cell == Cell::Empty {
            return Ok(None);
        }
        let (spec, known) = (self.spec, self.received.units);
        let text = cell.text();
        let (number, unit) = self.units.of(&text, |text| match (spec.unit_names.get(text), spec.units_by) {
            (Some(id), _) => Some(id.clone()),
            (None, LookedUpBy::Code) => Some(text.to_owned()),
            (None, LookedUpBy::Name) => known.get(&squeezed(text)).cloned(),
            (None, LookedUpBy::Either) => Some(known.get(&squeezed(text)).map_or(text, |id| id).to_owned()),
        });
        match unit {
            Some(_) => Ok(Some(number)),
            None => Err((spec.columns.unit_id.clone(), RejectReason::UnknownUnit, text.into_owned())),
        }
    }

    /// The number of a series in the table of figures. Only cells that could be read have a number.
    fn series(&mut self, whose: Whose, measure: Measure) -> Option<u32> {
        if let Some(number) = self.series.get(&(whose, measure)) {
            return Some(*number);
        }
        let (place, unit, source) = whose;
        let key = SeriesKey {
            location: self.locations.at(place)?.clone().ok()?,
            unit_id: unit.and_then(|unit| self.units.at(unit)?.clone()),
            measure,
            source: self.sources.at(source)?.clone()?,
        };
        let number = self.parsed.rows.series_number(key);
        self.series.insert((whose, measure), number);
        Some(number)
    }

    /// One figure a row: what it is, stands in the row too.
    fn long(&mut self, line: u64, record: &dyn Record) {
        let (Some(measure), Some(value)) = (self.plan.measure, self.plan.value) else { return };
        let spec = self.spec;
        let row = match self.row(line, record) {
            Ok(row) => row,
            Err(fault) => return self.refuse(line, fault),
        };
        let word = record.cell(measure).text();
        let reading = *self.measures.of(&word, |word| reading(word, spec)).1;
        match (reading, row.day) {
            // A file of ours for readers who may not see it: taken in again it would take the figure away.
            (Some(_), Some(_)) if record.cell(value) == Cell::Empty && self.is_withheld(record) => {
                self.parsed.skipped += 1;
            }
            (Some(reading), Some(day)) => {
                self.figure(&row, day, &reading, (record.cell(value), &spec.columns.value));
            }
            _ => {
                let column = spec.columns.measure.clone();
                self.refuse(line, (column, RejectReason::Unreadable, word.into_owned()));
            }
        }
    }

    /// Several figures a row. What is wrong with the row is wrong with each of them.
    fn wide(&mut self, line: u64, record: &dyn Record) {
        let spec = self.spec;
        let values = std::mem::take(&mut self.plan.values);
        let mut figures =
            values.iter().filter(|column| !is_missing(record.cell(column.place), spec)).peekable();
        if figures.peek().is_some() {
            match self.row(line, record) {
                Ok(row) => {
                    for column in figures {
                        if let Some(day) = column.date.map(Day::from).or(row.day) {
                            let cell = record.cell(column.place);
                            self.figure(&row, day, &column.reading, (cell, &column.name));
                        }
                    }
                }
                Err(fault) => self.refuse_each(line, &fault, figures),
            }
        }
        self.plan.values = values;
    }

    /// A row of days is refused once: a thousand days of a place nobody knows are one fault.
    fn refuse_each<'c>(&mut self, line: u64, fault: &Fault, figures: impl Iterator<Item = &'c ValueColumn>) {
        let times = if self.spec.dates_across.is_some() { 1 } else { figures.count() };
        for _ in 0..times {
            self.refuse(line, fault.clone());
        }
    }

    /// A cell with a figure becomes one, or a refusal.
    fn figure(&mut self, row: &Row, day: Day, reading: &Reading, (cell, column): (Cell<'_>, &str)) {
        let value = match reading.value(cell, self.spec) {
            Ok(value) => value,
            Err((reason, detail)) => {
                return self.refuse(row.line, (column.to_owned(), reason, detail));
            }
        };
        let Row { line, as_of, status, note, address, .. } = *row;
        let Some(series) = self.series(row.whose, reading.measure) else {
            return self.refuse(
                line,
                (
                    column.to_owned(),
                    RejectReason::Unreadable,
                    value.map_or_else(String::new, |v| v.to_string()),
                ),
            );
        };
        self.parsed.rows.push(Figure {
            row: u32::try_from(line).unwrap_or(u32::MAX),
            series,
            note,
            address,
            date: day.date,
            days: if reading.days > 1 { reading.days } else { day.days },
            as_of,
            value,
            status,
        });
    }
}

impl Sink for Shaper<'_> {
    fn header(&mut self, names: &[String]) -> Result<(), Reason> {
        self.plan = Plan::new(self.spec, names, self.received.zone)?;
        for (from, to) in self.plan.gaps.clone() {
            let days = if from == to { from.to_string() } else { format!("{from} … {to}") };
            let line = u64::from(self.spec.header_row);
            self.refuse(line, (days.clone(), RejectReason::ColumnMissing, days));
        }
        for name in std::mem::take(&mut self.plan.others) {
            let line = u64::from(self.spec.header_row);
            self.refuse(line, (name.clone(), RejectReason::UnknownColumn, name));
        }
        Ok(())
    }

    fn record(&mut self, line: u64, record: &dyn Record) {
        if self.is_left_out(record) {
            self.parsed.skipped += 1;
        } else if self.spec.is_wide() {
            self.wide(line, record);
        } else {
            self.long(line, record);
        }
    }

    fn broken(&mut self, line: u64, reason: RejectReason, detail: String) {
        self.refuse(line, (String::new(), reason, detail));
    }
}

/// The day of every row: from the payload's name, or the day it came, or what somebody said by hand.
fn fixed_day(spec: &SourceSpec, received: &Received<'_>) -> Result<Option<NaiveDate>, Reason> {
    if spec.dates == DateFormat::Received {
        return Ok(Some(received.date.unwrap_or_else(|| received.at.local_date(received.zone))));
    }
    let Some(pattern) = &spec.date_from_name else { return Ok(None) };
    let found = Regex::new(pattern).ok().and_then(|pattern| {
        let group = pattern.captures(received.name)?.get(1)?.as_str().to_owned();
        Some(of_text(&group, spec.dates, received.zone))
    });
    match (found, received.date) {
        (Some(Ok(day)), _) => Ok(Some(shifted(day.date, spec.date_shift_days))),
        (_, Some(date)) => Ok(Some(date)),
        (Some(Err((_, detail))), None) => Err(Reason::new("name-no-day").text("detail", detail)),
        (None, None) => Err(Reason::new("name-without-day").text("name", received.name)),
    }
}

fn reading(word: &str, spec: &SourceSpec) -> Option<Reading> {
    let plain = plain_name(word);
    let mut loose = spec.measure_names.iter().filter(|_| !spec.also_called.is_empty());
    let alike = || loose.find(|(known, _)| plain_name(known) == plain).map(|(_, figure)| figure);
    match spec.measure_names.get(word).or_else(alike) {
        Some(figure) => Reading::of(figure, spec),
        None => {
            word.parse().ok().map(|measure| Reading { measure, times: 1.0, days: 1, numbers: spec.numbers })
        }
    }
}

/// In lower case, with single blanks.
fn squeezed(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}
