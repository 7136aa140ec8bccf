//! What alerts need beside the store: rules, where the pages are, who draws the chart of a mail.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::alert::AlertRules;
use crate::assets;
use crate::epi::Vintage;
use crate::job::Journey;
use crate::text::Locale;

/// Draws the chart of a mail as PNG, on what was known at a moment. Pages know how; nobody below them does.
pub type Painter =
    Arc<dyn for<'a> Fn(&'a Journey, Vintage, Locale) -> BoxFuture<'a, anyhow::Result<Vec<u8>>> + Send + Sync>;

/// What alerts need.
#[derive(Clone)]
pub struct Alerting {
    /// The rules.
    pub rules: AlertRules,
    /// Where people find the pages, if that is known.
    pub public_url: Option<String>,
    /// Who draws the chart of a mail; without anybody mails go without.
    pub painter: Option<Painter>,
}

impl std::fmt::Debug for Alerting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Alerting").field("rules", &self.rules).finish_non_exhaustive()
    }
}

impl Alerting {
    /// Rules from a file, or the shipped ones.
    ///
    /// # Errors
    /// When the file cannot be read or used: with every fault's line.
    pub fn load(path: Option<&std::path::Path>) -> anyhow::Result<Self> {
        let (name, text) = match path {
            Some(path) => {
                let text = std::fs::read_to_string(path).map_err(|error| {
                    anyhow::anyhow!("read the alert rules {} (alert.rules): {error}", path.display())
                })?;
                (path.display().to_string(), text)
            }
            None => {
                let text = assets::data("alert/default.toml");
                ("data/alert/default.toml".to_owned(), text.unwrap_or_default())
            }
        };
        let rules = AlertRules::read(&text).map_err(|faults| {
            let lines: Vec<String> = faults.iter().map(|fault| format!("{name}, {fault}")).collect();
            anyhow::anyhow!(lines.join("\n"))
        })?;
        Ok(Self { rules, public_url: None, painter: None })
    }

    /// Where the page of alerts is.
    #[must_use]
    pub fn link(&self) -> Option<String> {
        self.public_url.as_ref().map(|url| format!("{url}/alerts"))
    }
}
