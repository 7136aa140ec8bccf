//! Recovery codes: for the day the telephone is lost. Ten, each usable once, shown once.

use super::token::{NoRandom, random_bytes};

/// How many are made.
pub const RECOVERY_CODES: usize = 10;
/// Letters and digits that cannot be taken for one another; 32, so that a byte chooses evenly.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789-";
/// Characters of a code: 16 of 31 are 79 bits, so that a plain SHA-256 cannot be searched.
const LENGTH: usize = 16;

/// New codes: `abcd-efgh-jkmn-pqrs`.
///
/// # Errors
/// [`NoRandom`].
pub fn recovery_codes() -> Result<Vec<String>, NoRandom> {
    (0..RECOVERY_CODES).map(|_| code()).collect()
}

fn code() -> Result<String, NoRandom> {
    let mut code = String::with_capacity(LENGTH + 3);
    let mut drawn = 0;
    while drawn < LENGTH {
        for byte in random_bytes::<32>()? {
            let letter = char::from(ALPHABET[usize::from(byte % 32)]);
            if letter == '-' || drawn == LENGTH {
                continue; // the 32nd place is no letter: drawn again
            }
            if drawn > 0 && drawn % 4 == 0 {
                code.push('-');
            }
            code.push(letter);
            drawn += 1;
        }
    }
    Ok(code)
}

/// A code as it is compared: small letters, without what people type between them. `None` if it cannot be one.
#[must_use]
pub fn normal_recovery_code(typed: &str) -> Option<String> {
    if typed.len() > 64 {
        return None;
    }
    let normal: String =
        typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_lowercase()).collect();
    (normal.len() == LENGTH && normal.bytes().all(|b| b != b'-' && ALPHABET.contains(&b))).then_some(normal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_codes_that_differ_and_read_back_however_they_are_typed() {
        let codes = recovery_codes().unwrap();
        let distinct: std::collections::BTreeSet<_> = codes.iter().collect();
        assert_eq!((codes.len(), distinct.len()), (10, 10));
        for code in codes {
            assert_eq!(code.len(), 19, "{code}");
            let normal = normal_recovery_code(&code).unwrap();
            assert_eq!(normal_recovery_code(&code.to_uppercase().replace('-', " ")), Some(normal));
        }
    }

    #[test]
    fn what_cannot_be_a_code_is_not_looked_up() {
        for typed in ["", "123456", "abcd-efgh-jkmn-pqr", "abcd-efgh-jkmn-pqr0", "äbcd-efgh-jkmn-pqrs"] {
            assert_eq!(normal_recovery_code(typed), None, "{typed}");
        }
    }
}
