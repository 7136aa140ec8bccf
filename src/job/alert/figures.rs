//! What figures say beside the assessment: units with clusters, staff cases that stand out.

use super::sight::name;
use crate::alert::Figures;
use crate::epi::{IndicatorKind, Status};
use crate::indicator::detection::{Ears, c2};
use crate::indicator::{Counted, CountedDays, unit_cases};
use crate::job::Journey;
use crate::observation::{Grid, Measure, Snapshot};
use crate::store::SavedAssessment;

/// New staff cases, by day or from running totals.
const STAFF: Counted = Counted { flow: Measure::StaffCases, total: Measure::StaffCasesTotal };

/// Worked out from what was known at an assessment. Figures made up for the demonstration never count.
pub(super) async fn figures_of(journey: &Journey, saved: &SavedAssessment) -> anyhow::Result<Figures> {
    let judged = journey.viewing().observations(saved.as_of).await?;
    let (authority, location) = (journey.authority(), journey.city.location.clone());
    let (as_of, date) = (saved.as_of, saved.assessment.date);
    let grid = crate::job::off_the_runtime(move || {
        let snapshot = Snapshot::new(&judged.observations, Some(as_of), &authority)?.judged(judged.marks);
        let grids = snapshot.grids(Some(date))?;
        anyhow::Ok(grids.into_iter().find(|grid| grid.location == location))
    })
    .await?;
    let staff = saved.assessment.indicators.get(IndicatorKind::StaffCases7d.name());
    Ok(Figures {
        assessment_id: saved.id.clone(),
        clusters: grid.as_ref().and_then(|grid| clusters(journey, grid, date)),
        staff_cases: staff.and_then(|staff| staff.value),
        staff_stand_out: grid.as_ref().and_then(|grid| stand_out(grid, date)),
    })
}

fn clusters(journey: &Journey, grid: &Grid, date: chrono::NaiveDate) -> Option<Vec<(String, String)>> {
    let units = unit_cases(grid, grid.index(date)?, journey.method.cluster_days);
    if units.is_empty() {
        return None;
    }
    let is_cluster =
        |cases: f64, status: Status| cases >= journey.method.cluster_cases && status != Status::Reconstructed;
    let named = |unit_id: String| {
        let known = journey.city.units.iter().find(|unit| unit.unit_id == unit_id);
        let name = name(journey, known, &unit_id);
        (unit_id, name)
    };
    let units = units.into_iter().filter(|unit| is_cluster(unit.cases, unit.status));
    Some(units.map(|unit| named(unit.unit_id)).collect())
}

/// Whether the day's new staff cases are more than the days before let expect; `None` where days are missing.
fn stand_out(grid: &Grid, date: chrono::NaiveDate) -> Option<bool> {
    let daily = CountedDays::new(grid, STAFF).daily;
    let counts: Vec<Option<f64>> = daily.iter().map(|cell| cell.map(|cell| cell.value)).collect();
    let limits = c2(&counts, &Ears::default());
    limits.get(grid.index(date)?)?.as_ref().ok().map(|limit| limit.is_alarm)
}
