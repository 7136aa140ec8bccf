//! Holding back what nobody may believe without a person's word: a batch that differs from what was known by more than
//! its source's limits.
//!
//! What is found is counted while the rows are validated ([`Validated`]); here it is held against the limits. The last
//! good figures keep serving meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{Checks, Figure, Figures, HoldReason, Measure, Nature, SeriesKey, Validated};
use crate::epi::LocationId;

/// One figure that a batch tells otherwise than before.
#[derive(Debug, Clone, PartialEq)]
pub struct Mover {
    /// Whose.
    pub series: SeriesKey,
    /// The day.
    pub date: NaiveDate,
    /// As known.
    pub before: f64,
    /// As told now; `None` where it is reported as missing.
    pub now: Option<f64>,
}

impl Mover {
    fn size(&self) -> f64 {
        self.now.map_or(self.before, |now| now - self.before).abs()
    }
}

/// So many movers are shown.
const MOST_MOVERS: usize = 10;
/// So many figures that are taken away are shown.
const MOST_TAKEN: usize = 50;

/// What a batch changes of what was known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// Figures that were known and are told otherwise.
    pub changed: u64,
    /// The largest of them, the largest first.
    pub movers: Vec<Mover>,
    /// Figures that were known and are reported as missing; they are among those told otherwise.
    pub taken_away: u64,
    /// The first of them.
    pub taken: Vec<Mover>,
    /// For each running total that is told lower than it was known, its largest fall.
    pub lowered: BTreeMap<SeriesKey, Mover>,
    /// For each running total with a row refused because it falls, its largest fall.
    pub fallen: BTreeMap<SeriesKey, Mover>,
}

impl Changes {
    /// Counts a figure that is told otherwise than before.
    pub(super) fn tell(&mut self, series: &SeriesKey, figure: &Figure, before: Option<f64>) {
        self.changed += 1;
        let Some(before) = before else { return };
        let Some(now) = figure.value else {
            return self.takes_away(series, figure, before);
        };
        let size = (now - before).abs();
        let is_fall = now < before && series.measure.nature() == Nature::Total;
        let is_large =
            self.movers.len() < MOST_MOVERS || self.movers.last().is_some_and(|last| last.size() < size);
        if !is_fall && !is_large {
            return;
        }
        let mover = Mover { series: series.clone(), date: figure.date, before, now: Some(now) };
        if is_fall {
            keep_largest(&mut self.lowered, mover.clone());
        }
        if is_large {
            let place = self.movers.partition_point(|known| known.size() >= size);
            self.movers.insert(place, mover);
            self.movers.truncate(MOST_MOVERS);
        }
    }

    /// Counts a figure that was known and is reported as missing.
    fn takes_away(&mut self, series: &SeriesKey, figure: &Figure, before: f64) {
        self.taken_away += 1;
        if self.taken.len() < MOST_TAKEN {
            self.taken.push(Mover { series: series.clone(), date: figure.date, before, now: None });
        }
    }

    /// Counts a row refused because its running total is below an earlier day's.
    pub(super) fn falls(&mut self, fall: Mover) {
        keep_largest(&mut self.fallen, fall);
    }
}

fn keep_largest(falls: &mut BTreeMap<SeriesKey, Mover>, fall: Mover) {
    let largest = falls.entry(fall.series.clone()).or_insert_with(|| fall.clone());
    if largest.size() < fall.size() {
        *largest = fall;
    }
}

/// What is known of a batch before it is judged as a whole.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Batch {
    /// Figures received, readable or not.
    pub received: u64,
    /// Its column names, sorted.
    pub columns: Vec<String>,
    /// How many running totals it speaks of.
    pub totals: usize,
    /// Whether nothing in it is of the city whose figures these should be.
    pub is_elsewhere: bool,
    /// Which share of the newest day's cases belongs to no place, in percent.
    pub unidentified_pct: Option<f64>,
    /// Figures in the last good batch; `None` if this is the first.
    pub received_before: Option<u64>,
    /// The last good batch's column names; `None` if they are not known.
    pub columns_before: Option<Vec<String>>,
}

