//! A journey that only looks: what views and files are gathered with, from the primary or from a standby that has as much. It cannot
//! write, and all that it reads it reads from one server, but for what may be in memory.

use std::ops::Deref;
use std::sync::Arc;

use anyhow::Context;

use super::Journey;
use super::context::Gear;
use super::in_memory::{InMemory, Records};
use crate::disclosure::{Audience, Disclosed};
use crate::epi::Vintage;
use crate::observation::{Judged, Judgement, Observation, annotate, apply};
use crate::source::SourceSpec;
use crate::store::{Filter, ReadStore, SourceState, Store};

/// So many pulls are shown at most.
const RUNS_SHOWN: u32 = 60;

/// A journey that only looks.
#[derive(Debug)]
pub struct Viewing<'j> {
    /// Where figures are read.
    pub store: ReadStore,
    gear: &'j Gear,
    memory: Option<Memory<'j>>,
}

/// Where things are kept between two looks.
#[derive(Debug, Clone, Copy)]
struct Memory<'j> {
    city: &'j InMemory,
    /// The version of the data that is looked at.
    version: i64,
    /// Knows when a server was lost or came back.
    servers: &'j Store,
}

impl Deref for Viewing<'_> {
    type Target = Gear;

    fn deref(&self) -> &Gear {
        self.gear
    }
}

impl Journey {
    /// The same journey, only to look.
    #[must_use]
    pub fn viewing(&self) -> Viewing<'_> {
        self.viewing_through(&self.store)
    }

    /// The same through another store that has as much.
    #[must_use]
    pub fn viewing_through(&self, store: &ReadStore) -> Viewing<'_> {
        Viewing { store: store.clone(), gear: &self.gear, memory: None }
    }
}

impl<'j> Viewing<'j> {
    /// The same for whoever looks again and again at what a store has: much is read once a version of the data. What
    /// is in memory may be later than what the store has that is read here.
    #[must_use]
    pub fn remembering(self, city: &'j InMemory, (version, servers): (i64, &'j Store)) -> Self {
        Self { memory: Some(Memory { city, version, servers }), ..self }
    }

    /// The version of the data that all that is read has at least. Read it first: what comes later makes another one.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(super) async fn version(&self) -> anyhow::Result<i64> {
        match self.memory {
            Some(memory) => Ok(memory.version),
            None => Ok(self.store.data_version().await?),
        }
    }

    /// The sources that are asked, or that ever brought something, with what each said last. Many more ship: they are forms to read
    /// a file by.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn sources_in_use(&self) -> anyhow::Result<Vec<(&'j SourceSpec, SourceState)>> {
        // Read each time: no version of the data counts what a source said.
        let said = self.store.source_states().await?;
        let used = self.gear.sources.iter().filter(|spec| spec.is_pulled() || said.contains_key(&spec.id));
        Ok(used.map(|spec| (spec, said.get(&spec.id).cloned().unwrap_or_default())).collect())
    }

    /// What the store has that does not depend on the moment that is looked at.
    pub(super) async fn records(&self) -> anyhow::Result<Arc<Records>> {
        let read = async {
            Ok(Records {
                evaluations: self.store.evaluations(&self.city.location).await?,
                runs: self.store.runs(RUNS_SHOWN).await?,
            })
        };
        match self.memory {
            Some(Memory { city, version, servers }) => {
                city.records.at(version, || servers.shifts(), read).await
            }
            None => Ok(Arc::new(read.await?)),
        }
    }

    /// Every vintage known of the city by a moment, as reported and as an audience may see it, with the public notes of what was
    /// judged: what files of figures are made from.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn disclosed(&self, as_of: Vintage, audience: &Audience) -> anyhow::Result<Disclosed> {
        let judgements = self.judgements(as_of).await?;
        let reported = annotate(self.reported(as_of).await?, &judgements, as_of);
        Ok(self.disclose(reported, as_of, audience))
    }

    /// Every vintage known of the city by a moment, with what was judged by then, for the rules; nobody is shown these.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(super) async fn observations(&self, as_of: Vintage) -> anyhow::Result<Judged> {
        Ok(apply(self.reported(as_of).await?, &self.judgements(as_of).await?, as_of))
    }

    /// The same for commands that are entered by whoever may read what the rules say; they tell levels, not figures.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn judged_figures(&self, as_of: Vintage) -> anyhow::Result<Judged> {
        self.observations(as_of).await
    }

    /// What was judged of the city's figures by a moment.
    pub(super) async fn judgements(&self, as_of: Vintage) -> anyhow::Result<Vec<Judgement>> {
        let known = self.store.judgements(Some(&self.city.location), Some(as_of)).await;
        known.context("read what was judged")
    }

    async fn reported(&self, as_of: Vintage) -> anyhow::Result<Vec<Observation>> {
        let read = async |as_of| {
            let filter = Filter { location: Some(self.city.location.clone()), as_of };
            self.store.figures(&filter).await.context("read the figures")
        };
        let Some(Memory { city, version, servers }) = self.memory else {
            return Ok(read(Some(as_of)).await?.iter().collect());
        };
        let figures = city.figures.at(version, || servers.shifts(), read(None)).await?;
        Ok(figures.known_by(as_of).collect())
    }
}
