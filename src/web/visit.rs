//! One request as pages see it: who asks in which language, about which day, as known when.
//! Parameters are read here and nowhere else; a bad one is refused by name before anything is computed.

use std::fmt::Write as _;
use std::sync::Arc;

use anyhow::Context;
use axum::extract::{FromRequestParts, Query};
use axum::http::Uri;
use axum::http::request::Parts;
use chrono::NaiveDate;

use super::door::Rule;
use super::error::WebError;
use super::visitor::Guest;
use super::{AppState, locale};
use crate::account::{Permission, Visitor};
use crate::audit::{Action, Entry};
use crate::disclosure::Audience;
use crate::epi::Vintage;
use crate::job::{CityView, Dataset, Focus, Journey};
use crate::text::Phrases;

/// A request.
pub(super) struct Visit {
    pub(super) state: AppState,
    /// The words of the reader's language.
    pub(super) phrases: Phrases,
    /// What is asked for.
    pub(super) focus: Focus,
    /// What the reader may see.
    pub(super) audience: Audience,
    /// Who asks.
    pub(super) guest: Guest,
    /// How the page looks, where the address says so.
    pub(super) look: PageLook,
    /// How many days charts show, where the address says so.
    pub(super) days: Option<u32>,
    path: String,
    parameters: Vec<(String, String)>,
}

/// What an address says of a page's look; the reader's device says the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct PageLook {
    /// `light` or `dark`.
    pub(super) theme: Option<&'static str>,
    /// Stronger contrast than the device asks for.
    pub(super) has_more_contrast: bool,
}

/// What stays when a reader goes on to another page: the day, as known when, and how pages look.
const KEPT: [&str; 4] = ["date", "as_of", "theme", "contrast"];
/// The days a chart may show, as in a dashboard's file.
const CHART_DAYS: std::ops::RangeInclusive<u32> = 7..=1100;

impl FromRequestParts<AppState> for Visit {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        let locale = locale::of(&parts.uri, &parts.headers, state.journey.locale);
        let parameters = parameters(&parts.uri);
        if let Some(name) = twice(&parameters) {
            return Err(WebError::Twice { name: name.to_owned() });
        }
        if parameters.iter().any(|(name, value)| is_odd(name) || is_odd(value)) {
            return Err(WebError::Odd);
        }
        let guest = parts.extensions.get::<Guest>().cloned();
        let mut visit = Self {
            state: state.clone(),
            phrases: Phrases::new(locale),
            focus: Focus::default(),
            audience: Audience::public(),
            path: parts.uri.path().to_owned(),
            parameters,
            guest: guest.context("nobody asked who visits")?,
            look: PageLook::default(),
            days: None,
        };
        let as_of = visit.asked_as_of()?;
        visit.focus = Focus { date: visit.day("date")?, as_of };
        visit.look = visit.asked_look()?;
        visit.days = visit.asked_days()?;
        Ok(visit)
    }
}

impl Visit {
    /// A visit that nobody makes over the network: for pages that are written into files.
    pub(super) fn to_paper(
        state: &AppState,
        phrases: Phrases,
        (focus, audience): (Focus, Audience),
        guest: Guest,
    ) -> Self {
        let (path, parameters) = ("/".to_owned(), Vec::new());
        let (state, look, days) = (state.clone(), PageLook::default(), None);
        Self { state, phrases, focus, audience, guest, look, days, path, parameters }
    }

