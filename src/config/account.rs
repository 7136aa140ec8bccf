//! How long sessions last, and the city's own provider.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::address::is_safe;
use super::{ConfigFault, Secret};

/// Accounts and sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Account {
    /// How long a session lasts without being used: `2h`.
    pub idle: String,
    /// How long a session lasts at most: `12h`.
    pub absolute: String,
    /// The city's own provider.
    pub oidc: Option<Oidc>,
}

/// The city's own provider (OpenID Connect).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oidc {
    /// Its issuer address: https, or http on loopback.
    pub issuer: String,
    /// The name siaga has there.
    pub client_id: String,
    /// What the button says.
    #[serde(default = "title")]
    pub title: String,
    /// From the environment: `SIAGA_OIDC_CLIENT_SECRET`.
    #[serde(skip)]
    pub secret: Secret,
}

fn title() -> String {
    "SSO".to_owned()
}

impl Default for Account {
    fn default() -> Self {
        Self { idle: "2h".to_owned(), absolute: "12h".to_owned(), oidc: None }
    }
}

/// Shortest and longest session, in seconds: a minute, a week.
const LIMITS: (u64, u64) = (60, 7 * 24 * 3600);

impl Account {
    /// How long a session lasts without being used.
    ///
    /// # Errors
    /// [`ConfigFault::Value`] when it is not a duration from a minute to a week.
    pub fn idle(&self) -> Result<Duration, ConfigFault> {
        duration("account.idle", &self.idle)
    }

    /// How long a session lasts at most.
    ///
    /// # Errors
    /// [`ConfigFault::Value`] when it is not a duration from a minute to a week.
    pub fn absolute(&self) -> Result<Duration, ConfigFault> {
        duration("account.absolute", &self.absolute)
    }

    pub(super) fn check(&self) -> Result<(), ConfigFault> {
        if self.idle()? > self.absolute()? {
            return Err(wrong("account.idle", "write no more than account.absolute"));
        }
        let Some(oidc) = &self.oidc else {
            return Ok(());
        };
        if !is_safe(&oidc.issuer) || oidc.issuer.contains('?') {
            return Err(wrong(
                "account.oidc.issuer",
                "write an https address: https://sso.example.org/realms/city",
            ));
        }
        if oidc.client_id.trim().is_empty() {
            return Err(wrong("account.oidc.client_id", "write the name that siaga has at the provider"));
        }
        if oidc.secret.is_empty() {
            return Err(wrong(
                "SIAGA_OIDC_CLIENT_SECRET",
                "the provider knows siaga by a secret: set it in the environment",
            ));
        }
        Ok(())
    }
}

fn wrong(key: &str, message: &str) -> ConfigFault {
    ConfigFault::Value { key: key.to_owned(), message: message.to_owned() }
}

fn duration(key: &str, text: &str) -> Result<Duration, ConfigFault> {
    let text = text.trim();
    let factors = [('s', 1), ('m', 60), ('h', 3600)];
    let seconds = factors.iter().find_map(|(unit, factor)| {
        text.strip_suffix(*unit)?.trim().parse::<u64>().ok()?.checked_mul(*factor)
    });
    let (shortest, longest) = LIMITS;
    seconds
        .filter(|seconds| (shortest..=longest).contains(seconds))
        .map(Duration::from_secs)
        .ok_or_else(|| wrong(key, "write minutes or hours, from 1m to 168h: 2h"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_last_a_minute_to_a_week() {
        let seconds = |text: &str| duration("x", text).map(|duration| duration.as_secs());
        assert_eq!(seconds("2h"), Ok(7200));
        assert_eq!(seconds("90 m"), Ok(5400));
        for bad in ["", "2", "30s", "169h", "2d", "-1h", "99999999999999999999h"] {
            assert!(seconds(bad).is_err(), "{bad}");
        }
        let account = Account { idle: "3h".to_owned(), absolute: "2h".to_owned(), oidc: None };
        assert!(account.check().is_err());
    }
}
