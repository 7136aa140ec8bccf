//! Today's figures, typed as they were printed. Numbers are read in one way only or refused; what is typed becomes a
//! payload like any other.

use std::fmt::Write as _;

use axum::response::Response;
use chrono::NaiveDate;

use super::figures::{Filled, again};
use super::preview::{Looked, look};
use crate::job::{Told, Upload, continued};
use crate::observation::Measure;
use crate::text::{CountFault, Phrases, read_count};
use crate::web::error::WebError;
use crate::web::form::Fields;
use crate::web::visit::Visit;

/// The source of typed figures.
pub(super) const SOURCE: &str = "entry";
/// No figure of this disease is older.
const EARLIEST: NaiveDate = NaiveDate::from_ymd_opt(2019, 1, 1).expect("1 January 2019 is a date");

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

/// The numbers of the form.
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

/// Reads what was typed and shows what would become of it.
pub(in crate::web) async fn take_typed(visit: Visit, fields: Fields) -> Result<Response, WebError> {
    let t = visit.phrases;
    let mut filled = Filled::of(fields.all());
    let date = day(fields.text("date"), visit.journey().today());
    if date.is_none() {
        filled.fault("date", t.say("figures-date-wrong"));
    }
    let publisher = fields.text("publisher");
    if publisher.is_empty() {
        filled.fault("publisher", t.say("figures-publisher-empty"));
    }
    let mut figures = Vec::new();
    for name in GROUPS.iter().flat_map(|(_, names)| names.iter()) {
        match read_count(fields.text(name)) {
            Ok(None) => {}
            Ok(Some(count)) => figures.push((*name, count)),
            Err(fault) => filled.fault(name, t.say(key(fault))),
        }
    }
    if figures.is_empty() && !filled.has_fault() {
        filled.fault("typed", t.say("figures-none-typed"));
    }
    let (Some(date), false) = (date, filled.has_fault()) else {
        return again(&visit, filled).await;
    };
    let location = &visit.journey().city.location;
    let mut csv = "date,location,measure,value,source,note\n".to_owned();
    for (name, count) in figures {
        let measure: Measure = name.parse().map_err(anyhow::Error::from)?;
        let source = quoted(&continued(visit.journey(), measure).await?);
        let _ = writeln!(csv, "{date},{location},{name},{count},{source},{}", quoted(publisher));
    }
    let upload = Upload {
        name: t.say_with("figures-typed-name", &[("date", &date.to_string())]),
        body: csv.into_bytes(),
        source: SOURCE.to_owned(),
        told: Told::default(),
    };
    look(&visit, Looked { upload, address: None, is_recognised: false }).await
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
