//! The tables that people take away: each with its columns, their types and what they mean.

use crate::city::Unit;
use crate::epi::Status;
use crate::export::{Cell, Column, Kind, Table};
use crate::observation::{Observation, revisions};
use crate::store::{AlertRow, SavedAssessment};

/// The tidy form: what comes out can go in again and changes nothing.
#[must_use]
pub fn observation_table(observations: &[Observation]) -> Table {
    Table { columns: observation_columns(), rows: observations.iter().map(observation_row).collect() }
}

/// The columns of the tidy form.
pub(super) fn observation_columns() -> Vec<Column> {
    vec![
        Column::needed(Kind::Date, "date", "day the figure is for; of a figure for several days, the last"),
        Column::needed(Kind::Text, "location", "Kemendagri code without dots"),
        Column::needed(Kind::Text, "measure", "what is counted"),
        Column::of(Kind::Number, "value", "the figure; empty means reported as missing"),
        Column::needed(Kind::Moment, "as_of", "when it became known, RFC 3339"),
        Column::needed(Kind::Text, "source", "who reports it"),
        Column::new("unit_id", "work unit (OPD), empty for the whole location"),
        Column::new("note", "remark; \"withheld: \" and a code where the figure is not for this reader"),
        Column::of(Kind::Date, "date_from", "first day of a figure for several days, else empty"),
        Column {
            allowed: [Status::Printed, Status::Derived, Status::Reconstructed]
                .map(|status| status.as_str().to_owned())
                .to_vec(),
            ..Column::needed(Kind::Text, "status", "printed, derived or reconstructed")
        },
        Column::new("address", "the page it was taken from"),
    ]
}

/// A figure in the tidy form.
pub(super) fn observation_row(o: &Observation) -> Vec<Cell> {
    vec![
        o.date.into(),
        o.location.as_str().into(),
        o.measure.name().into(),
        o.value.into(),
        o.as_of.into(),
        o.source.as_str().into(),
        o.unit_id.clone().unwrap_or_default().into(),
        o.note.as_str().into(),
        if o.days > 1 { o.date_from().into() } else { Cell::Empty },
        o.status.as_str().into(),
        o.address.as_str().into(),
    ]
}

pub(super) fn revision_table(observations: &[Observation]) -> Table {
    let columns = vec![
        Column::needed(Kind::Date, "date", "day the figure is for"),
        Column::needed(Kind::Text, "location", "Kemendagri code without dots"),
        Column::needed(Kind::Text, "measure", "what is counted"),
        Column::needed(Kind::Text, "source", "who reports it"),
        Column::new("unit_id", "work unit (OPD)"),
        Column::needed(Kind::Whole, "days", "days the figure covers"),
        Column::of(Kind::Number, "value_before", "the earlier figure"),
        Column::needed(Kind::Moment, "as_of_before", "when the earlier figure became known"),
        Column::of(Kind::Number, "value", "the later figure"),
        Column::needed(Kind::Moment, "as_of", "when the later figure became known"),
    ];
    let mut table = Table { columns, rows: Vec::new() };
    for r in revisions(observations) {
        table.rows.push(vec![
            r.date.into(),
            r.series.location.as_str().into(),
            r.series.measure.name().into(),
            r.series.source.as_str().into(),
            r.series.unit_id.clone().unwrap_or_default().into(),
            Cell::Whole(i64::from(r.days)),
            r.value_before.into(),
            r.as_of_before.into(),
            r.value.into(),
            r.as_of.into(),
        ]);
    }
    table
}

