//! An address that somebody gives by hand: asked at once through the same limits and guards as every source, and kept
//! as a source of the installation if they wish. What is kept is the text of a spec.

use anyhow::Context;

use crate::assets;
use crate::job::Journey;
use crate::source::{Fetched, SourceError, SourceSpec, Validators, sha256_hex};
use crate::text::Reason;

/// Kept specs stand under this name in the store.
const KEPT: &str = "source_spec/";

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

/// Keeps an address as a source that is read like another one; gives its id. The program goes on with it at once.
///
/// # Errors
/// When that source is not one that ships, or the store does not answer.
pub async fn keep_address(journey: &Journey, like: &str, address: &str) -> anyhow::Result<String> {
    let base = journey.sources.iter().find(|spec| spec.id == like).context("find the source")?;
    let text = shipped(like)
        .with_context(|| format!("keep an address that is read like {like}: give its own file an address"))?;
    let mut table: toml::Table = toml::from_str(&text)?;
    let shown = address.split(['?', '#']).next().unwrap_or_default();
    let host = shown.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or(shown);
    let id = format!("{like}-{}", sha256_hex(address.as_bytes()).get(..8).unwrap_or_default());
    table.insert("id".to_owned(), id.clone().into());
    table.insert("title".to_owned(), format!("{host}: {}", base.title).into());
    table.insert("title_en".to_owned(), format!("{host}: {}", base.title_in(true)).into());
    table.insert("address".to_owned(), address.into());
    let text = toml::to_string(&table)?;
    SourceSpec::parse(&text).map_err(|fault| anyhow::anyhow!("the spec that would be kept, {fault}"))?;
    journey.store.set_meta(&format!("{KEPT}{id}"), &text).await?;
    journey.renewed.send_replace(true);
    Ok(id)
}

/// The specs that were kept, beside those of files; one of the same id stands over a file's.
///
/// # Errors
/// When the store does not answer, or a spec cannot be used any more.
pub async fn with_kept_sources(mut journey: Journey) -> anyhow::Result<Journey> {
    for (name, text) in journey.store.metas(KEPT).await? {
        let spec =
            SourceSpec::parse(&text).map_err(|fault| anyhow::anyhow!("{name} in the store, {fault}"))?;
        journey.sources.retain(|known| known.id != spec.id);
        journey.sources.push(spec.in_city(&journey.city.location));
    }
    Ok(journey)
}
