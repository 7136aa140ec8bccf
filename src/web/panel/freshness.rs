//! When each source last had something new, and whether that is later than expected. A source that only takes
//! uploads and never got one is not named.

use chrono::NaiveDate;

use crate::job::{CityView, Journey, SourceFreshness, SourceStanding};
use crate::text::{Locale, Phrases, date_short};
use crate::web::words::{distance, moment_short, sentence};

/// One source in the line under the menu.
pub(in crate::web) struct Freshness {
    pub(in crate::web) id: String,
    /// What it brings, in few words.
    pub(in crate::web) name: String,
    /// "hari ini", "6 hari lalu", or that it has never answered.
    pub(in crate::web) age: String,
    /// "terlambat: ditunggu 28 Jun 17.00 WIB"; empty where nothing is wrong.
    pub(in crate::web) trouble: String,
    pub(in crate::web) is_late: bool,
    /// By when the next figures are expected; empty if nobody knows.
    pub(in crate::web) expected: String,
}

/// Every source, as seen on a day.
pub(in crate::web) fn freshness(
    journey: &Journey,
    view: &CityView,
    today: NaiveDate,
    t: Phrases,
) -> Vec<Freshness> {
    let mut list = Vec::new();
    for spec in &journey.sources {
        let Some(about) = view.freshness.iter().find(|about| about.id == spec.id) else {
            continue;
        };
        if about.changed_at.is_none() && !about.is_pulled {
            continue;
        }
        let zone = journey.city.zone;
        let title = spec.title_in(t.locale == Locale::En);
        list.push(Freshness {
            id: spec.id.clone(),
            // Titles read "publisher: what it brings"; a phone has room for the second half.
            name: sentence(title.rsplit(": ").next().unwrap_or(title)),
            age: match about.changed_at {
                Some(at) => distance(at.local_date(zone), today, t),
                None => t.say("source-never"),
            },
            trouble: trouble(journey, about, t),
            is_late: about.standing.is_trouble(),
            expected: about.expected.map_or_else(String::new, |at| moment_short(at, zone, t.locale)),
        });
    }
    list
}

/// What is wrong with a source, and since when; nothing if nothing is, or if its age says it already.
fn trouble(journey: &Journey, about: &SourceFreshness, t: Phrases) -> String {
    let moment = |at| moment_short(at, journey.city.zone, t.locale);
    match about.standing {
        SourceStanding::Fresh | SourceStanding::Due | SourceStanding::Never => String::new(),
        SourceStanding::Late(expected) => t.say_with("source-is-late", &[("expected", &moment(expected))]),
        SourceStanding::Stalled(since) => {
            t.say_with("source-is-stalled", &[("since", &date_short(since, t.locale))])
        }
        SourceStanding::Failing(since) => t.say_with("source-is-failing", &[("since", &moment(since))]),
    }
}
