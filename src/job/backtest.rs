//! Policies over the past: a level a day for every location, on what is known now or as each day knew it, and two policies
//! held against each other.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;
use rayon::prelude::*;

use crate::assessment::{
    Case, DayLevel, DayStep, Left, Mode, Orders, PolicyBook, PolicyComparison, Standing, assess_level,
    backtest_levels, compare, summarise,
};
use crate::epi::{Calendar, IndicatorKind, LocationId, Locations, Vintage, Window};
use crate::export::{Cell, Column, Table};
use crate::indicator::{IndicatorTable, MethodParameters, compute_grid_of, recompute_grid_of};
use crate::observation::{Authority, Grid, Judged, Measure, Snapshot, SnapshotError};

/// Locations that are worked on at once; their rows are given out in order.
const AT_ONCE: usize = 64;

/// What a backtest is made with.
#[derive(Debug, Clone, Copy)]
pub struct Backtesting<'a> {
    /// The policies, each in all its versions.
    pub policies: &'a [PolicyBook],
    /// Places with population and what they are part of.
    pub locations: &'a Locations,
    /// Numbers of the methods.
    pub method: &'a MethodParameters,
    /// Orders of the centre and the province.
    pub orders: &'a Orders,
    /// Public holidays.
    pub calendar: &'a Calendar,
    /// The days.
    pub window: Window,
    /// Whether each rule's own word is told.
    pub with_rules: bool,
    /// Ids of the rules whose words are not for this reader.
    pub withheld: &'a [String],
}

/// One policy over one location.
#[derive(Debug, Clone, PartialEq)]
pub struct Backtested {
    /// Where.
    pub location: LocationId,
    /// The policy's place among those asked for.
    pub policy: usize,
    /// Its days.
    pub days: Vec<DayLevel>,
    /// Staff on the days on which a head-count was reported, oldest first.
    pub headcounts: Vec<(NaiveDate, f64)>,
}

