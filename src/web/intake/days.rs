//! Several days typed at once: a plain table of days and measures that works without script. Which days and which measures
//! stands in the address of the page and, hidden, in the form.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::filled::Filled;
use super::typed::{GROUPS, day};
use crate::epi::LocationId;
use crate::job::continued;
use crate::observation::{Measure, SeriesKey};
use crate::text::{Phrases, date_medium, date_short};
use crate::web::entry::Field;
use crate::web::error::WebError;
use crate::web::intake::preview::shown;
use crate::web::visit::Visit;

/// The most days of one table.
pub(super) const MOST_DAYS: u32 = 14;
/// Stands before a measure's name where it says that the measure is in the table.
const PICKED: &str = "m-";
/// What is in the table where nothing was picked.
const USUAL: &str = "cases";

/// Which days and measures a table has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    last: NaiveDate,
    days: u32,
    measures: Vec<&'static str>,
}

/// Why a table cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoSpan {
    /// The number of days is none that a form of ours offers.
    Days,
    /// Its last day cannot be.
    Last,
}

impl Span {
    /// What parameters or fields ask for; `None` where they ask for no table.
    ///
    /// # Errors
    /// [`NoSpan`].
    pub(super) fn asked(look: &dyn Fn(&str) -> String, today: NaiveDate) -> Result<Option<Self>, NoSpan> {
        let days = look("days");
        if days.is_empty() {
            return Ok(None);
        }
        let days = days.parse().ok().filter(|days| (1..=MOST_DAYS).contains(days)).ok_or(NoSpan::Days)?;
        let last = match look("to").as_str() {
            "" => today,
            text => day(text, today).ok_or(NoSpan::Last)?,
        };
        let is_picked = |name: &&&'static str| !look(&format!("{PICKED}{name}")).is_empty();
        let mut measures: Vec<&'static str> = names().filter(is_picked).copied().collect();
        if measures.is_empty() {
            measures.push(USUAL);
        }
        Ok(Some(Self { last, days, measures }))
    }

    /// The table that is offered where none was asked for rightly.
    pub(super) fn usual(today: NaiveDate) -> Self {
        Self { last: today, days: MOST_DAYS, measures: vec![USUAL] }
    }

    /// Its days, the first one first.
    pub(super) fn dates(&self) -> Vec<NaiveDate> {
        (0..self.days).rev().map(|back| self.last - chrono::Duration::days(back.into())).collect()
    }

    /// Every cell: the measure and the day.
    pub(super) fn cells(&self) -> Vec<(&'static str, NaiveDate)> {
        let dates = self.dates();
        dates.into_iter().flat_map(|date| self.measures.iter().map(move |name| (*name, date))).collect()
    }
}

fn names() -> impl Iterator<Item = &'static &'static str> {
    GROUPS.iter().flat_map(|(_, names)| names.iter())
}

/// The name of a cell in the form; also its id.
pub(super) fn cell_name(measure: &str, date: NaiveDate) -> String {
    format!("{measure}.{date}")
}

/// A measure that may be in the table.
pub(super) struct Pick {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) is_picked: bool,
}

/// A cell to be typed into.
pub(super) struct Cell {
    pub(super) name: String,
    /// What it is, for who does not see the table.
    pub(super) label: String,
    pub(super) value: String,
    /// What is known of it already.
    pub(super) known: String,
    pub(super) is_wrong: bool,
}

/// A day and its cells.
pub(super) struct Row {
    pub(super) day: String,
    pub(super) cells: Vec<Cell>,
}

/// What is wrong in the table, with the way there.
pub(super) struct Slip {
    pub(super) href: String,
    pub(super) text: String,
}

/// The table and what makes it.
pub(super) struct Days {
    pub(super) to: Field,
    /// How many days can be chosen, and whether each is.
    pub(super) counts: Vec<(u32, bool)>,
    pub(super) picks: Vec<Pick>,
    pub(super) heads: Vec<String>,
    pub(super) rows: Vec<Row>,
    pub(super) slips: Vec<Slip>,
    /// Which days and measures it has, for the form.
    pub(super) hidden: Vec<(String, String)>,
}

