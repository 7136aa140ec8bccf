//! What analysts take away: datasets as tables, each column with its meaning.

use std::str::FromStr;

use anyhow::bail;

use super::view::shown_alerts;
use super::{Focus, Journey, city_view};
use crate::assessment::Assessment;
use crate::disclosure::{Audience, disclose_assessment};
use crate::epi::{Estimate, IndicatorKind, Vintage};
use crate::export::{Cell, Column, Table};
use crate::indicator::IndicatorTable;
use crate::observation::{Observation, revisions};
use crate::store::SavedAssessment;

/// A set of data that can be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dataset {
    /// Figures as reported, every vintage.
    Observations,
    /// Indicators by day.
    Indicators,
    /// What the rules said, every evaluation.
    Assessments,
    /// How figures changed.
    Revisions,
    /// Crossings.
    Alerts,
    /// Work units.
    Units,
}

impl Dataset {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Observations, Self::Indicators, Self::Assessments, Self::Revisions, Self::Alerts, Self::Units];

    /// The name in addresses and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Observations => "observations",
            Self::Indicators => "indicators",
            Self::Assessments => "assessments",
            Self::Revisions => "revisions",
            Self::Alerts => "alerts",
            Self::Units => "units",
        }
    }

    /// Its columns and what they mean.
    #[must_use]
    pub fn columns(self) -> Vec<Column> {
        match self {
            Self::Observations => observation_table(&[]).columns,
            Self::Indicators => indicator_columns(),
            Self::Assessments => assessment_table(std::iter::empty()).columns,
            Self::Revisions => revision_table(&[]).columns,
            Self::Alerts => alert_table(&[]).columns,
            Self::Units => unit_table(&[]).columns,
        }
    }

    /// The table, as known at a moment (now if `None`), as an audience may see it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn table(
        self,
        journey: &Journey,
        as_of: Option<Vintage>,
        audience: &Audience,
    ) -> anyhow::Result<Table> {
        let known_by = as_of.unwrap_or_else(|| journey.clock.now());
        let disclosed = || journey.disclosed(known_by, audience);
        Ok(match self {
            Self::Observations => observation_table(&disclosed().await?.observations),
            Self::Revisions => revision_table(&disclosed().await?.observations),
            Self::Indicators => {
                let view = city_view(journey, Focus { date: None, as_of }, audience).await?;
                indicator_table(std::slice::from_ref(&view.table), &IndicatorRows::default())
            }
            Self::Assessments => {
                let made = journey.store.assessments(&journey.city.location, as_of).await?;
                let seen = |saved: SavedAssessment| {
                    disclose_assessment(saved.assessment, journey.policy(), audience)
                };
                let seen: Vec<Assessment> = made.into_iter().map(seen).collect();
                assessment_table(seen.iter())
            }
            Self::Alerts => {
                alert_table(&shown_alerts(journey, journey.store.alerts(as_of).await?, audience)?)
            }
            Self::Units => unit_table(&journey.city.units),
        })
    }
}

impl FromStr for Dataset {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match Self::ALL.into_iter().find(|dataset| dataset.name() == text) {
            Some(dataset) => Ok(dataset),
            None => bail!("'{text}' is not a dataset: {}", Self::ALL.map(Self::name).join(", ")),
        }
    }
}

/// The tidy form: what comes out can go in again and changes nothing.
#[must_use]
pub fn observation_table(observations: &[Observation]) -> Table {
    let mut table = Table::new(&[
        ("date", "day the figure is for; of a figure for several days, the last"),
        ("location", "Kemendagri code without dots"),
        ("measure", "what is counted"),
        ("value", "the figure; empty means reported as missing"),
        ("as_of", "when it became known, RFC 3339"),
        ("source", "who reports it"),
        ("unit_id", "work unit (OPD), empty for the whole location"),
        ("note", "remark; \"withheld: \" and a code where the figure is not for this reader"),
        ("date_from", "first day of a figure for several days, else empty"),
        ("status", "printed, derived or reconstructed"),
        ("address", "the page it was taken from"),
    ]);
    for o in observations {
        table.rows.push(vec![
            o.date.into(),
            o.location.as_str().into(),
            o.measure.name().into(),
            o.value.into(),
            o.as_of.to_string().into(),
            o.source.as_str().into(),
            o.unit_id.clone().unwrap_or_default().into(),
            o.note.as_str().into(),
            if o.days > 1 { o.date_from().into() } else { Cell::Empty },
            o.status.as_str().into(),
            o.address.as_str().into(),
        ]);
    }
    table
}

