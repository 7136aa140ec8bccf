//! The second step: a code from a telephone (RFC 6238: SHA-1, 6 digits, 30 seconds, one step of tolerance).

use qrcode::QrCode;
use qrcode::render::svg;
use totp_rs::{Builder, Secret, Totp};

use super::token::{NoRandom, random_bytes};

/// Seconds of a step.
const STEP: u64 = 30;
/// Bytes of a key, as RFC 4226 recommends.
const BYTES: usize = 20;

/// What a telephone is to be told, once.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The key in base32, for typing.
    pub secret: String,
    /// The key as an address that telephones understand.
    pub uri: String,
    /// That address as a picture for the camera.
    pub qr_svg: String,
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(hidden)")
    }
}

/// The key that a telephone and siaga share. Never in `Debug`.
#[derive(Clone)]
pub struct TotpKey(Totp);

impl std::fmt::Debug for TotpKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(hidden)")
    }
}

impl TotpKey {
    /// A new key for an account; `issuer` is what the telephone shows above it.
    ///
    /// # Errors
    /// [`NoRandom`].
    pub fn random(issuer: &str, account: &str) -> Result<Self, NoRandom> {
        Self::new(Secret::from(random_bytes::<BYTES>()?.to_vec()), issuer, account).ok_or(NoRandom)
    }

    /// A kept key.
    #[must_use]
    pub fn kept(base32: &str, issuer: &str, account: &str) -> Option<Self> {
        Self::new(Secret::try_from_base32(base32).ok()?, issuer, account)
    }

    fn new(secret: Secret, issuer: &str, account: &str) -> Option<Self> {
        let issuer = issuer.replace(':', " "); // a colon separates issuer and account
        let built = Builder::new()
            .with_secret(secret)
            .with_step_duration(STEP)
            .with_issuer(Some(issuer))
            .with_account_name(account.to_owned())
            .build();
        built.ok().map(Self)
    }

    /// The key in base32: what is kept.
    #[must_use]
    pub fn base32(&self) -> String {
        self.0.secret().to_base32()
    }

    /// What a telephone is to be told.
    #[must_use]
    pub fn enrolment(&self) -> Enrolment {
        let uri = self.0.to_url().unwrap_or_default();
        let qr_svg = QrCode::new(uri.as_bytes()).map_or_else(
            |_| String::new(),
            |code| code.render::<svg::Color<'_>>().min_dimensions(200, 200).build(),
        );
        // Inside a page there is no place for the declaration of a document.
        let qr_svg = qr_svg.find("<svg").map_or_else(String::new, |start| qr_svg[start..].to_owned());
        Enrolment { secret: self.base32(), uri, qr_svg }
    }

    /// The step whose code this is, at a time in seconds after 1970: now, the one before or the one after, but none
    /// up to `last`, which was used already.
    #[must_use]
    pub fn step_of(&self, code: &str, seconds: i64, last: i64) -> Option<i64> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).take(16).collect();
        if code.len() != 6 || !code.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let step = self.0.check(&code, u64::try_from(seconds).ok()?)?;
        i64::try_from(step).ok().filter(|step| *step > last)
    }

    /// The code at a time in seconds after 1970: what the telephone shows.
    #[must_use]
    pub fn code_at(&self, seconds: i64) -> String {
        self.0.generate(u64::try_from(seconds).unwrap_or(0)).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> TotpKey {
        // The key of RFC 6238, appendix B: "12345678901234567890".
        TotpKey::kept("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "siaga", "siti").unwrap()
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238 prints eight digits; six are its last six.
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(key().code_at(seconds), code);
            assert_eq!(key().step_of(code, seconds, 0), Some(seconds / 30));
        }
    }

    #[test]
    fn one_step_of_tolerance_and_no_code_twice() {
        let code = key().code_at(1_111_111_109);
        let step = 1_111_111_109 / 30;
        assert_eq!(key().step_of(&code, 1_111_111_109 + 30, 0), Some(step));
        assert_eq!(key().step_of(&code, 1_111_111_109 - 30, 0), Some(step));
        assert_eq!(key().step_of(&code, 1_111_111_109 + 61, 0), None);
        assert_eq!(key().step_of(&code, 1_111_111_109, step), None);
        for typed in ["", "081 804 ", "81804", "0818041", "abcdef", "08180a"] {
            let expected = (typed == "081 804 ").then_some(step);
            assert_eq!(key().step_of(typed, 1_111_111_109, 0), expected, "{typed}");
        }
    }

    #[test]
    fn a_telephone_is_told_key_account_and_city() {
        let told = TotpKey::random("siaga Kota Bogor", "siti.aminah").unwrap().enrolment();
        assert!(
            told.uri.starts_with("otpauth://totp/siaga%20Kota%20Bogor:siti.aminah?secret="),
            "{}",
            told.uri
        );
        assert!(told.uri.contains(&told.secret) && told.secret.len() == 32);
        assert!(told.qr_svg.starts_with("<svg") && told.qr_svg.trim_end().ends_with("</svg>"));
        assert!(!format!("{told:?}").contains(&told.secret));
    }
}