impl Backtesting<'_> {
    /// Every indicator that the policies read.
    fn wanted(&self) -> Vec<IndicatorKind> {
        let versions = self.policies.iter().flat_map(PolicyBook::versions);
        let mut wanted: Vec<IndicatorKind> = versions.flat_map(|policy| policy.indicators()).collect();
        wanted.push(IndicatorKind::Zone);
        wanted.sort_unstable();
        wanted.dedup();
        wanted
    }

    fn case<'c>(
        &'c self,
        policies: &'c PolicyBook,
        table: &'c IndicatorTable,
        lineage: &'c [LocationId],
    ) -> Case<'c> {
        Case { policies, table, orders: self.orders, lineage, calendar: self.calendar }
    }

    fn one(&self, grid: &Grid, wanted: &[IndicatorKind]) -> Vec<Backtested> {
        let table = compute_grid_of(grid, self.locations, self.method, wanted);
        let lineage = self.locations.lineage(&grid.location);
        let of = |(policy, book): (usize, &PolicyBook)| Backtested {
            location: grid.location.clone(),
            policy,
            days: backtest_levels(self.case(book, &table, &lineage), self.window, None, self.with_rules),
            headcounts: headcounts(grid),
        };
        self.policies.iter().enumerate().map(of).collect()
    }

    /// Every location on what a snapshot knows; `tell` is given one location after another, in the order of their codes.
    ///
    /// # Errors
    /// When the snapshot cannot be read, or `tell` refuses.
    pub fn on_final_figures(
        &self,
        snapshot: &Snapshot,
        mut tell: impl FnMut(Vec<Backtested>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let wanted = self.wanted();
        let grids = snapshot.grids(Some(self.window.to))?;
        for some in grids.chunks(AT_ONCE) {
            let told: Vec<Vec<Backtested>> = some.par_iter().map(|grid| self.one(grid, &wanted)).collect();
            for location in told {
                tell(location)?;
            }
        }
        Ok(())
    }

    /// Every location as each day knew it: the figures of a day are those that were known at its end.
    ///
    /// # Errors
    /// When a snapshot cannot be made.
    pub fn as_each_day_knew(
        &self,
        judged: &Judged,
        authority: &Authority,
        zone: Tz,
    ) -> Result<Vec<Backtested>, SnapshotError> {
        let wanted = self.wanted();
        let mut told: Vec<(Backtested, Option<Standing>)> = Vec::new();
        let mut yesterday: BTreeMap<LocationId, (Grid, IndicatorTable)> = BTreeMap::new();
        for date in self.window.days() {
            let as_of = Vintage::end_of(date, zone);
            let snapshot =
                Snapshot::new(&judged.observations, Some(as_of), authority)?.judged(judged.marks.clone());
            for grid in snapshot.grids(Some(date))? {
                let methods = (self.locations, self.method);
                let table = match yesterday.get(&grid.location) {
                    Some((before, table)) => recompute_grid_of((before, table), &grid, methods, &wanted),
                    None => compute_grid_of(&grid, self.locations, self.method, &wanted),
                };
                let lineage = self.locations.lineage(&grid.location);
                for (policy, book) in self.policies.iter().enumerate() {
                    let (known, standing) = of_location(&mut told, &grid.location, policy);
                    let case = self.case(book, &table, &lineage);
                    let (day, after) = assess_level(case, date, standing.as_ref(), self.with_rules);
                    known.days.push(day);
                    known.headcounts = headcounts(&grid);
                    *standing = Some(after);
                }
                yesterday.insert(grid.location.clone(), (grid, table));
            }
        }
        told.sort_by(|(one, _), (other, _)| {
            (&one.location, one.policy).cmp(&(&other.location, other.policy))
        });
        Ok(told.into_iter().map(|(known, _)| known).collect())
    }

    /// Columns of the rows: one for each rule of every policy behind the others, if rules are told.
    #[must_use]
    pub fn columns(&self) -> Vec<Column> {
        let mut columns = Table::new(&[
            ("date", "day assessed"),
            ("location", "Kemendagri code without dots, or the place's own key"),
            ("policy", "policy id"),
            ("level", "the policy's own word; not_assessable (or its own word) where it cannot be told"),
            ("step", "recommended step, 0 to 4"),
            ("mode", "normal, partial, wfh, not_assessable"),
            ("verdict", "what the rules say to do"),
            ("deciding_rule", "first rule in the file that calls for the step, or holds it"),
        ])
        .columns;
        if self.with_rules {
            let rules = self.rules().into_iter();
            columns.extend(rules.map(|id| Column::new(&id, "what this rule says, in its own word")));
        }
        columns
    }

    /// The ids of all rules, each once.
    fn rules(&self) -> Vec<String> {
        let versions = self.policies.iter().flat_map(PolicyBook::versions);
        let mut ids: Vec<String> = Vec::new();
        for id in versions.flat_map(|policy| policy.rules.iter().map(|rule| rule.id.clone())) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }

    /// One policy over one location as rows of [`Self::columns`].
    #[must_use]
    pub fn rows(&self, told: &Backtested) -> Vec<Vec<Cell>> {
        let book = &self.policies[told.policy];
        let ids = if self.with_rules { self.rules() } else { Vec::new() };
        let row = |day: &DayLevel| {
            let mut row: Vec<Cell> = vec![
                day.date.into(),
                told.location.as_str().into(),
                book.id().into(),
                day.level.as_str().into(),
                Cell::Whole(i64::from(day.step.number())),
                day.mode.as_str().into(),
                day.verdict.as_str().into(),
                day.deciding_rule.clone().unwrap_or_default().into(),
            ];
            let rules = &book.on(day.date).rules;
            row.extend(ids.iter().map(|id| {
                if self.withheld.contains(id) {
                    return "withheld".into();
                }
                let place = rules.iter().position(|rule| rule.id == *id);
                place.and_then(|place| day.rules.get(place)).map_or(Cell::Empty, |word| word.as_str().into())
            }));
            row
        };
        told.days.iter().map(row).collect()
    }

    /// Two policies over one location as rows of [`comparison_table`].
    #[must_use]
    pub fn comparison_rows(&self, first: &Backtested, second: &Backtested) -> Vec<Vec<Cell>> {
        let books = [first, second].map(|told| &self.policies[told.policy]);
        let is_one = books[0].id() == books[1].id();
        let names = books.map(|book| match is_one {
            true => format!("{} {}", book.id(), book.on(self.window.to).version),
            false => book.id().to_owned(),
        });
        comparison_rows(&first.location, &names, &self.compared(first, second))
    }

    /// Two policies over one location held against each other.
    #[must_use]
    pub fn compared(&self, first: &Backtested, second: &Backtested) -> PolicyComparison {
        let summary = |told: &Backtested| {
            let policy = self.policies[told.policy].on(self.window.to);
            let headcount = |date: NaiveDate| {
                let known = told.headcounts.iter().rev().find(|(from, _)| *from <= date);
                known.map(|(_, staff)| *staff)
            };
            summarise(policy, &steps(told), (self.calendar, &headcount))
        };
        compare(&steps(first), &steps(second), (summary(first), summary(second)))
    }
}

