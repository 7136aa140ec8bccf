//! The sources whose lateness is told: those whose specs say when they publish.

use chrono::Duration;

use super::Journey;
use super::freshness::source_freshness;
use crate::alert::{AlertKind, Watched};
use crate::epi::Vintage;
use crate::source::SourceStanding;
use crate::text::{Locale, Phrases, date_long};

/// Pulls that fail for less long are not told: most are well again at the next turn.
const FAILING_HOURS: i64 = 3;

/// Every source that promised when it comes, and what is wrong with it.
pub(super) async fn watched(journey: &Journey, as_of: Vintage) -> anyhow::Result<Vec<Watched>> {
    let phrases = journey.phrases();
    let standings = source_freshness(journey, as_of).await?;
    let promised = journey.sources.iter().zip(standings).filter(|(spec, _)| spec.cadence.is_some());
    let watched = promised.map(|(spec, about)| Watched {
        id: spec.id.clone(),
        title: spec.title_in(phrases.locale == Locale::En).to_owned(),
        trouble: trouble(journey, about.standing, as_of, phrases),
    });
    Ok(watched.collect())
}

fn trouble(
    journey: &Journey,
    standing: SourceStanding,
    as_of: Vintage,
    phrases: Phrases,
) -> Option<(AlertKind, String)> {
    let date = |at: Vintage| date_long(at.local_date(journey.city.zone), phrases.locale);
    match standing {
        SourceStanding::Late(expected) => Some((AlertKind::SourceLate, date(expected))),
        SourceStanding::Stalled(since) => Some((AlertKind::SourceStalled, date_long(since, phrases.locale))),
        SourceStanding::Failing(since) => {
            let is_long = as_of.moment() - since.moment() >= Duration::hours(FAILING_HOURS);
            is_long.then(|| (AlertKind::SourceFailing, date(since)))
        }
        // A source that never came was set up just now, or is wrong in its spec: the one who set it up sees that.
        SourceStanding::Fresh | SourceStanding::Due | SourceStanding::Never => None,
    }
}
