//! One location's figures laid out by day, so that formulas can work on plain slices.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Mark, MarksByMeasure, Measure};
use crate::epi::{LocationId, Status};

/// One figure in a grid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// The figure.
    pub value: f64,
    /// Printed, derived or reconstructed.
    pub status: Status,
}

/// A figure for several days, kept as what it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lump {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// The total of all these days.
    pub cell: Cell,
}

/// Days on which one source of a family of measures counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The first day it has a figure for.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
    /// The source.
    pub source: String,
}

/// A place's figures in a period with a source of its own: all that this source reported, so that a sum over days before the
/// period is still one source's.
#[derive(Debug, Clone)]
pub struct Layer {
    /// The first day of the period; it ends with the next layer's.
    pub from: NaiveDate,
    /// The figures, over the same days as the grid they belong to.
    pub grid: Grid,
}

/// Every measure of one location, a slot a day from `first` on; `None` where nothing is known.
#[derive(Debug, Clone)]
pub struct Grid {
    /// Where.
    pub location: LocationId,
    /// The day of slot 0.
    pub first: NaiveDate,
    /// How many days.
    pub len: usize,
    /// The location's own figures.
    pub measures: BTreeMap<Measure, Vec<Option<Cell>>>,
    /// Figures for several days.
    pub lumps: BTreeMap<Measure, Vec<Lump>>,
    /// Figures by work unit.
    pub units: BTreeMap<String, BTreeMap<Measure, Vec<Option<Cell>>>>,
    /// Figures for several days by work unit.
    pub unit_lumps: BTreeMap<String, BTreeMap<Measure, Vec<Lump>>>,
    /// The days of which the location's own figures are as somebody judged them.
    pub marks: MarksByMeasure,
    /// Who tells the location's own figures, by family of measures.
    pub sources: BTreeMap<&'static str, Vec<Stretch>>,
    /// One a period, where from a day on another source counts; empty where one counts always.
    pub layers: Vec<Layer>,
}

impl Grid {
    /// An empty grid.
    #[must_use]
    pub fn new(location: LocationId, first: NaiveDate, last: NaiveDate) -> Self {
        let days = (last - first).num_days().max(0) + 1;
        Self {
            location,
            first,
            len: usize::try_from(days).unwrap_or(0),
            measures: BTreeMap::new(),
            lumps: BTreeMap::new(),
            units: BTreeMap::new(),
            unit_lumps: BTreeMap::new(),
            marks: MarksByMeasure::new(),
            sources: BTreeMap::new(),
            layers: Vec::new(),
        }
    }

    /// The first slot on which two grids of the same place may differ; the end of the shorter one if nothing does. `None` where
    /// they begin on different days, speak of different measures or units, or have periods of several sources.
    #[must_use]
    pub fn first_difference(&self, other: &Self) -> Option<usize> {
        let has_same_keys = self.layers.is_empty()
            && other.layers.is_empty()
            && self.location == other.location
            && self.first == other.first
            && self.measures.keys().eq(other.measures.keys())
            && self.lumps.keys().eq(other.lumps.keys())
            && self.units.keys().eq(other.units.keys())
            && self.unit_lumps == other.unit_lumps
            && self.marks == other.marks
            && self.units.iter().zip(&other.units).all(|((_, a), (_, b))| a.keys().eq(b.keys()));
        if !has_same_keys {
            return None;
        }
        let own = self.measures.values().chain(self.units.values().flat_map(BTreeMap::values));
        let others = other.measures.values().chain(other.units.values().flat_map(BTreeMap::values));
        let first = |(a, b): (&Vec<Option<Cell>>, &Vec<Option<Cell>>)| {
            let differs = a.iter().zip(b).position(|(a, b)| a != b);
            differs.unwrap_or(a.len().min(b.len()))
        };
        // A figure for several days may be told anew; it has a say from its first day on.
        let lumps = self.lumps.iter().zip(other.lumps.values()).flat_map(|((_, a), b)| {
            let is_new = |lump: &&Lump, known: &[Lump]| !known.contains(lump);
            let gone: Vec<&Lump> = a.iter().filter(|lump| is_new(lump, b)).collect();
            gone.into_iter().chain(b.iter().filter(|lump| is_new(lump, a))).collect::<Vec<_>>()
        });
        let of_lumps = lumps.filter_map(|lump| other.index(lump.from).or_else(|| self.index(lump.from)));
        let end = self.len.min(other.len);
        Some(own.zip(others).map(first).chain(of_lumps).fold(end, usize::min))
    }