fn revision_table(observations: &[Observation]) -> Table {
    let mut table = Table::new(&[
        ("date", "day the figure is for"),
        ("location", "Kemendagri code without dots"),
        ("measure", "what is counted"),
        ("source", "who reports it"),
        ("unit_id", "work unit (OPD)"),
        ("days", "days the figure covers"),
        ("value_before", "the earlier figure"),
        ("as_of_before", "when the earlier figure became known"),
        ("value", "the later figure"),
        ("as_of", "when the later figure became known"),
    ]);
    for r in revisions(observations) {
        table.rows.push(vec![
            r.date.into(),
            r.series.location.as_str().into(),
            r.series.measure.name().into(),
            r.series.source.as_str().into(),
            r.series.unit_id.clone().unwrap_or_default().into(),
            Cell::Whole(i64::from(r.days)),
            r.value_before.into(),
            r.as_of_before.to_string().into(),
            r.value.into(),
            r.as_of.to_string().into(),
        ]);
    }
    table
}

/// Which rows and days of the indicators are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct IndicatorRows {
    /// First day.
    pub from: Option<chrono::NaiveDate>,
    /// Last day.
    pub to: Option<chrono::NaiveDate>,
}

/// Indicators that have bounds; the others have only a value.
const BOUNDED: [IndicatorKind; 19] = [
    IndicatorKind::GrowthRatio,
    IndicatorKind::GrowthPct,
    IndicatorKind::DoublingDays,
    IndicatorKind::Incidence7dPer100k,
    IndicatorKind::Incidence14dPer100k,
    IndicatorKind::Deaths7dPer100k,
    IndicatorKind::Admissions7dPer100k,
    IndicatorKind::Positivity7dPct,
    IndicatorKind::StaffCases7d,
    IndicatorKind::StaffCases14d,
    IndicatorKind::StaffPrevalence14dPct,
    IndicatorKind::StaffPrevalenceTotalPct,
    IndicatorKind::CasesMean7d,
    IndicatorKind::CasesMean7dPer100k,
    IndicatorKind::Rt,
    IndicatorKind::StaffRatio,
    IndicatorKind::NowcastCases7d,
    IndicatorKind::Cases7dAhead1w,
    IndicatorKind::Cases7dAhead2w,
];

/// The columns of the indicator table.
#[must_use]
pub fn indicator_columns() -> Vec<Column> {
    let mut columns = vec![
        Column::new("date", "last day of the windows"),
        Column::new("location", "Kemendagri code without dots"),
    ];
    for kind in IndicatorKind::ALL {
        columns.push(Column::new(kind.name(), kind.description()));
        if BOUNDED.contains(kind) {
            columns.push(Column::new(&format!("{}_lower", kind.name()), "lower bound (95%), or at least"));
            columns.push(Column::new(&format!("{}_upper", kind.name()), "upper bound (95%), or at most"));
        }
    }
    columns.push(Column::new("missing", "why a value is empty: indicator=reason, separated by spaces"));
    columns
}

/// One row a day and location.
#[must_use]
pub fn indicator_table(tables: &[IndicatorTable], rows: &IndicatorRows) -> Table {
    let rows = tables.iter().flat_map(|table| indicator_rows(table, rows)).collect();
    Table { columns: indicator_columns(), rows }
}

