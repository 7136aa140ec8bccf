//! Everything a page shows of the city, gathered once; pages only put it into words.

use std::sync::OnceLock;

use chrono::{Duration, NaiveDate};

use super::assess::{WorkedOut, grid_of, work_out, work_out_again};
use super::beyond::{KnownThen, Neighbour};
use super::context::Gear;
use super::decision::journal;
use super::freshness::{SourceFreshness, source_freshness};
use super::viewing::Viewing;
use crate::alert::Alert;
use crate::assessment::{Assessment, DayLevel, Evaluation, Ledger, assess, assess_on, backtest_levels};
use crate::decision::Journal;
use crate::disclosure::{
    Audience, UnitView, UnitWeek, disclose_assessment, is_about_staff, is_rule_shown, is_shown,
};
use crate::epi::{Estimate, IndicatorKind, Missing, Vintage, Window};
use crate::indicator::{IndicatorTable, UnitCases, daily_cases, unit_cases};
use crate::observation::{
    Cell, Grid, Judged, Observation, Settling, TriangleRow, completeness, last_complete_day,
};
use crate::store::{AlertRow, Run, SavedAssessment, SourceState};

/// A day of which so much is usually known by now is drawn as complete: what is still to come is less than the ups and downs from
/// day to day.
const NEARLY_ALL: f64 = 0.95;

/// What the reader asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Focus {
    /// The day; the last one known if `None`.
    pub date: Option<NaiveDate>,
    /// As known when; now if `None`.
    pub as_of: Option<Vintage>,
}

/// The city at one moment.
#[derive(Debug)]
pub struct CityView {
    /// For whom it was gathered.
    pub audience: Audience,
    /// The day shown.
    pub date: NaiveDate,
    /// As known when.
    pub as_of: Vintage,
    /// Figures by day.
    pub grid: Grid,
    /// Daily new cases by slot of the grid.
    pub daily: Vec<Option<Cell>>,
    /// Indicators by day.
    pub table: IndicatorTable,
    /// The assessment of the day: as it was made then, if one was, else on these figures.
    pub assessment: Assessment,
    /// Whether that assessment was made then (and not just now).
    pub is_as_made: bool,
    /// The same day assessed on the figures of `as_of`.
    pub on_these_figures: Assessment,
    /// What the rules said each day as known then.
    pub ledger: Ledger,
    /// What they say of each day on the figures of `as_of`: the level alone, which everybody may see.
    pub backtest: Vec<DayLevel>,
    /// What people had decided.
    pub journal: Journal,
    /// Alerts, newest first.
    pub alerts: Vec<AlertRow>,
    /// Pulls, newest first.
    pub runs: Vec<Run>,
    /// Each source and what it said last.
    pub sources: Vec<(String, SourceState)>,
    /// How each source stands at that moment.
    pub freshness: Vec<SourceFreshness>,
    /// Cases by unit in the fourteen days to the day shown, for those who see units day by day.
    pub unit_cases: Vec<UnitCases>,
    /// Units by week, for those who see them so.
    pub unit_weeks: Vec<UnitWeek>,
    /// Every vintage known, for tables of figures.
    pub observations: Vec<Observation>,
    /// The first day whose cases usually still change, as measured; `None` where all are known well enough, or where it was not
    /// followed when figures come.
    pub open_from: Option<NaiveDate>,
    /// The places beside the city, once somebody asked for them.
    pub(super) neighbours: OnceLock<Vec<Neighbour>>,
    /// What was known each evening of the ledger, once somebody asked for it.
    pub(super) known_then: OnceLock<KnownThen>,
    /// Rises whenever anything is added.
    pub version: i64,
}

impl CityView {
    /// The day of the city's newest figure; none where there are no figures of it.
    #[must_use]
    pub fn newest_day(&self) -> Option<NaiveDate> {
        let own = self.observations.iter().filter(|one| one.location == self.table.location);
        own.map(|one| one.date).max()
    }
}

