//! Units that work at the office while others do not: a property of one decision, never of a unit for ever.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// One exempt unit or service of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exemption {
    /// The unit in the city's register; empty for one that is only named ("kelurahan").
    #[serde(default)]
    pub unit_id: String,
    /// Its name as the document writes it.
    pub name: String,
    /// The service within it, where only that is exempt: "di lapangan".
    #[serde(default)]
    pub service: String,
    /// The most staff at the office or in the field, in percent; `None`: the document names none.
    #[serde(default)]
    pub cap_pct: Option<u8>,
    /// How many must be present at least on a working day ("harus ada perwakilan").
    #[serde(default)]
    pub minimum_presence: Option<u16>,
}

/// Posts that stay at the office whatever the unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PositionRule {
    /// The post as the document writes it: "Kepala Bidang", "lurah".
    pub title: String,
    /// The document's own word for the class: "eselon II dan III"; a post is matched by its title first.
    #[serde(default)]
    pub class: String,
}

/// A list of exempt units that was in a document, to be loaded into a decision and held against another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExemptionList {
    /// Its id: kota-bogor-2021-06-28.
    pub id: String,
    /// The city.
    pub location: String,
    /// Its name in Bahasa Indonesia.
    pub title: String,
    /// Its name in English.
    pub title_en: String,
    /// The document.
    pub document: String,
    /// Where it was read.
    pub source: String,
    /// Which staff it is about besides civil servants: "TKD".
    #[serde(default)]
    pub also: Vec<String>,
    /// Whether the document's list is known in full.
    pub is_complete: bool,
    /// What a reader of the list must know.
    #[serde(default)]
    pub note: String,
    /// Posts that stay at the office.
    #[serde(default, rename = "position")]
    pub positions: Vec<PositionRule>,
    /// The units.
    #[serde(default, rename = "unit")]
    pub units: Vec<Exemption>,
}

/// A list that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ExemptionListFault {
    /// It is not TOML of this form.
    #[error("{0}")]
    Form(String),
    /// A share above 100.
    #[error("unit '{unit}': {cap}% at the office is more than all")]
    Cap {
        /// The unit.
        unit: String,
        /// The share.
        cap: u8,
    },
    /// A unit twice.
    #[error("unit '{0}' stands in the list twice")]
    Twice(String),
    /// Neither a unit nor a post.
    #[error("the list names no unit and no post")]
    Empty,
}

/// Reads a list from TOML.
///
/// # Errors
/// [`ExemptionListFault`] in one sentence, with the line where it is one.
pub fn parse_exemption_list(text: &str) -> Result<ExemptionList, ExemptionListFault> {
    let list: ExemptionList =
        toml::from_str(text).map_err(|error| ExemptionListFault::Form(error.to_string()))?;
    if list.units.is_empty() && list.positions.is_empty() {
        return Err(ExemptionListFault::Empty);
    }
    let mut seen = BTreeMap::new();
    for unit in &list.units {
        if let Some(cap) = unit.cap_pct.filter(|cap| *cap > 100) {
            return Err(ExemptionListFault::Cap { unit: unit.name.clone(), cap });
        }
        if seen.insert(unit.key(), ()).is_some() {
            return Err(ExemptionListFault::Twice(unit.name.clone()));
        }
    }
    Ok(list)
}

impl Exemption {
    /// What makes two entries of two lists the same unit: its id, or its name where it has none, and the service.
    #[must_use]
    pub fn key(&self) -> (String, String) {
        let name = if self.unit_id.is_empty() { &self.name } else { &self.unit_id };
        (name.to_lowercase(), self.service.to_lowercase())
    }
}

/// What one list says otherwise than another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListChange {
    /// Exempt in the second only.
    Added(Exemption),
    /// Exempt in the first only.
    Removed(Exemption),
    /// Exempt in both, on other terms.
    Changed(Exemption, Exemption),
    /// Exempt in both on the same terms.
    Same(Exemption),
}

/// Holds one list against a later one, in the order of the first and then of the second.
#[must_use]
pub fn diff_lists(one: &[Exemption], other: &[Exemption]) -> Vec<ListChange> {
    let later: BTreeMap<_, _> = other.iter().map(|unit| (unit.key(), unit)).collect();
    let earlier: BTreeMap<_, _> = one.iter().map(|unit| (unit.key(), unit)).collect();
    let kept = one.iter().map(|unit| match later.get(&unit.key()) {
        None => ListChange::Removed(unit.clone()),
        Some(now) if is_same(unit, now) => ListChange::Same(unit.clone()),
        Some(now) => ListChange::Changed(unit.clone(), (*now).clone()),
    });
    let added = other.iter().filter(|unit| !earlier.contains_key(&unit.key()));
    kept.chain(added.map(|unit| ListChange::Added(unit.clone()))).collect()
}

fn is_same(one: &Exemption, other: &Exemption) -> bool {
    (one.cap_pct, one.minimum_presence) == (other.cap_pct, other.minimum_presence)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "id = \"x\"\nlocation = \"3271\"\ntitle = \"X\"\ntitle_en = \"X\"\ndocument = \"d\"\n\
        source = \"s\"\nis_complete = true\n";

    fn unit(name: &str, cap_pct: Option<u8>) -> Exemption {
        let (unit_id, service) = (name.to_owned(), String::new());
        Exemption { unit_id, name: name.to_owned(), service, cap_pct, minimum_presence: None }
    }

    #[test]
    fn a_list_that_cannot_be_is_refused() {
        let read = |rest: &str| parse_exemption_list(&format!("{LIST}{rest}")).unwrap_err();
        assert_eq!(read(""), ExemptionListFault::Empty);
        let twice = "[[unit]]\nname = \"Dinkes\"\n[[unit]]\nname = \"dinkes\"\n";
        assert_eq!(read(twice), ExemptionListFault::Twice("dinkes".to_owned()));
        let cap = "[[unit]]\nname = \"Dinkes\"\ncap_pct = 101\n";
        assert_eq!(read(cap), ExemptionListFault::Cap { unit: "Dinkes".to_owned(), cap: 101 });
        assert!(read("[[unit]]\nnom = \"Dinkes\"\n").to_string().contains("nom"));
    }

    #[test]
    fn two_lists_are_held_against_each_other() {
        let one = [unit("dinkes", None), unit("disdukcapil", None), unit("dishub", Some(25))];
        let other = [unit("dinkes", Some(25)), unit("dishub", Some(25)), unit("bpbd", None)];
        assert_eq!(
            diff_lists(&one, &other),
            [
                ListChange::Changed(one[0].clone(), other[0].clone()),
                ListChange::Removed(one[1].clone()),
                ListChange::Same(one[2].clone()),
                ListChange::Added(other[2].clone()),
            ]
        );
    }
}
