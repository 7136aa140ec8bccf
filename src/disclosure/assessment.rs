//! An assessment as an audience may see it: the level, the rules and whether they fire stay; staff figures that the
//! audience may not see go.

use super::{Audience, is_about_staff};
use crate::assessment::Assessment;
use crate::epi::{IndicatorKind, Missing};

/// Whether values of an indicator are shown to an audience as the rules saw them.
#[must_use]
pub fn is_shown(kind: IndicatorKind, audience: &Audience) -> bool {
    audience.threshold.is_none()
        || !is_about_staff(kind)
        || (audience.has_staff_totals && kind != IndicatorKind::UnitClusters)
}

/// The assessment without the staff figures that the audience may not see.
#[must_use]
pub fn disclose_assessment(mut assessment: Assessment, audience: &Audience) -> Assessment {
    for rule in &mut assessment.rules {
        if rule.indicator.is_some_and(|kind| !is_shown(kind, audience)) {
            let had_value = rule.value.or(rule.lower).or(rule.upper).is_some();
            (rule.value, rule.lower, rule.upper) = (None, None, None);
            rule.reason = if had_value { Some(Missing::Withheld) } else { rule.reason };
        }
    }
    for (name, report) in &mut assessment.indicators {
        if name.parse().is_ok_and(|kind| !is_shown(kind, audience)) {
            let had_value = report.value.or(report.lower).or(report.upper).is_some();
            (report.value, report.lower, report.upper) = (None, None, None);
            report.reason = if had_value { Some(Missing::Withheld) } else { report.reason };
        }
    }
    for change in &mut assessment.would_change {
        if !is_shown(change.indicator, audience) {
            (change.value, change.lower, change.upper, change.cases_more) = (None, None, None, None);
        }
    }
    assessment
}
