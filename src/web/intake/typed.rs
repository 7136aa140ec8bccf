//! Figures typed as they were printed: of one day, or of several in a table (`days.rs`). Numbers are read in one way only or
//! refused; what is typed becomes a payload like any other. An empty cell is not told and takes nothing away.

use std::fmt::Write as _;

use axum::response::Response;
use chrono::NaiveDate;

use super::choice::{TYPED, chosen_series};
use super::days::{NoSpan, Span, cell_name};
use super::figures::again;
use super::filled::Filled;
use super::preview::{Looked, look};
use crate::job::{Told, Upload, continued};
use crate::observation::{EARLIEST, Measure};
use crate::text::{CountFault, Phrases, read_count};
use crate::web::error::WebError;
use crate::web::form::Fields;
use crate::web::visit::Visit;
use crate::web::words::span;

/// What most cities publish, in the order of their reports.
pub(super) const GROUPS: [(&str, &[&str]); 4] = [
    ("cases", &["cases", "cases_total", "active", "recovered_total", "deaths_total"]),
    ("tests", &["tests", "tests_positive"]),
    ("beds", &["beds_occupied", "beds_available"]),
    ("staff", &["staff_cases", "staff_cases_total"]),
];

/// One number to be typed.
pub(super) struct Figure {
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) value: String,
    pub(super) fault: String,
}

/// Figures that belong together.
pub(super) struct Group {
    pub(super) title: String,
    pub(super) figures: Vec<Figure>,
}

/// The numbers of the form of one day.
pub(super) fn groups(filled: &Filled, t: Phrases) -> Vec<Group> {
    let figure = |name: &&'static str| Figure {
        name,
        label: t.say(&format!("measure-{name}")),
        value: filled.value(name).to_owned(),
        fault: filled.fault_of(name).unwrap_or_default().to_owned(),
    };
    let group = |(name, figures): &(&str, &[&'static str])| Group {
        title: t.say(&format!("figures-group-{name}")),
        figures: figures.iter().map(figure).collect(),
    };
    GROUPS.iter().map(group).collect()
}

/// A number that was typed.
struct Typed {
    date: NaiveDate,
    name: &'static str,
    count: u64,
}

/// Reads what was typed and shows what would become of it.
pub(in crate::web) async fn take_typed(visit: Visit, fields: Fields) -> Result<Response, WebError> {
    let t = visit.phrases;
    let mut filled = Filled::of(fields.all());
    let series = chosen_series(&visit, fields.text("series")).await?;
    let publisher = fields.text("publisher");
    if publisher.is_empty() {
        filled.fault("publisher", t.say("figures-publisher-empty"));
    }
    let asked = Span::asked(&|name| fields.text(name).to_owned(), visit.journey().today());
    let typed = match asked {
        Ok(Some(span)) => cells(&fields, &mut filled, (&span, t)),
        Ok(None) => one_day(&visit, &fields, &mut filled),
        Err(NoSpan::Days) => return Err(WebError::Field("days")),
        Err(NoSpan::Last) => return Err(WebError::Field("to")),
    };
    if typed.is_empty() && !filled.has_fault() {
        filled.fault("typed", t.say("figures-none-typed"));
    }
    let (Some(first), Some(last), false) = (
        typed.iter().map(|typed| typed.date).min(),
        typed.iter().map(|typed| typed.date).max(),
        filled.has_fault(),
    ) else {
        return again(&visit, filled).await;
    };
    let body = payload(&visit, &typed, (series.as_deref(), publisher)).await?;
    let days = if first == last { first.to_string() } else { span(first, last, t.locale) };
    let upload = Upload {
        name: t.say_with("figures-typed-name", &[("date", &days)]),
        body: body.into_bytes(),
        source: TYPED.to_owned(),
        told: Told::default(),
    };
    look(&visit, Looked { upload, address: None, is_recognised: false }).await
}

/// The numbers of one day.
fn one_day(visit: &Visit, fields: &Fields, filled: &mut Filled) -> Vec<Typed> {
    let t = visit.phrases;
    let date = day(fields.text("date"), visit.journey().today());
    if date.is_none() {
        filled.fault("date", t.say("figures-date-wrong"));
    }
    let names = GROUPS.iter().flat_map(|(_, names)| names.iter());
    let read = names.filter_map(|name| Some((*name, number(fields.text(name), (filled, name), t)?)));
    let read: Vec<(&'static str, u64)> = read.collect();
    let typed =
        |date: NaiveDate| read.iter().map(|(name, count)| Typed { date, name, count: *count }).collect();
    date.map_or_else(Vec::new, typed)
}

/// The numbers of a table.
fn cells(fields: &Fields, filled: &mut Filled, (span, t): (&Span, Phrases)) -> Vec<Typed> {
    let read = span.cells().into_iter().filter_map(|(name, date)| {
        let cell = cell_name(name, date);
        Some(Typed { date, name, count: number(fields.text(&cell), (filled, &cell), t)? })
    });
    read.collect()
}

/// The number of a field; none where it is empty, or wrong: then it is told.
fn number(text: &str, (filled, name): (&mut Filled, &str), t: Phrases) -> Option<u64> {
    match read_count(text) {
        Ok(count) => count,
        Err(fault) => {
            filled.fault(name, t.say(key(fault)));
            None
        }
    }
}

/// What was typed as a tidy file, each figure in its series.
async fn payload(
    visit: &Visit,
    typed: &[Typed],
    (series, publisher): (Option<&str>, &str),
) -> Result<String, WebError> {
    let location = &visit.journey().city.location;
    let mut csv = "date,location,measure,value,source,note\n".to_owned();
    for Typed { date, name, count } in typed {
        let measure: Measure = name.parse().map_err(anyhow::Error::from)?;
        let source = match series {
            Some(series) => series.to_owned(),
            None => continued(visit.journey(), measure).await?,
        };
        let _ = writeln!(csv, "{date},{location},{name},{count},{},{}", quoted(&source), quoted(publisher));
    }
    Ok(csv)
}

/// The phrase for a number that cannot be read.
fn key(fault: CountFault) -> &'static str {
    match fault {
        CountFault::Ambiguous => "count-ambiguous",
        CountFault::NotACount => "count-unreadable",
    }
}

/// A day that figures may be for.
pub(super) fn day(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    text.parse().ok().filter(|date| (EARLIEST..=today).contains(date))
}

/// A cell of a CSV file, on one line.
fn quoted(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("\"{}\"", line.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_cannot_break_its_line_or_its_cell() {
        assert_eq!(quoted("Dinkes, \"rilis\"\n2021"), "\"Dinkes, \"\"rilis\"\" 2021\"");
    }

    #[test]
    fn a_day_lies_between_the_first_case_and_today() {
        let today = "2021-06-28".parse().unwrap();
        assert!(day("2021-06-28", today).is_some());
        for bad in ["2021-06-29", "2018-12-31", "28/6/2021", ""] {
            assert_eq!(day(bad, today), None, "{bad}");
        }
    }

    #[test]
    fn every_figure_of_the_form_is_a_measure() {
        for name in GROUPS.iter().flat_map(|(_, names)| names.iter()) {
            assert!(name.parse::<crate::observation::Measure>().is_ok(), "{name}");
        }
    }
}
