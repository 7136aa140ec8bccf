//! From a location's days to what models say of them: reproduction numbers, staff against the city, forecasts, the nowcast.
//!
//! The models themselves are in `reproduction`, `detection` and `forecast`, on plain slices; here they are given the days and their
//! answers become estimates with a reason where there is none.

use std::num::NonZeroUsize;
use std::ops::Range;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::forecast::{Horizon, NoForecast, NoNowcast, Nowcast, Quantiles, Reports, baseline, log_linear};
use super::method::MethodParameters;
use super::reproduction::{CaseSeries, NoReproduction, ratio_7d, reproduction_numbers};
use super::table::IndicatorTable;
use crate::epi::{Estimate, IndicatorKind, Interval, Known, LocationId, Missing, Spread, Status, Vintage};
use crate::observation::{Authority, Cell, Measure, Observation, TriangleRow, reporting_triangle};

/// Weeks of the past that a forecast looks at.
const FORECAST_WEEKS: usize = 26;

/// The new cases of a location by day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Days<'a> {
    /// A slot a day.
    pub daily: &'a [Option<Cell>],
    /// Of these infected elsewhere; shorter, or without a figure, where nobody says.
    pub imported: &'a [Option<Cell>],
    /// The day of slot 0.
    pub first: NaiveDate,
}

impl Days<'_> {
    fn date(&self, index: usize) -> NaiveDate {
        self.first + chrono::Duration::days(i64::try_from(index).unwrap_or(0))
    }

    /// The reproduction number from slot `from` on, each on the last day of its window; the series begins on its first known day.
    pub(super) fn rt(&self, method: &MethodParameters, from: usize) -> Vec<Estimate> {
        let window = NonZeroUsize::new(method.rt_window_days);
        let (Ok(interval), Ok(prior), Some(window)) =
            (method.serial_interval.distribution(), method.prior(), window)
        else {
            return vec![Estimate::Missing(Missing::TooEarly); self.daily.len() - from];
        };
        let begin = self.daily.iter().position(Option::is_some).unwrap_or(self.daily.len());
        // What lies further back than the serial interval reaches weighs nothing, to the last bit.
        let reach = interval.weights().len() + window.get() + 1;
        let begin = begin.max(from.saturating_sub(reach));
        let (total, imported) = (self.counts_from(begin), self.imported_from(begin));
        let cases = CaseSeries { total: &total, imported: &imported };
        let numbers = reproduction_numbers(cases, &interval, window, prior);
        let of_slot = |index: usize| match index.checked_sub(begin).and_then(|slot| numbers.get(slot)) {
            None => Estimate::Missing(Missing::TooEarly),
            Some(Err(reason)) => Estimate::Missing(missing(*reason)),
            Some(Ok(posterior)) => Estimate::Known(Known {
                value: posterior.mean(),
                spread: Spread::Gamma { shape: posterior.shape, scale: posterior.scale },
                status: self.status((index + 1).saturating_sub(window.get()), index),
                date: self.date(index),
            }),
        };
        (from..self.daily.len()).map(of_slot).collect()
    }

    /// The reproduction number as a ratio of two weeks.
    pub(super) fn rt_ratio(&self) -> Vec<Estimate> {
        let ratios = ratio_7d(&self.counts_from(0));
        let estimate = |(index, ratio): (usize, Result<f64, NoReproduction>)| match ratio {
            Err(reason) => Estimate::Missing(missing(reason)),
            Ok(value) => {
                let status = self.status(index.saturating_sub(10), index);
                Estimate::Known(Known::plain(value, status, self.date(index)))
            }
        };
        ratios.into_iter().enumerate().map(estimate).collect()
    }

    /// Counts from a slot on.
    fn counts_from(&self, begin: usize) -> Vec<Option<f64>> {
        self.daily[begin..].iter().map(count).collect()
    }

    /// Imported cases from a slot on. A day without a figure has none: then all its cases count as infected here, which lets the
    /// number be higher, never lower.
    fn imported_from(&self, begin: usize) -> Vec<f64> {
        let told = self.imported.get(begin..).unwrap_or_default();
        told.iter().map(|cell| count(cell).unwrap_or(0.0)).collect()
    }

    /// The weakest status among the days of a window.
    fn status(&self, first: usize, last: usize) -> Status {
        let known = self.daily[first..=last].iter().flatten().map(|cell| cell.status);
        known.max().unwrap_or(Status::Derived).max(Status::Derived)
    }
}

