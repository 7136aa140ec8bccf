//! The datasets: their names, their columns, how they may be filtered, and their rows.

use std::borrow::Cow;
use std::str::FromStr;

use anyhow::bail;
use chrono::NaiveDate;

use super::decisions::decision_table;
use super::indicators::{IndicatorRows, columns_of, days_of, indicator_columns, row_of};
use super::tables::{
    alert_table, assessment_table, observation_columns, observation_row, revision_table, unit_table,
};
use super::wanted::Wanted;
use super::workforce::{attendance_columns, attendance_rows, roster_columns, roster_rows};
use crate::decision::{CircularNumbers, Journal};
use crate::disclosure::{Audience, disclose_assessment};
use crate::epi::{IndicatorKind, Vintage};
use crate::export::{Cell, Column, Rowset, Table};
use crate::indicator::IndicatorTable;
use crate::job::view::shown_alerts;
use crate::job::{Focus, Viewing, circular_numbers, city_view, journal};
use crate::observation::Observation;
use crate::store::SavedAssessment;

/// A set of data that can be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dataset {
    /// Figures as reported, every vintage.
    Observations,
    /// Indicators by day.
    Indicators,
    /// What the rules said, every evaluation.
    Assessments,
    /// What people decided.
    Decisions,
    /// How figures changed.
    Revisions,
    /// Crossings.
    Alerts,
    /// Work units.
    Units,
    /// Turns on duty.
    Roster,
    /// Who was where, and who reported, by unit and day.
    Attendance,
}

impl Dataset {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Observations,
        Self::Indicators,
        Self::Assessments,
        Self::Decisions,
        Self::Revisions,
        Self::Alerts,
        Self::Units,
        Self::Roster,
        Self::Attendance,
    ];

    /// The name in addresses and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Observations => "observations",
            Self::Indicators => "indicators",
            Self::Assessments => "assessments",
            Self::Decisions => "decisions",
            Self::Revisions => "revisions",
            Self::Alerts => "alerts",
            Self::Units => "units",
            Self::Roster => "roster",
            Self::Attendance => "attendance",
        }
    }

    /// Whether it is about people at work, so that it takes the permission to see the workforce.
    #[must_use]
    pub fn is_of_the_workforce(self) -> bool {
        matches!(self, Self::Roster | Self::Attendance)
    }

    /// Its columns and what they mean.
    #[must_use]
    pub fn columns(self) -> Vec<Column> {
        match self {
            Self::Observations => observation_columns(),
            Self::Indicators => indicator_columns(),
            Self::Assessments => assessment_table(&[]).columns,
            Self::Decisions => {
                decision_table(&Journal::default(), &CircularNumbers::default(), NaiveDate::MAX).columns
            }
            Self::Revisions => revision_table(&[]).columns,
            Self::Alerts => alert_table(&[]).columns,
            Self::Units => unit_table(&[]).columns,
            Self::Roster => roster_columns(),
            Self::Attendance => attendance_columns(),
        }
    }

    /// By what its rows may be filtered.
    #[must_use]
    pub fn filters(self) -> &'static [&'static str] {
        match self {
            Self::Observations | Self::Revisions => &["from", "to", "measure", "location"],
            Self::Indicators => &["from", "to", "indicator", "location"],
            Self::Assessments | Self::Decisions | Self::Alerts | Self::Roster | Self::Attendance => {
                &["from", "to", "location"]
            }
            Self::Units => &["location"],
        }
    }

    /// The whole table, as known at a moment (now if `None`), as an audience may see it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn table(
        self,
        journey: &Viewing<'_>,
        as_of: Option<Vintage>,
        audience: &Audience,
    ) -> anyhow::Result<Table> {
        let known_by = as_of.unwrap_or_else(|| journey.clock.now());
        let rows = self.rows(journey, &Wanted::default(), (known_by, audience)).await?;
        let all = (0..rows.count()).map(|nth| rows.row(nth).into_owned());
        Ok(Table { rows: all.collect(), columns: self.columns() })
    }

    /// The rows that are wanted, as known at a moment, as an audience may see them. What is not wanted is left out after
    /// everything is ready for the reader, so that no choice of rows tells more than all of them.
    pub(super) async fn rows(
        self,
        journey: &Viewing<'_>,
        wanted: &Wanted,
        (as_of, audience): (Vintage, &Audience),
    ) -> anyhow::Result<Rows> {
        let figures = || async {
            let mut figures = journey.disclosed(as_of, audience).await?.observations;
            figures.retain(|figure| wanted.takes(figure.date) && wanted.counts(figure.measure));
            anyhow::Ok(figures)
        };
        Ok(match self {
            Self::Observations => Rows::Figures(figures().await?),
            Self::Revisions => Rows::Table(revision_table(&figures().await?)),
            Self::Indicators => {
                let view = city_view(journey, Focus { date: None, as_of: Some(as_of) }, audience).await?;
                let days = IndicatorRows { from: wanted.from, to: wanted.to };
                let days: Vec<NaiveDate> = days_of(&view.table, days).collect();
                Rows::Indicators { days, kinds: wanted.kinds(), table: Box::new(view.table) }
            }
            Self::Assessments => {
                let mut made = journey.store.assessments(&journey.city.location, Some(as_of)).await?;
                made.retain(|saved| wanted.takes(saved.assessment.date));
                let seen = |saved: SavedAssessment| SavedAssessment {
                    assessment: disclose_assessment(saved.assessment, journey.policy(), audience),
                    ..saved
                };
                Rows::Table(assessment_table(&made.into_iter().map(seen).collect::<Vec<_>>()))
            }
            Self::Decisions => {
                let made = journal(journey, Some(as_of)).await?;
                let numbers = circular_numbers(journey, Some(as_of)).await?;
                let mut table = decision_table(&made, &numbers, as_of.local_date(journey.city.zone));
                let taken = made.entries().iter().map(|entry| wanted.takes(entry.decided_on));
                let mut taken = taken.collect::<Vec<_>>().into_iter();
                table.rows.retain(|_| taken.next().unwrap_or(false));
                Rows::Table(table)
            }
            Self::Alerts => {
                let mut alerts = shown_alerts(journey, journey.store.alerts(Some(as_of)).await?, audience)?;
                alerts.retain(|alert| wanted.takes(alert.date));
                Rows::Table(alert_table(&alerts))
            }
            Self::Units => Rows::Table(unit_table(&journey.city.units)),
            Self::Roster => Rows::Table(roster_rows(journey, wanted, (as_of, audience)).await?),
            Self::Attendance => Rows::Table(attendance_rows(journey, wanted, (as_of, audience)).await?),
        })
    }
}

