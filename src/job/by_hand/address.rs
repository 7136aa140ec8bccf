//! An address that somebody gives by hand: asked at once through the same limits and guards as every source, and kept
//! as a source of the installation if they wish. What is kept is the text of a spec; every process that shares the store
//! goes on with it.

use std::str::FromStr;

use anyhow::Context;

use super::BY_HAND;
use crate::assets;
use crate::job::Journey;
use crate::job::decision::{ORDERS, with_kept_orders};
use crate::source::{Fetched, SourceError, SourceSpec, Validators, sha256_hex};
use crate::text::{Locale, Phrases, Reason};

/// Kept specs stand under this name in the store.
const KEPT: &str = "source_spec/";
/// How long after its hour a kept address is late.
const LATE_AFTER: &str = "6h";

/// By which full hour of the city a publisher has published: 0 to 23.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hour(u8);

/// A text that is no full hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoHour;

impl Hour {
    /// Every hour of a day.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..24).map(Self)
    }
}

impl std::fmt::Display for Hour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:00", self.0)
    }
}

impl FromStr for Hour {
    type Err = NoHour;

    fn from_str(text: &str) -> Result<Self, NoHour> {
        Self::all().find(|hour| hour.to_string() == text).ok_or(NoHour)
    }
}

/// How an address is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Keeping {
    /// By when something new is there every day; nobody knows if absent.
    pub by: Option<Hour>,
    /// Whether its figures make a series of their own. Else they go on with that of the files that are read the same way.
    pub is_own_series: bool,
}

/// Asks an address as a source is asked: its name without the query and what it answers, or why it gives nothing.
///
/// # Errors
/// The reason.
pub async fn ask_address(
    journey: &Journey,
    like: &SourceSpec,
    address: &str,
) -> Result<(String, Vec<u8>), Reason> {
    let asked = SourceSpec { address: Some(address.to_owned()), path: None, ..like.clone() };
    match journey.fetcher.fetch(&asked.request(), &Validators::default()).await {
        Ok(Fetched::Payload(payload)) => Ok((payload.address, payload.body)),
        Ok(Fetched::NotModified) => Err(Reason::new("answered-unasked")),
        Err(SourceError::Retry { reason, .. } | SourceError::GiveUp { reason, .. }) => Err(reason),
        Err(error) => Err(error.reason()),
    }
}

/// The text of a shipped spec: what is kept is written like it.
fn shipped(id: &str) -> Option<String> {
    let mut texts = assets::data_files("source/").into_iter().filter_map(|name| assets::data(&name));
    texts.find(|text| SourceSpec::parse(text).is_ok_and(|spec| spec.id == id))
}

/// Whether an address that is read like this source can be kept: it ships, and has no address of its own.
#[must_use]
pub fn can_keep_like(journey: &Journey, like: &str) -> bool {
    let is_free = journey.sources.iter().any(|spec| spec.id == like && spec.address.is_none());
    is_free && shipped(like).is_some()
}

/// Keeps an address as a source that is read like another one. Every process goes on with it once it hears of it
/// ([`renew_if_kept`]).
///
/// # Errors
/// When that source is not one that ships, or the store does not answer.
pub async fn keep_address(
    journey: &Journey,
    (like, address): (&str, &str),
    keeping: Keeping,
) -> anyhow::Result<SourceSpec> {
    let base = journey.sources.iter().find(|spec| spec.id == like).context("find the source")?;
    let text = shipped(like)
        .with_context(|| format!("keep an address that is read like {like}: give its own file an address"))?;
    let id = format!("{like}-{}", sha256_hex(address.as_bytes()).get(..8).unwrap_or_default());
    let text = toml::to_string(&table(&text, (base, &id, address), keeping)?)?;
    let spec =
        SourceSpec::parse(&text).map_err(|fault| anyhow::anyhow!("the spec that would be kept, {fault}"))?;
    journey.store.set_meta(&format!("{KEPT}{id}"), &text).await?;
    Ok(spec.in_city(&journey.city.location))
}

/// A shipped spec with this address.
fn table(
    text: &str,
    (base, id, address): (&SourceSpec, &str, &str),
    keeping: Keeping,
) -> anyhow::Result<toml::Table> {
    let mut table: toml::Table = toml::from_str(text)?;
    let shown = address.split(['?', '#']).next().unwrap_or_default();
    let host = shown.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or(shown);
    let series = if keeping.is_own_series { id } else { base.series() };
    for (key, value) in [
        ("id", id.to_owned()),
        ("series", series.to_owned()),
        ("title", title(base, host, Locale::Id)),
        ("title_en", title(base, host, Locale::En)),
        ("address", address.to_owned()),
    ] {
        table.insert(key.to_owned(), value.into());
    }
    // Whose series it goes on with is settled now, and not anew with each pull.
    table.remove("continues");
    if let Some(by) = keeping.by {
        let cadence = [("by", by.to_string()), ("late_after", LATE_AFTER.to_owned())];
        let cadence = cadence.into_iter().map(|(key, value)| (key.to_owned(), value.into()));
        table.insert("cadence".to_owned(), toml::Value::Table(cadence.collect()));
    }
    Ok(table)
}

