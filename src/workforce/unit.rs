//! A work unit (OPD): what it is called, what it does for the public, who heads it. Its head-counts: `tally`.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::epi::LocationId;

/// A work unit of the city.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Unit {
    /// Its id.
    pub unit_id: String,
    /// The city it belongs to.
    pub location: LocationId,
    /// Its name in Bahasa Indonesia.
    pub name: String,
    /// Its name in English.
    pub name_en: String,
    /// N non-service, E essential, K critical.
    pub category: String,
    /// The unit it is part of.
    pub parent: Option<String>,
    /// Staff, without those of units below it.
    pub headcount: Option<f64>,
    /// When that was counted.
    pub headcount_date: Option<NaiveDate>,
    /// `printed` or `synthetic`.
    pub headcount_status: String,
    /// Where it comes from.
    pub source: String,
    /// Other names it goes by, with `|` between them: `BKPSDA|BKD`.
    #[serde(default)]
    pub aliases: String,
    /// Who heads it: a position, or a name where the city keeps one.
    #[serde(default)]
    pub head: String,
    /// Who is asked when something is urgent (atasan langsung).
    #[serde(default)]
    pub superior: String,
    /// How the unit is reached.
    #[serde(default)]
    pub contact: String,
}

/// What a unit does for the public: how far it can be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// N: it does not serve the public directly.
    NonService,
    /// E: an essential service.
    Essential,
    /// K: a critical service; it is never closed.
    Critical,
}

impl Service {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::NonService, Self::Essential, Self::Critical];

    /// The letter in lists.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NonService => "N",
            Self::Essential => "E",
            Self::Critical => "K",
        }
    }

    /// Reads the letter.
    #[must_use]
    pub fn of(letter: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.as_str().eq_ignore_ascii_case(letter.trim()))
    }
}

impl Unit {
    /// Its name in English where there is one and it is asked for, else in Bahasa Indonesia.
    #[must_use]
    pub fn name_in(&self, is_english: bool) -> &str {
        if is_english && !self.name_en.is_empty() { &self.name_en } else { &self.name }
    }

    /// What it does for the public. A letter nobody knows counts as non-service, the strictest: lists are checked when they
    /// are read.
    #[must_use]
    pub fn service(&self) -> Service {
        Service::of(&self.category).unwrap_or(Service::NonService)
    }

    /// Whether it goes by this name: its id, one of its names, or an alias; case, dots and blanks do not count.
    #[must_use]
    pub fn is_called(&self, text: &str) -> bool {
        let wanted = plain(text);
        !wanted.is_empty()
            && [self.unit_id.as_str(), &self.name, &self.name_en]
                .into_iter()
                .chain(self.aliases.split('|'))
                .any(|name| plain(name) == wanted)
    }
}

/// The one unit that goes by this name; `None` if there is none, or more than one.
#[must_use]
pub fn called<'a>(units: &'a [Unit], text: &str) -> Option<&'a Unit> {
    // An id is never ambiguous, whatever else is called so.
    if let Some(unit) = units.iter().find(|unit| unit.unit_id == text.trim()) {
        return Some(unit);
    }
    let mut found = units.iter().filter(|unit| unit.is_called(text));
    found.next().filter(|_| found.next().is_none())
}

/// A name without what people write differently.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A unit of a category.
    pub(in crate::workforce) fn unit(id: &str, category: &str) -> Unit {
        Unit {
            unit_id: id.to_owned(),
            location: LocationId::new("3271"),
            name: id.to_owned(),
            name_en: String::new(),
            category: category.to_owned(),
            parent: None,
            headcount: None,
            headcount_date: None,
            headcount_status: String::new(),
            source: String::new(),
            aliases: String::new(),
            head: String::new(),
            superior: String::new(),
            contact: String::new(),
        }
    }

    #[test]
    fn one_office_under_two_names_is_one_unit() {
        let mut bkpsdm = unit("bkpsdm", "N");
        bkpsdm.name = "Badan Kepegawaian dan Pengembangan SDM".to_owned();
        bkpsdm.aliases = "BKPSDA|B.K.D.".to_owned();
        let units = [bkpsdm, unit("dinkes", "K")];
        for name in ["bkpsdm", "BKPSDA", "bkd", "badan kepegawaian dan pengembangan  SDM"] {
            assert_eq!(called(&units, name).map(|unit| unit.unit_id.as_str()), Some("bkpsdm"), "{name}");
        }
        assert!(called(&units, "").is_none() && called(&units, "setda").is_none());
    }

    #[test]
    fn a_name_that_two_units_share_names_neither_and_an_id_always_its_own() {
        let mut other = unit("umum", "N");
        other.aliases = "bagian".to_owned();
        let mut one = unit("hukum", "N");
        one.aliases = "bagian|umum".to_owned();
        let units = [one, other];
        assert!(called(&units, "bagian").is_none());
        assert_eq!(called(&units, "umum").map(|unit| unit.unit_id.as_str()), Some("umum"));
    }

    #[test]
    fn letters_of_categories_are_read_and_others_refused() {
        assert_eq!(Service::of("k"), Some(Service::Critical));
        assert_eq!(Service::of("X"), None);
    }
}
