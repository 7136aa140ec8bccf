//! Anything over days that is not the epidemic curve: indicators with their intervals, forecasts as a fan, figures by week,
//! reports with whiskers. One drawing for all of them, so that they read alike. What it is made of: `chart.rs`; how it is
//! put together: `draw.rs`; how each form of series looks: `marks.rs`. Not here: which figures, words and number formats
//! (the caller).

mod chart;
mod draw;
mod marks;

pub use chart::{
    Baseline, Form, Ground, IndicatorThreshold, Now, Reading, Series, SeriesPoint, ThresholdSide, Timeline,
    TimelineWords, ValueRange,
};
pub use draw::timeline;