impl FromStr for Dataset {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match Self::ALL.into_iter().find(|dataset| dataset.name() == text) {
            Some(dataset) => Ok(dataset),
            None => bail!("'{text}' is not a dataset: {}", Self::ALL.map(Self::name).join(", ")),
        }
    }
}

/// The rows of a dataset: made one at a time where there may be many.
#[derive(Debug)]
pub(super) enum Rows {
    Figures(Vec<Observation>),
    Indicators { table: Box<IndicatorTable>, days: Vec<NaiveDate>, kinds: Vec<IndicatorKind> },
    Table(Table),
}

impl Rows {
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Figures(figures) => figures.len(),
            Self::Indicators { days, .. } => days.len(),
            Self::Table(table) => table.count(),
        }
    }

    pub(super) fn row(&self, nth: usize) -> Cow<'_, [Cell]> {
        match self {
            Self::Figures(figures) => Cow::Owned(figures.get(nth).map(observation_row).unwrap_or_default()),
            Self::Indicators { table, days, kinds } => {
                Cow::Owned(days.get(nth).map(|date| row_of(table, *date, kinds)).unwrap_or_default())
            }
            Self::Table(table) => table.row(nth),
        }
    }

    /// Their columns.
    pub(super) fn columns(&self) -> Vec<Column> {
        match self {
            Self::Figures(_) => observation_columns(),
            Self::Indicators { kinds, .. } => columns_of(kinds),
            Self::Table(table) => table.columns.clone(),
        }
    }

    /// Who reports them, where a row says so.
    pub(super) fn sources(&self) -> Vec<&str> {
        let columns = self.columns();
        let place = columns.iter().position(|column| column.name == "source");
        let mut sources: Vec<&str> = match self {
            Self::Figures(figures) => figures.iter().map(|figure| figure.source.as_str()).collect(),
            Self::Indicators { .. } => Vec::new(),
            Self::Table(table) => table
                .rows
                .iter()
                .filter_map(|row| match row.get(place?) {
                    Some(Cell::Text(source)) => Some(source.as_str()),
                    _ => None,
                })
                .collect(),
        };
        sources.sort_unstable();
        sources.dedup();
        sources
    }
}
