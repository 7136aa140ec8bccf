//! A policy over the past: every day assessed given the days before it.

use chrono::NaiveDate;

use super::assess::{assess, standing_after};
use super::case::Case;
use super::report::Assessment;
use super::standing::Standing;
use crate::epi::Window;

/// Assesses every day of a window in order, starting with nothing in force (or with `standing`).
#[must_use]
pub fn backtest(case: Case<'_>, window: Window, standing: Option<Standing>) -> Vec<Assessment> {
    let mut standing = standing;
    let mut assessments = Vec::new();
    for date in window.days() {
        let (assessment, after) = assess(case, date, standing.as_ref());
        standing = Some(after);
        assessments.push(assessment);
    }
    assessments
}

/// Assesses one day on what is known now: the days before it are assessed first, for the memory of the rules.
#[must_use]
pub fn assess_on(case: Case<'_>, date: NaiveDate) -> Assessment {
    let mut standing: Option<Standing> = None;
    let first = case.table.first.max(case.policy.valid_from).min(date);
    for day in (Window { from: first, to: date }).days().take_while(|day| *day < date) {
        standing = Some(standing_after(case, day, standing.as_ref()));
    }
    assess(case, date, standing.as_ref()).0
}
