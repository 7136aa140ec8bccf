//! The rules over the city's own past: the policy in force beside another one, or beside itself with numbers moved. Everything
//! asked for stands in the address.
//!
//! The levels here are made from the figures that the reader may see, not from all of them: moving numbers would otherwise tell
//! what is withheld.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{Duration, NaiveDate};

use super::ask::{Asked, KnobRow};
use super::told::{CompareRow, Drawing, strip_drawing};
use crate::account::Permission;
use crate::assessment::{Case, DayStep, Policy, PolicyBook, backtest_steps, compare, summarise};
use crate::epi::Window;
use crate::indicator::IndicatorTable;
use crate::job::shipped_policies;
use crate::observation::Measure;
use crate::web::error::{WebError, told};
use crate::web::page::{Frame, html};
use crate::web::visit::Visit;

/// A choice of a list.
struct Choice {
    value: String,
    label: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "backtest/page.html")]
struct BacktestPage {
    frame: Frame,
    policies: Vec<Choice>,
    from: String,
    to: String,
    first: String,
    last: String,
    knobs: Vec<KnobRow>,
    /// What cannot be: a sentence, and the rest as it was asked.
    fault: Option<String>,
    /// What the two rows are called.
    names: (String, String),
    drawing: Option<Drawing>,
    rows: Vec<CompareRow>,
    /// Whether anything is held against the policy in force; else the page tells what that says, once.
    is_moved: bool,
}

/// The page.
pub(in crate::web) async fn backtest(mut visit: Visit) -> Result<Response, WebError> {
    visit.as_seen_with(Permission::ReadAnalysis).await?;
    let view = visit.view().await?;
    let (journey, t) = (visit.journey(), visit.phrases);
    let window = asked_window(&visit, (told_days(&view.table, journey.policy(), view.date), view.date))?;
    let asked = Asked::read(&visit)?;
    let own = PolicyBook::from(journey.policy().clone());
    let (other, fault) = match (asked.no_number(t), asked.other(&visit, &own)) {
        (None, Ok(other)) => (other, None),
        (Some(fault), _) | (None, Err(fault)) => (own.clone(), Some(fault)),
    };
    let steps = |book: &PolicyBook| -> Vec<DayStep> {
        let city = &journey.city;
        let case = Case {
            policies: book,
            table: &view.table,
            orders: &city.orders,
            lineage: &city.lineage,
            calendar: &city.calendar,
        };
        backtest_steps(case, Window { from: view.table.first.min(window.from), to: window.to }, None)
            .into_iter()
            .filter(|day| window.contains(day.date))
            .collect()
    };
    let days = (steps(&own), steps(&other));
    let heads: Vec<_> = view.grid.cells(Measure::StaffHeadcount).iter().enumerate().collect();
    let headcount = |date| {
        let known = heads.iter().rev().filter(|(index, _)| view.grid.date(*index) <= date);
        known.filter_map(|(_, cell)| cell.map(|cell| cell.value)).next()
    };
    let summary = |book: &PolicyBook, days: &[DayStep]| {
        summarise(book.newest(), days, (&journey.city.calendar, &headcount))
    };
    let compared = compare(&days.0, &days.1, (summary(&own, &days.0), summary(&other, &days.1)));
    let names = (t.say("backtest-own"), asked.name(t));
    let is_moved = asked.is_moved();
    let drawing = strip_drawing(&visit, (&own, is_moved.then_some(&other)), (&names, &days));
    let title = t.say("backtest-title");
    let is_refused = fault.is_some();
    let page = html(&BacktestPage {
        frame: Frame::of(&visit, &view, (&title, "/backtest")),
        policies: choices(&visit, &asked, journey.policy()),
        from: window.from.to_string(),
        to: window.to.to_string(),
        first: view.table.first.to_string(),
        last: view.date.to_string(),
        knobs: asked.rows(&visit, journey.policy()),
        fault,
        rows: super::told::rows(&compared, (own.newest(), other.newest()), t),
        is_moved,
        names,
        drawing,
    })?;
    Ok(if is_refused { told(StatusCode::UNPROCESSABLE_ENTITY, page) } else { page })
}

/// The days on which the policy in force could tell a level at all, up to a date: before and after them there is nothing to compare. A
/// figure of its primary indicator counts for some days more.
fn told_days(table: &IndicatorTable, policy: &Policy, date: NaiveDate) -> Window {
    let primary = policy.movement.primary;
    let first = primary.and_then(|kind| table.first_given(kind)).unwrap_or(table.first);
    let counts_for = Duration::days(i64::from(policy.movement.primary_max_age_days));
    let last = primary.and_then(|kind| table.last_given(kind, date)).map_or(date, |last| last + counts_for);
    let last = last.min(date);
    Window { from: first.min(last), to: last }
}

fn asked_window(visit: &Visit, (whole, date): (Window, NaiveDate)) -> Result<Window, WebError> {
    let from = visit.day("from")?.unwrap_or(whole.from);
    let to = visit.day("to")?.unwrap_or(whole.to.max(from).min(date));
    if from > to {
        return Err(WebError::Parameter { name: "from" });
    }
    Ok(Window { from, to })
}

/// The city's policy with numbers moved, or another that ships.
fn choices(visit: &Visit, asked: &Asked, own: &Policy) -> Vec<Choice> {
    let t = visit.phrases;
    let mut choices = vec![Choice {
        value: String::new(),
        label: t.say("backtest-own-moved"),
        is_chosen: asked.policy.is_none(),
    }];
    for id in shipped_policies().into_iter().filter(|id| *id != own.id) {
        if let Ok(book) = crate::job::load_policies(&id) {
            choices.push(Choice {
                label: t.locale.of(&book.newest().title).to_owned(),
                is_chosen: asked.policy.as_deref() == Some(&id),
                value: id,
            });
        }
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::{Estimate, IndicatorKind, Known, LocationId, Status};

    #[test]
    fn what_is_compared_ends_when_the_last_figure_counts_no_more() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let book = crate::job::load_policies("kota-bogor").unwrap();
        let policy = book.newest();
        assert_eq!(
            (policy.movement.primary, policy.movement.primary_max_age_days),
            (Some(IndicatorKind::Incidence7dPer100k), 2)
        );
        let mut table = IndicatorTable::new(LocationId::new("3271"), day("2021-06-01"), 30);
        let known = |text: &str| Estimate::Known(Known::plain(98.7, Status::Printed, day(text)));
        for (index, text) in [(4, "2021-06-05"), (19, "2021-06-20")] {
            table.set(IndicatorKind::Incidence7dPer100k, index, known(text));
        }
        let told = |date: &str| told_days(&table, policy, day(date));
        let until = |to: &str| Window { from: day("2021-06-05"), to: day(to) };
        assert_eq!(told("2021-06-21"), until("2021-06-21"), "the report of today has not come yet");
        assert_eq!(told("2021-06-30"), until("2021-06-22"), "nobody reported for days");
        let none = IndicatorTable::new(LocationId::new("3271"), day("2021-06-01"), 30);
        let whole = Window { from: day("2021-06-01"), to: day("2021-06-30") };
        assert_eq!(told_days(&none, policy, day("2021-06-30")), whole);
    }
}
