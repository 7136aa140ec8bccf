//! The head of a chain: where it ends and where it begins, and the signature that only the holder of the key can make.

use std::fmt;
use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use thiserror::Error;

/// Characters of the shortest key.
pub const SHORTEST_KEY: usize = 32;

/// Where a chain ends and where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The chain.
    pub chain: String,
    /// Sequence number of the last row.
    pub seq: i64,
    /// Its hash, in hex.
    pub hash: String,
    /// Sequence number of the last row that retention took away; 0 if none was.
    pub base_seq: i64,
    /// Its hash: what the first row kept follows.
    pub base_hash: String,
    /// HMAC-SHA256 over the others, in hex; empty if the chain is not signed.
    pub mac: String,
}

impl Head {
    /// What is signed.
    fn signed_text(&self) -> String {
        let text = (&self.chain, self.seq, &self.hash, self.base_seq, &self.base_hash);
        serde_json::to_string(&text).unwrap_or_default()
    }

    /// Whether nothing was ever written.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.seq == 0 && self.base_seq == 0 && self.mac.is_empty()
    }
}

/// The key is too short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("write at least {SHORTEST_KEY} characters")]
pub struct WeakKey;

/// The key that heads are signed with. Never shown.
#[derive(Clone)]
pub struct ChainKey(Hmac<Sha256>);

impl ChainKey {
    /// Takes a key.
    ///
    /// # Errors
    /// [`WeakKey`] when it has fewer than [`SHORTEST_KEY`] characters.
    pub fn new(key: &str) -> Result<Self, WeakKey> {
        if key.chars().count() < SHORTEST_KEY {
            return Err(WeakKey);
        }
        Ok(Self(Hmac::new_from_slice(key.as_bytes()).expect("HMAC takes a key of any length")))
    }

    /// The head's signature, in hex.
    #[must_use]
    pub fn sign(&self, head: &Head) -> String {
        let mut mac = self.0.clone();
        mac.update(head.signed_text().as_bytes());
        mac.finalize().into_bytes().iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    /// Whether the head carries this key's signature. Both are hashes: their comparison tells nothing of the key.
    #[must_use]
    pub fn has_signed(&self, head: &Head) -> bool {
        let bytes: Option<Vec<u8>> = (0..head.mac.len())
            .step_by(2)
            .map(|at| head.mac.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()))
            .collect();
        let mut mac = self.0.clone();
        mac.update(head.signed_text().as_bytes());
        bytes.is_some_and(|bytes| mac.verify_slice(&bytes).is_ok())
    }
}

impl fmt::Debug for ChainKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChainKey(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> Head {
        Head {
            chain: "audit".to_owned(),
            seq: 3,
            hash: "ab".repeat(32),
            base_seq: 1,
            base_hash: "cd".repeat(32),
            mac: String::new(),
        }
    }

    #[test]
    fn only_the_same_head_and_the_same_key_have_the_signature() {
        let (key, other) = (ChainKey::new(&"k".repeat(32)).unwrap(), ChainKey::new(&"o".repeat(32)).unwrap());
        let signed = Head { mac: key.sign(&head()), ..head() };
        assert!(key.has_signed(&signed) && !other.has_signed(&signed) && !key.has_signed(&head()));
        for forged in [
            Head { chain: "decision".to_owned(), ..signed.clone() },
            Head { seq: 2, ..signed.clone() },
            Head { hash: "00".repeat(32), ..signed.clone() },
            Head { base_seq: 0, ..signed.clone() },
            Head { base_hash: "00".repeat(32), ..signed.clone() },
            Head { mac: "zz".repeat(32), ..signed.clone() },
            Head { mac: "é".to_owned(), ..signed.clone() },
            Head { mac: signed.mac[..62].to_owned(), ..signed.clone() },
        ] {
            assert!(!key.has_signed(&forged), "{forged:?}");
        }
    }

    #[test]
    fn a_short_key_is_refused_and_no_key_is_shown() {
        assert!(ChainKey::new(&"k".repeat(31)).is_err());
        let key = ChainKey::new(&"hush".repeat(8)).unwrap();
        assert!(!format!("{key:?}").contains("hush"));
    }
}
