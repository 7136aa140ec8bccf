//! How every source stands at a moment: fresh, due, late, stalled, failing; and what of that is told in messages: the
//! trouble of those whose specs say when they publish.

use chrono::{Duration, NaiveDate};

use super::{Journey, Viewing};
use crate::alert::Watched;
use crate::epi::Vintage;
use crate::source::{Arrivals, Cadence, SourceSpec, SourceStanding};
use crate::store::SourceState;
use crate::text::Locale;

/// One source at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFreshness {
    /// Its id.
    pub id: String,
    /// Whether siaga asks for it; the others come by hand.
    pub is_pulled: bool,
    /// How it stands.
    pub standing: SourceStanding,
    /// When it last had something new.
    pub changed_at: Option<Vintage>,
    /// By when the next is expected.
    pub expected: Option<Vintage>,
}

/// Every source that is used, in the order of the specs, as known at a moment.
///
/// # Errors
/// When the store does not answer.
pub async fn source_freshness(journey: &Viewing<'_>, as_of: Vintage) -> anyhow::Result<Vec<SourceFreshness>> {
    let changes = journey.store.changes_by(as_of).await?;
    let mut found = Vec::new();
    for (spec, state) in journey.sources_in_use().await? {
        let changed_at = changes.get(&spec.id).copied();
        let arrivals = arrivals(journey, spec, (&state, changed_at), as_of).await?;
        let usual = Cadence::default();
        let cadence = spec.cadence.as_ref().unwrap_or(&usual);
        let (lag, zone) = (spec.expected_lag_days, journey.city.zone);
        found.push(SourceFreshness {
            id: spec.id.clone(),
            is_pulled: spec.is_pulled(),
            standing: cadence.standing(&arrivals, lag, as_of, zone),
            changed_at: arrivals.changed_at,
            expected: arrivals.changed_at.map(|at| cadence.expected(at, lag, zone)),
        });
    }
    Ok(found)
}

async fn arrivals(
    journey: &Viewing<'_>,
    spec: &SourceSpec,
    (state, changed_at): (&SourceState, Option<Vintage>),
    as_of: Vintage,
) -> anyhow::Result<Arrivals> {
    let store = &journey.store;
    // Runs are kept for a time only; what a source said last is kept for ever.
    let changed_at = changed_at.max(state.changed_at.filter(|at| *at <= as_of));
    let mut arrivals = Arrivals { changed_at, ..Arrivals::default() };
    if !state.failure.is_empty() {
        arrivals.failing_since = store.failing_since(&spec.id, as_of).await?;
    }
    if spec.cadence.as_ref().is_some_and(|cadence| cadence.stalled_after_days.is_some()) {
        (arrivals.newest, arrivals.flat_since) = store.tail(&spec.id, as_of).await?;
    }
    Ok(arrivals)
}

/// Pulls that fail for less long are not told: most are well again at the next turn.
const FAILING_HOURS: i64 = 3;

/// Every source that promised when it comes, and what is wrong with it.
pub(super) async fn watched(journey: &Journey, as_of: Vintage) -> anyhow::Result<Vec<Watched>> {
    let standings = source_freshness(&journey.viewing(), as_of).await?;
    let promised = standings.into_iter().filter_map(|about| {
        let spec = journey.sources.iter().find(|spec| spec.id == about.id)?;
        spec.cadence.is_some().then_some((spec, about))
    });
    let watched = promised.map(|(spec, about)| Watched {
        id: spec.id.clone(),
        title: spec.title_in(journey.locale == Locale::En).to_owned(),
        trouble: trouble(journey, about.standing, as_of),
    });
    Ok(watched.collect())
}

fn trouble(journey: &Journey, standing: SourceStanding, as_of: Vintage) -> Option<(&'static str, NaiveDate)> {
    let date = |at: Vintage| at.local_date(journey.city.zone);
    match standing {
        SourceStanding::Late(expected) => Some(("source_late", date(expected))),
        SourceStanding::Stalled(since) => Some(("source_stalled", since)),
        SourceStanding::Failing(since) => {
            let is_long = as_of.moment() - since.moment() >= Duration::hours(FAILING_HOURS);
            is_long.then(|| ("source_failing", date(since)))
        }
        // A source that never came was set up just now, or is wrong in its spec: the one who set it up sees that.
        SourceStanding::Fresh | SourceStanding::Due | SourceStanding::Never => None,
    }
}
