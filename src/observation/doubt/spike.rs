//! Jumps, silences and what follows them, in one series.

use chrono::{Duration, NaiveDate};

use super::kind::{Doubt, DoubtKind};
use super::latest::{Days, before, differences, middle};
use crate::observation::{Measure, Nature, SeriesKey};

/// A day or a week above so many times what came before asks.
const TIMES: f64 = 3.0;
/// Fewer than this ask nothing: two cases after none are no backlog.
const AT_LEAST: f64 = 30.0;
/// Days before that must be known.
const KNOWN: usize = 4;
/// Counts a day from which a day of nothing is strange.
const BUSY: f64 = 20.0;
/// Days that a running total must stand still.
const STILL: u32 = 3;

fn doubt(key: &SeriesKey, (date, days): (NaiveDate, u32), kind: DoubtKind, detail: String) -> Doubt {
    Doubt { series: key.clone(), date, days, kind, detail }
}

/// New counts of one day: more than three times the median of the (at least four) known among the seven days before, and
/// at least 30. After days of nothing the median is 0 and it is an outlier; below zero it is one too.
pub(super) fn days_that_jump(key: &SeriesKey, new: &Days) -> Vec<Doubt> {
    let asks = |(date, value): (&NaiveDate, &f64)| {
        if *value < 0.0 {
            return Some(doubt(key, (*date, 1), DoubtKind::Outlier, format!("{value} < 0")));
        }
        let before = before(new, *date, 7);
        let median = if before.len() < KNOWN { None } else { middle(before) }?;
        let kind = if median > 0.0 { DoubtKind::Backlog } else { DoubtKind::Outlier };
        let is_jump = *value >= AT_LEAST && *value > TIMES * median;
        is_jump.then(|| doubt(key, (*date, 1), kind, format!("{value} > 3 × {median}")))
    };
    new.iter().filter_map(asks).collect()
}

/// New counts of seven days in a row: more than three times the median of the four weeks before, and at least 30. All 35 days
/// must be known. Of weeks that follow each other day by day, the one with the most is named.
///
/// A wave that grows by more than half each week asks too: a doubt is a question.
pub(super) fn weeks_that_jump(key: &SeriesKey, new: &Days) -> Vec<Doubt> {
    let mut found: Vec<(NaiveDate, f64, f64)> = Vec::new();
    let mut last_asked: Option<NaiveDate> = None;
    for date in new.keys() {
        let Some((week, median)) = week_and_before(new, *date) else { continue };
        if week < AT_LEAST || week <= TIMES * median {
            continue;
        }
        let is_same = last_asked.is_some_and(|last| last + Duration::days(1) == *date);
        last_asked = Some(*date);
        match found.last_mut().filter(|_| is_same) {
            Some(best) if week > best.1 => *best = (*date, week, median),
            Some(_) => {}
            None => found.push((*date, week, median)),
        }
    }
    let told = |(date, week, median): (NaiveDate, f64, f64)| {
        doubt(key, (date, 7), DoubtKind::Backlog, format!("{week} > 3 × {median}"))
    };
    found.into_iter().map(told).collect()
}

/// The sum of the seven days to `date`, and the median (the mean of the middle two) of the four sums before.
fn week_and_before(new: &Days, date: NaiveDate) -> Option<(f64, f64)> {
    let week = |ago: i64| {
        let last = date - Duration::days(7 * ago);
        let days: Vec<f64> = new.range(last - Duration::days(6)..=last).map(|(_, value)| *value).collect();
        (days.len() == 7).then(|| days.iter().sum::<f64>())
    };
    let mut before = [week(1)?, week(2)?, week(3)?, week(4)?];
    before.sort_by(f64::total_cmp);
    Some((week(0)?, (before[1] + before[2]) / 2.0))
}

