//! The stage's one entry: a snapshot in, every indicator of every location out.

use std::ops::Range;

use chrono::NaiveDate;
use rayon::prelude::*;

use super::forecast::Horizon;
use super::freshness::{completeness, data_ages, has_case_figure};
use super::growth::{doubling_days, growth_pct, growth_ratio};
use super::method::MethodParameters;
use super::models::{Days, ahead, staff_ratio};
use super::seam::across;
use super::share::{added, occupancy, percent_of, rate, scaled};
use super::staff::{headcounts, staff_cases_by_day, staff_totals, unit_clusters_by_day};
use super::table::IndicatorTable;
use super::weekly::{CASES, Counted, CountedDays};
use crate::epi::{Estimate, IndicatorKind, Known, Locations, Missing, Spread};
use crate::observation::{Cell, Grid, Mark, Measure, Snapshot, SnapshotError, backlog_days};

const DEATHS: Counted = Counted { flow: Measure::Deaths, total: Measure::DeathsTotal };
const ADMISSIONS: Counted = Counted { flow: Measure::Admissions, total: Measure::AdmissionsTotal };
const TESTS: Counted = Counted { flow: Measure::Tests, total: Measure::TestsTotal };
const POSITIVE: Counted = Counted { flow: Measure::TestsPositive, total: Measure::TestsPositiveTotal };

/// What is worked out from the figures of staff.
const STAFF_KINDS: &[IndicatorKind] = &[
    IndicatorKind::StaffCases7d,
    IndicatorKind::StaffCases14d,
    IndicatorKind::StaffPrevalence14dPct,
    IndicatorKind::StaffPrevalenceTotalPct,
    IndicatorKind::StaffRatio,
    IndicatorKind::UnitClusters,
];

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
    Ok(grids.par_iter().map(|grid| compute_grid(grid, locations, method)).collect())
}

/// All indicators of one location.
#[must_use]
pub fn compute_grid(grid: &Grid, locations: &Locations, method: &MethodParameters) -> IndicatorTable {
    compute_grid_of(grid, locations, method, IndicatorKind::ALL)
}

/// Some indicators of one location, and what they are made from: what a policy does not read need not be worked out.
#[must_use]
pub fn compute_grid_of(
    grid: &Grid,
    locations: &Locations,
    method: &MethodParameters,
    wanted: &[IndicatorKind],
) -> IndicatorTable {
    from_day(grid, locations, method, (wanted, None))
}

/// The same table again after some figures changed: only the days from the first change on are worked out, the days before are
/// taken from the table that was made of the grid `before`. The result is the same as if everything were worked out.
///
/// A change on a day moves that day and later ones, and the day before: the seven-day ratio is dated back by one day, nothing else
/// looks ahead. Only a measure that was never reported before
/// gives earlier days another reason for having no value: then everything is worked out.
#[must_use]
pub fn recompute_grid_of(
    (before, table): (&Grid, &IndicatorTable),
    grid: &Grid,
    (locations, method): (&Locations, &MethodParameters),
    wanted: &[IndicatorKind],
) -> IndicatorTable {
    let first = before.first_difference(grid).map(|first| first.saturating_sub(1)).filter(|first| *first > 0);
    from_day(grid, locations, method, (wanted, first.map(|first| (table, first))))
}

/// A table of which some first days stand already, and how many.
type Kept<'a> = Option<(&'a IndicatorTable, usize)>;