/// Gathers the view for an audience: everything in it is what that audience may see.
///
/// # Errors
/// When the store does not answer.
pub async fn city_view(journey: &Viewing<'_>, focus: Focus, audience: &Audience) -> anyhow::Result<CityView> {
    // First of all: what comes while the view is gathered makes it old.
    let version = journey.version().await?;
    let now = journey.clock.now();
    let as_of = focus.as_of.unwrap_or(now);
    let records = journey.records().await?;
    let ledger = Ledger::known_by(&records.evaluations, as_of);
    let known_until = as_of.local_date(journey.city.zone);
    let date = focus.date.or(ledger.last().map(|evening| evening.date));
    let judged = journey.observations(as_of).await?;
    let until = date.unwrap_or(known_until).min(known_until);
    let known = work_out(journey, judged, as_of, until).await?;
    let table = &known.table;
    let date = date.unwrap_or_else(|| last_day(table, known_until));
    // The rules see everything, the reader does not.
    let on_these_figures = assessed(journey, table, focus, (date, &ledger)).await?;
    let backtest = backtest_levels(journey.case(table), Window::between(table.first, date), None, false);
    let on_these_figures = disclose_assessment(on_these_figures, journey.policy(), audience);
    let evening: Vec<&Evaluation> = ledger.on(date).into_iter().collect();
    let as_made = with_reasons(journey, &evening, audience).await?.pop().map(|saved| saved.assessment);
    let (shown, unit_weeks) = shown_of(journey, known, (as_of, until, audience)).await?;
    let WorkedOut { judged, grid, table, triangle } =
        until_date(journey, shown, (as_of, until, date)).await?;
    let observations = judged.observations;
    let open_from = open_from(journey, &triangle, (as_of, date));
    let in_use = journey.sources_in_use().await?;
    Ok(CityView {
        audience: audience.clone(),
        date,
        as_of,
        daily: daily_cases(&grid),
        is_as_made: as_made.is_some(),
        assessment: as_made.unwrap_or_else(|| on_these_figures.clone()),
        on_these_figures,
        backtest,
        unit_cases: unit_cases_on(journey, &grid, date, audience),
        unit_weeks,
        grid,
        table,
        ledger,
        journal: journal(journey, Some(as_of)).await?,
        alerts: shown_alerts(journey, journey.store.alerts(Some(as_of)).await?, audience)?,
        runs: records.runs.clone(),
        sources: in_use.into_iter().map(|(spec, state)| (spec.id.clone(), state)).collect(),
        freshness: source_freshness(journey, as_of).await?,
        observations,
        open_from,
        neighbours: OnceLock::new(),
        known_then: OnceLock::new(),
        version,
    })
}

/// Evaluations with their reasons, as an audience may see them, oldest first.
///
/// # Errors
/// When the store does not answer, or does not have them all.
pub async fn with_reasons(
    journey: &Viewing<'_>,
    evaluations: &[&Evaluation],
    audience: &Audience,
) -> anyhow::Result<Vec<SavedAssessment>> {
    let seen = |saved: SavedAssessment| SavedAssessment {
        assessment: disclose_assessment(saved.assessment, journey.policy(), audience),
        ..saved
    };
    Ok(journey.store.assessments_of(evaluations).await?.into_iter().map(seen).collect())
}

/// The city as the reader may see it: worked out from what is shown, never thinned out afterwards, so that nothing more can be
/// worked out from it; and the units by week.
async fn shown_of(
    journey: &Gear,
    mut known: WorkedOut,
    (as_of, until, audience): (Vintage, NaiveDate, &Audience),
) -> anyhow::Result<(WorkedOut, Vec<UnitWeek>)> {
    let judged = std::mem::take(&mut known.judged);
    let disclosed = journey.disclose(judged.observations, as_of, audience);
    let judged = Judged { observations: disclosed.observations, marks: judged.marks };
    if audience.threshold.is_none() {
        return Ok((WorkedOut { judged, ..known }, disclosed.unit_weeks));
    }
    let (WorkedOut { table: known, .. }, mut shown) =
        work_out_again(journey, (known, judged), as_of, until).await?;
    let table = &mut shown.table;
    for kind in IndicatorKind::ALL.iter().copied().filter(|kind| is_about_staff(*kind)) {
        for index in 0..table.len {
            let date = table.date(index);
            let is_gone = !matches!(known.at(kind, date), Estimate::Missing(_))
                && matches!(table.at(kind, date), Estimate::Missing(_));
            if is_gone || (kind == IndicatorKind::UnitClusters && !is_shown(kind, audience)) {
                table.set(kind, index, Estimate::Missing(Missing::Withheld));
            }
        }
    }
    Ok((shown, disclosed.unit_weeks))
}

/// Alerts without the values of indicators, without the rules, and without the units that the reader may not see.
pub(super) fn shown_alerts(
    journey: &Gear,
    alerts: Vec<AlertRow>,
    audience: &Audience,
) -> anyhow::Result<Vec<AlertRow>> {
    let mut shown = Vec::with_capacity(alerts.len());
    for mut row in alerts {
        let alert: Alert = serde_json::from_str(&row.json)?;
        let Some(seen) = shown_alert(journey, &alert, audience) else { continue };
        if seen != alert {
            row.json = serde_json::to_string(&seen)?;
        }
        shown.push(row);
    }
    Ok(shown)
}

