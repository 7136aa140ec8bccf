//! The bytes as received, and what the publisher said of them.

use sha2::{Digest, Sha256};

/// What the publisher said of the last payload, to ask "has it changed?".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// Its ETag.
    pub etag: String,
    /// Its Last-Modified.
    pub last_modified: String,
}

impl Validators {
    /// Whether there is nothing to ask with.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.etag.is_empty() && self.last_modified.is_empty()
    }
}

/// The bytes as received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// Where from, without its query (which may carry a key).
    pub address: String,
    /// The body, decompressed.
    pub body: Vec<u8>,
    /// SHA-256 of the body, in hex.
    pub sha256: String,
    /// The publisher's Content-Type.
    pub content_type: String,
    /// What to send along next time.
    pub validators: Validators,
}

impl Payload {
    /// A payload that came by hand.
    #[must_use]
    pub fn from_file(name: &str, body: Vec<u8>) -> Self {
        Self {
            address: name.to_owned(),
            sha256: sha256_hex(&body),
            body,
            content_type: String::new(),
            validators: Validators::default(),
        }
    }
}

/// SHA-256 in hex.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
