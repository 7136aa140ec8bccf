//! A circular as PDF, set by the template `circular.typ`.

use serde_json::{Value, json};

use super::content::CircularContent;
use crate::document::typeset::{CIRCULAR, DocumentError, Job, Templates};

impl CircularContent {
    /// The circular as PDF: tagged, its fonts inside. The same content and templates give the same bytes.
    ///
    /// # Errors
    /// [`DocumentError`] when this program has no typesetter, or a template does not work.
    pub fn pdf(&self, templates: &Templates) -> Result<Vec<u8>, DocumentError> {
        let mut data = serde_json::to_value(self).map_err(|error| DocumentError::Pack(error.to_string()))?;
        if let Value::Object(fields) = &mut data {
            fields.insert("has_logo".to_owned(), json!(self.logo.is_some()));
        }
        let pictures = self.logo.iter().map(|logo| ("logo.png", logo.clone())).collect();
        let identity = format!("siaga circular {} {}", self.decision, self.decided_on);
        let job = Job { template: CIRCULAR, data, pictures, date: self.decided_on, identity: &identity };
        Ok(templates.set(&job)?.bytes)
    }
}
