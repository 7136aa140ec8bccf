//! A chart with what stands round it: its finding, what is read out, and the table of the numbers that are drawn.

use super::epicurve::Curve;
use super::lines::Plot;
use super::neighbours::Neighbours;
use super::staff::Staff;
use super::strip::Strip;
use super::{Look, Subject};
use crate::chart::Chart;
use crate::text::date_long;

/// A chart and what stands round it.
pub(in crate::web) struct Figure {
    /// The finding.
    pub(in crate::web) title: String,
    /// What is read out before anybody points at a day.
    pub(in crate::web) readout: String,
    pub(in crate::web) table: Table,
    drawing: Drawing,
}

/// The numbers that are drawn, newest first.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Table {
    pub(in crate::web) caption: String,
    pub(in crate::web) unit: String,
    /// Heads after the date.
    pub(in crate::web) columns: Vec<String>,
    pub(in crate::web) rows: Vec<Row>,
}

/// A day of a table.
#[derive(Debug, Clone)]
pub(in crate::web) struct Row {
    pub(in crate::web) date: String,
    pub(in crate::web) day: String,
    pub(in crate::web) cells: Vec<Cell>,
}

/// A cell: as read, and as sorted (empty where there is no figure).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) struct Cell {
    pub(in crate::web) text: String,
    pub(in crate::web) value: String,
}

enum Drawing {
    Curve(Box<Curve>),
    Strip(Box<Strip>),
    Staff(Box<Staff>),
    Plot(Box<Plot>),
    Neighbours(Box<Neighbours>),
}

impl Cell {
    /// A figure in the reader's form, or a dash.
    pub(super) fn of(value: Option<f64>, shown: impl Fn(f64) -> String) -> Self {
        match value {
            Some(value) => Self { text: shown(value), value: value.to_string() },
            None => Self { text: "–".to_owned(), value: String::new() },
        }
    }

    /// Words where there is no figure.
    pub(super) fn said(text: String) -> Self {
        Self { text, value: String::new() }
    }
}

impl Figure {
    pub(in crate::web) fn curve(subject: Subject<'_>, curve: Curve) -> Self {
        Self {
            title: curve.title.clone(),
            readout: curve.readout(),
            table: curve.table(subject),
            drawing: Drawing::Curve(Box::new(curve)),
        }
    }

    pub(super) fn strip(subject: Subject<'_>, strip: Strip) -> Self {
        Self {
            title: strip.finding.clone(),
            readout: strip.readout(),
            table: strip.table(subject),
            drawing: Drawing::Strip(Box::new(strip)),
        }
    }

    pub(super) fn staff(subject: Subject<'_>, staff: Staff) -> Self {
        Self {
            title: staff.title.clone(),
            readout: staff.readout(),
            table: staff.table(subject),
            drawing: Drawing::Staff(Box::new(staff)),
        }
    }

    pub(super) fn neighbours(subject: Subject<'_>, places: Neighbours) -> Self {
        Self {
            title: places.title.clone(),
            readout: places.readout(),
            table: places.table(subject),
            drawing: Drawing::Neighbours(Box::new(places)),
        }
    }

    pub(super) fn plot(plot: Plot) -> Self {
        Self {
            title: plot.title.clone(),
            readout: plot.readout(),
            table: plot.table(),
            drawing: Drawing::Plot(Box::new(plot)),
        }
    }

    pub(in crate::web) fn draw(&self, subject: Subject<'_>, look: Look<'_>) -> Chart {
        match &self.drawing {
            Drawing::Curve(curve) => curve.draw(subject, look),
            Drawing::Strip(strip) => strip.draw(subject, look, true),
            Drawing::Staff(staff) => staff.draw(subject, look),
            Drawing::Plot(plot) => plot.draw(subject, look),
            Drawing::Neighbours(places) => places.draw(subject, look),
        }
    }
}

impl Row {
    pub(super) fn of(date: chrono::NaiveDate, subject: Subject<'_>, cells: Vec<Cell>) -> Self {
        Self { date: date.to_string(), day: date_long(date, subject.locale()), cells }
    }
}
