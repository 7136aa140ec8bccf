//! Passwords: argon2id with its parameters beside the hash, and what is too easily guessed.
//!
//! Hashing takes tens of milliseconds and 19 MiB on purpose: `access` does it away from the threads that answer, two
//! at a time.

use std::sync::OnceLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use zxcvbn::{Score, zxcvbn};

use super::token::{NoRandom, random_bytes};

/// Shortest password, in characters.
const SHORTEST: usize = 12;
/// Longest password, in characters: a limit on work, not on taste.
const LONGEST: usize = 128;
/// Memory in KiB, passes, lanes: the least that OWASP recommends for argon2id.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

/// Characters that have to be left of a password without what anybody at city hall would try first.
const LEAST_OF_ITS_OWN: usize = 6;
/// Words for what somebody does here, in both languages.
const ROLE_WORDS: [&str; 16] = [
    "siaga",
    "owner",
    "pemilik",
    "admin",
    "administrator",
    "operator",
    "auditor",
    "kepala",
    "unit",
    "walikota",
    "sekda",
    "dinkes",
    "epidemiolog",
    "epidemiologist",
    "pegawai",
    "password",
];

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakness {
    /// Fewer than 12 characters.
    TooShort,
    /// More than 128 characters.
    TooLong,
    /// Guessed in a few tries by whoever knows common passwords, the name or the city.
    Guessable,
}

impl Weakness {
    /// The phrase that says so to a person.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::TooShort => "password-too-short",
            Self::TooLong => "password-too-long",
            Self::Guessable => "password-guessable",
        }
    }
}

/// Refuses what is too short, too long, or easily guessed by whoever knows `words` (the name, the city).
///
/// # Errors
/// [`Weakness`].
pub fn check_password(password: &str, words: &[&str]) -> Result<(), Weakness> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(Weakness::TooShort);
    }
    if length > LONGEST {
        return Err(Weakness::TooLong);
    }
    let known = spellings(words);
    if of_its_own(password, &known) < LEAST_OF_ITS_OWN {
        return Err(Weakness::Guessable);
    }
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    if zxcvbn(password, &known).score() < Score::Three { Err(Weakness::Guessable) } else { Ok(()) }
}

/// Characters that are left, spaces aside, without the words known, those for roles, and years.
fn of_its_own(password: &str, known: &[String]) -> usize {
    let mut words: Vec<String> = known.iter().map(|word| word.to_lowercase()).collect();
    words.extend(ROLE_WORDS.map(str::to_owned));
    // A single letter says nothing; long words first, so that a part does not break up the whole.
    words.retain(|word| word.chars().count() > 1);
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    let mut rest = password.to_lowercase();
    for word in words {
        rest = rest.replace(&word, " ");
    }
    without_years(&rest).chars().filter(|c| !c.is_whitespace()).count()
}

/// The text without 19xx and 20xx.
fn without_years(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let (mut rest, mut at) = (String::new(), 0);
    while let Some(&character) = characters.get(at) {
        let is_year = matches!(
            characters.get(at..at + 4),
            Some(['1', '9', a, b] | ['2', '0', a, b]) if a.is_ascii_digit() && b.is_ascii_digit()
        );
        if is_year {
            at += 4;
        } else {
            rest.push(character);
            at += 1;
        }
    }
    rest
}

/// Each text as it stands, its words one by one, and all of them run together.
fn spellings(texts: &[&str]) -> Vec<String> {
    let mut all = Vec::new();
    for text in texts {
        let words: Vec<&str> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        all.extend(words.iter().map(|word| (*word).to_owned()));
        all.push(words.concat());
        all.push((*text).to_owned());
    }
    all
}

fn hasher() -> Argon2<'static> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).expect("the constants above are valid parameters");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The hash to keep: a PHC string with its salt and parameters.
///
/// # Errors
/// [`NoRandom`] for the salt, or when there is no memory for the hash.
pub fn hash_password(password: &str) -> Result<String, NoRandom> {
    let salt = random_bytes::<16>()?;
    let hash: PasswordHash =
        hasher().hash_password_with_salt(password.as_bytes(), &salt).map_err(|_| NoRandom)?;
    Ok(hash.to_string())
}

