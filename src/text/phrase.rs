//! Phrases by key, from the fluent files in `dashboards/text/`.

use std::borrow::Cow;
use std::collections::HashMap;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, langid, static_loader};

use super::Locale;

static_loader! {
    static TEXTS = {
        locales: "./dashboards/text",
        fallback_language: "id",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

const ID: LanguageIdentifier = langid!("id");
const EN: LanguageIdentifier = langid!("en");

/// A phrase's argument: its name and its text, numbers already in the reader's form.
pub type Arg<'a> = (&'static str, &'a str);

/// The phrases of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phrases {
    /// The language.
    pub locale: Locale,
}

/// What fills a gap: text as it stands. Of numbers only one is another word than many, and a phrase asks for it by `[1]`.
fn gap(text: &str) -> FluentValue<'_> {
    if text == "1" { FluentValue::from(1_u8) } else { FluentValue::from(text) }
}

impl Phrases {
    /// The phrases of a language.
    #[must_use]
    pub fn new(locale: Locale) -> Self {
        Self { locale }
    }

    /// A phrase; a key that no file has shows as itself, and a test finds it.
    #[must_use]
    pub fn say(self, key: &str) -> String {
        self.say_with(key, &[])
    }

    /// A phrase with its gaps filled.
    #[must_use]
    pub fn say_with(self, key: &str, args: &[Arg<'_>]) -> String {
        self.say_first(&[key], args)
    }

    /// The first of these phrases that the language has; the last key where it has none.
    #[must_use]
    pub fn say_first(self, keys: &[&str], args: &[Arg<'_>]) -> String {
        let args: HashMap<Cow<'static, str>, FluentValue<'_>> =
            args.iter().map(|(name, text)| (Cow::Borrowed(*name), gap(text))).collect();
        let said = keys.iter().find_map(|key| self.find(key, &args));
        said.unwrap_or_else(|| keys.last().copied().unwrap_or_default().to_owned())
    }

    /// Whether the language has a phrase without gaps under this key.
    #[must_use]
    pub fn has(self, key: &str) -> bool {
        self.find(key, &HashMap::new()).is_some()
    }

    /// A phrase whose gaps are filled with what was found; nothing if there is no such phrase.
    pub(super) fn say_found(
        self,
        key: &str,
        found: impl Iterator<Item = (String, String)>,
    ) -> Option<String> {
        let args = found.map(|(name, text)| (Cow::Owned(name), FluentValue::from(text))).collect();
        self.find(key, &args)
    }

    fn find(self, key: &str, args: &HashMap<Cow<'static, str>, FluentValue<'_>>) -> Option<String> {
        let language = match self.locale {
            Locale::Id => &ID,
            Locale::En => &EN,
        };
        TEXTS.try_lookup_with_args(language, key, args)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_day_is_no_days() {
        let later = |locale, days: &str| Phrases::new(locale).say_with("backtest-later", &[("days", days)]);
        assert_eq!(later(Locale::En, "1"), "1 day later");
        assert_eq!(later(Locale::En, "1,000"), "1,000 days later");
        assert!(later(Locale::Id, "1").starts_with("1 hari"), "{}", later(Locale::Id, "1"));
    }
}
