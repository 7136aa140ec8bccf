//! A signed request: whoever receives it can tell that it is ours, fresh, and not a second one.

use std::fmt::Write as _;
use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::outlet::Outlet;
use super::{AlertError, Outgoing};
use crate::clock::Clock;

/// An address to post to and the secret it shares with us.
#[derive(Clone)]
pub struct WebhookChannel {
    outlet: Outlet,
    secret: String,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for WebhookChannel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookChannel").field("outlet", &self.outlet).finish_non_exhaustive()
    }
}

/// HMAC-SHA256 over `timestamp.body`, in hex: what stands in `Siaga-Signature` after `v1=`.
#[must_use]
pub fn signature(secret: &str, timestamp: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(format!("{timestamp}.{body}").as_bytes());
    mac.finalize().into_bytes().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

impl WebhookChannel {
    /// A channel to an address.
    ///
    /// # Errors
    /// [`AlertError::GiveUp`] when the address is not https, nor http on this host.
    pub fn new(address: &str, secret: &str, clock: Arc<dyn Clock>) -> Result<Self, AlertError> {
        Ok(Self { outlet: Outlet::new("webhook", address, secret)?, secret: secret.to_owned(), clock })
    }

    /// Posts one message.
    ///
    /// # Errors
    /// [`AlertError::Retry`] for no answer, 429 and 5xx; [`AlertError::GiveUp`] for other refusals.
    pub async fn send(&self, out: &Outgoing<'_>) -> Result<(), AlertError> {
        let timestamp = self.clock.now().millis() / 1000;
        let signature = format!("t={timestamp},v1={}", signature(&self.secret, timestamp, out.body));
        let request = self
            .outlet
            .post_json(&[], out.body.to_owned())
            .header("idempotency-key", out.id)
            .header("siaga-signature", signature);
        self.outlet.judge(&self.outlet.ask(request).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_hmac_sha256_of_timestamp_and_body() {
        // echo -n '1624896000.{"a":1}' | openssl dgst -sha256 -hmac hush
        let expected = "6dd4697e";
        let hex = signature("hush", 1_624_896_000, "{\"a\":1}");
        assert_eq!((hex.len(), signature("other", 1_624_896_000, "{\"a\":1}") == hex), (64, false));
        assert_eq!(&hex[..8], expected);
    }
}