impl Days {
    /// The table as asked for, with what was filled in.
    pub(super) async fn of(visit: &Visit, span: &Span, filled: &Filled) -> Result<Self, WebError> {
        let t = visit.phrases;
        let label = |name: &str| t.say(&format!("measure-{name}"));
        let known = known(visit, span).await?;
        let cell = |(measure, date): (&'static str, NaiveDate)| {
            let name = cell_name(measure, date);
            Cell {
                label: format!("{}, {}", label(measure), date_medium(date, t.locale)),
                value: filled.value(&name).to_owned(),
                known: known(measure, date).map_or_else(String::new, |value| shown(value, t.locale)),
                is_wrong: filled.fault_of(&name).is_some(),
                name,
            }
        };
        let row = |date: &NaiveDate| Row {
            day: date_short(*date, t.locale),
            cells: span.measures.iter().map(|measure| cell((measure, *date))).collect(),
        };
        let pick = |name: &&'static str| Pick {
            name: format!("{PICKED}{name}"),
            label: label(name),
            is_picked: span.measures.contains(name),
        };
        let picked = span.measures.iter().map(|name| (format!("{PICKED}{name}"), "1".to_owned()));
        let about = [("days", span.days.to_string()), ("to", span.last.to_string())];
        Ok(Self {
            to: Field::text("to", "figures-days-to", t)
                .kind("date")
                .value(&span.last.to_string())
                .fault(filled.fault_of("to")),
            counts: (1..=MOST_DAYS).map(|count| (count, count == span.days)).collect(),
            picks: names().map(pick).collect(),
            heads: span.measures.iter().map(|name| label(name)).collect(),
            rows: span.dates().iter().map(row).collect(),
            slips: slips(span, filled, t),
            hidden: about.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(picked).collect(),
        })
    }
}

/// What is wrong, cell by cell.
fn slips(span: &Span, filled: &Filled, t: Phrases) -> Vec<Slip> {
    let slip = |(measure, date): (&'static str, NaiveDate)| {
        let name = cell_name(measure, date);
        let what = format!("{}, {}", t.say(&format!("measure-{measure}")), date_medium(date, t.locale));
        let fault = filled.fault_of(&name)?;
        Some(Slip { text: format!("{what}: {fault}"), href: format!("#{name}") })
    };
    span.cells().into_iter().filter_map(slip).collect()
}

/// What is known of the city now in the series that count.
async fn known(
    visit: &Visit,
    span: &Span,
) -> Result<impl Fn(&str, NaiveDate) -> Option<f64> + use<>, WebError> {
    let journey = visit.journey();
    let mut series = BTreeSet::new();
    for name in &span.measures {
        let measure: Measure = name.parse().map_err(anyhow::Error::from)?;
        let source = continued(journey, measure).await?;
        series.insert(key(&journey.city.location, measure, source));
    }
    let history = journey.store.history(&series).await.map_err(anyhow::Error::from)?;
    let now = journey.clock.now();
    Ok(move |name: &str, date: NaiveDate| {
        let key = series.iter().find(|key| key.measure.name() == name)?;
        history.at(key, date, 1, now)?.value
    })
}

fn key(location: &LocationId, measure: Measure, source: String) -> SeriesKey {
    SeriesKey { location: location.clone(), unit_id: None, measure, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&str, &str)]) -> Result<Option<Span>, NoSpan> {
        let look = |name: &str| {
            pairs.iter().find(|(known, _)| *known == name).map_or_else(String::new, |(_, v)| (*v).to_owned())
        };
        Span::asked(&look, "2021-06-28".parse().unwrap())
    }

    #[test]
    fn a_table_has_one_to_fourteen_days_and_the_measures_picked() {
        assert_eq!(asked(&[]), Ok(None), "one day is the usual");
        let span = asked(&[("days", "3"), ("to", "2021-06-20"), ("m-tests", "1"), ("m-cases", "1")])
            .unwrap()
            .unwrap();
        let dates: Vec<String> = span.dates().iter().map(ToString::to_string).collect();
        assert_eq!(dates, ["2021-06-18", "2021-06-19", "2021-06-20"]);
        assert_eq!(span.measures, ["cases", "tests"], "in the order of the form");
        assert_eq!(span.cells().len(), 6);
        assert_eq!(asked(&[("days", "14")]).unwrap(), Some(Span::usual("2021-06-28".parse().unwrap())));
        for days in ["0", "15", "-1", "x", "1.5"] {
            assert_eq!(asked(&[("days", days)]), Err(NoSpan::Days), "{days}");
        }
        for last in ["2021-06-29", "2018-01-01", "28/6/2021"] {
            assert_eq!(asked(&[("days", "7"), ("to", last)]), Err(NoSpan::Last), "{last}");
        }
    }
}