/// The day's rule for what is no count of new cases: the state of a day, a published rate.
pub(super) fn states_that_jump(key: &SeriesKey, days: &Days) -> Vec<Doubt> {
    let may_be_anything =
        key.measure == Measure::Mobility || ["growth_pct", "doubling_days"].contains(&key.measure.name());
    let is_state = matches!(key.measure.nature(), Nature::Stock | Nature::Published);
    if may_be_anything || !is_state {
        return Vec::new();
    }
    let least = if key.measure.is_count() { AT_LEAST } else { 0.0 };
    let asks = |(date, value): (&NaiveDate, &f64)| {
        let before = before(days, *date, 7);
        let median = if before.len() < KNOWN { None } else { middle(before) }?;
        let is_jump = *value < 0.0 || (median > 0.0 && *value >= least && *value > TIMES * median);
        is_jump.then(|| doubt(key, (*date, 1), DoubtKind::Outlier, format!("{value} > 3 × {median}")))
    };
    days.iter().filter_map(asks).collect()
}

/// Days of nothing after days of at least 20 (the median of the seven before), until a day with at least a third of what was
/// missed on top of its own: `m·(1 + k/3)` after `k` days; not all of it, because fewer are tested on holidays. Nothing to the
/// last day known is one too.
pub(super) fn silences(key: &SeriesKey, new: &Days) -> Vec<Doubt> {
    let mut found = Vec::new();
    let mut run: Option<(NaiveDate, u32, f64)> = None;
    for (date, value) in new {
        let follows = run.is_some_and(|(first, days, _)| first + Duration::days(i64::from(days)) == *date);
        if !follows {
            run = None;
        }
        match run {
            Some((first, days, median)) if *value == 0.0 => run = Some((first, days + 1, median)),
            Some((_, days, median)) => {
                let late = median * (1.0 + f64::from(days) / 3.0);
                if *value >= late {
                    let detail = format!("0 × {days}, {value} ≥ {late:.0}");
                    found.push(doubt(key, (*date, days + 1), DoubtKind::ZeroRun, detail));
                }
                run = None;
            }
            None if *value == 0.0 => {
                let before = before(new, *date, 7);
                let median = if before.len() < KNOWN { None } else { middle(before) };
                run = median.filter(|median| *median >= BUSY).map(|median| (*date, 1, median));
            }
            None => {}
        }
    }
    if let Some((first, days, median)) = run {
        let last = first + Duration::days(i64::from(days) - 1);
        found.push(doubt(key, (last, days), DoubtKind::ZeroRun, format!("0 × {days} < {median}")));
    }
    found
}

/// A running total that stands still for three days or more after rising by at least 20 a day (the median of the seven days
/// before).
pub(super) fn totals_that_stand_still(key: &SeriesKey, totals: &Days) -> Vec<Doubt> {
    if key.measure.nature() != Nature::Total {
        return Vec::new();
    }
    let rose = differences(totals);
    let mut found: Vec<Doubt> = Vec::new();
    let mut run: Option<(NaiveDate, u32, f64)> = None;
    let close = |run: Option<(NaiveDate, u32, f64)>, found: &mut Vec<Doubt>| {
        let Some((first, days, median)) = run.filter(|(_, days, _)| *days >= STILL) else { return };
        let last = first + Duration::days(i64::from(days) - 1);
        found.push(doubt(key, (last, days), DoubtKind::FlatTotal, format!("+0 × {days} < +{median}")));
    };
    for (date, step) in &rose {
        let follows = run.is_some_and(|(first, days, _)| first + Duration::days(i64::from(days)) == *date);
        if *step == 0.0 && follows {
            run = run.map(|(first, days, median)| (first, days + 1, median));
            continue;
        }
        close(run.take(), &mut found);
        if *step == 0.0 {
            let before = before(&rose, *date, 7);
            let median = if before.len() < KNOWN { None } else { middle(before) };
            run = median.filter(|median| *median >= BUSY).map(|median| (*date, 1, median));
        }
    }
    close(run, &mut found);
    found
}
