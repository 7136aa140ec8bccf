//! What `siaga check` tries of documents: letterhead, sentences and templates are read, and a circular and a briefing are set with
//! them, so that a fault shows with its file and line before a decision waits for its letter.

use anyhow::Context;

use crate::assets;
use crate::city::City;
use crate::config::Config;
use crate::document::{Briefing, BriefingInput, CircularContent, Dossier};
use crate::job::{DocumentFiles, letterhead, load_policies};
use crate::text::{Locale, Phrases};

/// A decision to try them with: Kota Bogor's of 28 June 2021.
const SAMPLE: &str = "sample/kota_bogor_decision.json";

/// Tries the settings' documents.
///
/// # Errors
/// What is wrong, in one sentence.
pub fn check(config: &Config, city: &City) -> anyhow::Result<()> {
    let settings = &config.documents;
    let files = DocumentFiles::read(settings.folder.as_deref(), settings.logo.as_deref())?;
    let letterhead = letterhead(settings, city, files.logo.clone())?;
    // Without a folder of the operator's own nothing can be wrong with the templates, and without a typesetter nothing is set.
    if settings.folder.is_none() || cfg!(not(feature = "pdf")) {
        return Ok(());
    }
    let sample = assets::data(SAMPLE).with_context(|| format!("find data/{SAMPLE}"))?;
    let dossier: Dossier = serde_json::from_str(&sample).with_context(|| format!("read data/{SAMPLE}"))?;
    let content = CircularContent::new(&dossier, &letterhead, &files.words, "");
    content.pdf(&files.templates).context("documents.folder")?;
    let assessment = dossier.assessment.as_ref().with_context(|| format!("read data/{SAMPLE}"))?;
    let policies = load_policies("kota-bogor")?;
    let briefing = Briefing::new(&BriefingInput {
        assessment,
        policy: policies.on(assessment.date),
        phrases: Phrases::new(Locale::Id),
        city: &city.name,
        as_of: String::new(),
        curve: None,
        decision: Some(&dossier.decision),
        clock: None,
        unit_names: &dossier.unit_names,
        duty_gaps: None,
        programmes: &dossier.programmes,
        sources: Vec::new(),
        id: String::new(),
    });
    briefing.pdf(&files.templates).context("documents.folder")?;
    Ok(())
}
