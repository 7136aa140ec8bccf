//! The work units (OPD): staff, cases of fourteen days, cluster, and the cap at the recommended step.
//!
//! Outside the demonstration counts from one to four are withheld: in an office of twelve they point at people.

use askama::Template;

use super::Context;
use crate::epi::Status;
use crate::text::{Locale, Phrases, number};
use crate::web::words::cap;

/// Counts below this are withheld, unless they are zero.
const SMALL: f64 = 5.0;

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
    cases: String,
    cases_value: String,
    is_withheld: bool,
    is_synthetic: bool,
    is_cluster: bool,
    cap: String,
    cap_value: u8,
}

#[derive(Template)]
#[template(path = "panel/units.html")]
pub(super) struct UnitsPanel {
    t: Phrases,
    rows: Vec<Row>,
    caption: String,
    has_synthetic: bool,
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
    unit.map_or(id, |unit| match context.t.locale {
        Locale::En if !unit.name_en.is_empty() => &unit.name_en,
        _ => &unit.name,
    })
    .to_owned()
}

pub(super) fn panel(context: Context<'_>) -> UnitsPanel {
    let t = context.t;
    let mut rows: Vec<Row> =
        (0..context.journey().city.units.len()).map(|place| row(context, place)).collect();
    // Clusters first; the file's order within.
    rows.sort_by_key(|row| !row.is_cluster);
    let level = crate::text::explain(&context.view.assessment, &context.journey().policy, t).level;
    let date = crate::text::date_medium(context.view.date, t.locale);
    UnitsPanel {
        t,
        has_synthetic: rows.iter().any(|row| row.is_synthetic || row.is_synthetic_staff),
        rows,
        caption: t.say_with("units-caption", &[("date", &date), ("level", &level)]),
    }
}

fn row(context: Context<'_>, place: usize) -> Row {
    let (view, t, journey) = (context.view, context.t, context.journey());
    let unit = &journey.city.units[place];
    let cases = view.unit_cases.iter().find(|cases| cases.unit_id == unit.unit_id);
    let count = cases.map(|cases| cases.cases);
    let is_withheld = !journey.is_demo && count.is_some_and(|count| count > 0.0 && count < SMALL);
    let shown = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| number(value, t.locale));
    let raw = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
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
        staff: shown(unit.headcount),
        staff_value: raw(unit.headcount),
        is_synthetic_staff: unit.headcount.is_some() && unit.headcount_status == "synthetic",
        cases: if is_withheld { format!("<{}", number(SMALL, t.locale)) } else { shown(count) },
        cases_value: if is_withheld { "1".to_owned() } else { raw(count) },
        is_withheld,
        is_synthetic: cases.is_some_and(|cases| cases.status == Status::Reconstructed),
        is_cluster: count.is_some_and(|count| count >= journey.method.cluster_cases),
        cap: at_most,
        cap_value,
    }
}
