//! The stage's one entry: a snapshot in, every indicator of every location out.

use chrono::NaiveDate;

use super::freshness::{completeness, data_age, has_case_figure};
use super::growth::{doubling_days, growth_ratio};
use super::method::MethodParameters;
use super::share::{added, percent_of, rate, scaled};
use super::staff::{headcount, staff_cases, staff_total, unit_clusters};
use super::table::IndicatorTable;
use super::weekly::{CASES, Counted, daily_cases, sum_ending};
use crate::epi::{Estimate, IndicatorKind, Known, Locations, Missing};
use crate::observation::{Grid, Mark, Measure, Snapshot, SnapshotError, backlog_days};

const DEATHS: Counted = Counted { flow: Measure::Deaths, total: Measure::DeathsTotal };
const ADMISSIONS: Counted = Counted { flow: Measure::Admissions, total: Measure::AdmissionsTotal };
const TESTS: Counted = Counted { flow: Measure::Tests, total: Measure::TestsTotal };
const POSITIVE: Counted = Counted { flow: Measure::TestsPositive, total: Measure::TestsPositiveTotal };

/// All indicators of all locations of a snapshot, in the order of their codes; each table runs to `until` if
/// that is later than the location's last figure.
///
/// # Errors
/// [`SnapshotError`] when the snapshot's frame cannot be read.
pub fn compute(
    snapshot: &Snapshot,
    locations: &Locations,
    method: &MethodParameters,
    until: Option<NaiveDate>,
) -> Result<Vec<IndicatorTable>, SnapshotError> {
    let grids = snapshot.grids(until)?;
    Ok(grids.iter().map(|grid| compute_grid(grid, locations, method)).collect())
}

/// All indicators of one location.
#[must_use]
pub fn compute_grid(grid: &Grid, locations: &Locations, method: &MethodParameters) -> IndicatorTable {
    let mut table = IndicatorTable::new(grid.location.clone(), grid.first, grid.len);
    table.population = locations.population(&grid.location, table.last());
    table.flags = backlog_days(grid.first, &daily_cases(grid));
    // Somebody looked, and it is as it stands.
    table.flags.retain(|flag| !grid.index(flag.date).is_some_and(|slot| is_confirmed(grid, slot)));
    for index in 0..grid.len {
        let population = locations.population(&grid.location, grid.date(index));
        cases(&mut table, grid, index, population, method);
        rates(&mut table, grid, index, population, method);
        stocks(&mut table, grid, index);
        staff(&mut table, grid, index, method);
    }
    freshness(&mut table, grid);
    table
}

fn is_confirmed(grid: &Grid, slot: usize) -> bool {
    [Measure::Cases, Measure::CasesTotal]
        .iter()
        .any(|measure| grid.mark(*measure, slot) == Some(Mark::Confirmed))
}

/// The figure that somebody publishes ready-made under the indicator's own name is used as it is.
fn published(grid: &Grid, kind: IndicatorKind, index: usize) -> Option<Estimate> {
    let cell = grid.cells(Measure::Published(kind)).get(index).copied().flatten()?;
    Some(Estimate::Known(Known {
        value: cell.value,
        interval: None,
        status: cell.status,
        date: grid.date(index),
    }))
}

fn put(
    table: &mut IndicatorTable,
    grid: &Grid,
    kind: IndicatorKind,
    index: usize,
    computed: Estimate,
) -> Estimate {
    // Published on other days: then it has been reported, only not for this one.
    let computed = match computed {
        Estimate::Missing(Missing::NeverReported) if grid.has(Measure::Published(kind)) => {
            Estimate::Missing(Missing::NoFigure)
        }
        other => other,
    };
    let computed = match (grid.mark(Measure::Published(kind), index), computed) {
        (Some(Mark::Excluded), Estimate::Missing(_)) => Estimate::Missing(Missing::Excluded),
        (_, computed) => computed,
    };
    let estimate = published(grid, kind, index).unwrap_or(computed);
    table.set(kind, index, estimate);
    estimate
}

fn cases(
    table: &mut IndicatorTable,
    grid: &Grid,
    index: usize,
    population: Option<f64>,
    method: &MethodParameters,
) {
    use IndicatorKind as K;
    let week = put(table, grid, K::Cases7d, index, sum_ending(grid, CASES, index, 7));
    let before = match index.checked_sub(7) {
        Some(earlier) => table.at(K::Cases7d, grid.date(earlier)),
        None => Estimate::Missing(Missing::NoPreviousWeek),
    };
    let before = match before {
        Estimate::Missing(_) => Estimate::Missing(Missing::NoPreviousWeek),
        known => known,
    };
    let before = put(table, grid, K::CasesPrev7d, index, before);
    let growth = growth_ratio(&week, &before, method.growth_dispersion);
    let growth = put(table, grid, K::GrowthRatio, index, growth);
    put(table, grid, K::GrowthPct, index, growth_pct(&growth));
    put(table, grid, K::DoublingDays, index, doubling_days(&growth));
    put(table, grid, K::Incidence7dPer100k, index, rate(&week, population, 1e5));
    let fortnight = added(&week, &before);
    put(table, grid, K::Incidence14dPer100k, index, rate(&fortnight, population, 1e5));
    let mean = put(table, grid, K::CasesMean7d, index, scaled(&week, 1.0 / 7.0));
    let per_100k = population.map_or(Estimate::Missing(Missing::NoPopulation), |p| scaled(&mean, 1e5 / p));
    put(table, grid, K::CasesMean7dPer100k, index, per_100k);
}

