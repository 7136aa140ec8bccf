//! The places beside the city whose figures are in the store: those with the same parent. Read only when a chart asks for them.

use anyhow::Context;

use super::{CityView, Viewing};
use crate::indicator::{IndicatorTable, compute};
use crate::observation::Snapshot;
use crate::store::Filter;

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

/// Reads the places beside the city into a view, once.
///
/// # Errors
/// When the store does not answer.
pub async fn know_neighbours(journey: &Viewing<'_>, view: &CityView) -> anyhow::Result<()> {
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
    /// The places beside the city; none before [`know_neighbours`] has read them.
    #[must_use]
    pub fn neighbours(&self) -> &[Neighbour] {
        self.neighbours.get().map_or(&[], Vec::as_slice)
    }
}
