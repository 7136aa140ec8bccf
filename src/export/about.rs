//! What travels with a file: what it is, how it was filtered, as known when, what was withheld, and the id by which the same bytes
//! are made again.

use chrono_tz::Tz;

use super::recipe::Recipe;
use crate::text::{Locale, Phrases};

/// Who reports the figures of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceNote {
    /// Its title.
    pub title: String,
    /// Under which terms; empty if that is not known.
    pub licence: String,
}

/// What travels with a file.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    /// What the file is, in the reader's words.
    pub title: String,
    /// What it holds, in the reader's words.
    pub holds: String,
    /// The dataset's name.
    pub name: String,
    /// The location of the figures, and its name.
    pub place: (String, String),
    /// The city's time zone.
    pub zone: Tz,
    /// How the same is made again.
    pub recipe: Recipe,
    /// Who reports the figures.
    pub sources: Vec<SourceNote>,
    /// The SHA-256 of the dataset as tidy CSV.
    pub sha256: String,
    /// The bytes of the dataset as tidy CSV.
    pub bytes: u64,
    /// The rows.
    pub rows: usize,
}

impl About {
    /// The language the file is in.
    #[must_use]
    pub fn locale(&self) -> Locale {
        self.recipe.locale
    }

    /// How it was filtered, as `name=value`, separated by blanks; empty if it was not.
    #[must_use]
    pub fn filters(&self) -> String {
        let own = self.recipe.asked.iter().filter(|(name, _)| name != "excel" && name != "path");
        own.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
    }

    /// Line by line, in the reader's words: the last sheet of a workbook.
    #[must_use]
    pub fn lines(&self) -> Vec<(String, String)> {
        let t = Phrases::new(self.locale());
        let filters = self.filters();
        let filters = if filters.is_empty() { t.say("export-filters-none") } else { filters };
        let local = self.recipe.as_of.moment().with_timezone(&self.zone);
        let as_of = local.format("%Y-%m-%d %H:%M:%S %:z").to_string();
        let source = |source: &SourceNote| match source.licence.as_str() {
            "" => source.title.clone(),
            licence => format!("{} ({licence})", source.title),
        };
        let sources: Vec<String> = self.sources.iter().map(source).collect();
        let lines = [
            ("title", self.title.clone()),
            ("holds", self.holds.clone()),
            ("place", format!("{} {}", self.place.0, self.place.1)),
            ("as-of", as_of),
            ("zone", self.zone.name().to_owned()),
            ("filters", filters),
            ("rows", self.rows.to_string()),
            ("suppression", self.recipe.audience.to_string()),
            ("data", self.recipe.data.clone()),
            ("sha256", self.sha256.clone()),
            ("policy", self.recipe.policy.clone()),
            ("build", self.recipe.build.clone()),
            ("sources", sources.join("; ")),
            ("id", self.recipe.to_string()),
        ];
        lines.into_iter().map(|(key, value)| (t.say(&format!("export-about-{key}")), value)).collect()
    }
}
