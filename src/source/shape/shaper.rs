//! Records in, figures and refusals out.
//!
//! Every cell with a figure becomes a figure or a refusal with line, column and reason; rows that the spec leaves out are
//! counted. Nothing is dropped silently.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use regex::Regex;

use super::cache::Cache;
use super::date::{Day, NoDay, day, is_by_numbers, is_month_first, month_number, month_of, of_text, vintage};
use super::figure::{Reading, is_missing};
use super::place::{NoPlace, Places};
use super::plan::{Parts, Plan, ValueColumn, shifted};
use super::swapped::{Watch, exchanged as exchanged_day};
use crate::epi::{LocationId, Status, Vintage};
use crate::observation::{Observation, RawObservation, RejectReason, Rejection};
use crate::source::parse::{Parsed, Received};
use crate::source::read::{Cell, Record, Sink};
use crate::source::spec::{DateFormat, LookedUpBy, SourceSpec, plain_name};
use crate::text::Reason;

/// Column, reason, detail.
type Fault = (String, RejectReason, String);

/// What a row says besides its figures.
#[derive(Debug)]
struct Row {
    day: Option<Day>,
    location: LocationId,
    as_of: Vintage,
    status: Status,
    source: String,
    unit_id: Option<String>,
    note: String,
    address: String,
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
            let open = parsed.rows.iter().filter(|raw| numbered.lines.contains(&raw.row));
            let days = open.map(|raw| (raw.row, raw.observation.date));
            let other = |(row, date)| Some((row, exchanged_day(date).filter(|other| *other != date)?));
            swapped.extend(days.filter_map(other));
        }
        if !swapped.is_empty() {
            let column = &spec.columns.date;
            parsed.rows.retain(|raw| {
                let Some(meant) = swapped.get(&raw.row) else { return true };
                parsed.rejected.push(Rejection {
                    row: raw.row,
                    column: column.clone(),
                    reason: RejectReason::DayMonthSwapped,
                    detail: format!("{} ↔ {meant}", raw.observation.date),
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
        let text = match cell(self.plan.location) {
            Cell::Empty => cell(self.plan.location_else),
            cell => cell,
        };
        let places = &self.places;
        let (place, location) = self.locations.of(&text.text(), |text| places.of(text));
        let location =
            location.clone().map_err(|(reason, detail)| (columns.location.clone(), reason, detail))?;
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
        Ok(Row {
            day,
            location,
            as_of,
            status,
            source: self.source(cell(self.plan.source))?,
            unit_id: self.unit(cell(self.plan.unit))?,
            note: cell(self.plan.note).text().into_owned(),
            address: cell(self.plan.address).text().into_owned(),
        })
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

    fn source(&self, cell: Cell<'_>) -> Result<String, Fault> {
        let (spec, text) = (self.spec, cell.text());
        if text.is_empty() || text == spec.id.as_str() {
            return Ok(spec.series().to_owned());
        }
        if spec.sources.is_empty() || spec.sources.contains(text.as_ref()) {
            return Ok(text.into_owned());
        }
        Err((spec.columns.source.clone(), RejectReason::Unreadable, text.into_owned()))
    }

    fn unit(&mut self, cell: Cell<'_>) -> Result<Option<String>, Fault> {
        if cell == Cell::Empty {
            return Ok(None);
        }
        let (spec, known) = (self.spec, self.received.units);
        let text = cell.text();
        let found = self.units.of(&text, |text| match (spec.unit_names.get(text), spec.units_by) {
            (Some(id), _) => Some(id.clone()),
            (None, LookedUpBy::Code) => Some(text.to_owned()),
            (None, LookedUpBy::Name) => known.get(&squeezed(text)).cloned(),
            (None, LookedUpBy::Either) => Some(known.get(&squeezed(text)).map_or(text, |id| id).to_owned()),
        });
        match found.1 {
            Some(id) => Ok(Some(id.clone())),
            None => Err((spec.columns.unit_id.clone(), RejectReason::UnknownUnit, text.into_owned())),
        }
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
        let read = match (reading, row.day) {
            (Some(reading), Some(day)) => {
                figure(&row, day, &reading, record.cell(value), (spec, &spec.columns.value))
            }
            _ => Err((spec.columns.measure.clone(), RejectReason::Unreadable, word.into_owned())),
        };
        self.push(line, read);
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
                        let day = column.date.map(Day::from).or(row.day);
                        let read = day.map(|day| {
                            figure(
                                &row,
                                day,
                                &column.reading,
                                record.cell(column.place),
                                (spec, &column.name),
                            )
                        });
                        if let Some(read) = read {
                            self.push(line, read);
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

    fn push(&mut self, line: u64, read: Result<Observation, Fault>) {
        match read {
            Ok(observation) => self.parsed.rows.push(RawObservation { row: line, observation }),
            Err(fault) => self.refuse(line, fault),
        }
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

fn figure(
    row: &Row,
    day: Day,
    reading: &Reading,
    cell: Cell<'_>,
    (spec, column): (&SourceSpec, &str),
) -> Result<Observation, Fault> {
    let value = reading.value(cell, spec).map_err(|(reason, detail)| (column.to_owned(), reason, detail))?;
    Ok(Observation {
        location: row.location.clone(),
        unit_id: row.unit_id.clone(),
        measure: reading.measure,
        source: row.source.clone(),
        date: day.date,
        days: if reading.days > 1 { reading.days } else { day.days },
        value,
        status: row.status,
        as_of: row.as_of,
        note: row.note.clone(),
        address: row.address.clone(),
    })
}

/// In lower case, with single blanks.
fn squeezed(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}
