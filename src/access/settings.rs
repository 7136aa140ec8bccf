//! How long sessions last, and the city's own provider.

use chrono::Duration;

use crate::config::{Config, ConfigFault};

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

impl AccessSettings {
    /// What the settings file says; `city` is the city's name.
    ///
    /// # Errors
    /// [`ConfigFault`] when a duration is none.
    pub fn of(config: &Config, city: &str) -> Result<Self, ConfigFault> {
        let account = &config.account;
        let span = |duration: std::time::Duration| Duration::from_std(duration).unwrap_or(Duration::hours(1));
        Ok(Self {
            idle: span(account.idle()?),
            absolute: span(account.absolute()?),
            city: city.to_owned(),
            oidc: account.oidc.as_ref().map(|oidc| OidcSettings {
                issuer: oidc.issuer.clone(),
                client_id: oidc.client_id.clone(),
                secret: oidc.secret.reveal().to_owned(),
                title: oidc.title.clone(),
                redirect: format!("{}/sign-in/oidc/callback", config.server.public_address()),
            }),
        })
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
