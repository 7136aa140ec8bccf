//! What every chart is drawn from: the figures, the city, the reader's words.

use chrono::NaiveDate;

use crate::chart::Theme;
use crate::epi::Window;
use crate::job::{CityView, Journey};
use crate::text::{Locale, Phrases, date_short, number};
use crate::web::words::moment;

/// What every chart is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The figures.
    pub view: &'a CityView,
    /// The city and its rules.
    pub journey: &'a Journey,
    /// The reader's words.
    pub phrases: Phrases,
}

/// How one drawing looks.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Look<'a> {
    /// Makes the ids in the page unique.
    pub(in crate::web) slug: &'a str,
    pub(in crate::web) theme: Theme,
    /// CSS pixels.
    pub(in crate::web) size: (u32, u32),
}

impl Subject<'_> {
    /// The days up to the one shown.
    pub(super) fn window(&self, days: u32) -> Window {
        Window::ending(self.view.date, u64::from(days))
    }

    /// Whether figures of this day usually still change.
    pub(super) fn is_open(&self, date: NaiveDate) -> bool {
        self.view.open_from.is_some_and(|from| date >= from)
    }

    pub(super) fn locale(&self) -> Locale {
        self.phrases.locale
    }

    pub(super) fn number(&self, value: f64) -> String {
        number(value, self.locale())
    }

    pub(super) fn short(&self, date: NaiveDate) -> String {
        date_short(date, self.locale())
    }

    /// Who reports and as known when: of several sources of one figure the one that counts, and where another counts from a day
    /// on, both.
    pub(super) fn source_line(&self, family: &str, (from, to): (NaiveDate, NaiveDate)) -> String {
        let stretches = self.view.grid.sources.get(family).into_iter().flatten();
        let mut drawn: Vec<_> = stretches.filter(|told| told.from <= to && told.to >= from).collect();
        drawn.sort_by_key(|told| told.from);
        let as_of = moment(self.view.as_of, self.journey.city.zone, self.locale());
        if drawn.is_empty() {
            return self.phrases.say_with("chart-source-none", &[("as_of", &as_of)]);
        }
        // Titles read "publisher: what it brings".
        let title = |name: &str| {
            let spec = self.journey.sources.iter().find(|spec| spec.id == name);
            let title = spec.map_or(name, |spec| spec.title_in(self.locale() == Locale::En));
            title.split(": ").next().unwrap_or(title).to_owned()
        };
        let titles: Vec<String> = drawn.iter().map(|told| title(&told.source)).collect();
        let title = titles.join(", ");
        self.phrases.say_with("chart-source", &[("source", &title), ("as_of", &as_of)])
    }
}
