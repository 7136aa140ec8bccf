//! What the last days will be when late reports are in, from how complete earlier days were after as many days.
//!
//! For counts by day of onset or test. Counts by day of report are complete when they are told, and their nowcast is what was told.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use thiserror::Error;

use crate::epi::{Interval, student_quantile};
use crate::observation::{TriangleRow, quantile};

/// A weekday with as many past days is measured by itself, else all days together.
const WEEKDAY_DAYS: usize = 3;
/// Past errors that the interval rests on at least.
const LEAST_ERRORS: usize = 7;
/// With a smaller share known, five times what is known would have to be guessed.
const LEAST_SHARE: f64 = 0.2;
/// The share of errors within one standard deviation of the normal distribution, and how far that reaches.
const WITHIN_ONE: (f64, f64) = (0.68, 0.994_457_883_209_753);
const UPPER: f64 = 0.975;
const WEEK: u64 = 7;

/// Why settings of the nowcast are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidNowcasting {
    /// The longest delay is none, or beyond two months.
    #[error("the longest delay of the nowcast is {0} days; give 1 to 60")]
    Longest(u32),
    /// The past is too short to hold each weekday three times, or goes back beyond a year.
    #[error("the nowcast looks back {0} days; give 21 to 366")]
    Window(u32),
}

/// How long reports come in, and how far back delays are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nowcasting {
    longest: u32,
    window: u32,
}

impl Nowcasting {
    /// What is known `longest` days after a day counts as all of it; reports of the last `window` days are measured.
    ///
    /// # Errors
    /// [`InvalidNowcasting`] for a longest delay outside 1 to 60 days or a window outside 21 to 366.
    pub fn new(longest: u32, window: u32) -> Result<Self, InvalidNowcasting> {
        if !(1..=60).contains(&longest) {
            return Err(InvalidNowcasting::Longest(longest));
        }
        if !(21..=366).contains(&window) {
            return Err(InvalidNowcasting::Window(window));
        }
        Ok(Self { longest, window })
    }
}

impl Default for Nowcasting {
    /// Two weeks of delays, measured over four weeks: each weekday four times, and a habit that changed is forgotten in a month.
    fn default() -> Self {
        Self { longest: 14, window: 28 }
    }
}

/// Why there is no nowcast of a day or week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoNowcast {
    /// Nothing is known yet of a day of which something usually is.
    NothingKnown,
    /// The source has not been followed for long enough to measure its delays.
    PastTooShort,
    /// Less than a fifth is usually known by now.
    TooLittleKnown,
}

/// What a count will be when late reports are in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nowcast {
    /// As known now.
    pub reported: f64,
    /// The share that is usually known by now.
    pub share: f64,
    /// The count that is expected in the end.
    pub value: f64,
    /// Its 95% prediction interval.
    pub interval: Interval,
}

