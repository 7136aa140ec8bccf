//! WhatsApp's Cloud API. Who is told did not write first, so that a message is an approved template of the city's with
//! one gap, and what is told fills the gap.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::fit::{fit, in_one_line};
use super::outlet::{Answer, Outlet, may_pass};
use super::{AlertError, Outgoing};
use crate::text::{Locale, Phrases};

/// The longest text of a gap.
const LONGEST: usize = 1024;

/// Codes of what passes by itself: too much at once by the app, the account, the pair of numbers or the number's
/// standing; trouble over there; a template that rests.
const PASSES: [u64; 12] =
    [1, 2, 4, 368, 80_007, 130_429, 131_000, 131_016, 131_048, 131_056, 131_057, 132_015];
/// Codes of what somebody has to mend over there: permissions, the account's payment.
const MENDED: [u64; 4] = [3, 10, 131_005, 131_042];

/// The city's account there.
#[derive(Debug, Clone, Copy)]
pub struct WhatsAppAccount<'a> {
    /// The address of the API.
    pub base_url: &'a str,
    /// Its version: `v23.0`.
    pub version: &'a str,
    /// The number that sends, by its id there.
    pub phone_number_id: &'a str,
    /// The approved template.
    pub template: &'a str,
}

/// The city's account with WhatsApp.
#[derive(Debug, Clone)]
pub struct WhatsAppChannel {
    outlet: Outlet,
    path: [String; 2],
    template: String,
    languages: BTreeMap<&'static str, String>,
    token: Bearer,
}

#[derive(Clone)]
struct Bearer(String);

impl std::fmt::Debug for Bearer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(hidden)")
    }
}

impl WhatsAppChannel {
    /// A channel through an account. `languages` are the template's own codes for ours, where they differ.
    ///
    /// # Errors
    /// [`AlertError::GiveUp`] when the address is not https, nor http on this host.
    pub fn new(
        account: WhatsAppAccount<'_>,
        token: &str,
        languages: &[(Locale, &str)],
    ) -> Result<Self, AlertError> {
        let outlet = Outlet::new("whatsapp", account.base_url, token)?;
        let languages = languages.iter().map(|(locale, code)| (locale.tag(), (*code).to_owned())).collect();
        Ok(Self {
            outlet,
            path: [account.version.to_owned(), account.phone_number_id.to_owned()],
            template: account.template.to_owned(),
            languages,
            token: Bearer(token.to_owned()),
        })
    }

    /// Sends one message to a number in the form `+628123456789`.
    ///
    /// # Errors
    /// [`AlertError::Retry`] for no answer, too many messages, a token that is refused and trouble over there;
    /// [`AlertError::GiveUp`] when the number or the template is refused.
    pub async fn send(&self, number: &str, language: Locale, out: &Outgoing<'_>) -> Result<(), AlertError> {
        let text = fit(&in_one_line(out.body), LONGEST, &Phrases::new(language).say("message-cut"));
        let body = json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": number,
            "type": "template",
            "template": {
                "name": self.template,
                "language": { "code": self.code(language) },
                "components": [{ "type": "body", "parameters": [{ "type": "text", "text": text }] }],
            },
        });
        let [version, id] = &self.path;
        let request = self.outlet.post_json(&[version, id, "messages"], body.to_string());
        let answer = self.outlet.ask(request.bearer_auth(&self.token.0)).await?;
        self.judge(&answer, language)
    }

    fn code(&self, language: Locale) -> &str {
        self.languages.get(language.tag()).map_or(language.tag(), String::as_str)
    }

    fn judge(&self, answer: &Answer, language: Locale) -> Result<(), AlertError> {
        let (status, outlet) = (answer.status, &self.outlet);
        let said: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        if status.is_success() && said["messages"].as_array().is_some_and(|sent| !sent.is_empty()) {
            return Ok(());
        }
        let error = &said["error"];
        let Some(code) = error["code"].as_u64() else {
            // A success without a message is no answer of WhatsApp's.
            let may_pass = may_pass(status) || status.is_success();
            let reason = format!("it answered {status} and said no more");
            return Err(if may_pass { outlet.retry(reason, answer.after) } else { outlet.give_up(reason) });
        };
        let details = error["error_data"]["details"].as_str().or(error["message"].as_str());
        let reason = format!("it answered {code}: {}", details.unwrap_or("it said no more"));
        Err(match code {
            0 | 190 => {
                outlet.retry(format!("{reason}; set a valid token in SIAGA_ALERT_WHATSAPP_TOKEN"), None)
            }
            132_000 | 132_001 | 132_007 | 132_012 | 132_016 => outlet.give_up(format!(
                "{reason}; the template {} needs to be approved in {} with one gap in its body",
                self.template,
                self.code(language)
            )),
            code if MENDED.contains(&code) || (200..300).contains(&code) => {
                outlet.retry(format!("{reason}; mend the account"), answer.after)
            }
            code if PASSES.contains(&code) || may_pass(status) => outlet.retry(reason, answer.after),
            _ => outlet.give_up(reason),
        })
    }
}
