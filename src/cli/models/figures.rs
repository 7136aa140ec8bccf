//! The figures that models look at: from a tidy CSV, or from the store as far as the reader may see them.

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::account::Visitor;
use crate::cli::args::InputArgs;
use crate::cli::{Failure, door, input, stateless, stored};
use crate::config::Config;
use crate::epi::{Locations, Vintage};
use crate::indicator::MethodParameters;
use crate::observation::{Authority, Grid, Judged, Snapshot};

/// Figures in every vintage, and what they are read with.
pub(super) struct Figures {
    judged: Judged,
    authority: Authority,
    as_of: Option<Vintage>,
    zone: Tz,
    pub(super) locations: Locations,
    pub(super) method: MethodParameters,
    days: (NaiveDate, NaiveDate),
}

impl Figures {
    /// Reads what the arguments name; a look at the store's figures is noted where looks are.
    pub(super) async fn read(
        config: &Config,
        (args, command): (&InputArgs, &str),
        visitor: &Visitor,
    ) -> Result<Self, Failure> {
        if let Some(file) = &args.input {
            let brought = input::brought(config, file, args)?;
            return Ok(Self {
                days: brought.days(),
                judged: Judged { observations: brought.observations, ..Judged::default() },
                authority: brought.authority,
                as_of: brought.as_of,
                zone: brought.zone,
                locations: brought.locations,
                method: stateless::method()?,
            });
        }
        let journey = stored::journey(config).await?;
        let as_of = input::moment(args.as_of.as_deref(), journey.city.zone)?;
        let location = &journey.city.location;
        let Some(days) = journey.store.known_days(location).await.map_err(anyhow::Error::from)? else {
            return Err(Failure::Failed(anyhow::anyhow!(
                "the store holds no figure of {location}: `siaga ingest --file F` takes in a tidy CSV, --input F reads one without keeping it"
            )));
        };
        let audience = door::audience(visitor, args.audience.as_ref())?;
        door::note_view(&journey, visitor, &audience, command).await?;
        let until = as_of.unwrap_or_else(|| journey.clock.now());
        let judged = match audience.sees_staff() && audience.threshold.is_none() {
            true => journey.viewing().judged_figures(until).await?,
            false => Judged {
                observations: journey.viewing().disclosed(until, &audience).await?.observations,
                ..Judged::default()
            },
        };
        Ok(Self {
            judged,
            authority: journey.authority(),
            as_of,
            zone: journey.city.zone,
            locations: journey.city.locations.clone(),
            method: journey.method.clone(),
            days,
        })
    }

    /// Refuses a day that lies far from every figure.
    pub(super) fn check_days(&self, days: &[Option<NaiveDate>]) -> Result<(), Failure> {
        days.iter().try_for_each(|day| stateless::check_day(*day, self.days))
    }

    /// Every location as known at the moment asked for.
    pub(super) fn grids(&self) -> anyhow::Result<Vec<Grid>> {
        self.grids_as_of(self.as_of)
    }

    /// Every location as it was known at the end of a day.
    pub(super) fn grids_on(&self, date: NaiveDate) -> anyhow::Result<Vec<Grid>> {
        self.grids_as_of(Some(Vintage::end_of(date, self.zone)))
    }

    fn grids_as_of(&self, as_of: Option<Vintage>) -> anyhow::Result<Vec<Grid>> {
        let snapshot = Snapshot::new(&self.judged.observations, as_of, &self.authority)?;
        Ok(snapshot.judged(self.judged.marks.clone()).grids(None)?)
    }
}