/// What was known of each day and of each seven days, after so many days.
///
/// **Definition.** The count of a day in the end is what is known of it now over the share that was usually known after as many days.
///
/// **Equation.** `x(t, d)` is what was known of day *t* after *d* days. Of what is known after *d* days a share `p_d` came on the last of
/// them (the reverse hazard); here `1 − p_d` is the median of `x(t, d−1)/x(t, d)` over the days *t* whose *d*-th day was among the last
/// four weeks, same weekday if there are three. The share known after *d* days is `F(d) = Π_{j=d+1..J} (1 − p_j)`, all of it after
/// *J* = 14, and the nowcast `N = x/F(d)`. Days that are not yet complete count for the delays they have passed.
///
/// **Interval.** The past errors `ln x(t, d) − ln x(t, J) − ln F(d)` of complete days in those four weeks, all weekdays, have a spread *s*:
/// where 68% of them lie, so that a holiday does not widen the next month. It is at least `√((1 − F)/x)`, chance alone. The interval is
/// `N·exp(±t·s·√(1 + 1/m))`, *t* of Student with *n* − 1 degrees of freedom for *n* errors, *m* the days that `F` rests on. Of nothing
/// known, `N` is 0, and the upper bound the 97.5% quantile of the geometric distribution of what chance alone has held back.
///
/// The seven days that end on a day are nowcast as one count, by the same rules, from what was known of such sums: their days are late
/// together, so the errors of single days cannot be added up.
///
/// **Why so.** Medians and a robust spread, because a published triangle has holidays, days without an update and backlogs; ratios
/// measured on the source itself, because a distribution fitted to them would smooth the weekdays away. Bayesian models of the whole
/// triangle need a sampler and say what they say by chance; this one says the same for the same figures.
///
/// **Assumptions.** Delays are as in the last four weeks; the source was read every day; nothing of note comes after *J* days.
///
/// **References.** J. F. Lawless, *Canadian Journal of Statistics* 22 (1994) 15; M. Höhle and M. an der Heiden, *Biometrics* 70 (2014)
/// 993.
///
/// ```
/// use siaga::indicator::forecast::{Nowcasting, Reports};
/// # use siaga::observation::{SeriesKey, TriangleRow};
/// # use siaga::epi::LocationId;
/// # use chrono::{Datelike, Days, NaiveDate};
/// # let first: NaiveDate = "2021-06-01".parse().unwrap();
/// # let today = first + Days::new(39);
/// # let row = |day: u64| TriangleRow {
/// #     series: SeriesKey { location: LocationId::new("3271"), unit_id: None, measure: "cases".parse().unwrap(),
/// #         source: "dinkes".to_owned() },
/// #     date: first + Days::new(day), weekday: (first + Days::new(day)).weekday(), is_followed: true,
/// #     last: Some(if day == 39 { 80.0 } else { 100.0 }),
/// #     values: (0..=(39 - day).min(28)).map(|delay| Some(if delay == 0 { 80.0 } else { 100.0 })).collect(),
/// # };
/// // Forty days of which 80 of 100 were known at once and all on the next day.
/// let rows: Vec<TriangleRow> = (0..40).map(row).collect();
/// let reports = Reports::new(&rows, today, Nowcasting::default());
/// let now = reports.day(today).unwrap();
/// assert!((now.share - 0.8).abs() < 1e-12 && (now.value - 100.0).abs() < 1e-9);
/// let week = reports.week_ending(today).unwrap();
/// assert_eq!(week.reported, 680.0);
/// assert!((week.value - 700.0).abs() < 1e-9);
/// ```
#[derive(Debug, Clone)]
pub struct Reports {
    days: Triangle,
    weeks: Triangle,
    /// What is known of each day now.
    latest: BTreeMap<NaiveDate, Option<f64>>,
    followed_from: Option<NaiveDate>,
    /// Of how many days something was known after each delay, and how many have passed it.
    usually: Vec<(usize, usize)>,
}

impl Reports {
    /// From the rows of one series, as known at the end of `today`; rows of another than the first one's are left out.
    #[must_use]
    pub fn new(rows: &[TriangleRow], today: NaiveDate, settings: Nowcasting) -> Self {
        let is_own = |row: &&TriangleRow| row.series == rows[0].series && row.date <= today;
        let own: Vec<&TriangleRow> = rows.iter().filter(is_own).collect();
        let followed_from = own.iter().filter(|row| row.is_followed).map(|row| row.date).min();
        let longest = usize::try_from(settings.longest).unwrap_or(usize::MAX);
        // The days of the oldest week that is measured, and what was known of them to the end of its delays.
        let reach = u64::from(settings.window) + u64::from(settings.longest) + WEEK;
        let near: Vec<&TriangleRow> =
            own.iter().copied().filter(|row| row.date + Days::new(reach) >= today).collect();
        let delays = longest.saturating_add(6);
        let days = near.iter().map(|row| (row.date, known_after(row, today, delays))).collect();
        let weeks = sums(&days, followed_from, today, longest);
        let triangle = |known| Triangle { known, today, longest, window: i64::from(settings.window) };
        Self {
            days: triangle(days),
            weeks: triangle(weeks),
            latest: own.iter().map(|row| (row.date, row.last.filter(is_count))).collect(),
            followed_from,
            usually: (0..=delays).map(|delay| usually_known(&near, delay)).collect(),
        }
    }

    /// The nowcast of one day; of one that is complete, what is known.
    ///
    /// # Errors
    /// [`NoNowcast`] if nothing is known of it, the past is too short, or too little is usually known by now.
    pub fn day(&self, date: NaiveDate) -> Result<Nowcast, NoNowcast> {
        let reported = self.latest.get(&date).copied().flatten().ok_or(NoNowcast::NothingKnown)?;
        self.days.nowcast(date, reported)
    }