/// A count; one below zero is none.
fn count(cell: &Option<Cell>) -> Option<f64> {
    cell.map(|cell| cell.value).filter(|value| *value >= 0.0)
}

fn missing(reason: NoReproduction) -> Missing {
    match reason {
        NoReproduction::TooEarly | NoReproduction::BeforeSerialInterval => Missing::TooEarly,
        NoReproduction::DayMissing => Missing::WeekIncomplete,
        NoReproduction::EarlierDayMissing => Missing::EarlierDayMissing,
        NoReproduction::NoEarlierCases => Missing::NoEarlierCases,
    }
}

/// Staff cases over those expected at the city's rate in the same days: `O / E`, `E = staff·cases/residents`, with the exact Poisson
/// interval of `O` over `E`. A range of staff cases gives a range.
pub(super) fn staff_ratio(
    staff_cases: &Estimate,
    headcount: &Estimate,
    (city_cases, population): (&Estimate, Option<f64>),
) -> Estimate {
    let (staff, cases) = match (staff_cases, headcount, city_cases) {
        (Estimate::Missing(reason), _, _) => return Estimate::Missing(*reason),
        (_, Estimate::Known(staff), Estimate::Known(cases)) => (staff, cases),
        (_, Estimate::Missing(reason), _) | (_, _, Estimate::Missing(reason)) => {
            return Estimate::Missing(*reason);
        }
        _ => return Estimate::Missing(Missing::NoFigure),
    };
    let Some(residents) = population.filter(|residents| *residents > 0.0) else {
        return Estimate::Missing(Missing::NoPopulation);
    };
    let expected = staff.value * cases.value / residents;
    if expected <= 0.0 {
        return Estimate::Missing(Missing::NoEarlierCases);
    }
    let weakest = |own: Status| own.max(staff.status).max(cases.status);
    match *staff_cases {
        Estimate::Known(observed) => Estimate::Known(Known {
            value: observed.value / expected,
            spread: Spread::Poisson { count: observed.value, factor: 1.0 / expected },
            status: weakest(observed.status),
            date: observed.date,
        }),
        Estimate::Range { lower, upper, reason, status, date } => Estimate::Range {
            lower: lower / expected,
            upper: upper / expected,
            reason,
            status: weakest(status),
            date,
        },
        missing @ Estimate::Missing(_) => missing,
    }
}

/// The weekly cases one or two weeks ahead of some days: the median, with the 95% interval.
pub(super) fn ahead(
    weekly: &[Estimate],
    (slots, horizon): (Range<usize>, Horizon),
    method: &MethodParameters,
) -> Vec<Estimate> {
    let Ok(settings) = method.log_linear() else {
        return vec![Estimate::Missing(Missing::PastTooShort); slots.len()];
    };
    let of_day = |index: usize| {
        let Estimate::Known(today) = weekly[index] else { return weekly[index] };
        match log_linear(&weeks_to(weekly, index), horizon, &settings) {
            Ok(forecast) => Estimate::Known(Known {
                value: forecast.median(),
                spread: forecast.interval(0.95).map_or(Spread::None, Spread::Bounds),
                ..today
            }),
            Err(NoForecast::WeekBeforeMissing) => Estimate::Missing(Missing::NoPreviousWeek),
            Err(_) => Estimate::Missing(Missing::PastTooShort),
        }
    };
    slots.map(of_day).collect()
}

/// The weekly cases up to a slot, a week apart, the last one last.
fn weeks_to(weekly: &[Estimate], index: usize) -> Vec<Option<f64>> {
    let slots = (0..FORECAST_WEEKS).map_while(|back| index.checked_sub(7 * back));
    let mut weeks: Vec<Option<f64>> = slots.map(|slot| weekly[slot].value()).collect();
    weeks.reverse();
    weeks
}

/// What the weekly cases may be one and two weeks after the last day on which they are known.
#[derive(Debug, Clone, PartialEq)]
pub struct WeeksAhead {
    /// The last day with a week's cases.
    pub from: NaiveDate,
    /// Those cases.
    pub cases: f64,
    /// As the last fourteen days went on, one and two weeks ahead.
    pub model: [Option<Quantiles>; 2],
    /// As if things stayed as they are; `None` where the past is too short for that.
    pub baseline: [Option<Quantiles>; 2],
}

