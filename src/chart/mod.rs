//! Charts: typed rows in, a finished SVG with title and text alternative out. Pure and synchronous: no I/O, no
//! clock, no knowledge of pages. One file a kind of chart (`epicurve`, `level_strip`, `staff`, `line`), each with
//! one function; the others are what they share. Not here: words, number formats and figures (the caller).
//! Start at `epicurve.rs`; colours are in `theme.rs`.

mod bars;
mod canvas;
mod epicurve;
mod frame;
mod level_strip;
mod line;
mod marker;
mod png;
mod staff;
mod svg;
mod theme;
mod threshold;
mod time_axis;
mod value_axis;

pub use epicurve::{Epicurve, EpicurveDay, EpicurveWords, Lump, ThresholdLine, epicurve};
pub use level_strip::{LevelMark, LevelStrip, StripDay, StripRow, level_strip};
pub use line::{Baseline, IndicatorThreshold, LineChart, LinePoint, LineWords, ThresholdSide, line_chart};
pub use marker::Marker;
pub use png::{ChartError, png};
pub use staff::{StaffChart, StaffPoint, staff_chart};
pub use svg::Chart;
pub use theme::{Theme, Token, paint, variables};
pub use value_axis::Scale;