    /// The nowcast of the seven days that end on a day; of seven that are complete, what is known.
    ///
    /// # Errors
    /// [`NoNowcast`] as for a day; also if nothing is known yet of one of the seven, although by now something usually is.
    pub fn week_ending(&self, date: NaiveDate) -> Result<Nowcast, NoNowcast> {
        let known = |earlier: u64| self.known_of(date.checked_sub_days(Days::new(earlier))?);
        let reported: Option<f64> = (0..WEEK).map(known).sum();
        self.weeks.nowcast(date, reported.ok_or(NoNowcast::NothingKnown)?)
    }

    /// What is known of a day; nothing where nothing usually is by now.
    fn known_of(&self, day: NaiveDate) -> Option<f64> {
        let is_usual = || {
            let (known, passed) = self.days.delay(day).and_then(|delay| self.usually.get(delay)).copied()?;
            (2 * known <= passed && self.followed_from? <= day).then_some(0.0)
        };
        self.latest.get(&day).copied().flatten().or_else(is_usual)
    }
}

fn is_count(value: &f64) -> bool {
    *value >= 0.0 && value.is_finite()
}

/// What was known of a day after each delay that has passed, to the longest. Nothing told of a day on which the source was followed is
/// nothing reported.
fn known_after(row: &TriangleRow, today: NaiveDate, longest: usize) -> Vec<Option<f64>> {
    let passed = usize::try_from((today - row.date).num_days()).unwrap_or(0);
    let at = |delay: usize| row.values.get(delay).or(row.values.last()).copied().flatten();
    (0..=passed.min(longest))
        .map(|delay| at(delay).filter(is_count).or(row.is_followed.then_some(0.0)))
        .collect()
}

/// Of how many followed days something was known after a delay, and how many have passed it.
fn usually_known(rows: &[&TriangleRow], delay: usize) -> (usize, usize) {
    let passed = rows.iter().filter(|row| row.is_followed).filter_map(|row| row.values.get(delay));
    passed.fold((0, 0), |(known, all), value| (known + usize::from(value.is_some()), all + 1))
}

type KnownAfter = BTreeMap<NaiveDate, Vec<Option<f64>>>;

/// What was known of the seven days that end on each day, after each delay.
fn sums(days: &KnownAfter, followed_from: Option<NaiveDate>, today: NaiveDate, longest: usize) -> KnownAfter {
    let of_day = |day: NaiveDate, delay: usize| match days.get(&day) {
        Some(known) => known.get(delay).copied().flatten(),
        None => followed_from.is_some_and(|from| day >= from).then_some(0.0),
    };
    let sum = |date: NaiveDate, delay: usize| -> Option<f64> {
        let days = (0..WEEK).zip(delay..);
        days.map(|(earlier, delay)| of_day(date.checked_sub_days(Days::new(earlier))?, delay)).sum()
    };
    let first = days.keys().next().copied().unwrap_or(today);
    let last_days = first.iter_days().skip(6).take_while(|date| *date <= today);
    let passed = |date: NaiveDate| usize::try_from((today - date).num_days()).unwrap_or(0).min(longest);
    last_days.map(|date| (date, (0..=passed(date)).map(|delay| sum(date, delay)).collect())).collect()
}

/// Counts by day and delay, as known at the end of a day.
#[derive(Debug, Clone)]
struct Triangle {
    known: KnownAfter,
    today: NaiveDate,
    longest: usize,
    window: i64,
}

/// The log of the share that is known after a delay, and the fewest days that a factor of it rests on.
#[derive(Debug, Clone, Copy)]
struct Known {
    log_share: f64,
    days: usize,
}

impl Triangle {
    fn delay(&self, date: NaiveDate) -> Option<usize> {
        usize::try_from((self.today - date).num_days()).ok()
    }

    fn nowcast(&self, date: NaiveDate, reported: f64) -> Result<Nowcast, NoNowcast> {
        let delay = self.delay(date).ok_or(NoNowcast::NothingKnown)?;
        if delay >= self.longest {
            let interval = Interval { lower: reported, upper: reported };
            return Ok(Nowcast { reported, share: 1.0, value: reported, interval });
        }
        let known = self.known(delay, date.weekday().num_days_from_monday())?;
        let share = known.log_share.exp();
        if share < LEAST_SHARE {
            return Err(NoNowcast::TooLittleKnown);
        }
        let value = reported / share;
        let interval = match reported > 0.0 {
            true => self.interval(delay, value, share, known)?,
            false => Interval { lower: 0.0, upper: held_back(share) },
        };
        Ok(Nowcast { reported, share, value, interval })
    }

