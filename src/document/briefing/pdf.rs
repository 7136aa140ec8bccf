//! A briefing as PDF on exactly one page: what does not fit is set closer, then told in fewer words.

use serde_json::{Value, json};

use super::content::{Briefing, BriefingList};
use crate::document::typeset::{BRIEFING, DocumentError, Job, Set, Templates};
use crate::text::{Locale, Phrases};

/// How close the page may be set, loosest first; the template knows the steps.
const CLOSEST: u8 = 3;
/// How many items of each list are told, once the closest setting is still too long.
const FEWER: [usize; 4] = [12, 8, 4, 1];

impl Briefing {
    /// The briefing as PDF: one A4 page, tagged, its fonts inside.
    ///
    /// # Errors
    /// [`DocumentError`] when this program has no typesetter, or a template does not work or does not keep to one page.
    pub fn pdf(&self, templates: &Templates) -> Result<Vec<u8>, DocumentError> {
        let loosest_first = (0..=CLOSEST).map(|closeness| (self.clone(), closeness));
        let fewer = FEWER.into_iter().map(|most| (self.with_at_most(most), CLOSEST));
        for (briefing, closeness) in loosest_first.chain(fewer) {
            let set = briefing.set(templates, closeness)?;
            if set.pages == 1 {
                return Ok(set.bytes);
            }
        }
        Err(DocumentError::Pack("the briefing does not fit on one page".to_owned()))
    }

    fn set(&self, templates: &Templates, closeness: u8) -> Result<Set, DocumentError> {
        let mut data = serde_json::to_value(self).map_err(|error| DocumentError::Pack(error.to_string()))?;
        if let Value::Object(fields) = &mut data {
            fields.insert("closeness".to_owned(), json!(closeness));
        }
        let curve = self.curve.iter().map(|curve| ("curve.svg", curve.svg.clone().into_bytes()));
        let identity = format!("siaga briefing {}", self.id);
        let job =
            Job { template: BRIEFING, data, pictures: curve.collect(), date: self.date, identity: &identity };
        templates.set(&job)
    }

    /// The same with so many items of each list at most, and how many more there are.
    fn with_at_most(&self, most: usize) -> Self {
        let phrases = Phrases::new(Locale::parse(self.language).unwrap_or_default());
        let cut = |items: &[String]| -> Vec<String> {
            let more = items.len().saturating_sub(most);
            let mut kept: Vec<String> = items.iter().take(most).cloned().collect();
            if more > 0 {
                kept.push(phrases.say_with("brief-more", &[("more", &more.to_string())]));
            }
            kept
        };
        let list = |list: &BriefingList| BriefingList { lead: list.lead.clone(), items: cut(&list.items) };
        Self {
            exempt: list(&self.exempt),
            duty: list(&self.duty),
            changes: cut(&self.changes),
            sources: cut(&self.sources),
            programmes: self.programmes.iter().take(most).cloned().collect(),
            ..self.clone()
        }
    }
}
