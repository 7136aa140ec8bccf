//! Days to pixels: the gutters shared by all charts of one width, the columns of the days, which days get a label.
//! Charts of equal width and date range line up one under another because they take both from here.
//! Not here: values (`value_axis.rs`), titles, keys and sources (`frame.rs`).

use chrono::{Datelike, Months, NaiveDate, TimeDelta};

use super::canvas::{Canvas, Face, Point};
use super::theme::Token;

/// Size of axis labels in CSS pixels.
pub(super) const LABEL: f64 = 13.0;
/// Room under the baseline for the labels of the days and the year.
pub(super) const FOOT: f64 = 36.0;
/// Room a date label needs beyond its own width.
const LABEL_GAP: f64 = 26.0;

/// Days a chart shows at most, some twenty years: a mistyped year must not draw millions.
const LONGEST: i64 = 7_320;

/// Charts narrower than this, in CSS pixels, are set for a phone.
pub(super) fn is_narrow(width: u32) -> bool {
    width < 520
}

/// Left and right margins of the plot in CSS pixels: numbers stand in the left one, names of thresholds in the
/// right one. They depend on the width alone, so that a level strip lines up with the curve above it.
pub(super) fn gutters(width: u32) -> (f64, f64) {
    if is_narrow(width) { (40.0, 78.0) } else { (48.0, 132.0) }
}

/// The days of a chart, each a column of equal width.
#[derive(Debug, Clone, Copy)]
pub(super) struct TimeAxis {
    first: NaiveDate,
    last: NaiveDate,
    left: f64,
    right: f64,
}

impl TimeAxis {
    /// The days `first..=last` between the gutters of a chart `width` CSS pixels wide.
    pub(super) fn new(first: NaiveDate, last: NaiveDate, width: u32) -> Self {
        let (left, gutter) = gutters(width);
        let longest = first.checked_add_signed(TimeDelta::days(LONGEST)).unwrap_or(NaiveDate::MAX);
        let last = last.clamp(first, longest);
        Self { first, last, left, right: f64::from(width) - gutter }
    }

    /// The same days in a chart that names nothing in its right gutter.
    pub(super) fn without_names(self, width: u32) -> Self {
        Self { right: f64::from(width) - 12.0, ..self }
    }

    pub(super) fn left(&self) -> f64 {
        self.left
    }

    pub(super) fn right(&self) -> f64 {
        self.right
    }

    pub(super) fn last(&self) -> NaiveDate {
        self.last
    }

    pub(super) fn contains(&self, date: NaiveDate) -> bool {
        (self.first..=self.last).contains(&date)
    }

    /// Width of a day in CSS pixels.
    pub(super) fn step(&self) -> f64 {
        (self.right - self.left) / (days_between(self.first, self.last) + 1.0)
    }

    /// Left edge of a day's column.
    pub(super) fn start(&self, date: NaiveDate) -> f64 {
        self.left + days_between(self.first, date) * self.step()
    }

    /// Right edge of a day's column.
    pub(super) fn end(&self, date: NaiveDate) -> f64 {
        self.start(date) + self.step()
    }

    /// Middle of a day's column.
    pub(super) fn middle(&self, date: NaiveDate) -> f64 {
        self.start(date) + self.step() / 2.0
    }

    pub(super) fn dates(&self) -> impl Iterator<Item = NaiveDate> {
        let last = self.last;
        self.first.iter_days().take_while(move |date| *date <= last)
    }