/// The whole forecasts whose median and 95% interval are the indicators `cases_7d_ahead_1w` and `_2w`, up to two days before `date`.
///
/// # Errors
/// Why there is no forecast.
pub fn weeks_ahead(
    table: &IndicatorTable,
    date: NaiveDate,
    method: &MethodParameters,
) -> Result<WeeksAhead, Missing> {
    let known = table.carried(IndicatorKind::Cases7d, date, 2);
    let Estimate::Known(known) = known else {
        return Err(known.reason().unwrap_or(Missing::NoFigure));
    };
    let weekly = table.column(IndicatorKind::Cases7d).unwrap_or_default();
    let index = table.index(known.date).ok_or(Missing::NoFigure)?;
    let weeks = weeks_to(weekly, index);
    let settings = method.log_linear().map_err(|_| Missing::PastTooShort)?;
    let of = |horizon| log_linear(&weeks, horizon, &settings);
    if let Err(fault) = of(Horizon::OneWeek) {
        return Err(match fault {
            NoForecast::WeekBeforeMissing => Missing::NoPreviousWeek,
            _ => Missing::PastTooShort,
        });
    }
    Ok(WeeksAhead {
        from: known.date,
        cases: known.value,
        model: Horizon::ALL.map(|horizon| of(horizon).ok()),
        baseline: Horizon::ALL.map(|horizon| baseline(&weeks, horizon).ok()),
    })
}

/// What was known of the location's daily cases after each delay, by the source that counts.
#[must_use]
pub fn case_triangle(
    observations: &[Observation],
    (location, authority): (&LocationId, &Authority),
    (as_of, zone): (Vintage, Tz),
) -> Vec<TriangleRow> {
    let is_case = |o: &&Observation| {
        o.location == *location && o.unit_id.is_none() && o.measure == Measure::Cases && o.as_of <= as_of
    };
    let cases: Vec<&Observation> = observations.iter().filter(is_case).collect();
    // As the snapshot chooses: the highest rank, among equals the first in the alphabet.
    let rank = |o: &&&Observation| {
        (std::cmp::Reverse(authority.rank_on(&o.source, location, as_of.local_date(zone))), o.source.clone())
    };
    let Some(source) = cases.iter().min_by_key(rank).map(|o| o.source.clone()) else { return Vec::new() };
    let own: Vec<Observation> = cases.into_iter().filter(|o| o.source == source).cloned().collect();
    reporting_triangle(&own, as_of, zone, 60)
}

/// Puts the nowcast of the weekly cases in its column: for the days whose reports may still come from how complete such days
/// usually were by then; older weeks are what they are.
pub fn add_nowcast(
    table: &mut IndicatorTable,
    triangle: &[TriangleRow],
    today: NaiveDate,
    method: &MethodParameters,
) {
    let kind = IndicatorKind::NowcastCases7d;
    let is_published = table.column(kind).is_some_and(|column| column.iter().any(|e| e.value().is_some()));
    let Ok(settings) = method.nowcasting() else { return };
    if is_published {
        return;
    }
    let reports = (!triangle.is_empty()).then(|| Reports::new(triangle, today, settings));
    let longest = i64::from(method.nowcast_longest_days);
    let of_day = |index: usize| {
        let date = table.date(index);
        let week = table.at(IndicatorKind::Cases7d, date);
        if (today - date).num_days() >= longest {
            return week;
        }
        let Some(reports) = &reports else { return Estimate::Missing(Missing::NotFollowed) };
        match (reports.week_ending(date), week) {
            (Ok(nowcast), Estimate::Known(known)) => Estimate::Known(nowcast_of(&nowcast, known)),
            (Ok(_), missing) => missing,
            (Err(NoNowcast::NothingKnown), _) => Estimate::Missing(Missing::NoFigure),
            (Err(NoNowcast::PastTooShort), _) => Estimate::Missing(Missing::PastTooShort),
            (Err(NoNowcast::TooLittleKnown), _) => Estimate::Missing(Missing::TooLittleKnown),
        }
    };
    let column = (0..table.len).map(of_day).collect();
    table.set_column(kind, column);
}

/// The week as it will be: what is known of it over the share that is usually known by now.
fn nowcast_of(nowcast: &Nowcast, known: Known) -> Known {
    let share = nowcast.share.max(f64::MIN_POSITIVE);
    let factor = if nowcast.reported > 0.0 { known.value / nowcast.reported } else { 1.0 };
    let Interval { lower, upper } = nowcast.interval;
    Known {
        value: known.value / share,
        spread: Spread::Bounds(Interval { lower: lower * factor, upper: upper * factor }),
        status: known.status.max(Status::Derived),
        ..known
    }
}