/// How two policies differ, a row a fact, so that places can be told one under the other.
#[must_use]
pub fn comparison_table() -> Table {
    Table::new(&[
        ("location", "Kemendagri code without dots, or the place's own key"),
        (
            "what",
            "days_at_0 … days_at_4, not_assessable_days, raises, falls, spikes, office_days, different_days, entered, left (the last day; empty \
             while it goes on)",
        ),
        ("step", "at or above this step, for entered and left"),
        ("first", "by the first policy: a number, or the day"),
        ("second", "by the second policy"),
        ("difference", "second less first: days later are positive"),
    ])
}

fn comparison_rows(location: &LocationId, names: &[String; 2], told: &PolicyComparison) -> Vec<Vec<Cell>> {
    let row = |what: &str, step: Cell, values: [Cell; 2], difference: Cell| -> Vec<Cell> {
        let [first, second] = values;
        vec![location.as_str().into(), what.into(), step, first, second, difference]
    };
    let whole = |value: u32| Cell::Whole(i64::from(value));
    let mut rows = vec![row("policy", Cell::Empty, names.clone().map(Cell::from), Cell::Empty)];
    let mut count = |what: String, first: u32, second: u32| {
        let difference = Cell::Whole(i64::from(second) - i64::from(first));
        rows.push(row(&what, Cell::Empty, [whole(first), whole(second)], difference));
    };
    let (one, other) = (&told.first, &told.second);
    for step in 0..5 {
        count(format!("days_at_{step}"), one.days_at[step], other.days_at[step]);
    }
    count("not_assessable_days".to_owned(), one.unknown_days, other.unknown_days);
    count("raises".to_owned(), one.raises, other.raises);
    count("falls".to_owned(), one.falls, other.falls);
    count("spikes".to_owned(), one.spikes, other.spikes);
    rows.push(row("different_days", Cell::Empty, [Cell::Empty, Cell::Empty], whole(told.different_days)));
    if let Some((first, second)) = one.office_days.zip(other.office_days) {
        let values = [Cell::Number(first), Cell::Number(second)];
        rows.push(row("office_days", Cell::Empty, values, Cell::Number(second - first)));
    }
    for shift in &told.shifts {
        let step = || Cell::Whole(i64::from(shift.step.number()));
        let entered =
            |spell: Option<(NaiveDate, NaiveDate)>| spell.map_or(Cell::Empty, |spell| spell.0.into());
        let left = told.left(shift).map(|left| match left {
            Left::After(day) => day.into(),
            Left::Never | Left::Still => Cell::Empty,
        });
        let lag = |days: Option<i64>| days.map_or(Cell::Empty, Cell::Whole);
        let both = [shift.first, shift.second].map(entered);
        rows.push(row("entered", step(), both, lag(shift.enter_lag_days())));
        rows.push(row("left", step(), left, lag(told.leave_lag_days(shift))));
    }
    rows
}

fn of_location<'t>(
    told: &'t mut Vec<(Backtested, Option<Standing>)>,
    location: &LocationId,
    policy: usize,
) -> (&'t mut Backtested, &'t mut Option<Standing>) {
    let is_it = |(known, _): &(Backtested, _)| known.location == *location && known.policy == policy;
    let place = told.iter().position(is_it).unwrap_or_else(|| {
        let days = Vec::new();
        let fresh = Backtested { location: location.clone(), policy, days, headcounts: Vec::new() };
        told.push((fresh, None));
        told.len() - 1
    });
    let (known, standing) = &mut told[place];
    (known, standing)
}

fn headcounts(grid: &Grid) -> Vec<(NaiveDate, f64)> {
    let cells = grid.cells(Measure::StaffHeadcount).iter().enumerate();
    cells.filter_map(|(index, cell)| Some((grid.date(index), (*cell)?.value))).collect()
}

fn steps(told: &Backtested) -> Vec<DayStep> {
    let step = |day: &DayLevel| DayStep {
        date: day.date,
        step: day.step,
        is_known: day.mode != Mode::NotAssessable,
    };
    told.days.iter().map(step).collect()
}
