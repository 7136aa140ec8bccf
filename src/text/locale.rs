//! The two languages: Bahasa Indonesia first, English beside it.

/// A reader's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Locale {
    /// Bahasa Indonesia.
    #[default]
    Id,
    /// English.
    En,
}

impl Locale {
    /// Both, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Id, Self::En];

    /// The language tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::En => "en",
        }
    }

    /// Reads a tag: `id`, `en`, `en-GB`.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let language = tag.trim().split(['-', '_', ';']).next().unwrap_or_default().to_ascii_lowercase();
        match language.as_str() {
            "id" | "in" => Some(Self::Id),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The first of an `Accept-Language` header that is offered, by the reader's order of preference.
    ///
    /// ```
    /// use siaga::text::Locale;
    /// assert_eq!(Locale::negotiate("fr;q=0.9, en;q=0.4, id;q=0.8"), Some(Locale::Id));
    /// assert_eq!(Locale::negotiate("fr"), None);
    /// ```
    #[must_use]
    pub fn negotiate(accept_language: &str) -> Option<Self> {
        let mut offers: Vec<(f32, Self)> = Vec::new();
        for offer in accept_language.split(',') {
            let mut parts = offer.split(';');
            let locale = parts.next().and_then(Self::parse);
            let quality = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(Ok(1.0), str::parse);
            if let (Some(locale), Ok(quality)) = (locale, quality) {
                offers.push((quality, locale));
            }
        }
        offers.sort_by(|one, other| other.0.total_cmp(&one.0));
        offers.first().filter(|offer| offer.0 > 0.0).map(|offer| offer.1)
    }

    /// This reader's half of a text in both languages.
    #[must_use]
    pub fn of(self, text: &crate::assessment::Text) -> &str {
        match self {
            Self::Id => &text.id,
            Self::En => &text.en,
        }
    }
}
