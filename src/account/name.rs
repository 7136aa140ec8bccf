//! Names of accounts: 3 to 40 of a–z, 0–9, dot, underscore and hyphen; capitals mean the same.

use thiserror::Error;

/// The text cannot be an account's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "a name has 3 to 40 letters a to z, digits, dots, underscores or hyphens, and begins with a letter or digit"
)]
pub struct InvalidName;

/// The name as it is kept.
///
/// # Errors
/// [`InvalidName`].
pub fn account_name(text: &str) -> Result<String, InvalidName> {
    let name = text.trim().to_ascii_lowercase();
    let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c);
    let begins_well = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    if (3..=40).contains(&name.len()) && begins_well && name.chars().all(is_allowed) {
        Ok(name)
    } else {
        Err(InvalidName)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_and_spaces_around_mean_the_same() {
        assert_eq!(account_name(" Siti.Aminah ").unwrap(), "siti.aminah");
        assert_eq!(account_name("dr_budi-2").unwrap(), "dr_budi-2");
    }

    #[test]
    fn everything_else_is_refused() {
        for text in ["ab", "", "a b c", "siti@example.org", "sitī", ".siti", "a\nbc", &"a".repeat(41)] {
            assert_eq!(account_name(text), Err(InvalidName), "{text}");
        }
    }
}
