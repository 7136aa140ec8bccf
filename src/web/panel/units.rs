//! The work units (OPD): staff, cases, cluster, and the cap at the recommended step. Cases as the reader may see them:
//! of fourteen days as reported, of the last week with small counts withheld, or not at all.

use askama::Template;

use super::Context;
use crate::account::Permission;
use crate::city::Unit;
use crate::disclosure::{Count, UnitView, UnitWeek};
use crate::epi::Status;
use crate::text::{Locale, Phrases, number};
use crate::web::door::Rule;
use crate::web::words::{cap, span};

/// A unit with a cluster.
pub(super) struct Cluster {
    pub(super) name: String,
}

struct Row {
    name: String,
    category: String,
    staff: String,
    staff_value: String,
    is_synthetic_staff: bool,
    cases: Cases,
    is_cluster: bool,
    cap: String,
    cap_value: u8,
}

/// A unit's cases as shown.
struct Cases {
    text: String,
    /// For sorting.
    value: String,
    /// Why there is no number.
    withheld: Option<String>,
    is_synthetic: bool,
}

#[derive(Template)]
#[template(path = "panel/units.html")]
pub(super) struct UnitsPanel {
    t: Phrases,
    rows: Vec<Row>,
    caption: String,
    /// What the column of cases counts.
    cases_unit: String,
    /// What of it this reader sees.
    view: Option<String>,
    has_synthetic: bool,
    /// Whether this reader says how cases belong together.
    may_link: bool,
}

/// The units that have a cluster on the day shown, the largest first.
pub(super) fn clusters(context: Context<'_>) -> Vec<Cluster> {
    let least = context.journey().method.cluster_cases;
    let mut units: Vec<_> = context.view.unit_cases.iter().filter(|unit| unit.cases >= least).collect();
    units.sort_by(|one, other| other.cases.total_cmp(&one.cases));
    units.into_iter().map(|unit| Cluster { name: name(context, &unit.unit_id) }).collect()
}

fn name(context: Context<'_>, id: &str) -> String {
    let unit = context.journey().city.units.iter().find(|unit| unit.unit_id == id);
    unit.map_or(id, |unit| unit.name_in(context.t.locale == Locale::En)).to_owned()
}

pub(super) fn panel(context: Context<'_>) -> UnitsPanel {
    let (t, view) = (context.t, context.view);
    let seen = context.journey().city.units.iter().filter(|unit| is_seen(context, unit));
    let mut rows: Vec<Row> = seen.map(|unit| row(context, unit)).collect();
    // Clusters first; the file's order within.
    rows.sort_by_key(|row| !row.is_cluster);
    let level = crate::text::explain(&view.assessment, context.journey().policy(), t).level;
    let date = crate::text::date_medium(view.date, t.locale);
    let week = last_week(context).map(|last| span(last.monday(), last.sunday, t.locale));
    let (name, threshold) = match (&view.audience.units, view.audience.threshold) {
        (UnitView::None, _) => (Some("units-view-none"), 0),
        (UnitView::Own(_), _) => (Some("units-view-own"), 0),
        (UnitView::Weekly, Some(threshold)) => (Some("units-view-week"), threshold),
        _ => (None, 0),
    };
    UnitsPanel {
        t,
        may_link: context.visit.may_pass(Rule::May(Permission::JudgeFigures))
            && crate::job::sees_cases(&context.visit.guest.visitor),
        has_synthetic: rows.iter().any(|row| row.cases.is_synthetic || row.is_synthetic_staff),
        rows,
        caption: t.say_with("units-caption", &[("date", &date), ("level", &level)]),
        cases_unit: match week {
            Some(week) => t.say_with("units-cases-week", &[("week", &week)]),
            None => t.say("units-cases-unit"),
        },
        view: name.map(|name| t.say_with(name, &[("threshold", &threshold.to_string())])),
    }
}

/// The head of a unit sees the own one and what is part of it.
fn is_seen(context: Context<'_>, unit: &Unit) -> bool {
    match &context.view.audience.units {
        UnitView::Own(own) => unit.unit_id == *own || unit.parent.as_ref() == Some(own),
        _ => true,
    }
}

fn row(context: Context<'_>, unit: &Unit) -> Row {
    let (view, t, journey) = (context.view, context.t, context.journey());
    let count = view.unit_cases.iter().find(|cases| cases.unit_id == unit.unit_id).map(|cases| cases.cases);
    let caps = view.assessment.caps;
    let (at_most, cap_value) = match unit.category.as_str() {
        "E" => (cap(caps.essential, t), caps.essential),
        "K" => {
            let args = [("field", &*caps.critical.to_string()), ("desk", &*caps.critical_desk.to_string())];
            (t.say_with("cap-critical", &args), caps.critical_desk)
        }
        _ => (cap(caps.non_service, t), caps.non_service),
    };
    Row {
        name: name(context, &unit.unit_id),
        category: t.say(&format!("category-{}", unit.category)),
        staff: unit.headcount.map_or_else(|| "–".to_owned(), |staff| number(staff, t.locale)),
        staff_value: unit.headcount.map(|staff| staff.to_string()).unwrap_or_default(),
        is_synthetic_staff: unit.headcount.is_some() && unit.headcount_status == "synthetic",
        cases: cases(context, &unit.unit_id),
        is_cluster: count.is_some_and(|count| count >= journey.method.cluster_cases),
        cap: at_most,
        cap_value,
    }
}

fn cases(context: Context<'_>, unit_id: &str) -> Cases {
    let (view, t) = (context.view, context.t);
    let none = || Cases { text: "–".to_owned(), value: String::new(), withheld: None, is_synthetic: false };
    let last = last_week(context).map(|week| week.sunday);
    let mut of_last = view.unit_weeks.iter().filter(|week| Some(week.sunday) == last);
    if let Some(cases) = view.unit_cases.iter().find(|cases| cases.unit_id == unit_id) {
        return Cases {
            text: number(cases.cases, t.locale),
            value: cases.cases.to_string(),
            withheld: None,
            is_synthetic: cases.status == Status::Reconstructed,
        };
    }
    let own = of_last.find(|week| week.unit_id == unit_id || week.joined.iter().any(|id| id == unit_id));
    own.map_or_else(none, |week| of_week(context, week, unit_id))
}

/// The last week up to the day shown.
fn last_week<'a>(context: Context<'a>) -> Option<&'a UnitWeek> {
    context.view.unit_weeks.iter().rev().find(|week| week.sunday <= context.view.date)
}

fn of_week(context: Context<'_>, week: &UnitWeek, unit_id: &str) -> Cases {
    let t = context.t;
    let threshold = context.view.audience.threshold.unwrap_or_default().to_string();
    if week.unit_id != unit_id {
        let with = name(context, &week.unit_id);
        let text = t.say_with("units-joined", &[("unit", &with)]);
        return Cases { text, value: String::new(), withheld: None, is_synthetic: false };
    }
    let (text, value) = match week.count {
        Count::Shown(count) => (number(week.count.figure().unwrap_or_default(), t.locale), count.to_string()),
        Count::Small => (format!("<{threshold}"), "1".to_owned()),
        Count::AtLeastOne => ("≥1".to_owned(), "1".to_owned()),
        Count::Withheld => (t.say("units-withheld-short"), String::new()),
    };
    let withheld = week
        .count
        .reason()
        .map(|reason| t.say_with(&format!("withheld-{}", reason.code()), &[("threshold", &threshold)]));
    Cases { text, value, withheld, is_synthetic: week.status == Status::Reconstructed }
}
