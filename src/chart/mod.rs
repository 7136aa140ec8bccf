//! Charts: typed rows in, a finished SVG with title and text alternative out. Pure and synchronous: no I/O, no
//! clock, no knowledge of pages. One file a kind of chart (`epicurve`, `level_strip`, `staff`, `timeline/`, …), each
//! with one function; the others are what they share. Not here: words, number formats and figures (the caller).
//! Start at `epicurve.rs`; colours are in `theme.rs`.

mod bars;
mod canvas;
mod card;
mod epicurve;
mod frame;
mod level_strip;
mod marker;
mod multiples;
mod png;
mod sparkline;
mod staff;
mod svg;
mod theme;
mod threshold;
mod time_axis;
mod timeline;
mod value_axis;

pub use card::{CARD, Card, card};
pub use epicurve::{Epicurve, EpicurveDay, EpicurveWords, Lump, ThresholdLine, epicurve};
pub use level_strip::{LevelMark, LevelStrip, StripDay, StripFrame, StripRow, level_strip};
pub use marker::Marker;
pub use multiples::{Multiples, Panel, multiples};
pub use png::{ChartError, is_blank, png};
pub use sparkline::{Sparkline, sparkline};
pub use staff::{StaffChart, StaffPoint, staff_chart};
pub use svg::Chart;
pub use theme::{Theme, Token, paint, variables};
pub use timeline::{
    Baseline, Form, Ground, IndicatorThreshold, Now, Reading, Series, SeriesPoint, ThresholdSide, Timeline,
    TimelineWords, ValueRange, timeline,
};
pub use value_axis::Scale;