    /// The page's own path.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn journey(&self) -> &Journey {
        &self.state.journey
    }

    /// The city as asked for.
    pub(super) async fn view(&self) -> Result<Arc<CityView>, WebError> {
        self.state.view(self.focus, &self.audience).await
    }

    /// Makes what follows ready for this visitor, who must be permitted this; for others it is made as for anybody.
    /// A look at what others may not see is recorded.
    ///
    /// # Errors
    /// When it cannot be recorded: then nothing is shown.
    pub(super) async fn as_seen_with(&mut self, permission: Permission) -> Result<(), WebError> {
        if self.guest.visitor.may(permission) {
            self.audience = self.guest.visitor.audience();
        }
        if self.audience.is_recorded() && permission != Permission::Export {
            self.note(Action::FiguresViewed, &self.path, &self.audience.to_string()).await?;
        }
        Ok(())
    }

    /// Makes the files and rows of a dataset ready for this visitor: those about people at work for whoever sees the workforce.
    ///
    /// # Errors
    /// When it cannot be recorded.
    pub(super) async fn as_taken_away(&mut self, dataset: Option<Dataset>) -> Result<(), WebError> {
        if dataset.is_some_and(Dataset::is_of_the_workforce) {
            self.audience = self.guest.visitor.workforce_audience().unwrap_or_else(Audience::public);
            return Ok(());
        }
        self.as_seen_with(Permission::Export).await
    }

    /// A line in the audit log about somebody who is known.
    pub(super) async fn note(&self, action: Action, object: &str, detail: &str) -> Result<(), WebError> {
        let visitor = &self.guest.visitor;
        if matches!(visitor, Visitor::Public | Visitor::Demo) {
            return Ok(());
        }
        let entry = Entry::new(self.journey().clock.now(), (visitor.name(), visitor.role()), action, object)
            .detail(detail)
            .address(&self.guest.client.address);
        Ok(self.journey().store.record(&entry).await.map_err(anyhow::Error::from)?)
    }

    /// Whether this visitor may pass a door of this rule.
    pub(super) fn may_pass(&self, rule: Rule) -> bool {
        rule.lets_pass(&self.guest.visitor)
    }

    /// As known when. Without a moment asked for that is now, however long ago the view was gathered.
    pub(super) fn as_of(&self) -> Vintage {
        self.focus.as_of.unwrap_or_else(|| self.journey().clock.now())
    }

    /// A parameter; an empty field of a form counts as none.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The names of the parameters.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.parameters.iter().map(|(name, _)| name.as_str())
    }

    /// A day. Days before the policy or after today would only cost time.
    pub(super) fn day(&self, name: &'static str) -> Result<Option<NaiveDate>, WebError> {
        let Some(text) = self.parameter(name) else { return Ok(None) };
        let (first, last) = (self.journey().ruled_since(), self.journey().today());
        match text.parse::<NaiveDate>() {
            Ok(date) if (first..=last).contains(&date) => Ok(Some(date)),
            _ => Err(WebError::Day { name, first, last }),
        }
    }

    fn asked_as_of(&self) -> Result<Option<Vintage>, WebError> {
        let Some(text) = self.parameter("as_of") else { return Ok(None) };
        let (zone, today) = (self.journey().city.zone, self.journey().today());
        match Vintage::parse_as_of(text, zone) {
            // The end of today is still to come: that is now.
            Ok(as_of) if as_of > self.journey().clock.now() && as_of.local_date(zone) <= today => Ok(None),
            Ok(as_of) if as_of.local_date(zone) <= today => Ok(Some(as_of)),
            _ => Err(WebError::AsOf { last: today }),
        }
    }

    fn asked_look(&self) -> Result<PageLook, WebError> {
        let theme = match self.parameter("theme") {
            None => None,
            Some("light") => Some("light"),
            Some("dark") => Some("dark"),
            Some(_) => return Err(WebError::Choice { name: "theme", allowed: "light, dark" }),
        };
        match self.parameter("contrast") {
            None => Ok(PageLook { theme, has_more_contrast: false }),
            Some("more") => Ok(PageLook { theme, has_more_contrast: true }),
            Some(_) => Err(WebError::Choice { name: "contrast", allowed: "more" }),
        }
    }

    /// On `/figures` the same word asks for days to be typed; what is not a number is that page's to refuse.
    fn asked_days(&self) -> Result<Option<u32>, WebError> {
        let Some(text) = self.parameter("days").filter(|_| !self.path.starts_with("/figures")) else {
            return Ok(None);
        };
        let days = text.parse().ok().filter(|days| CHART_DAYS.contains(days));
        days.map(Some).ok_or(WebError::Choice { name: "days", allowed: "7–1100" })
    }

    /// Whether the reader looks at a moment of the past rather than at now.
    pub(super) fn is_past(&self) -> bool {
        self.focus != Focus::default()
    }

    /// Whether this is the page at that path.
    pub(super) fn is_at(&self, path: &str) -> bool {
        self.path == path
    }

    /// This page.
    pub(super) fn here(&self) -> String {
        address(&self.path, self.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// This page with one parameter changed.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let kept = self.parameters.iter().filter(|(known, text)| known != name && !text.is_empty());
        let kept = kept.map(|(known, text)| (known.as_str(), text.as_str()));
        address(&self.path, kept.chain([(name, value)]))
    }

    /// This page without one parameter.
    pub(super) fn without(&self, name: &str) -> String {
        let kept = self.parameters.iter().filter(|(known, text)| known != name && !text.is_empty());
        address(&self.path, kept.map(|(known, text)| (known.as_str(), text.as_str())))
    }

    /// Another path with these parameters of the page.
    pub(super) fn at(&self, path: &str, names: &[&'static str]) -> String {
        address(path, names.iter().filter_map(|name| Some((*name, self.parameter(name)?))))
    }

    /// Another path about the same day as known at the same moment.
    pub(super) fn to(&self, path: &str) -> String {
        self.at(path, &KEPT)
    }

    /// The latest data on this page, looking as it does.
    pub(super) fn to_now(&self) -> String {
        self.at(&self.path, &["days", "lang", "theme", "contrast"])
    }

    /// What a form of this page sends along unseen: all that the address says but these.
    pub(super) fn unseen(&self, but: &[&str]) -> Vec<(String, String)> {
        let kept =
            self.parameters.iter().filter(|(name, text)| !but.contains(&name.as_str()) && !text.is_empty());
        kept.cloned().collect()
    }

    /// A dataset as known at the same moment.
    pub(super) fn to_known(&self, path: &str) -> String {
        address(path, self.parameter("as_of").map(|as_of| ("as_of", as_of)).into_iter())
    }

    /// A dataset as known at the same moment, filtered, in the reader's language.
    pub(super) fn to_dataset(&self, path: &str, asked: &[(&str, &str)]) -> String {
        let known = self.parameter("as_of").map(|as_of| ("as_of", as_of));
        let lang = ("lang", self.phrases.locale.tag());
        address(path, asked.iter().copied().chain(known).chain([lang]))
    }

    /// A file about the same day, in the reader's language.
    pub(super) fn to_file(&self, path: &str) -> String {
        let focus = ["date", "as_of"].into_iter().filter_map(|name| Some((name, self.parameter(name)?)));
        address(path, focus.chain([("lang", self.phrases.locale.tag())]))
    }
}

/// A name that stands there more than once. Which of its values counts would be anybody's guess.
pub(super) fn twice(parameters: &[(String, String)]) -> Option<&str> {
    let mut names = parameters.iter().map(|(name, _)| name.as_str()).enumerate();
    names.find(|(nth, name)| parameters[..*nth].iter().any(|(known, _)| known == name)).map(|(_, name)| name)
}

/// Whether a text holds what no keyboard writes: control characters, which databases and headers refuse.
pub(super) fn is_odd(text: &str) -> bool {
    text.chars().any(|c| c.is_control() && !"\r\n\t".contains(c))
}

/// The parameters of an address.
pub(super) fn parameters(uri: &Uri) -> Vec<(String, String)> {
    Query::<Vec<(String, String)>>::try_from_uri(uri).map_or_else(|_| Vec::new(), |query| query.0)
}

fn address<'a>(path: &str, parameters: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut address = path.to_owned();
    for (name, value) in parameters {
        address.push(if address.contains('?') { '&' } else { '?' });
        address.push_str(&encoded(name));
        address.push('=');
        address.push_str(&encoded(value));
    }
    address
}

pub(super) fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_encoded() {
        let made = address("/", [("as_of", "2021-06-28T17:00:00+07:00"), ("x", "a&b")].into_iter());
        assert_eq!(made, "/?as_of=2021-06-28T17:00:00%2B07:00&x=a%26b");
        let read = parameters(&made.parse().unwrap());
        assert_eq!(read[0].1, "2021-06-28T17:00:00+07:00");
    }
}
