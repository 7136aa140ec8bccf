//! How each unit stands on a day: what binds it, who was there, what should be told.

use chrono::{Duration, NaiveDate};

use super::fault::WorkforceFault;
use super::register::Register;
use crate::account::Visitor;
use crate::decision::Decision;
use crate::epi::{IndicatorKind, Window};
use crate::job::{CityView, Journey};
use crate::observation::Measure as Figure;
use crate::workforce::{
    CapTerms, CaseDay, CaseLink, Cluster, DayCounts, Finding, Judging, LogKind, Measure, OwnChoice,
    ReportCounts, Situation, Unit, UnitPlan, cluster_by, findings, links_on, measure,
};

/// A unit on a day.
#[derive(Debug, Clone)]
pub struct UnitStanding {
    /// The unit.
    pub unit: Unit,
    /// Its staff that day.
    pub staff: Option<u32>,
    /// What binds it.
    pub measure: Measure,
    /// Its newest attendance up to that day.
    pub attendance: Option<DayCounts>,
    /// Its newest reports up to that day.
    pub reports: Option<ReportCounts>,
}

/// Days of attendance that are looked back at.
const BACK: i64 = 14;
/// An official zone older than this counts as unknown.
const ZONE_DAYS: u32 = 14;
/// Days of cases that can still keep a unit at home.
const CASE_DAYS: i64 = 35;

/// How units stand on the day of a view, which was made for who asks: where units' cases are not theirs to see, clusters are
/// left out. Where a decision is in force it binds, with its exempt units; else the step that the rules recommend.
///
/// # Errors
/// When the store does not answer.
pub async fn standings(
    journey: &Journey,
    (register, view): (&Register, &CityView),
    visitor: &Visitor,
) -> Result<Vec<UnitStanding>, WorkforceFault> {
    let (date, own) = (view.date, visitor.own_unit());
    let back = Window { from: date - Duration::days(BACK), to: date };
    let attendance = journey.store.attendance(back, own).await?;
    let reports = journey.store.reports(back, own).await?;
    let today = Window { from: date, to: date };
    let choices = journey.store.log_entries(today, (own, Some(LogKind::OwnCap))).await?;
    let said = journey.store.case_links(Some(view.as_of)).await?;
    let zone = view.table.carried(IndicatorKind::Zone, date, ZONE_DAYS).value();
    let order = journey.city.orders.in_force(&journey.city.lineage, date, zone);
    let decided = view.journal.in_force(date);
    let standing = |unit: &Unit| {
        let staff = register.staff(unit, date);
        let days = case_days(view, &unit.unit_id);
        let step = decided.map_or(view.assessment.step, |decision| decision.step).number();
        // The newest choice of the head counts.
        let choice = choices.iter().find(|entry| entry.unit_id == unit.unit_id);
        let own_choice = choice.and_then(|entry| {
            Some(OwnChoice { cap_pct: u8::try_from(entry.number?).ok()?, until: entry.to })
        });
        let closures = register.closures_of(&unit.unit_id);
        let measure = measure(&Situation {
            date,
            service: unit.service(),
            caps: decided.map_or(view.assessment.caps, |decision| decision.caps),
            period_end: decided.map(|decision| decision.period.last_day),
            terms: decided.and_then(|decision| terms(decision, unit)),
            order,
            closures: &closures,
            cluster: cluster((&days, &said), &unit.unit_id, (staff, step), date),
            has_case: has_case(&days, date),
            own: own_choice,
        });
        let newest = |day: &&DayCounts| day.unit_id == unit.unit_id;
        UnitStanding {
            unit: unit.clone(),
            staff,
            measure,
            attendance: attendance.iter().rfind(newest).cloned(),
            reports: reports.iter().rfind(|day| day.unit_id == unit.unit_id).cloned(),
        }
    };
    Ok(register.seen_by(visitor).map(standing).collect())
}

/// What a decision asks of a unit that it exempts.
fn terms(decision: &Decision, unit: &Unit) -> Option<CapTerms> {
    let exempt = decision.exemption_of(&unit.unit_id, &unit.name)?;
    Some(CapTerms {
        cap_pct: exempt.cap_pct.unwrap_or(100),
        minimum_presence: exempt.minimum_presence.unwrap_or(0).into(),
        until: Some(decision.period.last_day),
    })
}

/// The cluster that keeps a unit at home, by its cases and what people said of how they belong together.
fn cluster(
    (days, said): (&[CaseDay], &[CaseLink]),
    unit_id: &str,
    staff_and_step: (Option<u32>, u8),
    date: NaiveDate,
) -> Option<Cluster> {
    let own: Vec<CaseLink> = said.iter().filter(|link| link.unit_id == unit_id).cloned().collect();
    cluster_by(days, &|end| links_on(&own, days, end), staff_and_step, date)
}

fn has_case(days: &[CaseDay], date: NaiveDate) -> bool {
    let since = date - Duration::days(13);
    days.iter().any(|day| day.cases > 0 && since <= day.date && day.date <= date)
}

/// The cases of a unit by day, as far as the view has them.
pub(super) fn case_days(view: &CityView, unit_id: &str) -> Vec<CaseDay> {
    let Some(cells) = view.grid.units.get(unit_id).and_then(|measures| measures.get(&Figure::StaffCases))
    else {
        return Vec::new();
    };
    let since = view.date - Duration::days(CASE_DAYS);
    let counted = cells.iter().enumerate().filter_map(|(index, cell)| {
        let (cell, date) = (cell.as_ref()?, view.grid.date(index));
        let is_near = since <= date && date <= view.date;
        (is_near && cell.value >= 0.5).then(|| CaseDay { date, cases: rounded(cell.value) })
    });
    counted.collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of people are small and not negative"
)]
fn rounded(value: f64) -> u32 {
    value.round() as u32
}

/// What attendance and reports say on a day that somebody should hear, of the units a visitor sees. Units that never handed
/// anything in are not told of every day: they are told once the city began to.
///
/// # Errors
/// When the store does not answer.
pub async fn open_findings(
    journey: &Journey,
    standings: &[UnitStanding],
    (date, visitor): (NaiveDate, &Visitor),
) -> Result<Vec<Finding>, WorkforceFault> {
    let own = visitor.own_unit();
    let back = Window { from: date - Duration::days(BACK), to: date };
    let attendance = journey.store.attendance(back, own).await?;
    let reports = journey.store.reports(back, own).await?;
    let duties = journey.store.duties(Window { from: date, to: date }, own).await?;
    if attendance.is_empty() && reports.is_empty() && duties.is_empty() {
        return Ok(Vec::new());
    }
    let plan = |standing: &UnitStanding| {
        let unit_id = standing.unit.unit_id.clone();
        let on_duty = duties.iter().filter(|duty| duty.unit_id == unit_id).count();
        let planned = (!duties.is_empty()).then(|| u32::try_from(on_duty).unwrap_or(u32::MAX));
        let cap_pct =
            standing.measure.desk_pct.unwrap_or(standing.measure.cap_pct).max(standing.measure.cap_pct);
        let minimum_presence = standing.measure.minimum_presence;
        UnitPlan { unit_id, staff: standing.staff, cap_pct, minimum_presence, planned }
    };
    let units: Vec<UnitPlan> = standings.iter().map(plan).collect();
    Ok(findings(&Judging {
        date,
        units: &units,
        attendance: &attendance,
        reports: &reports,
        calendar: &journey.city.calendar,
    }))
}