    /// `F(d)` for a weekday.
    fn known(&self, delay: usize, weekday: u32) -> Result<Known, NoNowcast> {
        let mut known = Known { log_share: 0.0, days: usize::MAX };
        for later in delay + 1..=self.longest {
            let own = self.ratios(later, Some(weekday));
            let ratios = if own.len() >= WEEKDAY_DAYS { own } else { self.ratios(later, None) };
            let median = quantile(&ratios, 0.5).filter(|_| ratios.len() >= WEEKDAY_DAYS);
            let median = median.ok_or(NoNowcast::PastTooShort)?;
            known.log_share += if median > 0.0 { median.ln() } else { f64::NEG_INFINITY };
            known.days = known.days.min(ratios.len());
        }
        Ok(known)
    }

    /// `x(t, d−1)/x(t, d)` of the days whose *d*-th day lies in the window.
    fn ratios(&self, delay: usize, weekday: Option<u32>) -> Vec<f64> {
        let is_wanted = |date: &NaiveDate| {
            self.is_in_window(*date, delay)
                && weekday.is_none_or(|weekday| date.weekday().num_days_from_monday() == weekday)
        };
        let ratio = |known: &Vec<Option<f64>>| {
            let (before, after) = ((*known.get(delay - 1)?)?, (*known.get(delay)?)?);
            (after > 0.0).then(|| before / after)
        };
        self.known.iter().filter(|(date, _)| is_wanted(date)).filter_map(|(_, known)| ratio(known)).collect()
    }

    fn is_in_window(&self, date: NaiveDate, delay: usize) -> bool {
        let passed = (self.today - date).num_days() - i64::try_from(delay).unwrap_or(i64::MAX);
        (0..self.window).contains(&passed)
    }

    fn interval(&self, delay: usize, value: f64, share: f64, known: Known) -> Result<Interval, NoNowcast> {
        let errors = self.errors(delay);
        if errors.len() < LEAST_ERRORS {
            return Err(NoNowcast::PastTooShort);
        }
        let (within, reach) = WITHIN_ONE;
        let spread = quantile(&errors, within).unwrap_or(0.0) / reach;
        let by_chance = ((1.0 - share).max(0.0) / (value * share)).sqrt();
        let degrees = u32::try_from(errors.len() - 1).unwrap_or(u32::MAX);
        let more = 1.0 + 1.0 / f64::from(u32::try_from(known.days).unwrap_or(u32::MAX));
        let factor = student_quantile(degrees, UPPER).unwrap_or(0.0) * spread.max(by_chance) * more.sqrt();
        Ok(Interval { lower: value * (-factor).exp(), upper: value * factor.exp() })
    }

    /// How far the log of the share that was known of complete days lay from what is usual, without its sign.
    fn errors(&self, delay: usize) -> Vec<f64> {
        let usual: Vec<Option<f64>> =
            (0..7).map(|weekday| self.known(delay, weekday).ok().map(|known| known.log_share)).collect();
        let error = |(date, known): (&NaiveDate, &Vec<Option<f64>>)| {
            let (then, whole) = ((*known.get(delay)?)?, (*known.get(self.longest)?)?);
            let usual = (*usual.get(usize::try_from(date.weekday().num_days_from_monday()).ok()?)?)?;
            let error = ((then / whole).ln() - usual).abs();
            (self.is_in_window(*date, self.longest) && error.is_finite()).then_some(error)
        };
        self.known.iter().filter_map(error).collect()
    }
}