    /// Every day of the axis with its row, if it has one; rows may come in any order.
    pub(super) fn rows_by_day<'a, T>(
        &self,
        rows: &'a [T],
        date_of: fn(&T) -> NaiveDate,
    ) -> Vec<Option<&'a T>> {
        let mut sorted: Vec<_> = rows.iter().collect();
        sorted.sort_by_key(|row| date_of(row));
        let mut rest = sorted.into_iter().peekable();
        let row_of = |date| {
            // A date given twice must not stop the days after it.
            while rest.next_if(|row| date_of(row) < date).is_some() {}
            rest.next_if(|row| date_of(row) == date)
        };
        self.dates().map(row_of).collect()
    }

    /// The densest sequence of labelled days whose labels keep their distance.
    fn ticks(&self, label: &dyn Fn(NaiveDate) -> String) -> Vec<(NaiveDate, String)> {
        let face = Face::new(LABEL, Token::Muted);
        let mut coarsest = Vec::new();
        for pace in Pace::ALL {
            if pace.days() * self.step() < LABEL_GAP {
                continue;
            }
            let dates = pace.dates(self.first, self.last);
            if dates.len() < 2 && !coarsest.is_empty() {
                continue;
            }
            let ticks: Vec<_> = dates.into_iter().map(|date| (date, label(date))).collect();
            let widest = ticks.iter().map(|(_, text)| face.width(text)).fold(0.0, f64::max);
            if pace.days() * self.step() >= widest + LABEL_GAP && !ticks.is_empty() {
                return ticks;
            }
            coarsest = ticks;
        }
        coarsest.truncate(1);
        coarsest
    }

    /// Baseline, tick marks, labels of days, and the year wherever it is new.
    pub(super) fn draw(&self, canvas: &Canvas<'_>, baseline: f64, label: &dyn Fn(NaiveDate) -> String) {
        let face = Face::new(LABEL, Token::Muted);
        canvas.line(&[(self.left, baseline), (self.right, baseline)], 1.0, Token::Muted);
        let mut year = None;
        for (date, text) in self.ticks(label) {
            let x = self.middle(date);
            canvas.line(&[(x, baseline), (x, baseline + 4.0)], 1.0, Token::Muted);
            canvas.text(&text, (self.centred(x, face.width(&text)), baseline + 18.0), face);
            if year != Some(date.year()) {
                year = Some(date.year());
                let text = date.year().to_string();
                canvas.text(&text, (self.centred(x, face.width(&text)), baseline + 33.0), face);
            }
        }
    }

    /// Left edge of a text centred on `x` that may not leave the picture.
    fn centred(&self, x: f64, width: f64) -> f64 {
        (x - width / 2.0).min(self.right + 8.0 - width).max(4.0)
    }
}

/// How far apart labelled days are.
#[derive(Debug, Clone, Copy)]
enum Pace {
    Days(u16),
    Months(u16),
}

impl Pace {
    const ALL: [Self; 11] = [
        Self::Days(1),
        Self::Days(2),
        Self::Days(7),
        Self::Days(14),
        Self::Months(1),
        // Where only one first of a month lies in the range.
        Self::Days(28),
        Self::Months(2),
        Self::Months(3),
        Self::Months(6),
        Self::Months(12),
        Self::Months(24),
    ];

    /// The shortest distance between two of its days.
    fn days(self) -> f64 {
        match self {
            Self::Days(days) => f64::from(days),
            Self::Months(1) => 28.0,
            Self::Months(months) => f64::from(months) * 30.0,
        }
    }

    /// Its days in a range: weeks begin on Mondays, longer paces on the first of a month that fits the year.
    fn dates(self, first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
        let start = match self {
            Self::Days(days) if days % 7 == 0 => {
                let past_monday = i64::from(first.weekday().num_days_from_monday());
                first.checked_add_signed(TimeDelta::days((7 - past_monday) % 7)).unwrap_or(first)
            }
            Self::Days(_) => first,
            Self::Months(months) => first_month(first, u32::from(months)),
        };
        let next = |date: &NaiveDate| match self {
            Self::Days(days) => date.checked_add_signed(TimeDelta::days(i64::from(days))),
            Self::Months(months) => date.checked_add_months(Months::new(u32::from(months))),
        };
        std::iter::successors(Some(start), next).take_while(|date| *date <= last).collect()
    }
}

