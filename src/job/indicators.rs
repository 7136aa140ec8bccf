//! Indicators of many locations, some at a time: a country's tables together would not fit in memory.

use chrono_tz::Tz;
use rayon::prelude::*;

use crate::epi::{Locations, Vintage};
use crate::indicator::{IndicatorTable, MethodParameters, add_nowcast, case_triangle, compute_grid};
use crate::observation::{Authority, Grid, Observation, Snapshot};

/// Locations that are worked on at once.
const AT_ONCE: usize = 64;

/// What indicators are worked out with.
#[derive(Debug, Clone, Copy)]
pub struct Computing<'a> {
    /// Every vintage of the figures: the nowcast asks when they came.
    pub observations: &'a [Observation],
    /// Which source counts.
    pub authority: &'a Authority,
    /// Places with population.
    pub locations: &'a Locations,
    /// Numbers of the methods.
    pub method: &'a MethodParameters,
    /// As known when.
    pub as_of: Vintage,
    /// The time zone of days.
    pub zone: Tz,
}

impl Computing<'_> {
    /// Every location of a snapshot, one after another in the order of their codes; each table runs to `until` if that is later
    /// than the location's last figure.
    ///
    /// # Errors
    /// When the snapshot cannot be read, or `tell` refuses.
    pub fn each(
        &self,
        snapshot: &Snapshot,
        until: Option<chrono::NaiveDate>,
        mut tell: impl FnMut(&IndicatorTable) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        for some in snapshot.grids(until)?.chunks(AT_ONCE) {
            let tables: Vec<IndicatorTable> = some.par_iter().map(|grid| self.one(grid)).collect();
            tables.iter().try_for_each(&mut tell)?;
        }
        Ok(())
    }

    fn one(&self, grid: &Grid) -> IndicatorTable {
        let mut table = compute_grid(grid, self.locations, self.method);
        let today = self.as_of.local_date(self.zone);
        let is_open = (today - table.last()).num_days() < i64::from(self.method.nowcast_longest_days);
        // Reports of weeks long past are in.
        let triangle = match is_open {
            true => {
                case_triangle(self.observations, (&grid.location, self.authority), (self.as_of, self.zone))
            }
            false => Vec::new(),
        };
        add_nowcast(&mut table, &triangle, today, self.method);
        table
    }
}
