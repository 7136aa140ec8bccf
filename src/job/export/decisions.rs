//! The table of decisions: what people decided, beside what the rules had recommended.

use chrono::NaiveDate;

use crate::decision::{CircularNumbers, Decision, DecisionKind, Journal, Office};
use crate::export::{Cell, Column, Kind, Table};

/// Every decision, with where it stands on a day and the number of its circular.
#[must_use]
pub fn decision_table(journal: &Journal, numbers: &CircularNumbers, today: NaiveDate) -> Table {
    let row = |entry: &Decision| {
        let given = numbers.last(entry.number);
        let circular = [
            given.map_or(Cell::Empty, |given| given.number.as_str().into()),
            given.map_or(Cell::Empty, |given| given.dated.into()),
        ];
        row(journal, entry, today).into_iter().chain(circular).collect()
    };
    let rows = journal.entries().iter().map(row).collect();
    Table { columns: columns(), rows }
}

fn columns() -> Vec<Column> {
    vec![
        Column::needed(Kind::Whole, "number", "number in the city's journal of decisions"),
        Column::needed(Kind::Text, "location", "Kemendagri code without dots"),
        Column {
            allowed: DecisionKind::ALL.map(|kind| kind.as_str().to_owned()).to_vec(),
            ..Column::needed(Kind::Text, "kind", "decision, amendment, extension or end")
        },
        Column::of(Kind::Whole, "changes", "number of the decision that it amends, extends or ends"),
        Column::needed(
            Kind::Text,
            "state",
            "where it stands: upcoming, in_force, amended, extended, ended, superseded, over",
        ),
        Column::of(
            Kind::Whole,
            "by_decision",
            "number of the decision that amended, extended, ended or superseded it",
        ),
        Column::needed(Kind::Text, "decided_by", "who decided"),
        Column {
            allowed: Office::ALL.map(|office| office.as_str().to_owned()).to_vec(),
            ..Column::needed(Kind::Text, "office", "in which office: mayor, deputy_mayor, secretary")
        },
        Column::needed(Kind::Date, "decided_on", "day of the decision"),
        Column::needed(Kind::Text, "signed_at", "moment of signing, or of recording from paper, RFC 3339"),
        Column::needed(Kind::Whole, "step", "decided step, 0 to 4"),
        Column::needed(Kind::Text, "level", "the policy's own word for it"),
        Column::needed(Kind::Text, "mode", "normal, partial or wfh"),
        Column::needed(Kind::Date, "start", "first day"),
        Column::needed(Kind::Date, "last_day", "last day"),
        Column::needed(Kind::Date, "first_day_back", "first working day after it"),
        Column::needed(Kind::Date, "effective_from", "day from which this entry counts"),
        Column::needed(Kind::Date, "evaluation_date", "day by which it is evaluated"),
        Column::of(Kind::Whole, "recommended_step", "step that the rules recommended then"),
        Column::new("recommended_verdict", "what the rules advised to do"),
        Column::new("follows", "yes or no: whether the step is the recommended one"),
        Column::new("departure", "why it departs from the recommendation"),
        Column::needed(Kind::Text, "reasons", "reasons by code, with their own words"),
        Column::new("legal_basis", "what it rests on"),
        Column::new("exemption_list", "the list of exempt units"),
        Column::new("exempt_units", "the exempt units with their caps in percent"),
        Column::needed(Kind::Text, "evidence", "SHA-256 of what it rested on"),
        Column {
            allowed: ["yes", "no"].map(str::to_owned).to_vec(),
            ..Column::needed(Kind::Text, "signed_here", "no: taken on paper and recorded afterwards")
        },
        Column::new("paper", "the paper that it was recorded from afterwards"),
        Column::new("circular_number", "number of its circular, once its office has given one"),
        Column::of(Kind::Date, "circular_date", "day that the circular bears"),
    ]
}

fn row(journal: &Journal, entry: &Decision, today: NaiveDate) -> Vec<Cell> {
    let state = journal.state(entry, today);
    let number = |number: Option<u32>| number.map_or(Cell::Empty, |number| Cell::Whole(number.into()));
    let reasons: Vec<String> = entry.reasons.iter().map(ToString::to_string).collect();
    let units: Vec<String> = entry
        .exemptions
        .iter()
        .map(|unit| {
            let name = if unit.unit_id.is_empty() { &unit.name } else { &unit.unit_id };
            unit.cap_pct.map_or_else(|| name.clone(), |cap| format!("{name}={cap}"))
        })
        .collect();
    let said = entry.recommended.as_ref();
    vec![
        Cell::Whole(entry.number.into()),
        entry.location.as_str().into(),
        entry.kind.as_str().into(),
        number(entry.amends),
        state.as_str().into(),
        number(state.by()),
        entry.decided_by.as_str().into(),
        entry.office.as_str().into(),
        entry.decided_on.into(),
        entry.signed_at.as_str().into(),
        Cell::Whole(entry.step.number().into()),
        entry.level.as_str().into(),
        entry.mode.as_str().into(),
        entry.period.start.into(),
        entry.period.last_day.into(),
        entry.period.first_day_back.into(),
        entry.effective_from.into(),
        entry.evaluation_date.into(),
        said.map_or(Cell::Empty, |said| Cell::Whole(said.step.number().into())),
        said.map_or("", |said| said.verdict.as_str()).into(),
        entry.follows().map_or("", |follows| if follows { "yes" } else { "no" }).into(),
        entry.departure.as_str().into(),
        reasons.join("; ").into(),
        entry.legal_basis.join("; ").into(),
        entry.exemption_list.as_str().into(),
        units.join(" ").into(),
        entry.evidence.as_str().into(),
        if entry.afterwards.is_none() { "yes" } else { "no" }.into(),
        entry.afterwards.as_ref().map_or("", |afterwards| &afterwards.paper).into(),
    ]
}