/// What is doubtful about a batch, each with what was found; empty if it may be believed row by row. A batch that has
/// something to take in is held for it.
#[must_use]
pub fn hold_reasons(batch: &Batch, validated: &Validated, checks: &Checks) -> Vec<(HoldReason, String)> {
    let mut reasons = Vec::new();
    if let Some(before) = batch.columns_before.as_ref().filter(|_| checks.schema) {
        let only = |one: &[String], other: &[String], mark: char| {
            one.iter()
                .filter(|name| !other.contains(name))
                .map(|name| format!("{mark}{name}"))
                .collect::<Vec<_>>()
        };
        let differs = [only(before, &batch.columns, '-'), only(&batch.columns, before, '+')].concat();
        if !differs.is_empty() {
            reasons.push((HoldReason::SchemaChanged, differs.join(" ")));
        }
    }
    if let Some(before) = batch.received_before.filter(|before| *before >= checks.least_rows) {
        let gone = 100.0 - share(batch.received, before);
        if checks.rows_gone_pct > 0.0 && gone > checks.rows_gone_pct {
            reasons.push((HoldReason::RowsGone, format!("{before} → {}", batch.received)));
        }
    }
    reasons.extend(
        totals_fell(batch, &validated.changes, checks).map(|detail| (HoldReason::TotalsFell, detail)),
    );
    let known = validated.unchanged + validated.changes.changed;
    let changed = share(validated.changes.changed, known);
    if known >= checks.least_rows && checks.changed_pct > 0.0 && changed > checks.changed_pct {
        reasons.push((HoldReason::ManyChanged, format!("{} / {known}", validated.changes.changed)));
    }
    let rejected = validated.rejected.len() as u64;
    if batch.received >= checks.least_rows
        && checks.rejected_pct > 0.0
        && share(rejected, batch.received) > checks.rejected_pct
    {
        reasons.push((HoldReason::ManyRejected, format!("{rejected} / {}", batch.received)));
    }
    if let Some(found) = batch.unidentified_pct
        && checks.unidentified_pct > 0.0
        && found > checks.unidentified_pct
    {
        reasons.push((HoldReason::Unidentified, format!("{found:.1}%")));
    }
    if batch.is_elsewhere {
        let places: BTreeSet<&str> =
            validated.accepted.series_in_use().map(|key| key.location.as_str()).collect();
        reasons.push((HoldReason::OtherPlaces, places.into_iter().take(5).collect::<Vec<_>>().join(", ")));
    }
    reasons
}

/// A total that is told lower than it was known would be believed: one is enough. A row whose total falls is refused by
/// itself; only many of them say that the batch is another one than it seems.
fn totals_fell(batch: &Batch, changes: &Changes, checks: &Checks) -> Option<String> {
    let is_broken = |fall: &&Mover| {
        fall.size() >= checks.total_fall_least && fall.size() > fall.before * checks.total_fall_pct / 100.0
    };
    if checks.total_fall_pct <= 0.0 {
        return None;
    }
    let mut broken: Vec<&Mover> = changes.lowered.values().filter(is_broken).collect();
    let fallen: Vec<&Mover> = changes.fallen.values().filter(is_broken).collect();
    if share(fallen.len() as u64, batch.totals as u64) > checks.fallen_pct {
        broken.extend(fallen);
    }
    let largest = broken.iter().max_by(|one, other| one.size().total_cmp(&other.size()))?;
    let (place, date) = (&largest.series.location, largest.date);
    let now = largest.now.unwrap_or_default();
    Some(format!("{} → {now} ({place} {date}), {}", largest.before, broken.len()))
}

#[expect(clippy::cast_precision_loss, reason = "rows are counted in millions, not beyond 2^52")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 }
}

