//! How old and how complete the case figures are.

use crate::epi::{Estimate, Known, Missing, Status};
use crate::observation::{Grid, Measure};

/// Which slots have any case figure: single day, running total, published week, or inside a lump.
#[must_use]
pub fn has_case_figure(grid: &Grid, published: Measure) -> Vec<bool> {
    let mut has = vec![false; grid.len];
    for measure in [Measure::Cases, Measure::CasesTotal, published] {
        for (slot, cell) in grid.cells(measure).iter().enumerate() {
            has[slot] |= cell.is_some();
        }
    }
    for lump in grid.lumps(Measure::Cases) {
        let (Some(from), Some(to)) = (grid.index(lump.from), grid.index(lump.to)) else {
            continue;
        };
        has[from..=to].fill(true);
    }
    has
}

/// Days since the last slot with a case figure, for each slot.
#[must_use]
pub fn data_ages(grid: &Grid, has: &[bool]) -> Vec<Estimate> {
    let mut last = None;
    let ages = has.iter().enumerate().map(|(index, has)| {
        last = if *has { Some(index) } else { last };
        last.map_or(Estimate::Missing(Missing::NeverReported), |last| derived(grid, index, index - last))
    });
    ages.collect()
}

/// Share of the last seven days with a case figure, in percent.
#[must_use]
pub fn completeness(grid: &Grid, has: &[bool], index: usize) -> Estimate {
    let from = (index + 1).saturating_sub(7);
    let days = has[from..=index].iter().filter(|has| **has).count();
    let share = 100.0 * f64::from(u32::try_from(days).unwrap_or(0)) / 7.0;
    Estimate::Known(Known::plain(share, Status::Derived, grid.date(index)))
}

fn derived(grid: &Grid, index: usize, value: usize) -> Estimate {
    let value = f64::from(u32::try_from(value).unwrap_or(u32::MAX));
    Estimate::Known(Known::plain(value, Status::Derived, grid.date(index)))
}
