//! What a timeline is made of: series, thresholds, grounds, what is read out of each day.

use chrono::NaiveDate;

use crate::chart::Scale;
use crate::chart::theme::Token;

/// Something over days, ready to be drawn. Texts are in the reader's language.
pub struct Timeline<'a> {
    /// Makes the ids in the SVG unique in a page.
    pub slug: &'a str,
    /// The finding.
    pub title: &'a str,
    /// What is shown and its unit.
    pub subtitle: &'a str,
    /// The text alternative.
    pub description: &'a str,
    /// As-of date and source.
    pub source_line: &'a str,
    /// The series, the quiet ones first.
    pub series: &'a [Series],
    /// Named lines across the plot, at most five.
    pub thresholds: &'a [IndicatorThreshold],
    /// Quiet grounds between values.
    pub grounds: &'a [Ground],
    /// What is read out of each day.
    pub readings: &'a [Reading],
    /// First and last day shown.
    pub range: (NaiveDate, NaiveDate),
    /// Where the known ends, in a chart that looks ahead.
    pub now: Option<Now<'a>>,
    /// Words inside the picture.
    pub words: TimelineWords<'a>,
    /// How the values of the axis are spaced.
    pub values: ValueRange,
    /// Width and height in CSS pixels.
    pub size: (u32, u32),
    /// Writes a number of the value axis.
    pub format: &'a dyn Fn(f64) -> String,
    /// Writes a value beside its point.
    pub format_value: &'a dyn Fn(f64) -> String,
    /// Writes a day of the time axis.
    pub format_date: &'a dyn Fn(NaiveDate) -> String,
}

/// One series of values over days.
#[derive(Debug, Clone)]
pub struct Series {
    /// What it is, for the key or the line's end.
    pub name: String,
    /// How it is drawn.
    pub form: Form,
    /// The values; days may be missing but not repeated.
    pub points: Vec<SeriesPoint>,
}

/// How a series looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The line that carries the message; its latest value is written out.
    Main,
    /// Something beside it to be compared with: thinner, with an open dot a day.
    Beside,
    /// Others, for scale only: thin and grey.
    Other,
    /// What is expected: dashed, with its bands.
    Ahead,
    /// What another way expects: a grey dashed line, its interval as whiskers.
    Baseline,
    /// Single reports: a dot with its interval as whiskers and its value beside it.
    Reports,
    /// A bar over so many days that end on the point's day.
    Bars(u8),
}

/// One value with its intervals.
#[derive(Debug, Clone, Default)]
pub struct SeriesPoint {
    /// The day.
    pub date: NaiveDate,
    /// `None` where there is no value: the line breaks.
    pub value: Option<f64>,
    /// The wide interval (95%).
    pub wide: Option<(f64, f64)>,
    /// The narrow interval (50%).
    pub near: Option<(f64, f64)>,
    /// The figure will still change; hatched, or dashed.
    pub is_open: bool,
}

/// A named line across the plot.
#[derive(Debug, Clone)]
pub struct IndicatorThreshold {
    /// In the axis's unit.
    pub value: f64,
    /// Its name, shown at the right edge.
    pub name: String,
    /// What it is.
    pub side: ThresholdSide,
    /// The step it belongs to, if it does: it has the step's colour.
    pub step: Option<u8>,
}

/// What a named line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThresholdSide {
    /// At or above it a step begins; solid.
    Enter,
    /// Below it the step may end; dashed.
    Leave,
    /// A mark of the method, not of the policy: no growth, Rt of 1.
    Mark,
}

/// A ground between two values, in a level's colour, faint.
#[derive(Debug, Clone, Copy)]
pub struct Ground {
    /// Its lower edge.
    pub from: f64,
    /// Its upper edge; `None` for the top of the plot.
    pub to: Option<f64>,
    /// Step 0 to 4.
    pub step: u8,
}

/// What is read out of a day.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The day.
    pub date: NaiveDate,
    /// Days it stands for, ending on it.
    pub days: u8,
    /// Ready text for pointing, touching and keyboard.
    pub label: String,
    /// The figure itself, for programs.
    pub value: Option<f64>,
}

/// Where the known ends.
#[derive(Debug, Clone, Copy)]
pub struct Now<'a> {
    /// The last day known.
    pub date: NaiveDate,
    /// What comes after it, for example "perkiraan".
    pub name: &'a str,
}

/// Words inside the picture.
#[derive(Debug, Clone, Copy)]
pub struct TimelineWords<'a> {
    /// The wide band, for example "selang 95%".
    pub wide: &'a str,
    /// The narrow band, for example "selang 50%".
    pub near: &'a str,
    /// The dotted mark on the axis, for example "tidak ada angka".
    pub no_value: &'a str,
    /// Hatched figures, for example "belum lengkap".
    pub open: &'a str,
    /// Said in the middle where there is nothing to draw: the reason.
    pub nothing: &'a str,
}

/// How the values of the axis are spaced.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValueRange {
    /// Where the axis begins.
    pub baseline: Baseline,
    /// Linear unless an analyst asked for the logarithm.
    pub scale: Scale,
    /// Whether only whole numbers get a grid line.
    pub is_whole: bool,
    /// Whether intervals may be cut at the edges of the plot, so that wide ones of few cases do not flatten the line.
    pub cuts_bands: bool,
}

/// Where the value axis begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Baseline {
    /// At zero: counts, shares, rates.
    Zero,
    /// At the data: only where zero means nothing, for example Rt around 1.
    Data,
}

impl Series {
    pub(super) fn values(&self) -> impl Iterator<Item = (NaiveDate, f64)> + '_ {
        self.points.iter().filter_map(|point| Some((point.date, finite(point.value)?)))
    }

    /// The last day with a value.
    pub(super) fn last(&self) -> Option<(NaiveDate, f64)> {
        self.values().max_by_key(|(date, _)| *date)
    }

    pub(super) fn has_wide(&self) -> bool {
        self.points.iter().any(|point| point.wide.is_some())
    }

    pub(super) fn has_near(&self) -> bool {
        self.points.iter().any(|point| point.near.is_some())
    }

    /// Whether it is a line from day to day, on which a missing day is a gap.
    pub(super) fn is_daily(&self) -> bool {
        matches!(self.form, Form::Main | Form::Bars(1))
    }

    pub(super) fn token(&self) -> Token {
        match self.form {
            Form::Main | Form::Ahead | Form::Reports => Token::Line,
            Form::Beside => Token::Beside,
            Form::Other | Form::Baseline => Token::Muted,
            Form::Bars(_) => Token::Bar,
        }
    }
}

impl IndicatorThreshold {
    pub(super) fn token(&self) -> Token {
        match (self.side, self.step) {
            (ThresholdSide::Mark, _) => Token::Muted,
            (_, Some(0..=2)) => Token::Threshold1,
            (_, Some(3) | None) => Token::Threshold2,
            (_, Some(_)) => Token::Threshold3,
        }
    }
}

impl Ground {
    pub(super) fn token(self) -> Token {
        [Token::Level0, Token::Level1, Token::Level2, Token::Level3, Token::Level4]
            [usize::from(self.step.min(4))]
    }
}

pub(super) fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite())
}