/// Which share of the newest day's cases stands under the place whose rows nobody could attribute, in percent; `None`
/// if the batch has no such row.
#[must_use]
pub fn unidentified_pct(figures: &Figures, unidentified: &LocationId) -> Option<f64> {
    let is_total: Vec<bool> = figures.series().iter().map(|key| key.measure == Measure::CasesTotal).collect();
    let totals = || figures.rows().iter().filter(|figure| is_total[figure.series_at()]);
    let is_of_none = |figure: &&Figure| figures.key(figure).location == *unidentified;
    let newest = totals().filter(is_of_none).map(|figure| figure.date).max()?;
    let on_day: Vec<&Figure> = totals().filter(|figure| figure.date == newest).collect();
    let sum = |of: &mut dyn Iterator<Item = &Figure>| -> f64 { of.filter_map(|figure| figure.value).sum() };
    let all = sum(&mut on_day.iter().copied());
    (all > 0.0).then(|| 100.0 * sum(&mut on_day.iter().copied().filter(is_of_none)) / all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::{Status, Vintage};
    use crate::observation::{
        Believing, EARLIEST, History, Observation, RawObservation, RejectReason, Rejection, validate,
    };
    use chrono_tz::Asia::Jakarta;

    fn total(location: &str, day: u32, value: f64, as_of: &str) -> RawObservation {
        RawObservation {
            row: u64::from(day),
            observation: Observation {
                location: LocationId::new(location),
                unit_id: None,
                measure: Measure::CasesTotal,
                source: "pikobar".to_owned(),
                date: NaiveDate::from_ymd_opt(2021, 5, day).unwrap(),
                days: 1,
                value: Some(value),
                status: Status::Printed,
                as_of: Vintage::parse_known(as_of, Jakarta).unwrap(),
                note: String::new(),
                address: String::new(),
            },
        }
    }

    fn judge(batches: Vec<Vec<RawObservation>>, batch: &Batch) -> Vec<HoldReason> {
        let mut history = History::default();
        let believing = Believing {
            received_at: Vintage::parse_as_of("2022-07-31", Jakarta).unwrap(),
            zone: Jakarta,
            locations: &BTreeSet::new(),
            known_locations: None,
            known_units: None,
            residents: None,
            earliest: EARLIEST,
            may_fall: false,
        };
        let mut last = Validated::default();
        for rows in batches {
            history.settle();
            last = validate(rows.into_iter().collect(), &mut history, &believing);
        }
        let batch = Batch { totals: 1, ..batch.clone() };
        hold_reasons(&batch, &last, &Checks::default()).into_iter().map(|(reason, _)| reason).collect()
    }

    fn days(from: f64, as_of: &str) -> Vec<RawObservation> {
        (1..=31).map(|day| total("3271", day, from + f64::from(day), as_of)).collect()
    }

    #[test]
    fn another_export_under_the_same_name_is_held_for_what_it_is() {
        let both = vec![days(15_761.0, "2021-06-02"), days(6_925.0, "2022-02-11")];
        let batch = Batch { received: 31, received_before: Some(31), ..Batch::default() };
        assert_eq!(judge(both, &batch), [HoldReason::TotalsFell, HoldReason::ManyChanged]);
    }

    #[test]
    fn a_batch_that_goes_on_is_not_held() {
        let mut next = days(15_761.0, "2021-06-02");
        next.push(total("3271", 31, 15_800.0, "2021-06-03"));
        let batch = Batch { received: 32, received_before: Some(31), ..Batch::default() };
        assert_eq!(judge(vec![days(15_761.0, "2021-06-02"), next], &batch), []);
    }

    #[test]
    fn rows_that_are_gone_columns_that_differ_and_places_nobody_knows_hold_a_batch() {
        let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let batch = Batch {
            received: 31,
            received_before: Some(47),
            columns: columns(&["date", "extra"]),
            columns_before: Some(columns(&["date", "iso2"])),
            unidentified_pct: Some(32.0),
            ..Batch::default()
        };
        let found = judge(vec![days(15_761.0, "2021-06-02")], &batch);
        assert_eq!(found, [HoldReason::SchemaChanged, HoldReason::RowsGone, HoldReason::Unidentified]);
        let third = Batch { received_before: Some(46), ..Batch { received: 31, ..Batch::default() } };
        assert_eq!(judge(vec![days(15_761.0, "2021-06-02")], &third), []);
    }

    #[test]
    fn a_known_figure_reported_as_missing_is_counted_with_what_it_was() {
        let mut history = History::default();
        let believing = Believing {
            received_at: Vintage::parse_as_of("2022-07-31", Jakarta).unwrap(),
            zone: Jakarta,
            locations: &BTreeSet::new(),
            known_locations: None,
            known_units: None,
            residents: None,
            earliest: EARLIEST,
            may_fall: false,
        };
        assert_eq!(
            validate(days(100.0, "2021-06-02").into_iter().collect(), &mut history, &believing).changes,
            Changes::default()
        );
        history.settle();
        let mut again = days(100.0, "2021-06-03");
        again[6].observation.value = None;
        again[7].observation.value = Some(109.0);
        again.push(RawObservation { row: 40, ..total("3271", 1, 0.0, "2021-06-03") });
        again[31].observation =
            Observation { value: None, measure: Measure::Cases, ..again[31].observation.clone() };
        let told = validate(again.into_iter().collect(), &mut history, &believing);
        let changes = &told.changes;
        assert_eq!((changes.changed, changes.taken_away, told.accepted.len()), (2, 1, 3));
        let taken: Vec<_> = changes.taken.iter().map(|it| (it.date.to_string(), it.before, it.now)).collect();
        assert_eq!(taken, [("2021-05-07".to_owned(), 107.0, None)], "a day nobody knew loses nothing");
        assert_eq!(changes.movers.len(), 1);
    }

    #[test]
    fn a_fall_of_a_few_cases_refuses_the_row_and_holds_nothing() {
        let mut next = days(15_761.0, "2021-06-02");
        next[30].observation.value = Some(15_700.0);
        let batch = Batch { received: 31, ..Batch::default() };
        assert_eq!(judge(vec![next], &batch), []);
    }

    #[test]
    fn most_rows_refused_holds_the_rest() {
        let reject = |row| Rejection {
            row,
            column: String::new(),
            reason: RejectReason::Negative,
            detail: String::new(),
        };
        let accepted = days(15_761.0, "2021-06-02").into_iter().take(9).map(|raw| raw.observation).collect();
        let validated =
            Validated { accepted, rejected: (0..11).map(reject).collect(), ..Validated::default() };
        let batch = Batch { received: 20, ..Batch::default() };
        let found = hold_reasons(&batch, &validated, &Checks::default());
        assert_eq!(found, [(HoldReason::ManyRejected, "11 / 20".to_owned())]);
    }

    #[test]
    fn the_share_that_belongs_to_no_place_is_of_the_newest_day() {
        let rows: Figures = [
            total("3271", 1, 90.0, "2021-06-02"),
            total("0000", 1, 10.0, "2021-06-02"),
            total("3271", 2, 68.0, "2021-06-02"),
            total("0000", 2, 32.0, "2021-06-02"),
        ]
        .into_iter()
        .collect();
        assert_eq!(unidentified_pct(&rows, &LocationId::new("0000")), Some(32.0));
        assert_eq!(unidentified_pct(&rows, &LocationId::new("9999")), None);
    }
}