fn from_day(
    grid: &Grid,
    locations: &Locations,
    method: &MethodParameters,
    (wanted, kept): (&[IndicatorKind], Kept<'_>),
) -> IndicatorTable {
    use IndicatorKind as K;
    if let Some(table) = across(grid, |layer| from_day(layer, locations, method, (wanted, None))) {
        return table;
    }
    let is_wanted = |kinds: &[IndicatorKind]| kinds.iter().any(|kind| wanted.contains(kind));
    let cases = CountedDays::new(grid, CASES);
    let mut table = IndicatorTable::new(grid.location.clone(), grid.first, grid.len);
    table.population = locations.population(&grid.location, table.last());
    table.flags = backlog_days(grid.first, &cases.daily);
    // Somebody looked, and it is as it stands.
    table.flags.retain(|flag| !grid.index(flag.date).is_some_and(|slot| is_confirmed(grid, slot)));
    let population = locations.populations(&grid.location, grid.first, grid.len);
    let mut desk = Desk { grid, method, population, table, kept };
    desk.cases(&cases, &is_wanted);
    if is_wanted(&[K::Deaths7dPer100k]) {
        desk.weekly_rate(K::Deaths7dPer100k, DEATHS);
    }
    if is_wanted(&[K::Admissions7dPer100k, K::AdmissionsMean7d]) {
        desk.weekly_rate(K::Admissions7dPer100k, ADMISSIONS);
        let admissions = CountedDays::new(grid, ADMISSIONS);
        let mean = admissions.sums(7, desk.days()).iter().map(|week| scaled(week, 1.0 / 7.0)).collect();
        desk.put(K::AdmissionsMean7d, mean);
    }
    if is_wanted(&[K::Positivity7dPct, K::Tests7dPer1000]) {
        desk.tests();
    }
    if is_wanted(&[K::BedOccupancyPct, K::IcuOccupancyPct, K::Zone]) {
        desk.stocks();
    }
    if is_wanted(STAFF_KINDS) {
        desk.staff(&cases);
    }
    let days = Days { daily: &cases.daily, imported: grid.cells(Measure::CasesImported), first: grid.first };
    if is_wanted(&[K::Rt]) {
        desk.put(K::Rt, days.rt(method, desk.days().start));
    }
    if is_wanted(&[K::RtRatio]) {
        desk.put_whole(K::RtRatio, days.rt_ratio());
    }
    for (kind, horizon) in [(K::Cases7dAhead1w, Horizon::OneWeek), (K::Cases7dAhead2w, Horizon::TwoWeeks)] {
        if is_wanted(&[kind]) {
            let weekly = desk.table.column(K::Cases7d).unwrap_or_default();
            desk.put(kind, ahead(weekly, (desk.days(), horizon), method));
        }
    }
    if is_wanted(&[K::DataAgeDays, K::CompletenessPct]) {
        desk.freshness();
    }
    desk.published_only(wanted);
    desk.table
}

fn is_confirmed(grid: &Grid, slot: usize) -> bool {
    [Measure::Cases, Measure::CasesTotal]
        .iter()
        .any(|measure| grid.mark(*measure, slot) == Some(Mark::Confirmed))
}

/// One location's indicators while they are worked out, a column at a time.
struct Desk<'a> {
    grid: &'a Grid,
    method: &'a MethodParameters,
    population: Vec<Option<f64>>,
    table: IndicatorTable,
    kept: Kept<'a>,
}

