//! How long sessions last, and the city's own provider.

use chrono::Duration;

/// What the doors are told by the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessSettings {
    /// How long a session lasts without being used.
    pub idle: Duration,
    /// How long a session lasts at most.
    pub absolute: Duration,
    /// The city's name: above the second step on a telephone, and easily guessed in a password.
    pub city: String,
    /// The city's own provider.
    pub oidc: Option<OidcSettings>,
}

impl Default for AccessSettings {
    fn default() -> Self {
        Self { idle: Duration::hours(2), absolute: Duration::hours(12), city: String::new(), oidc: None }
    }
}

/// The city's own provider.
#[derive(Clone, PartialEq, Eq)]
pub struct OidcSettings {
    /// Its issuer address: https, or http on loopback.
    pub issuer: String,
    /// The name siaga has there.
    pub client_id: String,
    /// The secret it shares with siaga.
    pub secret: String,
    /// What the button says.
    pub title: String,
    /// Where it sends the browser back: `{public_url}/sign-in/oidc/callback`.
    pub redirect: String,
}

impl std::fmt::Debug for OidcSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OidcSettings")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .field("redirect", &self.redirect)
            .finish_non_exhaustive()
    }
}