fn growth_pct(growth: &Estimate) -> Estimate {
    match *growth {
        Estimate::Known(known) => Estimate::Known(Known {
            value: 100.0 * (known.value - 1.0),
            interval: known.interval.map(|i| crate::epi::Interval {
                lower: 100.0 * (i.lower - 1.0),
                upper: 100.0 * (i.upper - 1.0),
            }),
            ..known
        }),
        other => other,
    }
}

fn rates(
    table: &mut IndicatorTable,
    grid: &Grid,
    index: usize,
    population: Option<f64>,
    method: &MethodParameters,
) {
    use IndicatorKind as K;
    let deaths = sum_ending(grid, DEATHS, index, 7);
    put(table, grid, K::Deaths7dPer100k, index, rate(&deaths, population, 1e5));
    let admissions = sum_ending(grid, ADMISSIONS, index, 7);
    put(table, grid, K::Admissions7dPer100k, index, rate(&admissions, population, 1e5));
    let tests = sum_ending(grid, TESTS, index, 7);
    let tests_rate = match rate(&tests, population, 1e3) {
        Estimate::Known(known) => Estimate::Known(Known { interval: None, ..known }),
        other => other,
    };
    let tests_rate = put(table, grid, K::Tests7dPer1000, index, tests_rate);
    let positivity = match tests_rate.value() {
        Some(tested) if tested < method.positivity_tests_per_1000 => Estimate::Missing(Missing::TooFewTests),
        _ => percent_of(
            &sum_ending(grid, POSITIVE, index, 7),
            &tests,
            method.exact_share_up_to,
            Missing::TooFewTests,
        ),
    };
    put(table, grid, K::Positivity7dPct, index, positivity);
}

fn stocks(table: &mut IndicatorTable, grid: &Grid, index: usize) {
    use IndicatorKind as K;
    let occupancy = |occupied: Measure, available: Measure| {
        super::share::occupancy(&stock(grid, occupied, index), &stock(grid, available, index))
    };
    let beds = occupancy(Measure::BedsOccupied, Measure::BedsAvailable);
    put(table, grid, K::BedOccupancyPct, index, beds);
    let icu = occupancy(Measure::IcuOccupied, Measure::IcuAvailable);
    put(table, grid, K::IcuOccupancyPct, index, icu);
    put(table, grid, K::Zone, index, stock(grid, Measure::Published(K::Zone), index));
}

fn stock(grid: &Grid, measure: Measure, index: usize) -> Estimate {
    let cells = grid.cells(measure);
    let missing = match grid.mark(measure, index) {
        Some(Mark::Excluded) => Missing::Excluded,
        _ if cells.is_empty() => Missing::NeverReported,
        _ => Missing::NoFigure,
    };
    cells.get(index).copied().flatten().map_or(Estimate::Missing(missing), |cell| {
        Estimate::Known(Known {
            value: cell.value,
            interval: None,
            status: cell.status,
            date: grid.date(index),
        })
    })
}

fn staff(table: &mut IndicatorTable, grid: &Grid, index: usize, method: &MethodParameters) {
    use IndicatorKind as K;
    let share =
        |k: &Estimate| percent_of(k, &headcount(grid, index), method.exact_share_up_to, Missing::NoHeadcount);
    put(table, grid, K::StaffCases7d, index, staff_cases(grid, index, 7));
    let fortnight = put(table, grid, K::StaffCases14d, index, staff_cases(grid, index, 14));
    put(table, grid, K::StaffPrevalence14dPct, index, missing_first(&fortnight, share(&fortnight)));
    let total = staff_total(grid, index);
    put(table, grid, K::StaffPrevalenceTotalPct, index, missing_first(&total, share(&total)));
    let clusters = unit_clusters(grid, index, method.cluster_days, method.cluster_cases);
    put(table, grid, K::UnitClusters, index, clusters);
}

/// "No figure today" says more than "no head-count" when both are true.
fn missing_first(count: &Estimate, share: Estimate) -> Estimate {
    if matches!(count, Estimate::Missing(_)) { *count } else { share }
}

fn freshness(table: &mut IndicatorTable, grid: &Grid) {
    let has = has_case_figure(grid, Measure::Published(IndicatorKind::Cases7d));
    for index in 0..grid.len {
        table.set(IndicatorKind::DataAgeDays, index, data_age(grid, &has, index));
        table.set(IndicatorKind::CompletenessPct, index, completeness(grid, &has, index));
    }
}