/// The 97.5% quantile of how many are held back when none of them came, each with chance `share`: `P(U ≤ u) = 1 − (1 − F)^{u+1}`.
fn held_back(share: f64) -> f64 {
    if share >= 1.0 { 0.0 } else { ((1.0 - UPPER).ln() / (1.0 - share).ln() - 1.0).max(0.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::LocationId;
    use crate::observation::{Measure, SeriesKey};
    use proptest::prelude::*;

    const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2021, 6, 1).unwrap();

    /// Days from the first of June on, of which `known(day, delay)` was known.
    fn rows(days: u64, known: impl Fn(u64, u64) -> Option<f64>) -> (Vec<TriangleRow>, NaiveDate) {
        let row = |day: u64| {
            let values: Vec<Option<f64>> = (0..days - day).map(|delay| known(day, delay)).collect();
            let date = FIRST + Days::new(day);
            let series = SeriesKey {
                location: LocationId::new("3271"),
                unit_id: None,
                measure: Measure::Cases,
                source: "dinkes".to_owned(),
            };
            TriangleRow {
                series,
                date,
                weekday: date.weekday(),
                last: values.last().copied().flatten(),
                values,
                is_followed: true,
            }
        };
        ((0..days).map(row).collect(), FIRST + Days::new(days - 1))
    }

    fn reports(days: u64, known: impl Fn(u64, u64) -> Option<f64>) -> (Reports, NaiveDate) {
        let (rows, today) = rows(days, known);
        (Reports::new(&rows, today, Nowcasting::default()), today)
    }

    /// Half is known at once, three quarters on the next day, all on the one after.
    fn slow(day: u64, delay: u64) -> Option<f64> {
        let whole = 1_000.0 + 10.0 * f64::from(u32::try_from(day).unwrap());
        Some(whole * [0.5, 0.75].get(usize::try_from(delay).unwrap()).unwrap_or(&1.0))
    }

    #[test]
    fn what_is_known_is_divided_by_the_share_that_usually_is() {
        let (reports, today) = reports(45, slow);
        let now = reports.day(today).unwrap();
        assert!((now.share - 0.5).abs() < 1e-12 && (now.value - 1_440.0).abs() < 1e-9, "{now:?}");
        let yesterday = reports.day(today - Days::new(1)).unwrap();
        assert!((yesterday.share - 0.75).abs() < 1e-12 && (yesterday.value - 1_430.0).abs() < 1e-9);
        let settled = reports.day(today - Days::new(20)).unwrap();
        assert_eq!((settled.share, settled.interval.lower, settled.interval.upper), (1.0, 1_240.0, 1_240.0));
        let long_ago = reports.week_ending(FIRST + Days::new(6)).unwrap();
        assert_eq!((long_ago.reported, long_ago.value), (7_210.0, 7_210.0));
        assert_eq!(reports.week_ending(FIRST + Days::new(5)), Err(NoNowcast::NothingKnown));
    }

    #[test]
    fn without_past_errors_chance_alone_makes_the_interval() {
        let (reports, today) = reports(45, slow);
        let now = reports.day(today).unwrap();
        // √((1 − 0.5)/720), 28 errors, four days of the same weekday.
        let factor = 2.051_830_516 * (0.5_f64 / 720.0).sqrt() * 1.25_f64.sqrt();
        assert!((now.interval.upper / now.value - factor.exp()).abs() < 1e-6, "{now:?}");
        assert!((now.interval.lower / now.value - (-factor).exp()).abs() < 1e-6);
    }

    #[test]
    fn a_sunday_that_comes_late_is_measured_by_sundays() {
        let known = |day: u64, delay: u64| {
            let is_sunday = (FIRST + Days::new(day)).weekday() == chrono::Weekday::Sun;
            Some(if is_sunday && delay < 2 { 250.0 } else { 1_000.0 })
        };
        // 18 July 2021 is a Sunday.
        let (reports, today) = reports(48, known);
        assert_eq!(today.to_string(), "2021-07-18");
        assert!((reports.day(today).unwrap().value - 1_000.0).abs() < 1e-9);
        assert!((reports.day(today - Days::new(1)).unwrap().share - 1.0).abs() < 1e-12);
        let week = reports.week_ending(today).unwrap();
        assert!((week.reported - 6_250.0).abs() < 1e-9 && (week.value - 7_000.0).abs() < 1e-9, "{week:?}");
    }

    #[test]
    fn one_backlog_does_not_bend_the_nowcast() {
        let (usual, today) = reports(45, slow);
        let (once, _) =
            reports(45, |day, delay| if day == 24 && delay < 9 { Some(10.0) } else { slow(day, delay) });
        let (usual, once) = (usual.day(today).unwrap(), once.day(today).unwrap());
        assert!((usual.value / once.value - 1.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_known_is_no_zero_and_a_zero_has_an_upper_bound() {
        let (late, today) =
            reports(45, |day, delay| if day == 44 && delay == 0 { None } else { slow(day, delay) });
        assert_eq!(late.day(today), Err(NoNowcast::NothingKnown));
        assert_eq!(late.week_ending(today), Err(NoNowcast::NothingKnown));
        assert_eq!(late.day(today + Days::new(1)), Err(NoNowcast::NothingKnown), "not yet");
        let (zero, _) =
            reports(45, |day, delay| if day == 44 && delay == 0 { Some(0.0) } else { slow(day, delay) });
        let none = zero.day(today).unwrap();
        // (1/2)^{u+1} = 1/40.
        assert_eq!((none.value, none.interval.lower), (0.0, 0.0));
        assert!((none.interval.upper - (40.0_f64.log2() - 1.0)).abs() < 1e-9);
    }

    #[test]
    fn a_source_that_never_tells_on_the_day_is_not_late() {
        let (reports, today) = reports(45, |day, delay| if delay == 0 { None } else { slow(day, delay) });
        assert_eq!(reports.day(today), Err(NoNowcast::NothingKnown));
        let week = reports.week_ending(today).unwrap();
        assert!(week.share < 0.87 && (week.value / 9_870.0 - 1.0).abs() < 0.01, "{week:?}");
    }

    #[test]
    fn too_short_a_past_and_too_little_known_have_no_nowcast() {
        let (short, today) = reports(16, slow);
        assert_eq!(short.day(today), Err(NoNowcast::PastTooShort));
        assert_eq!(short.week_ending(today), Err(NoNowcast::PastTooShort));
        let (little, today) = reports(45, |_, delay| Some(if delay == 0 { 150.0 } else { 1_000.0 }));
        assert_eq!(little.day(today), Err(NoNowcast::TooLittleKnown));
        assert!(little.day(today - Days::new(1)).is_ok());
        let nothing = Reports::new(&[], today, Nowcasting::default());
        assert_eq!(nothing.day(today), Err(NoNowcast::NothingKnown));
        assert_eq!(nothing.week_ending(today), Err(NoNowcast::NothingKnown));
    }

    #[test]
    fn days_before_the_source_was_followed_count_for_the_delays_that_were_seen() {
        // Followed from the 20th day on; of earlier days it is not known what was known before then.
        let (mut rows, today) = rows(45, |day, delay| if day + delay < 20 { None } else { slow(day, delay) });
        for row in rows.iter_mut().take(20) {
            row.is_followed = false;
        }
        let reports = Reports::new(&rows, today, Nowcasting::default());
        assert!((reports.day(today).unwrap().share - 0.5).abs() < 1e-12);
        assert!((reports.week_ending(today).unwrap().value / 9_870.0 - 1.0).abs() < 0.01);
    }

    #[test]
    fn another_sources_rows_are_left_out() {
        let (mut rows, today) = rows(45, slow);
        let alone = Reports::new(&rows, today, Nowcasting::default());
        let mut others = rows.clone();
        for row in &mut others {
            row.series.source = "province".to_owned();
            row.values.iter_mut().flatten().for_each(|value| *value *= 3.0);
        }
        rows.append(&mut others);
        let both = Reports::new(&rows, today, Nowcasting::default());
        assert_eq!(both.day(today), alone.day(today));
        assert_eq!(both.week_ending(today), alone.week_ending(today));
    }

    #[test]
    fn settings_that_make_no_sense_are_refused() {
        assert_eq!(Nowcasting::new(0, 28), Err(InvalidNowcasting::Longest(0)));
        assert_eq!(Nowcasting::new(61, 28), Err(InvalidNowcasting::Longest(61)));
        assert_eq!(Nowcasting::new(14, 20), Err(InvalidNowcasting::Window(20)));
        assert_eq!(Nowcasting::new(14, 28), Ok(Nowcasting::default()));
        assert_eq!(
            InvalidNowcasting::Window(20).to_string(),
            "the nowcast looks back 20 days; give 21 to 366"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn a_nowcast_lies_in_its_interval_and_knows_no_size(
            shares in prop::collection::vec(0.4_f64..1.0, 45), times in 1.0_f64..50.0,
        ) {
            let known = |size: f64| {
                let shares = shares.clone();
                move |day: u64, delay: u64| {
                    let share = if delay < 3 { shares[usize::try_from(day).unwrap()] } else { 1.0 };
                    Some(1e6 * size * share)
                }
            };
            let ((one, today), (many, _)) = (reports(45, known(1.0)), reports(45, known(times)));
            for date in [today, today - Days::new(1)] {
                for (one, many) in [(one.day(date), many.day(date)), (one.week_ending(date), many.week_ending(date))] {
                    let (one, many) = (one.unwrap(), many.unwrap());
                    prop_assert!(one.interval.lower <= one.value && one.value <= one.interval.upper);
                    prop_assert!((many.value / one.value / times - 1.0).abs() < 1e-9);
                    prop_assert!((many.share - one.share).abs() < 1e-12);
                }
            }
        }
    }
}
