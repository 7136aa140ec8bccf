//! What was decided in June 2021, put into the demonstration's journal at its moments as it was reported. The demonstration re-enacts
//! what people did; nothing here is decided by the program.

use std::sync::Arc;

use anyhow::Context;
use serde::Deserialize;

use crate::account::Visitor;
use crate::assets;
use crate::decision::Answer;
use crate::epi::Vintage;
use crate::job::{Act, Beside, Journey, draft, journal, sign};

/// The file.
const FILE: &str = "sample/kota_bogor_decisions.toml";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reported {
    decision: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    at: String,
    /// Where it was read.
    #[serde(rename = "source")]
    _source: String,
    #[serde(flatten)]
    answer: toml::Table,
}

/// The decisions of June 2021, in order.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn reenacted(zone: chrono_tz::Tz) -> anyhow::Result<Vec<Beside>> {
    let text = assets::data(FILE).with_context(|| format!("find data/{FILE}"))?;
    let reported: Reported = toml::from_str(&text).with_context(|| format!("read data/{FILE}"))?;
    let read = |entry: Entry| {
        let at = Vintage::parse_known(&entry.at, zone)?;
        let answer: Answer = entry.answer.try_into().with_context(|| format!("read data/{FILE}"))?;
        let act: Act = Arc::new(move |journey| {
            let answer = answer.clone();
            Box::pin(async move { reenact(journey, &answer).await })
        });
        Ok(Beside { at, act })
    };
    reported.decision.into_iter().map(read).collect()
}

/// Records one, unless it was recorded before: the demonstration goes on where it stopped.
async fn reenact(journey: &Journey, answer: &Answer) -> anyhow::Result<()> {
    let known = journal(&journey.viewing(), None).await?;
    if known.entries().iter().any(|entry| entry.period.start.to_string() == answer.start) {
        return Ok(());
    }
    let by = (&Visitor::Operator { name: "demonstration".to_owned() }, "demonstration");
    let id = draft(journey, answer, by.0, None).await?;
    sign(journey, &id, by).await?;
    Ok(())
}
