//! Taking a dataset away: its rows, and everything that travels with them.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::dataset::Rows;
use super::{Dataset, Ending, Wanted};
use crate::disclosure::Audience;
use crate::epi::Vintage;
use crate::export::{
    About, BUILD, Cell, Column, Dialect, Recipe, Rowset, SourceNote, Table, TextFormat, fingerprint, hex,
    part, parts,
};
use crate::job::{Gear, Viewing, off_the_runtime};
use crate::text::{Locale, Phrases};

/// Letters that tell apart the names of files that were filtered differently.
const APART: usize = 6;

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Asking {
    /// Which dataset.
    pub dataset: Dataset,
    /// In which form.
    pub ending: Ending,
    /// Which of its rows.
    pub wanted: Wanted,
    /// What else is asked, by its names: `excel`, `path`.
    pub besides: Vec<(String, String)>,
    /// As known when.
    pub as_of: Vintage,
    /// For whom.
    pub audience: Audience,
    /// In whose words.
    pub locale: Locale,
}

impl Asking {
    /// How the same is made again, but for what the figures are.
    #[must_use]
    pub fn recipe(&self, journey: &Gear) -> Recipe {
        Recipe {
            what: format!("{}.{}", self.dataset.name(), self.ending),
            asked: [self.wanted.asked(), self.besides.clone()].concat(),
            as_of: self.as_of,
            audience: self.audience.clone(),
            locale: self.locale,
            policy: policy_name(journey),
            data: String::new(),
            build: BUILD.to_owned(),
        }
    }
}

/// The policy in force and its version.
#[must_use]
pub fn policy_name(journey: &Gear) -> String {
    let policy = journey.policy();
    format!("{}@{}", policy.id, policy.version)
}

/// A dataset that was taken.
#[derive(Debug)]
pub struct Taken {
    /// What travels with it.
    pub about: About,
    columns: Vec<Column>,
    rows: Rows,
}

impl Rowset for Taken {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn count(&self) -> usize {
        self.rows.count()
    }

    fn row(&self, nth: usize) -> Cow<'_, [Cell]> {
        self.rows.row(nth)
    }
}

impl Taken {
    /// The name under which a file of it is saved: city, dataset, day; what was filtered has a mark of its own.
    #[must_use]
    pub fn saved_as(&self, ending: Ending) -> String {
        let About { name, place, zone, recipe, .. } = &self.about;
        let day = recipe.as_of.local_date(*zone);
        let mut mark = String::new();
        let filters = self.about.filters();
        if !filters.is_empty() {
            mark = format!("_{}", fingerprint(filters.as_bytes()));
            mark.truncate(APART + 1);
        }
        format!("siaga_{}_{name}_{day}{mark}.{ending}", ascii(&place.0))
    }
}

/// Takes a dataset as it is asked for.
///
/// # Errors
/// When the store does not answer.
pub async fn take(journey: &Viewing<'_>, asking: &Asking) -> anyhow::Result<Taken> {
    let rows = asking.dataset.rows(journey, &asking.wanted, (asking.as_of, &asking.audience)).await?;
    let t = Phrases::new(asking.locale);
    let name = asking.dataset.name();
    let city = &journey.city;
    let about = About {
        title: format!("{}: {}", city.name, t.say(&format!("dataset-{name}"))),
        holds: t.say(&format!("dataset-{name}-what")),
        name: name.to_owned(),
        place: (city.location.as_str().to_owned(), city.name.clone()),
        zone: city.zone,
        recipe: asking.recipe(journey),
        sources: rows.sources().into_iter().map(|id| note(journey, id, asking.locale)).collect(),
        sha256: String::new(),
        bytes: 0,
        rows: rows.count(),
    };
    let columns = rows.columns();
    off_the_runtime(move || Taken { about, columns, rows }.measured()).await
}

/// Some of a dataset's rows as they are asked for, and how many there are in all.
///
/// # Errors
/// When the store does not answer.
pub async fn page(
    journey: &Viewing<'_>,
    asking: &Asking,
    from: usize,
    limit: usize,
) -> anyhow::Result<(Table, usize)> {
    let rows = asking.dataset.rows(journey, &asking.wanted, (asking.as_of, &asking.audience)).await?;
    let total = rows.count();
    let some = (from.min(total)..from.saturating_add(limit).min(total)).map(|nth| rows.row(nth).into_owned());
    Ok((Table { rows: some.collect(), columns: rows.columns() }, total))
}

impl Taken {
    /// With the hash of what it holds, and the fingerprint of that and of what travels with it.
    fn measured(mut self) -> anyhow::Result<Self> {
        let mut hash = Sha256::new();
        for nth in 0..parts(&self) {
            let part = part(&self, TextFormat::Csv(Dialect::Tidy), nth)?;
            self.about.bytes += part.len() as u64;
            hash.update(&part);
        }
        self.about.sha256 = hex(&hash.finalize());
        let sources = self.about.sources.iter().map(|it| format!("{} {}", it.title, it.licence));
        let told = [self.about.title.as_str(), &self.about.holds, &self.about.place.1];
        let all = [vec![self.about.sha256.clone()], told.map(str::to_owned).to_vec(), sources.collect()];
        self.about.recipe.data = fingerprint(all.concat().join("\n").as_bytes());
        Ok(self)
    }
}

/// A source by its id; one that no file describes any more is told by its id alone.
fn note(journey: &Gear, id: &str, locale: Locale) -> SourceNote {
    let spec = journey.sources.iter().find(|spec| spec.id == id);
    SourceNote {
        title: spec.map_or(id, |spec| spec.title_in(locale == Locale::En)).to_owned(),
        licence: spec.map(|spec| spec.licence.clone()).unwrap_or_default(),
    }
}

/// A declared location may hold any letter; the name of a file and a header may not.
fn ascii(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect()
}