/// One alert as an audience may see it; nothing where it may not hear of it.
pub(super) fn shown_alert(journey: &Gear, alert: &Alert, audience: &Audience) -> Option<Alert> {
    let about = &alert.about;
    let rule = journey.policy().rules.iter().find(|rule| rule.id == about.rule);
    let is_hidden = match about.kind.as_str() {
        // A rule of another policy may be on anything.
        "threshold_crossed" | "near_threshold" => {
            !rule.map_or(audience.sees_staff(), |rule| is_rule_shown(rule, audience))
        }
        "staff_signal" => !audience.sees_staff(),
        // One of a city's own rules: named after its first indicator.
        "indicator_crossed" => about.rule.parse().is_ok_and(|kind: IndicatorKind| !is_shown(kind, audience)),
        kind => !sees_unit(audience, kind, &about.unit_id),
    };
    let is_seen = rule.and_then(|rule| rule.indicator).is_none_or(|kind| is_shown(kind, audience));
    let mut shown = alert.clone();
    shown.about.value = about.value.filter(|_| is_seen);
    (!is_hidden).then_some(shown)
}

/// Whether a reader may hear of a unit: of its cases, who sees units day by day; of its attendance and turns, who sees staff.
fn sees_unit(audience: &Audience, kind: &str, unit_id: &str) -> bool {
    match &audience.units {
        _ if unit_id.is_empty() => true,
        UnitView::Own(own) => own == unit_id,
        UnitView::AsReported => true,
        _ => kind != "unit_cluster" && audience.sees_staff(),
    }
}

/// Cases by unit in the days of a cluster, for those who see units day by day.
fn unit_cases_on(journey: &Gear, grid: &Grid, date: NaiveDate, audience: &Audience) -> Vec<UnitCases> {
    match (&audience.units, grid.index(date)) {
        (UnitView::AsReported | UnitView::Own(_), Some(slot)) => {
            unit_cases(grid.on(date), slot, journey.method.cluster_days)
        }
        _ => Vec::new(),
    }
}

/// The day on the figures of the moment. Asked "as known then", what stood is what was recommended then; asked of
/// today's figures, it is worked out from the days before.
async fn assessed(
    journey: &Viewing<'_>,
    table: &IndicatorTable,
    focus: Focus,
    (date, ledger): (NaiveDate, &Ledger),
) -> anyhow::Result<Assessment> {
    let is_same_policy = |evening: &&Evaluation| {
        let policy = &evening.policy;
        policy.id == journey.policy().id && policy.version == journey.policy().version
    };
    let earlier = ledger.iter().rev().filter(is_same_policy).find(|evening| evening.date < date);
    match earlier.filter(|_| focus.as_of.is_some()) {
        Some(evening) => {
            let saved = journey.store.assessments_of(&[evening]).await?.pop();
            Ok(assess(journey.case(table), date, saved.as_ref().map(|saved| &saved.standing)).0)
        }
        None => Ok(assess_on(journey.case(table), date)),
    }
}

/// With the figures by day up to the day shown, where that is not the one up to which they were worked out.
async fn until_date(
    journey: &Gear,
    shown: WorkedOut,
    (as_of, until, date): (Vintage, NaiveDate, NaiveDate),
) -> anyhow::Result<WorkedOut> {
    if until == date {
        return Ok(shown);
    }
    let (authority, location) = (journey.authority(), journey.city.location.clone());
    super::off_the_runtime(move || {
        let own = grid_of(&shown.judged, (&location, &authority), as_of, date)?;
        let grid = own.unwrap_or_else(|| Grid::new(location, date, date));
        Ok(WorkedOut { grid, ..shown })
    })
    .await
}

/// The day after the last one of whose cases, by how such days came so far, enough is known.
fn open_from(
    journey: &Gear,
    triangle: &[TriangleRow],
    (as_of, date): (Vintage, NaiveDate),
) -> Option<NaiveDate> {
    let (zone, settling) = (journey.city.zone, Settling::default());
    let today = as_of.local_date(zone);
    if (today - date).num_days() > i64::from(settling.longest) {
        return None;
    }
    let measured = completeness(triangle, &settling);
    if !measured.iter().any(|row| row.figures >= settling.figures) {
        return None;
    }
    let whole = last_complete_day(&measured, today, NEARLY_ALL, &settling);
    let last = whole.unwrap_or(today - Duration::days(i64::from(settling.longest)));
    last.succ_opt().filter(|from| *from <= date)
}

/// The last day with a case figure, or the day known until when there is none.
fn last_day(table: &IndicatorTable, known_until: NaiveDate) -> NaiveDate {
    let age = table.at(IndicatorKind::DataAgeDays, known_until).value();
    #[expect(clippy::cast_possible_truncation, reason = "an age in days is a small whole number")]
    age.map_or(known_until, |age| known_until - Duration::days(age as i64))
}
