//! Random secrets that stand for somebody: cookies of sessions, one-time links, API tokens. Only their SHA-256 is kept.

use std::fmt::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Random bytes in a token.
const BYTES: usize = 32;
/// What API tokens begin with, so that a scanner of leaked secrets finds them.
pub const API_PREFIX: &str = "siaga_";
/// Longest text that is looked at: whatever is longer is no token of ours.
const LONGEST: usize = 128;

/// The operating system gave no random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("get random bytes from the operating system")]
pub struct NoRandom;

/// Fills a buffer from the operating system.
///
/// # Errors
/// [`NoRandom`].
pub fn random_bytes<const N: usize>() -> Result<[u8; N], NoRandom> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandom)?;
    Ok(bytes)
}

/// SHA-256 of a text, in hex.
#[must_use]
pub fn fingerprint(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// 256 random bits as base64url, shown once and never kept. Never in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new one.
    ///
    /// # Errors
    /// [`NoRandom`].
    pub fn random() -> Result<Self, NoRandom> {
        Ok(Self(URL_SAFE_NO_PAD.encode(random_bytes::<BYTES>()?)))
    }

    /// A new API token.
    ///
    /// # Errors
    /// [`NoRandom`].
    pub fn api() -> Result<Self, NoRandom> {
        Ok(Self(format!("{API_PREFIX}{}", Self::random()?.0)))
    }

    /// What somebody brought; `None` if it cannot be one of ours.
    #[must_use]
    pub fn brought(text: &str) -> Option<Self> {
        let is_ours = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        (!text.is_empty() && text.len() <= LONGEST && text.chars().all(is_ours))
            .then(|| Self(text.to_owned()))
    }

    /// The token itself: for the cookie, the link, the one who asked.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.0)
    }

    /// Another secret made from this one, of the same shape; this one cannot be worked out from it.
    #[must_use]
    pub fn derived(&self, purpose: &str) -> String {
        let mut hash = Sha256::new();
        hash.update(purpose.as_bytes());
        hash.update([0]);
        hash.update(self.0.as_bytes());
        URL_SAFE_NO_PAD.encode(hash.finalize())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_256_bits_fits_a_cookie_and_never_shows() {
        let (one, other) = (Token::random().unwrap(), Token::random().unwrap());
        assert_eq!(URL_SAFE_NO_PAD.decode(one.reveal()).unwrap().len(), 32);
        assert_ne!(one, other);
        assert_eq!(Token::brought(one.reveal()), Some(one.clone()));
        assert!(!format!("{one:?}").contains(one.reveal()));
        assert!(Token::api().unwrap().reveal().starts_with("siaga_"));
    }

    #[test]
    fn what_cannot_be_a_token_is_not_looked_up() {
        for text in ["", "a b", "a;b", "ä", &"a".repeat(129)] {
            assert_eq!(Token::brought(text), None, "{text}");
        }
    }

    #[test]
    fn the_fingerprint_is_sha_256() {
        // printf siaga | sha256sum
        assert_eq!(fingerprint("siaga"), "1ccf752f8849c3ed21645a8052eccdf8dd21680cdf611295dc42fdcf2350b455");
    }

    #[test]
    fn secrets_for_different_purposes_differ() {
        let token = Token::random().unwrap();
        assert_ne!(token.derived("state"), token.derived("nonce"));
        assert_eq!(token.derived("state"), token.derived("state"));
        assert_eq!(token.derived("state").len(), 43);
    }
}
