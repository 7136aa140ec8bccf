//! What circulars and briefings take from the settings: letterhead, addressees, who signs, templates of the city's own.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::ConfigFault;

/// The longest line: more is no line of a letterhead.
const LONGEST: usize = 200;
/// The most lines of one kind.
const MOST: usize = 30;

/// Circulars and briefings. What is left out follows from the city's name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Documents {
    /// A folder with templates, sentences and fonts of the city's own.
    pub folder: Option<PathBuf>,
    /// The emblem over the letterhead: a PNG.
    pub logo: Option<PathBuf>,
    /// The letterhead's lines: `["PEMERINTAH DAERAH KOTA BOGOR", "SEKRETARIAT DAERAH"]`.
    pub letterhead: Vec<String>,
    /// Street, telephone, web address: the small lines under it.
    pub address: Vec<String>,
    /// Where letters are written: `Bogor`.
    pub place: Option<String>,
    /// The form of the number with a gap for it: `800/........-BKPSDM`.
    pub number: Option<String>,
    /// The head of the city's government: `Wali Kota Bogor`.
    pub head: Option<String>,
    /// The lines over the signature, in place of those of the office that decided: `["a.n. WALI KOTA BOGOR", "SEKRETARIS DAERAH"]`.
    pub signatory_title: Vec<String>,
    /// The name under it with its titles, in place of the name in the record.
    pub signatory_name: Option<String>,
    /// Rank and number under the name.
    pub signatory_rank: Vec<String>,
    /// To whom circulars go, a line each.
    pub to: Vec<String>,
    /// Who gets a copy (tembusan).
    pub copies: Vec<String>,
    /// The office that duty rosters are sent to: `BKPSDM`.
    pub personnel_agency: Option<String>,
}

impl Documents {
    /// Holds every line against what a letter has room for.
    pub(super) fn check(&self) -> Result<(), ConfigFault> {
        let lists = [
            ("letterhead", &self.letterhead),
            ("address", &self.address),
            ("signatory_title", &self.signatory_title),
            ("signatory_rank", &self.signatory_rank),
            ("to", &self.to),
            ("copies", &self.copies),
        ];
        let lines = [
            ("place", &self.place),
            ("number", &self.number),
            ("head", &self.head),
            ("signatory_name", &self.signatory_name),
            ("personnel_agency", &self.personnel_agency),
        ];
        let wrong =
            |key: &str, message: String| Err(ConfigFault::Value { key: format!("documents.{key}"), message });
        for (key, list) in lists {
            if list.len() > MOST {
                return wrong(key, format!("{} lines are too many: {MOST} at most", list.len()));
            }
        }
        let all = lists.iter().flat_map(|(key, list)| list.iter().map(|line| (*key, line)));
        for (key, line) in all.chain(lines.iter().filter_map(|(key, line)| Some((*key, line.as_ref()?)))) {
            if line.trim().is_empty() || line.chars().any(char::is_control) {
                return wrong(key, "write a line of text, or leave it out".to_owned());
            }
            if line.chars().count() > LONGEST {
                return wrong(key, format!("a line has {LONGEST} letters at most"));
            }
        }
        Ok(())
    }
}