/// A hash that no password has: who brings an unknown name waits as long as for a known one.
#[must_use]
pub fn dummy_hash() -> &'static str {
    static DUMMY: OnceLock<String> = OnceLock::new();
    DUMMY.get_or_init(|| {
        let salt = [0x5a; 16];
        let hash: PasswordHash =
            hasher().hash_password_with_salt(b"nobody", &salt).expect("the salt has the right length");
        hash.to_string()
    })
}

/// What comparing brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Another password.
    Wrong,
    /// The password.
    Right,
    /// The password, hashed with less than today's cost: to be hashed again.
    RightButCheap,
}

/// Compares a password with a kept hash. Whatever cannot be read is wrong.
#[must_use]
pub fn verify_password(password: &str, kept: &str) -> Verdict {
    if password.len() > LONGEST * 4 {
        return Verdict::Wrong;
    }
    let Ok(hash) = PasswordHash::new(kept) else {
        return Verdict::Wrong;
    };
    if Argon2::default().verify_password(password.as_bytes(), &hash).is_err() {
        return Verdict::Wrong;
    }
    let number = |name: &str| hash.params.get_decimal(name).unwrap_or(0);
    let (memory, passes, _) = COST;
    let is_dear = hash.algorithm.as_str() == "argon2id" && number("m") >= memory && number("t") >= passes;
    if is_dear { Verdict::Right } else { Verdict::RightButCheap }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_kept_as_argon2id_with_its_cost_and_a_salt_of_its_own() {
        let (one, other) = (
            hash_password("kereta malam ke bogor").unwrap(),
            hash_password("kereta malam ke bogor").unwrap(),
        );
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, other);
        assert_eq!(verify_password("kereta malam ke bogor", &one), Verdict::Right);
        assert_eq!(verify_password("Kereta malam ke bogor", &one), Verdict::Wrong);
    }

    #[test]
    fn what_was_hashed_too_cheaply_is_right_but_to_be_hashed_again() {
        let cheap =
            Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8 * 1024, 1, 1, None).unwrap());
        let hash: PasswordHash = cheap.hash_password_with_salt(b"kereta malam ke bogor", &[1; 16]).unwrap();
        assert_eq!(verify_password("kereta malam ke bogor", &hash.to_string()), Verdict::RightButCheap);
    }

    #[test]
    fn nothing_opens_an_account_without_a_password() {
        for kept in ["", "x", "$argon2id$", dummy_hash()] {
            assert_eq!(verify_password("", kept), Verdict::Wrong, "{kept}");
        }
    }

    #[test]
    fn a_password_of_nothing_but_names_roles_and_years_is_refused() {
        for (name, title, password) in [
            ("owner", "", "kotabogor2021owner"),
            ("owner", "", "KotaBogor-Pemilik-1998"),
            ("pw.test", "", "pw.test pw.test"),
            ("siti.aminah", "Siti Aminah Rahmawati", "Rahmawati2021Aminah!"),
        ] {
            let refused = check_password(password, &[name, title, "Kota Bogor", "siaga"]);
            assert_eq!(refused, Err(Weakness::Guessable), "{password}");
        }
        for password in ["kereta malam ke sukabumi", "kereta malam ke bogor", "!@#)(*&^%$+_{]"] {
            assert_eq!(check_password(password, &["owner", "", "Kota Bogor", "siaga"]), Ok(()), "{password}");
        }
        assert_eq!(without_years("a1998b2021 2121 199"), "ab 2121 199");
    }

    #[test]
    fn easily_guessed_passwords_are_refused_with_the_reason() {
        let words = ["siti.aminah", "Kota Bogor", "siaga"];
        for (password, weakness) in [
            ("Xk9#pQ", Weakness::TooShort),
            ("password1234", Weakness::Guessable),
            ("siti.aminah2021", Weakness::Guessable),
            ("kotabogor2021", Weakness::Guessable),
            ("aaaaaaaaaaaaaaa", Weakness::Guessable),
        ] {
            assert_eq!(check_password(password, &words), Err(weakness), "{password}");
        }
        assert_eq!(check_password(&"kereta malam ".repeat(11), &words), Err(Weakness::TooLong));
        for password in
            ["kereta malam ke sukabumi", "ümläute sind erlaubt", "水曜日の朝は雨でした。傘を忘れた"]
        {
            assert_eq!(check_password(password, &words), Ok(()), "{password}");
        }
    }
}