    /// The slot of a day, if the grid has it.
    #[must_use]
    pub fn index(&self, date: NaiveDate) -> Option<usize> {
        let offset = usize::try_from((date - self.first).num_days()).ok()?;
        (offset < self.len).then_some(offset)
    }

    /// The day of a slot.
    #[must_use]
    pub fn date(&self, index: usize) -> NaiveDate {
        self.first + chrono::Duration::days(i64::try_from(index).unwrap_or(0))
    }

    /// The last day.
    #[must_use]
    pub fn last(&self) -> NaiveDate {
        self.date(self.len.saturating_sub(1))
    }

    /// The figures that a sum up to a day is made of: the layer of the day's period, or the grid itself.
    #[must_use]
    pub fn on(&self, date: NaiveDate) -> &Self {
        self.layers.iter().rev().find(|layer| layer.from <= date).map_or(self, |layer| &layer.grid)
    }

    /// Adds the layer of the next period: from its first day on its marks hold.
    pub(super) fn add_layer(&mut self, layer: Layer) {
        for days in self.marks.values_mut() {
            days.retain(|date, _| *date < layer.from);
        }
        for (measure, days) in &layer.grid.marks {
            let of_period = days.iter().filter(|(date, _)| **date >= layer.from);
            self.marks.entry(*measure).or_default().extend(of_period);
        }
        self.layers.push(layer);
    }

    /// Notes who tells a figure of a family of measures for some days.
    pub(super) fn told_by(&mut self, family: &'static str, source: &str, (from, to): (NaiveDate, NaiveDate)) {
        let stretches = self.sources.entry(family).or_default();
        match stretches.iter_mut().find(|stretch| stretch.source == source) {
            Some(stretch) => {
                stretch.from = stretch.from.min(from);
                stretch.to = stretch.to.max(to);
            }
            None => stretches.push(Stretch { from, to, source: source.to_owned() }),
        }
    }

    /// A measure's figures by day; empty if it was never reported.
    #[must_use]
    pub fn cells(&self, measure: Measure) -> &[Option<Cell>] {
        self.measures.get(&measure).map_or(&[], Vec::as_slice)
    }

    /// A measure's lumps.
    #[must_use]
    pub fn lumps(&self, measure: Measure) -> &[Lump] {
        self.lumps.get(&measure).map_or(&[], Vec::as_slice)
    }

    /// What a judgement did to the figure of a slot.
    #[must_use]
    pub fn mark(&self, measure: Measure, index: usize) -> Option<Mark> {
        self.marks.get(&measure)?.get(&self.date(index)).copied()
    }

    /// Whether anything of this measure is known.
    #[must_use]
    pub fn has(&self, measure: Measure) -> bool {
        self.measures.contains_key(&measure) || self.lumps.contains_key(&measure)
    }

    /// Puts a figure in its slot; outside the grid it is left out.
    pub fn put(&mut self, unit: Option<&str>, measure: Measure, date: NaiveDate, cell: Cell) {
        let (len, Some(index)) = (self.len, self.index(date)) else {
            return;
        };
        let measures = match unit {
            Some(unit) => self.units.entry(unit.to_owned()).or_default(),
            None => &mut self.measures,
        };
        measures.entry(measure).or_insert_with(|| vec![None; len])[index] = Some(cell);
    }
}