pub(super) fn assessment_table(assessments: &[SavedAssessment]) -> Table {
    let columns = vec![
        Column::needed(Kind::Date, "date", "day assessed"),
        Column::needed(Kind::Moment, "as_of", "as known when, RFC 3339"),
        Column::needed(Kind::Text, "location", "Kemendagri code without dots"),
        Column::needed(Kind::Text, "policy", "policy id"),
        Column::needed(Kind::Text, "policy_version", "policy version"),
        Column::needed(Kind::Text, "level", "the policy's own word"),
        Column::needed(Kind::Whole, "step", "recommended step, 0 to 4"),
        Column {
            allowed: ["normal", "partial", "wfh", "not_assessable"].map(str::to_owned).to_vec(),
            ..Column::needed(Kind::Text, "mode", "normal, partial, wfh, not_assessable")
        },
        Column::needed(Kind::Text, "verdict", "what the rules say to do"),
        Column::needed(Kind::Text, "own_verdict", "what the city's own rules say"),
        Column::new("deciding_rule", "first rule in the file that calls for the step"),
        Column::new("rules_firing", "all rules that fire, with their steps"),
        Column::needed(Kind::Whole, "in_force_step", "step in force on the day"),
        Column::of(Kind::Date, "in_force_since", "since when"),
        Column::of(Kind::Date, "effective_from", "first day of the recommended step"),
        Column::of(Kind::Date, "evaluation_date", "from this day on it may be lowered or is to be extended"),
    ];
    let mut table = Table { columns, rows: Vec::new() };
    for SavedAssessment { assessment: a, as_of, .. } in assessments {
        let firing: Vec<String> =
            a.rules.iter().filter_map(|rule| Some(format!("{}:{}", rule.id, rule.step?))).collect();
        table.rows.push(vec![
            a.date.into(),
            (*as_of).into(),
            a.location.as_str().into(),
            a.policy.id.as_str().into(),
            a.policy.version.as_str().into(),
            a.level.as_str().into(),
            Cell::Whole(i64::from(a.step.number())),
            a.mode.as_str().into(),
            a.verdict.as_str().into(),
            a.own_verdict.as_str().into(),
            a.deciding_rule.clone().unwrap_or_default().into(),
            firing.join(" ").into(),
            Cell::Whole(i64::from(a.in_force.step.number())),
            a.in_force.since.map_or(Cell::Empty, Cell::from),
            a.effective_from.map_or(Cell::Empty, Cell::from),
            a.evaluation_date.map_or(Cell::Empty, Cell::from),
        ]);
    }
    table
}

pub(super) fn alert_table(alerts: &[AlertRow]) -> Table {
    let columns = vec![
        Column::needed(Kind::Date, "date", "day assessed"),
        Column::needed(Kind::Moment, "created_at", "when it was seen, RFC 3339"),
        Column::needed(Kind::Text, "location", "Kemendagri code without dots"),
        Column::needed(
            Kind::Text,
            "kind",
            "what it tells: threshold_crossed, recommendation_changed, near_threshold, may_step_down, not_assessable, decision_due, \
             source_late, source_stalled, source_failing, figures_held, unit_cluster, staff_signal, zone_differs, \
             indicator_crossed, turn_open, finding-… of attendance and reports",
        ),
        Column::new("rule", "its subject: the rule of the policy that was crossed, the source, the unit"),
        Column::needed(Kind::Whole, "step", "the step called for"),
        Column::needed(Kind::Text, "id", "its fingerprint"),
        Column::needed(
            Kind::Text,
            "event",
            "what became of it: fired, raised, escalated, resolved, no_data, data_back",
        ),
        Column::needed(Kind::Text, "episode", "the id of the row that began it"),
        Column::needed(Kind::Text, "severity", "info, warning, critical"),
        Column::new("kept", "why nobody was told: muted, silenced, known_false, never_told"),
    ];
    let mut table = Table { columns, rows: Vec::new() };
    for alert in alerts {
        table.rows.push(vec![
            alert.date.into(),
            alert.created_at.into(),
            alert.location.as_str().into(),
            alert.kind.as_str().into(),
            alert.rule.as_str().into(),
            Cell::Whole(i64::from(alert.step)),
            alert.id.as_str().into(),
            alert.event.as_str().into(),
            alert.episode.as_str().into(),
            alert.severity.as_str().into(),
            if alert.kept.is_empty() { Cell::Empty } else { alert.kept.as_str().into() },
        ]);
    }
    table
}

pub(super) fn unit_table(units: &[Unit]) -> Table {
    let columns = vec![
        Column::needed(Kind::Text, "unit_id", "work unit (OPD)"),
        Column::needed(Kind::Text, "location", "Kemendagri code without dots"),
        Column::needed(Kind::Text, "name", "name in Bahasa Indonesia"),
        Column::new("category", "N non-service, E essential, K critical"),
        Column::new("parent", "the unit it is part of"),
        Column::of(Kind::Number, "headcount", "staff, without those of units below it"),
        Column::of(Kind::Date, "headcount_date", "when counted"),
        Column::new("headcount_status", "printed or synthetic"),
    ];
    let mut table = Table { columns, rows: Vec::new() };
    for unit in units {
        table.rows.push(vec![
            unit.unit_id.as_str().into(),
            unit.location.as_str().into(),
            unit.name.as_str().into(),
            unit.category.as_str().into(),
            unit.parent.clone().unwrap_or_default().into(),
            unit.headcount.into(),
            unit.headcount_date.map_or(Cell::Empty, Cell::from),
            unit.headcount_status.as_str().into(),
        ]);
    }
    table
}