impl Desk<'_> {
    /// The slots that are worked out.
    fn days(&self) -> Range<usize> {
        self.kept.map_or(0, |(_, first)| first)..self.grid.len
    }

    /// Puts the days that were worked out behind those that stand, with what somebody publishes ready-made under the indicator's
    /// own name in the place of what was worked out.
    fn put(&mut self, kind: IndicatorKind, mut computed: Vec<Estimate>) {
        let (measure, first) = (Measure::Published(kind), self.days().start);
        if self.grid.has(measure) || self.grid.marks.contains_key(&measure) {
            let cells = self.grid.cells(measure);
            for (index, estimate) in (first..).zip(&mut computed) {
                *estimate = self.published(kind, cells.get(index).copied().flatten(), (index, *estimate));
            }
        }
        self.set(kind, computed);
    }

    /// The same for a column whose every day is at hand.
    fn put_whole(&mut self, kind: IndicatorKind, mut whole: Vec<Estimate>) {
        self.put(kind, whole.split_off(self.days().start));
    }

    fn set(&mut self, kind: IndicatorKind, computed: Vec<Estimate>) {
        let first = self.days().start;
        if first == 0 {
            return self.table.set_column(kind, computed);
        }
        let kept = self.kept.and_then(|(table, _)| table.column(kind)).unwrap_or_default();
        let mut column = kept.get(..first).unwrap_or_default().to_vec();
        column.resize(first, Estimate::Missing(Missing::NeverReported));
        column.extend(computed);
        self.table.set_column(kind, column);
    }

    fn published(
        &self,
        kind: IndicatorKind,
        cell: Option<Cell>,
        (index, computed): (usize, Estimate),
    ) -> Estimate {
        let measure = Measure::Published(kind);
        match (cell, computed) {
            (Some(cell), _) => Estimate::Known(Known::plain(cell.value, cell.status, self.grid.date(index))),
            (None, Estimate::Missing(_)) if self.grid.mark(measure, index) == Some(Mark::Excluded) => {
                Estimate::Missing(Missing::Excluded)
            }
            // Published on other days: then it has been reported, only not for this one.
            (None, Estimate::Missing(Missing::NeverReported)) if self.grid.has(measure) => {
                Estimate::Missing(Missing::NoFigure)
            }
            (None, computed) => computed,
        }
    }

    /// Columns of indicators that nothing here works out and somebody publishes.
    fn published_only(&mut self, wanted: &[IndicatorKind]) {
        for kind in wanted.iter().copied() {
            if self.table.column(kind).is_none() && self.grid.has(Measure::Published(kind)) {
                self.put_whole(kind, vec![Estimate::Missing(Missing::NeverReported); self.grid.len]);
            }
        }
    }

    /// A column made from one that stands already.
    fn from(&self, kind: IndicatorKind, make: impl Fn(usize, &Estimate) -> Estimate) -> Vec<Estimate> {
        let column = self.table.column(kind).unwrap_or_default();
        self.days().map(|index| make(index, &column[index])).collect()
    }

    /// The weeks of cases always stand, what is made from them where it is wanted.
    fn cases(&mut self, cases: &CountedDays<'_>, is_wanted: &dyn Fn(&[IndicatorKind]) -> bool) {
        use IndicatorKind as K;
        self.put(K::Cases7d, cases.sums(7, self.days()));
        // A column of what stands seven days earlier already: made where somebody reads it, or publishes another.
        let measure = Measure::Published(K::CasesPrev7d);
        let is_published = self.grid.has(measure) || self.grid.marks.contains_key(&measure);
        if is_wanted(&[K::CasesPrev7d, K::Incidence14dPer100k]) || is_published {
            let before: Vec<Estimate> = self.days().map(self.week_before()).copied().collect();
            self.put(K::CasesPrev7d, before);
        }
        if is_wanted(&[K::GrowthRatio, K::GrowthPct, K::DoublingDays]) {
            self.growth(is_wanted);
        }
        if is_wanted(&[K::Incidence7dPer100k]) {
            let incidence = self.from(K::Cases7d, |index, week| rate(week, self.population[index], 1e5));
            self.put(K::Incidence7dPer100k, incidence);
        }
        if is_wanted(&[K::Incidence14dPer100k]) {
            let before = self.table.column(K::CasesPrev7d).unwrap_or_default();
            let fortnight = self.from(K::Cases7d, |index, week| {
                rate(&added(week, &before[index]), self.population[index], 1e5)
            });
            self.put(K::Incidence14dPer100k, fortnight);
        }
        if is_wanted(&[K::CasesMean7d, K::CasesMean7dPer100k]) {
            self.put(K::CasesMean7d, self.from(K::Cases7d, |_, week| scaled(week, 1.0 / 7.0)));
            let per_100k = self.from(K::CasesMean7d, |index, mean| {
                self.population[index]
                    .map_or(Estimate::Missing(Missing::NoPopulation), |p| scaled(mean, 1e5 / p))
            });
            self.put(K::CasesMean7dPer100k, per_100k);
        }
    }

    /// The cases of the week before, by slot: from their own column where there is one, else what stands seven days earlier.
    fn week_before<'t>(&'t self) -> impl Fn(usize) -> &'t Estimate {
        let weeks = self.table.column(IndicatorKind::Cases7d).unwrap_or_default();
        let own = self.table.column(IndicatorKind::CasesPrev7d);
        move |index| match (own, index.checked_sub(7).map(|earlier| &weeks[earlier])) {
            (Some(own), _) => &own[index],
            (None, Some(Estimate::Missing(_)) | None) => &Estimate::Missing(Missing::NoPreviousWeek),
            (None, Some(known)) => known,
        }
    }

    fn growth_ratios(&self) -> Vec<Estimate> {
        let (before, dispersion) = (self.week_before(), self.method.growth_dispersion);
        self.from(IndicatorKind::Cases7d, |index, week| growth_ratio(week, before(index), dispersion))
    }

    fn growth(&mut self, is_wanted: &dyn Fn(&[IndicatorKind]) -> bool) {
        use IndicatorKind as K;
        self.put(K::GrowthRatio, self.growth_ratios());
        if is_wanted(&[K::GrowthPct]) {
            self.put(K::GrowthPct, self.from(K::GrowthRatio, |_, growth| growth_pct(growth)));
        }
        if is_wanted(&[K::DoublingDays]) {
            self.put(K::DoublingDays, self.from(K::GrowthRatio, |_, growth| doubling_days(growth)));
        }
    }

    /// The sums of seven days per so many residents.
    fn weekly(&self, sums: &CountedDays<'_>, per: f64) -> Vec<Estimate> {
        let weeks = self.days().zip(sums.sums(7, self.days()));
        weeks.map(|(index, week)| rate(&week, self.population[index], per)).collect()
    }

    fn weekly_rate(&mut self, kind: IndicatorKind, counted: Counted) {
        let rates = self.weekly(&CountedDays::new(self.grid, counted), 1e5);
        self.put(kind, rates);
    }

    fn tests(&mut self) {
        use IndicatorKind as K;
        let grid = self.grid;
        let tests = CountedDays::new(grid, TESTS);
        let mut tests_rate = self.weekly(&tests, 1e3);
        for estimate in &mut tests_rate {
            // How many are tested is a choice, not a chance.
            if let Estimate::Known(known) = estimate {
                known.spread = Spread::None;
            }
        }
        self.put(K::Tests7dPer1000, tests_rate);
        let positive = CountedDays::new(grid, POSITIVE);
        let (least, exact_up_to) = (self.method.positivity_tests_per_1000, self.method.exact_share_up_to);
        let positivity = self.from(K::Tests7dPer1000, |index, tested| match tested.value() {
            Some(tested) if tested < least => Estimate::Missing(Missing::TooFewTests),
            _ => {
                let (k, n) = (positive.sum_ending(index, 7), tests.sum_ending(index, 7));
                percent_of(&k, &n, exact_up_to, Missing::TooFewTests)
            }
        });
        self.put(K::Positivity7dPct, positivity);
    }

    fn stocks(&mut self) {
        use IndicatorKind as K;
        let share = |occupied: Measure, available: Measure| -> Vec<Estimate> {
            let pairs = stock(self.grid, occupied).into_iter().zip(stock(self.grid, available));
            pairs.map(|(occupied, available)| occupancy(&occupied, &available)).collect()
        };
        let beds = share(Measure::BedsOccupied, Measure::BedsAvailable);
        let icu = share(Measure::IcuOccupied, Measure::IcuAvailable);
        self.put_whole(K::BedOccupancyPct, beds);
        self.put_whole(K::IcuOccupancyPct, icu);
        self.put_whole(K::Zone, stock(self.grid, Measure::Published(K::Zone)));
    }

    fn staff(&mut self, cases: &CountedDays<'_>) {
        use IndicatorKind as K;
        let (grid, method) = (self.grid, self.method);
        let heads = headcounts(grid);
        let share = |index: usize, count: &Estimate| match count {
            // "No figure today" says more than "no head-count" when both are true.
            Estimate::Missing(_) => *count,
            _ => percent_of(count, &heads[index], method.exact_share_up_to, Missing::NoHeadcount),
        };
        self.put_whole(K::StaffCases7d, staff_cases_by_day(grid, 7));
        self.put_whole(K::StaffCases14d, staff_cases_by_day(grid, 14));
        self.put(K::StaffPrevalence14dPct, self.from(K::StaffCases14d, share));
        let fortnight: Vec<Estimate> = cases.sums(14, 0..grid.len);
        let ratio = self.from(K::StaffCases14d, |index, observed| {
            staff_ratio(observed, &heads[index], (&fortnight[index], self.population[index]))
        });
        self.put(K::StaffRatio, ratio);
        let total = staff_totals(grid);
        let of_total = total.iter().enumerate().map(|(index, total)| share(index, total)).collect();
        self.put_whole(K::StaffPrevalenceTotalPct, of_total);
        self.put_whole(
            K::UnitClusters,
            unit_clusters_by_day(grid, method.cluster_days, method.cluster_cases),
        );
    }

    fn freshness(&mut self) {
        let grid = self.grid;
        let has = has_case_figure(grid, Measure::Published(IndicatorKind::Cases7d));
        self.table.set_column(IndicatorKind::DataAgeDays, data_ages(grid, &has));
        let completeness = (0..grid.len).map(|index| completeness(grid, &has, index));
        self.table.set_column(IndicatorKind::CompletenessPct, completeness.collect());
    }
}

/// The reports of a stock, day by day.
fn stock(grid: &Grid, measure: Measure) -> Vec<Estimate> {
    let cells = grid.cells(measure);
    let missing = if cells.is_empty() { Missing::NeverReported } else { Missing::NoFigure };
    let of_day = |index: usize| match cells.get(index).copied().flatten() {
        Some(cell) => Estimate::Known(Known::plain(cell.value, cell.status, grid.date(index))),
        None if grid.mark(measure, index) == Some(Mark::Excluded) => Estimate::Missing(Missing::Excluded),
        None => Estimate::Missing(missing),
    };
    (0..grid.len).map(of_day).collect()
}