/// What a kept address is called: a publisher's by the publisher, others by their host.
fn title(base: &SourceSpec, host: &str, locale: Locale) -> String {
    let is_by_hand = base.series() == BY_HAND;
    match is_by_hand {
        true => Phrases::new(locale).say_with("source-from", &[("host", host)]),
        false => format!("{} ({host})", base.title_in(locale == Locale::En)),
    }
}

/// Everything that a running program goes on with once it is kept: addresses, and orders of the centre.
async fn kept(journey: &Journey) -> anyhow::Result<Vec<(String, String)>> {
    let mut kept = journey.store.metas(KEPT).await?;
    kept.extend(journey.store.metas(ORDERS).await?);
    Ok(kept)
}

/// The specs that were kept, beside those of files; one of the same id stands over a file's. The journey knows from then on
/// which were kept, and whether others have been since.
///
/// # Errors
/// When the store does not answer, or a spec cannot be used any more.
pub async fn with_kept(mut journey: Journey) -> anyhow::Result<Journey> {
    let kept = journey.store.metas(KEPT).await?;
    for (name, text) in &kept {
        let spec =
            SourceSpec::parse(text).map_err(|fault| anyhow::anyhow!("{name} in the store, {fault}"))?;
        journey.sources.retain(|known| known.id != spec.id);
        let spec = spec.in_city(&journey.city.location);
        journey.sources.push(spec);
    }
    journey.kept = Some(fingerprint(&self::kept(&journey).await?));
    with_kept_orders(journey).await
}

/// Tells the program to go on with a new journey when an address was kept since this one began, here or elsewhere.
///
/// # Errors
/// When the store does not answer.
pub async fn renew_if_kept(journey: &Journey) -> anyhow::Result<()> {
    let Some(known) = &journey.kept else { return Ok(()) };
    if *known != fingerprint(&kept(journey).await?) {
        journey.renewed.send_replace(true);
    }
    Ok(())
}

fn fingerprint(kept: &[(String, String)]) -> String {
    let text: Vec<String> = kept.iter().map(|(name, text)| format!("{name}\n{text}\n")).collect();
    sha256_hex(text.concat().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(like: &str, keeping: Keeping) -> SourceSpec {
        let text = shipped(like).unwrap();
        let base = SourceSpec::parse(&text).unwrap();
        let address = "https://dinkes.example.org/harian.csv?key=1";
        let table = table(&text, (&base, "kept-1", address), keeping).unwrap();
        SourceSpec::parse(&toml::to_string(&table).unwrap()).unwrap()
    }

    #[test]
    fn an_address_goes_on_with_the_series_of_its_files_unless_it_shall_not() {
        let usual = kept("tidy", Keeping::default());
        assert_eq!((usual.id.as_str(), usual.series(), &usual.cadence), ("kept-1", "tidy", &None));
        assert_eq!(usual.title, "Angka dari dinkes.example.org");
        assert_eq!(
            kept("owid", Keeping::default()).title_in(true).split(" (").last(),
            Some("dinkes.example.org)")
        );
        let own = kept("tidy", Keeping { is_own_series: true, ..Keeping::default() });
        assert_eq!(own.series(), "kept-1");
        let form = kept("siaga-form", Keeping::default());
        assert_eq!((form.series(), form.continues), ("tidy", false));
    }

    #[test]
    fn an_hour_that_is_given_is_its_cadence() {
        let by = "17:00".parse().unwrap();
        let daily = kept("tidy", Keeping { by: Some(by), ..Keeping::default() });
        let expected: crate::source::Cadence = toml::from_str("by = \"17:00\"\nlate_after = \"6h\"").unwrap();
        assert_eq!(daily.cadence, Some(expected));
        for wrong in ["", "17", "24:00", "17:30", "7:00", "5 pm"] {
            assert_eq!(wrong.parse::<Hour>(), Err(NoHour), "{wrong}");
        }
        assert_eq!(Hour::all().count(), 24);
    }

    #[test]
    fn what_was_kept_since_shows() {
        let one = ("source_spec/a".to_owned(), "id = \"a\"".to_owned());
        let other = ("source_spec/a".to_owned(), "id = \"a\"\nauthority = 1".to_owned());
        assert_ne!(fingerprint(&[]), fingerprint(std::slice::from_ref(&one)));
        assert_ne!(fingerprint(&[one]), fingerprint(&[other]));
    }
}
