//! What a view has beyond the city's own days, read only when a chart asks for it: the places beside the city, and what was known in
//! each evening.

use std::collections::BTreeMap;

use anyhow::Context;
use chrono::NaiveDate;

use super::{CityView, Viewing, with_reasons};
use crate::assessment::{Evaluation, IndicatorReport};
use crate::epi::IndicatorKind;
use crate::indicator::{IndicatorTable, compute};
use crate::observation::Snapshot;
use crate::store::{Filter, SavedAssessment};

/// Places that are read at most: a province has fewer.
const MOST: usize = 60;

/// A place beside the city.
#[derive(Debug)]
pub struct Neighbour {
    /// Its name.
    pub name: String,
    /// Its indicators, as the view's reader may see them.
    pub table: IndicatorTable,
}

/// What a view does not have until somebody asks: few look at it, and it is dear to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beyond {
    /// The places beside the city whose figures are in the store: those with the same parent.
    Neighbours,
    /// What was known each evening of the ledger.
    KnownThen,
}

/// Reads something more into a view, once.
///
/// # Errors
/// When the store does not answer.
pub async fn know(journey: &Viewing<'_>, view: &CityView, what: Beyond) -> anyhow::Result<()> {
    match what {
        Beyond::Neighbours => know_neighbours(journey, view).await,
        Beyond::KnownThen => know_then(journey, view).await,
    }
}

/// What was known of the weekly cases each evening of the ledger.
pub(super) type KnownThen = BTreeMap<NaiveDate, BTreeMap<IndicatorKind, IndicatorReport>>;

const THEN: [IndicatorKind; 2] = [IndicatorKind::Cases7d, IndicatorKind::Incidence7dPer100k];

async fn know_then(journey: &Viewing<'_>, view: &CityView) -> anyhow::Result<()> {
    if view.known_then.get().is_some() {
        return Ok(());
    }
    let evenings: Vec<&Evaluation> = view.ledger.iter().collect();
    let evenings = with_reasons(journey, &evenings, &view.audience).await;
    let mut known = KnownThen::new();
    for SavedAssessment { mut assessment, .. } in evenings.context("read what was known then")? {
        let reports =
            THEN.iter().filter_map(|kind| Some((*kind, assessment.indicators.remove(kind.name())?)));
        known.entry(assessment.date).or_insert_with(|| reports.collect());
    }
    // Two readers at once find the same.
    let _ = view.known_then.set(known);
    Ok(())
}

async fn know_neighbours(journey: &Viewing<'_>, view: &CityView) -> anyhow::Result<()> {
    if view.neighbours.get().is_some() {
        return Ok(());
    }
    let own = journey.city.locations.at(&journey.city.location, view.date);
    let parent = own.and_then(|own| own.parent.clone());
    let is_beside = |place: &&crate::epi::Location| {
        parent.is_some() && place.parent == parent && place.id != journey.city.location
    };
    let places: Vec<_> = journey.city.locations.newest().filter(is_beside).take(MOST).cloned().collect();
    let mut figures = Vec::new();
    for place in &places {
        let filter = Filter { location: Some(place.id.clone()), as_of: Some(view.as_of) };
        figures.extend(journey.store.observations(&filter).await.context("read the figures beside")?);
    }
    let found = match figures.is_empty() {
        true => Vec::new(),
        false => {
            let shown = journey.disclose(figures, view.as_of, &view.audience).observations;
            let (authority, method) = (journey.authority(), journey.method.clone());
            let (locations, as_of, until) = (journey.city.locations.clone(), view.as_of, view.date);
            let tables = super::off_the_runtime(move || {
                let snapshot = Snapshot::new(&shown, Some(as_of), &authority)?;
                Ok(compute(&snapshot, &locations, &method, Some(until))?)
            })
            .await?;
            let name = |table: &IndicatorTable| {
                places.iter().find(|place| place.id == table.location).map(|place| place.name.clone())
            };
            let named = tables.into_iter().filter_map(|table| Some(Neighbour { name: name(&table)?, table }));
            named.collect()
        }
    };
    // Two readers at once find the same.
    let _ = view.neighbours.set(found);
    Ok(())
}

impl CityView {
    /// The places beside the city; none before [`know`] has read them.
    #[must_use]
    pub fn neighbours(&self) -> &[Neighbour] {
        self.neighbours.get().map_or(&[], Vec::as_slice)
    }

    /// What was known of the weekly cases in the evening of a day; nothing before [`know`] has read it.
    #[must_use]
    pub fn known_then(&self, kind: IndicatorKind, date: NaiveDate) -> Option<&IndicatorReport> {
        self.known_then.get()?.get(&date)?.get(&kind)
    }
}