/// The first of the next month (from `date` on) whose number fits a pace of `months`.
fn first_month(date: NaiveDate, months: u32) -> NaiveDate {
    let fits = |day: &NaiveDate| *day >= date && day.month0().is_multiple_of(months.min(12));
    let this = date.with_day(1).unwrap_or(date);
    let all = std::iter::successors(Some(this), |day| day.checked_add_months(Months::new(1)));
    all.take(25).find(fits).unwrap_or(date)
}

/// Days from one date to another, negative when it is earlier.
fn days_between(from: NaiveDate, to: NaiveDate) -> f64 {
    // A range of dates is at most some millions of days, which f64 holds exactly.
    i32::try_from((to - from).num_days()).map_or(0.0, f64::from)
}

/// Breaks a sequence of optional points where one is missing; a lone point stays a run of one.
pub(super) fn runs(points: impl Iterator<Item = Option<Point>>) -> Vec<Vec<Point>> {
    let mut runs = vec![Vec::new()];
    for point in points {
        match (point, runs.last_mut()) {
            (Some(point), Some(run)) => run.push(point),
            (None, Some(run)) if !run.is_empty() => runs.push(Vec::new()),
            _ => {}
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn plain(date: NaiveDate) -> String {
        date.format("%-d %b").to_string()
    }

    #[test]
    fn days_fill_the_plot_from_edge_to_edge() {
        let axis = TimeAxis::new(day(2021, 6, 1), day(2021, 7, 31), 960);
        assert!((axis.start(day(2021, 6, 1)) - 48.0).abs() < 1e-9);
        assert!((axis.end(day(2021, 7, 31)) - 828.0).abs() < 1e-9);
        assert_eq!(axis.dates().count(), 61);
    }

    #[test]
    fn a_mistyped_year_does_not_draw_millions_of_days() {
        let axis = TimeAxis::new(day(2021, 6, 1), day(20210, 6, 1), 960);
        assert!(axis.dates().count() < 8_000);
        let end = TimeAxis::new(NaiveDate::MAX, NaiveDate::MAX, 960);
        assert_eq!(end.ticks(&plain).len(), 1);
    }

    #[test]
    fn rows_find_their_days_in_any_order_and_once() {
        let axis = TimeAxis::new(day(2021, 6, 1), day(2021, 6, 4), 960);
        let rows = [4, 2, 2].map(|number| day(2021, 6, number));
        let found: Vec<_> =
            axis.rows_by_day(&rows, |date| *date).into_iter().map(|row| row.is_some()).collect();
        assert_eq!(found, [false, true, false, true]);
    }

    #[test]
    fn date_labels_never_touch() {
        for days in [0, 3, 20, 61, 180, 500, 1000, 4000] {
            for width in [320, 390, 960] {
                let first = day(2020, 12, 14);
                let axis = TimeAxis::new(first, first + TimeDelta::days(days), width);
                let ticks = axis.ticks(&plain);
                assert!(!ticks.is_empty(), "{days} days at {width}");
                for pair in ticks.windows(2) {
                    let [one, other] = pair else { continue };
                    assert!(axis.middle(other.0) - axis.middle(one.0) >= 50.0, "{days} days at {width}");
                }
            }
        }
    }

    #[test]
    fn weeks_begin_on_mondays_and_quarters_in_january() {
        let mondays = Pace::Days(7).dates(day(2021, 6, 1), day(2021, 6, 30));
        assert_eq!(mondays, [day(2021, 6, 7), day(2021, 6, 14), day(2021, 6, 21), day(2021, 6, 28)]);
        let quarters = Pace::Months(3).dates(day(2020, 12, 14), day(2021, 8, 1));
        assert_eq!(quarters, [day(2021, 1, 1), day(2021, 4, 1), day(2021, 7, 1)]);
    }

    #[test]
    fn a_missing_point_breaks_the_line() {
        let points = [Some((0.0, 1.0)), Some((1.0, 1.0)), None, None, Some((4.0, 1.0))];
        assert_eq!(runs(points.into_iter()).iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    }
}
