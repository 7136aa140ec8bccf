//! Figures of one source and place that should add up and do not.

use chrono::Duration;

use super::kind::{Doubt, DoubtKind};
use super::latest::{Days, Series, sibling};
use crate::observation::{Measure, Nature, SeriesKey};

/// Sums of whole numbers are held against each other with room for the float.
const SAME: f64 = 1e-6;

fn differ(one: f64, other: f64) -> bool {
    (one - other).abs() > SAME
}

/// `N_t − N_{t−1} ≠ n_t`, of one source. The doubt is told of the running total.
pub(super) fn totals_that_disagree(key: &SeriesKey, totals: &Days, series: &Series) -> Vec<Doubt> {
    let flow = sibling(key).filter(|_| key.measure.nature() == Nature::Total);
    let Some(new) = flow.and_then(|flow| series.get(&flow)) else { return Vec::new() };
    let asks = |(date, total): (&chrono::NaiveDate, &f64)| {
        let earlier = totals.get(&(*date - Duration::days(1)))?;
        let new = new.get(date)?;
        let detail = format!("{total} − {earlier} = {} ≠ {new}", total - earlier);
        differ(total - earlier, *new).then(|| Doubt {
            series: key.clone(),
            date: *date,
            days: 1,
            kind: DoubtKind::TotalDisagrees,
            detail,
        })
    };
    totals.iter().filter_map(asks).collect()
}

/// Recovered + active + dead ≠ cases, of one source and day. The doubt is told of the cases.
pub(super) fn parts_that_disagree(key: &SeriesKey, totals: &Days, series: &Series) -> Vec<Doubt> {
    if key.measure != Measure::CasesTotal {
        return Vec::new();
    }
    let part = |measure: Measure| series.get(&SeriesKey { measure, ..key.clone() });
    let parts = (part(Measure::RecoveredTotal), part(Measure::Active), part(Measure::DeathsTotal));
    let (Some(recovered), Some(active), Some(dead)) = parts else { return Vec::new() };
    let asks = |(date, cases): (&chrono::NaiveDate, &f64)| {
        let (recovered, active, dead) = (recovered.get(date)?, active.get(date)?, dead.get(date)?);
        let sum = recovered + active + dead;
        differ(sum, *cases).then(|| Doubt {
            series: key.clone(),
            date: *date,
            days: 1,
            kind: DoubtKind::PartsDisagree,
            detail: format!("{recovered} + {active} + {dead} = {sum} ≠ {cases}"),
        })
    };
    totals.iter().filter_map(asks).collect()
}

/// Fewer recovered than on the last day known before: recovered and active were exchanged in print on 13 July 2021.
pub(super) fn recovered_that_fell(key: &SeriesKey, totals: &Days) -> Vec<Doubt> {
    if key.measure != Measure::RecoveredTotal {
        return Vec::new();
    }
    let days: Vec<_> = totals.iter().collect();
    let asks = |pair: &[(&chrono::NaiveDate, &f64)]| {
        let ((earlier, before), (date, value)) = (pair[0], pair[1]);
        (value < before).then(|| Doubt {
            series: key.clone(),
            date: *date,
            days: 1,
            kind: DoubtKind::RecoveredFell,
            detail: format!("{value} < {before} ({earlier})"),
        })
    };
    days.windows(2).filter_map(asks).collect()
}