/// One location's rows of [`indicator_columns`].
pub fn indicator_rows<'a>(
    table: &'a IndicatorTable,
    rows: &IndicatorRows,
) -> impl Iterator<Item = Vec<Cell>> + 'a {
    let (from, to) = (rows.from, rows.to);
    let dates = (0..table.len).map(|index| table.date(index));
    let is_asked = move |date: &chrono::NaiveDate| {
        from.is_none_or(|from| *date >= from) && to.is_none_or(|to| *date <= to)
    };
    dates.filter(is_asked).map(|date| indicator_row(table, date))
}

fn indicator_row(table: &IndicatorTable, date: chrono::NaiveDate) -> Vec<Cell> {
    let mut row: Vec<Cell> = vec![date.into(), table.location.as_str().into()];
    let mut missing = Vec::new();
    for kind in IndicatorKind::ALL {
        let estimate = table.at(*kind, date);
        row.push(estimate.value().into());
        if BOUNDED.contains(kind) {
            row.push(estimate.lower().into());
            row.push(estimate.upper().filter(|upper| upper.is_finite()).into());
        }
        if let Estimate::Missing(reason) | Estimate::Range { reason, .. } = estimate {
            missing.push(format!("{}={}", kind.name(), reason.code()));
        }
    }
    row.push(missing.join(" ").into());
    row
}

fn assessment_table<'a>(assessments: impl Iterator<Item = &'a Assessment>) -> Table {
    let mut table = Table::new(&[
        ("date", "day assessed"),
        ("as_of", "as known when, RFC 3339"),
        ("location", "Kemendagri code without dots"),
        ("policy", "policy id"),
        ("policy_version", "policy version"),
        ("level", "the policy's own word"),
        ("step", "recommended step, 0 to 4"),
        ("mode", "normal, partial, wfh, not_assessable"),
        ("verdict", "what the rules say to do"),
        ("own_verdict", "what the city's own rules say"),
        ("deciding_rule", "first rule in the file that calls for the step"),
        ("rules_firing", "all rules that fire, with their steps"),
        ("in_force_step", "step in force on the day"),
        ("in_force_since", "since when"),
        ("effective_from", "first day of the recommended step"),
        ("evaluation_date", "from this day on it may be lowered or is to be extended"),
    ]);
    for a in assessments {
        let firing: Vec<String> =
            a.rules.iter().filter_map(|rule| Some(format!("{}:{}", rule.id, rule.step?))).collect();
        table.rows.push(vec![
            a.date.into(),
            a.as_of.clone().unwrap_or_default().into(),
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

fn alert_table(alerts: &[crate::store::AlertRow]) -> Table {
    let mut table = Table::new(&[
        ("date", "day assessed"),
        ("created_at", "when it was seen, RFC 3339"),
        ("location", "Kemendagri code without dots"),
        (
            "kind",
            "threshold_crossed, recommendation_changed, not_assessable, source_late, source_stalled, source_failing, source_back",
        ),
        ("rule", "the rule, if one was crossed; the source, if it tells of one"),
        ("step", "the step called for"),
        ("id", "its fingerprint"),
    ]);
    for alert in alerts {
        table.rows.push(vec![
            alert.date.into(),
            alert.created_at.to_string().into(),
            alert.location.as_str().into(),
            alert.kind.as_str().into(),
            alert.rule.as_str().into(),
            Cell::Whole(i64::from(alert.step)),
            alert.id.as_str().into(),
        ]);
    }
    table
}

fn unit_table(units: &[crate::city::Unit]) -> Table {
    let mut table = Table::new(&[
        ("unit_id", "work unit (OPD)"),
        ("location", "Kemendagri code without dots"),
        ("name", "name in Bahasa Indonesia"),
        ("category", "N non-service, E essential, K critical"),
        ("parent", "the unit it is part of"),
        ("headcount", "staff, without those of units below it"),
        ("headcount_date", "when counted"),
        ("headcount_status", "printed or synthetic"),
    ]);
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
