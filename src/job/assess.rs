//! The main path: from what is known now to a level, and to the people who must hear of it.

use chrono::NaiveDate;

use super::alert::watch;
use super::policy::hold_to_policy;
use super::{Gear, Journey};
use crate::assessment::{Assessment, assess as apply_rules};
use crate::epi::{IndicatorKind, LocationId, Vintage};
use crate::indicator::{IndicatorTable, add_nowcast, case_triangle, compute_grid};
use crate::observation::{Authority, Grid, Judged, Measure, Snapshot, SnapshotError, TriangleRow};
use crate::store::SavedAssessment;

/// Takes what is known now, computes the indicators, applies the policy given what stands, saves the assessment, and holds the
/// alert rules against it. Returns the assessment and how many alerts it caused.
///
/// # Errors
/// When the store does not answer. Cut off between assessment and alerts, [`is_behind`](super::is_behind) tells, and the next
/// turn makes up for it.
pub async fn assess(journey: &Journey, date: NaiveDate) -> anyhow::Result<(Assessment, usize)> {
    let as_of = journey.clock.now();
    hold_to_policy(journey, journey.policies.on(date)).await?;
    let table = indicators_as_of(journey, as_of, date).await?;
    let last = journey.store.last_assessment(&journey.city.location, Some(as_of)).await?;
    let (mut assessment, standing) =
        apply_rules(journey.case(&table), date, last.as_ref().map(|saved| &saved.standing));
    assessment.as_of = Some(as_of.to_string());
    let saved = SavedAssessment {
        id: format!("{}@{}", assessment.location, as_of.millis()),
        as_of,
        assessment: assessment.clone(),
        standing,
        memory: "{}".to_owned(),
    };
    journey.store.save_assessment(&saved).await?;
    tracing::info!(
        location = %saved.assessment.location,
        as_of = %saved.as_of,
        policy.version = %saved.assessment.policy.version,
        assessment.id = %saved.id,
        step = saved.assessment.step.number(),
        "assessed"
    );
    let alerts = watch(journey).await?;
    journey.announce().await?;
    Ok((assessment, alerts))
}

/// The city's indicators as known at a moment; an empty table for the day when nothing is known.
pub(super) async fn indicators_as_of(
    journey: &Journey,
    as_of: Vintage,
    until: NaiveDate,
) -> anyhow::Result<IndicatorTable> {
    let judged = journey.viewing().observations(as_of).await?;
    Ok(work_out(journey, judged, as_of, until).await?.table)
}

/// The city at a moment, worked out up to a day.
pub(super) struct WorkedOut {
    /// What it was worked out from.
    pub judged: Judged,
    /// The figures by day; of that day alone when nothing is known.
    pub grid: Grid,
    /// The indicators by day.
    pub table: IndicatorTable,
    /// What was known of its cases after each delay.
    pub triangle: Vec<TriangleRow>,
}

/// The city's figures by day, and its indicators.
pub(super) async fn work_out(
    journey: &Gear,
    judged: Judged,
    as_of: Vintage,
    until: NaiveDate,
) -> anyhow::Result<WorkedOut> {
    let work = working_out(journey, as_of, until);
    super::off_the_runtime(move || work(judged, None)).await
}

/// The same once more from what a reader may see. What is the same in both is not worked out again.
pub(super) async fn work_out_again(
    journey: &Gear,
    (known, shown): (WorkedOut, Judged),
    as_of: Vintage,
    until: NaiveDate,
) -> anyhow::Result<(WorkedOut, WorkedOut)> {
    let work = working_out(journey, as_of, until);
    super::off_the_runtime(move || {
        let shown = work(shown, Some(&known))?;
        Ok((known, shown))
    })
    .await
}

fn working_out(
    journey: &Gear,
    as_of: Vintage,
    until: NaiveDate,
) -> impl Fn(Judged, Option<&WorkedOut>) -> anyhow::Result<WorkedOut> + Send + use<> {
    let (authority, method) = (journey.authority(), journey.method.clone());
    let (locations, location) = (journey.city.locations.clone(), journey.city.location.clone());
    let zone = journey.city.zone;
    move |judged, like| {
        let own = grid_of(&judged, (&location, &authority), as_of, until)?;
        let mut table = match &own {
            Some(grid) => compute_grid(grid, &locations, &method),
            None => IndicatorTable::new(location.clone(), until, 1),
        };
        let triangle = case_triangle(&judged.observations, (&location, &authority), (as_of, zone));
        let (weeks, nowcast) = (IndicatorKind::Cases7d, IndicatorKind::NowcastCases7d);
        let grid = own.unwrap_or_else(|| Grid::new(location.clone(), until, until));
        let is_published = |grid: &Grid| grid.has(Measure::Published(nowcast));
        // One that nobody publishes is made of these two and nothing else.
        let is_same = |like: &&WorkedOut| {
            (&like.triangle, like.table.first, like.table.column(weeks))
                == (&triangle, table.first, table.column(weeks))
                && !is_published(&like.grid)
                && !is_published(&grid)
        };
        match like.filter(is_same).and_then(|like| like.table.column(nowcast)) {
            Some(column) => table.set_column(nowcast, column.to_vec()),
            None => add_nowcast(&mut table, &triangle, as_of.local_date(zone), &method),
        }
        Ok(WorkedOut { judged, grid, table, triangle })
    }
}

/// A place's figures by day, up to a day or the last figure; nothing where none are known.
///
/// # Errors
/// When the table of figures cannot be built.
pub(super) fn grid_of(
    judged: &Judged,
    (location, authority): (&LocationId, &Authority),
    as_of: Vintage,
    until: NaiveDate,
) -> Result<Option<Grid>, SnapshotError> {
    let snapshot = Snapshot::new(&judged.observations, Some(as_of), authority)?.judged(judged.marks.clone());
    Ok(snapshot.grids(Some(until))?.into_iter().find(|grid| grid.location == *location))
}
