//! The reporting triangle: what was known of each day after so many days.

use chrono::{Datelike, Duration, NaiveDate, Weekday};
use chrono_tz::Tz;
use std::collections::BTreeMap;

use super::figure::figures;
use crate::epi::Vintage;
use crate::observation::{Observation, SeriesKey};

/// One day of one series in the triangle.
#[derive(Debug, Clone, PartialEq)]
pub struct TriangleRow {
    /// The series.
    pub series: SeriesKey,
    /// The day.
    pub date: NaiveDate,
    /// Its weekday: reports of a Sunday come later than those of a Monday.
    pub weekday: Weekday,
    /// What was known at the end of the day itself, one day later, and so on; as long as time has passed.
    pub values: Vec<Option<f64>>,
    /// What is known at last.
    pub last: Option<f64>,
    /// Whether the series was followed when the day came: of an older day it is not known when its figure came.
    pub is_followed: bool,
}

/// The triangle of every series of single days, to `longest` days of delay, on what was known by `as_of`.
///
/// Row *t*, column *d*: `x(t, d)`, the figure of day *t* as known at the end of day *t + d* in the city; empty where nothing
/// was known, and cut off at the day of `as_of`, which gives the triangle its shape. A day is followed if its series had a
/// vintage by that day. Assumes that the source was read every day. After J. F. Lawless, *Canadian Journal of Statistics*
/// 22 (1994) 15, and M. Höhle and M. an der Heiden, *Biometrics* 70 (2014) 993.
///
/// ```
/// use siaga::observation::{Observation, reporting_triangle};
/// # use siaga::epi::{LocationId, Status, Vintage};
/// # let zone = chrono_tz::Asia::Jakarta;
/// # let figure = |value: f64, known: &str| Observation {
/// #     location: LocationId::new("3271"), unit_id: None, measure: "cases".parse().unwrap(),
/// #     source: "dinkes".to_owned(), date: "2021-06-27".parse().unwrap(), days: 1, value: Some(value),
/// #     status: Status::Printed, as_of: Vintage::parse_known(known, zone).unwrap(),
/// #     note: String::new(), address: String::new(),
/// # };
/// // 380 told on the day after, 410 two days later; asked on the fourth day.
/// let told = [figure(380.0, "2021-06-28"), figure(410.0, "2021-06-30")];
/// let as_of = Vintage::parse_as_of("2021-07-01", zone).unwrap();
/// let row = &reporting_triangle(&told, as_of, zone, 28)[0];
/// assert_eq!(row.values, [None, Some(380.0), Some(380.0), Some(410.0), Some(410.0)]);
/// ```
#[must_use]
pub fn reporting_triangle(
    observations: &[Observation],
    as_of: Vintage,
    zone: Tz,
    longest: u32,
) -> Vec<TriangleRow> {
    let figures = figures(observations, Some(as_of));
    let mut followed_from: BTreeMap<&SeriesKey, NaiveDate> = BTreeMap::new();
    for figure in &figures {
        let Some(first) = figure.vintages.first() else { continue };
        let day = first.as_of.local_date(zone);
        followed_from.entry(&figure.series).and_modify(|from| *from = day.min(*from)).or_insert(day);
    }
    let today = as_of.local_date(zone);
    let row = |figure: &super::FigureHistory| {
        let passed = (0..=i64::from(longest)).map(|delay| figure.date + Duration::days(delay));
        TriangleRow {
            series: figure.series.clone(),
            date: figure.date,
            weekday: figure.date.weekday(),
            values: passed.take_while(|day| *day <= today).map(|day| figure.known_by(day, zone)).collect(),
            last: figure.vintages.last().and_then(|known| known.value),
            is_followed: followed_from.get(&figure.series).is_some_and(|from| *from <= figure.date),
        }
    };
    figures.iter().filter(|figure| figure.days == 1).map(row).collect()
}
