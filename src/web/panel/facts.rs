//! The numbers beside the level: staff, beds, official zone. Each with the day it stands on and how sure it is.

use askama::Template;
use chrono::NaiveDate;

use super::Context;
use crate::epi::{Estimate, IndicatorKind};
use crate::observation::Measure;
use crate::text::{Phrases, date_medium, decimal, indicator_value, number};
use crate::web::dashboard::Fact;
use crate::web::words::{Chip, sentence};

/// Days for which a staff figure, a bed figure or a zone is shown at all; older ones say their day, too.
const SHOWN_DAYS: u32 = 60;

struct Number {
    title: String,
    big: String,
    lines: Vec<String>,
    chip: Option<Chip>,
}

#[derive(Template)]
#[template(path = "panel/facts.html")]
pub(super) struct FactsPanel {
    t: Phrases,
    facts: Vec<Number>,
}

pub(super) fn panel(context: Context<'_>, facts: &[Fact]) -> FactsPanel {
    let fact = |fact: &Fact| match fact {
        Fact::Staff => staff(context),
        Fact::Beds => beds(context),
        Fact::Zone => zone(context),
    };
    FactsPanel { t: context.t, facts: facts.iter().map(fact).collect() }
}

/// A running total of unknown start: the total with its day, the range over fourteen days and why, the share.
fn staff(context: Context<'_>) -> Number {
    let (view, t) = (context.view, context.t);
    let title = t.say("fact-staff");
    let Some((date, total)) = last(context, Measure::StaffCasesTotal) else {
        let lines = vec![t.say("missing-never_reported")];
        return Number { title, big: "–".to_owned(), lines, chip: None };
    };
    let shown = |value: f64| number(value, t.locale);
    let mut lines = vec![t.say_with("fact-staff-total", &[("date", &date_medium(date, t.locale))])];
    match view.table.at(IndicatorKind::StaffCases14d, date) {
        Estimate::Known(known) => {
            lines.push(t.say_with("fact-staff-14d", &[("cases", &shown(known.value))]));
        }
        Estimate::Range { lower, upper, reason, .. } => {
            let reason = t.say(&format!("missing-{}", reason.code()));
            let args = [("lower", &*shown(lower)), ("upper", &*shown(upper)), ("reason", &*reason)];
            lines.push(t.say_with("fact-staff-14d-range", &args));
        }
        Estimate::Missing(_) => {}
    }
    let share = view.table.at(IndicatorKind::StaffPrevalenceTotalPct, date);
    let headcount = last(context, Measure::StaffHeadcount);
    if let (Some(value), Some(lower), Some(upper), Some((_, staff))) =
        (share.value(), share.lower(), share.upper(), headcount)
    {
        let pct = |value: f64| decimal(value, 2, t.locale);
        let (value, lower, upper, staff) = (pct(value), pct(lower), pct(upper), shown(staff));
        let args = [("value", &*value), ("lower", &*lower), ("upper", &*upper), ("staff", &*staff)];
        lines.push(t.say_with("fact-staff-share", &args));
    }
    Number { title, big: t.say_with("people", &[("count", &shown(total))]), lines, chip: None }
}

/// The last figure of the city up to the day shown.
fn last(context: Context<'_>, measure: Measure) -> Option<(NaiveDate, f64)> {
    let grid = &context.view.grid;
    let cells = grid.cells(measure).iter().enumerate().rev();
    cells
        .filter_map(|(slot, cell)| Some((grid.date(slot), cell.as_ref()?.value)))
        .find(|(date, _)| *date <= context.view.date)
}

/// An indicator's last value and day up to a day.
fn given(context: Context<'_>, kind: IndicatorKind, until: Option<NaiveDate>) -> Option<(NaiveDate, f64)> {
    let date = context.view.table.last_given(kind, until?)?;
    Some((date, context.view.table.at(kind, date).value()?))
}

fn beds(context: Context<'_>) -> Number {
    let t = context.t;
    let kind = IndicatorKind::BedOccupancyPct;
    let title = t.say("fact-beds");
    let Some((date, value)) = given(context, kind, Some(context.view.date)) else {
        let lines = vec![t.say("missing-never_reported")];
        return Number { title, big: "–".to_owned(), lines, chip: None };
    };
    let shown = |value: f64| indicator_value(Some(kind), value, t);
    let mut lines = vec![t.say_with("fact-stands-on", &[("date", &date_medium(date, t.locale))])];
    if let Some((earlier, before)) = given(context, kind, date.pred_opt()) {
        let args = [("value", &*shown(before)), ("date", &*date_medium(earlier, t.locale))];
        lines.push(t.say_with("fact-before", &args));
    }
    let rule = context.view.assessment.rules.iter().find(|rule| rule.indicator == Some(kind));
    let step = rule.and_then(|rule| rule.step);
    let chip = step.map(|step| Chip::of(step, context.journey().policy(), t));
    Number { title, big: shown(value), lines, chip }
}

/// The official zone, and whether it would have asked for the same.
fn zone(context: Context<'_>) -> Number {
    let (view, t, policy) = (context.view, context.t, context.journey().policy());
    let kind = IndicatorKind::Zone;
    let title = t.say("fact-zone");
    let estimate = view.table.carried(kind, view.date, SHOWN_DAYS);
    let (Some(value), Some(date)) = (estimate.value(), estimate.date()) else {
        let reason = estimate.reason().map_or("never_reported", crate::epi::Missing::code);
        let lines = vec![t.say(&format!("missing-{reason}"))];
        return Number { title, big: "–".to_owned(), lines, chip: None };
    };
    let mut lines = vec![t.say_with("fact-stands-on", &[("date", &date_medium(date, t.locale))])];
    let rule = view.assessment.rules.iter().find(|rule| rule.indicator == Some(kind));
    let step = rule.and_then(|rule| rule.step);
    if let Some(step) = step {
        let key = match step.cmp(&view.assessment.step) {
            std::cmp::Ordering::Less => "fact-zone-milder",
            std::cmp::Ordering::Equal => "fact-zone-same",
            std::cmp::Ordering::Greater => "fact-zone-stricter",
        };
        lines.push(t.say(key));
    }
    let chip = step.map(|step| Chip::of(step, policy, t));
    Number { title, big: sentence(&indicator_value(Some(kind), value, t)), lines, chip }
}
