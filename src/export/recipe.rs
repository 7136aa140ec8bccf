//! The id that every file bears: all that is needed to make the same bytes again, and nothing that is kept anywhere. It reads as what
//! was asked, needs no quotes in a shell, and ends in a check against mistyping.
//!
//! `observations.csv,as_of=2021-06-28T05:00:00Z,audience=public,lang=id,policy=kota-bogor@1,data=3f2a…,build=0.1.0-…,check=…`

use std::fmt;
use std::fmt::Write as _;
use std::str::FromStr;

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::disclosure::Audience;
use crate::epi::Vintage;
use crate::text::Locale;

/// The program that runs: its version and a number made of what it is compiled from.
pub const BUILD: &str = env!("SIAGA_BUILD");

/// Letters of a fingerprint.
const SHORT: usize = 16;

/// All that is needed to make a file again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    /// The file: `observations.xlsx`, `charts/epicurve.svg`, `evidence.zip`.
    pub what: String,
    /// What else was asked, by the names it has in addresses, in the order in which it was asked.
    pub asked: Vec<(String, String)>,
    /// As known when.
    pub as_of: Vintage,
    /// For whom.
    pub audience: Audience,
    /// In whose words.
    pub locale: Locale,
    /// The policy and its version: `kota-bogor@1`.
    pub policy: String,
    /// A fingerprint of the figures that are in it.
    pub data: String,
    /// The program that made it.
    pub build: String,
}

/// Why a text is no id.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoRecipe {
    /// It does not end as an id does.
    #[error("it is no id of a file: one ends in ',check=' and eight letters")]
    Unchecked,
    /// It was mistyped or cut.
    #[error("it was mistyped or cut: its check does not fit")]
    Mistyped,
    /// A later or an earlier program made it.
    #[error("this program cannot read its {0}")]
    Unknown(&'static str),
}

impl Recipe {
    /// A parameter that was asked.
    #[must_use]
    pub fn asked(&self, name: &str) -> Option<&str> {
        self.asked.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Everything but what the figures were: the same for whoever asks the same.
    #[must_use]
    pub fn question(&self) -> String {
        let same = Self { data: String::new(), ..self.clone() };
        fingerprint(same.to_string().as_bytes())
    }
}

/// A short name for bytes: the start of their SHA-256.
#[must_use]
pub fn fingerprint(bytes: &[u8]) -> String {
    let mut text = hex(&Sha256::digest(bytes));
    text.truncate(SHORT);
    text
}

/// Bytes as letters and digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl fmt::Display for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = plain(&self.what);
        let mut put = |name: &str, value: &str| {
            let _ = write!(text, ",{}={}", plain(name), plain(value));
        };
        for (name, value) in &self.asked {
            put(name, value);
        }
        put("as_of", &self.as_of.to_string());
        put("audience", &self.audience.name());
        put("lang", self.locale.tag());
        put("policy", &self.policy);
        put("data", &self.data);
        put("build", &self.build);
        write!(f, "{text},check={}", check(&text))
    }
}

impl FromStr for Recipe {
    type Err = NoRecipe;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (told, sum) = text.trim().rsplit_once(",check=").ok_or(NoRecipe::Unchecked)?;
        if check(told) != sum {
            return Err(NoRecipe::Mistyped);
        }
        let mut parts = told.split(',');
        let what = read(parts.next().unwrap_or_default());
        let pairs = parts.filter_map(|part| part.split_once('='));
        let mut asked: Vec<(String, String)> = pairs.map(|(name, value)| (read(name), read(value))).collect();
        let mut take = |name: &'static str| {
            let place = asked.iter().rposition(|(known, _)| known == name);
            place.map(|place| asked.remove(place).1).ok_or(NoRecipe::Unknown(name))
        };
        let moment = |text: String| Vintage::parse_as_of(&text, chrono_tz::UTC);
        Ok(Self {
            as_of: moment(take("as_of")?).map_err(|_| NoRecipe::Unknown("as_of"))?,
            audience: take("audience")?.parse().map_err(|_| NoRecipe::Unknown("audience"))?,
            locale: Locale::parse(&take("lang")?).ok_or(NoRecipe::Unknown("lang"))?,
            policy: take("policy")?,
            data: take("data")?,
            build: take("build")?,
            what,
            asked,
        })
    }
}

fn check(text: &str) -> String {
    let mut sum = fingerprint(text.as_bytes());
    sum.truncate(8);
    sum
}

/// Without anything that a shell or a header reads as more than a letter.
fn plain(text: &str) -> String {
    text.bytes().fold(String::new(), |mut plain, byte| {
        if byte.is_ascii_alphanumeric() || b"._-:@+/".contains(&byte) {
            plain.push(char::from(byte));
        } else {
            let _ = write!(plain, "%{byte:02X}");
        }
        plain
    })
}

fn read(plain: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = plain.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = (*first == b'%').then(|| after.get(..2)).flatten();
        let code = code.and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        match code {
            Some(code) => {
                bytes.push(code);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe() -> Recipe {
        Recipe {
            what: "observations.xlsx".to_owned(),
            asked: vec![
                ("measure".to_owned(), "cases,deaths".to_owned()),
                ("location".to_owned(), "Kota É=1".to_owned()),
            ],
            as_of: Vintage::from_millis(1_624_856_400_000).unwrap(),
            audience: Audience::unit_head("dinas,pendidikan"),
            locale: Locale::En,
            policy: "kota-bogor@1".to_owned(),
            data: fingerprint(b"figures"),
            build: BUILD.to_owned(),
        }
    }

    #[test]
    fn an_id_is_read_back_and_a_shell_leaves_it_alone() {
        let id = recipe().to_string();
        assert_eq!(id.parse::<Recipe>().unwrap(), recipe());
        assert!(
            id.starts_with("observations.xlsx,measure=cases%2Cdeaths,location=Kota%20%C3%89%3D1,as_of="),
            "{id}"
        );
        assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-:@+/%,=".contains(&byte)), "{id}");
    }

    #[test]
    fn a_mistyped_id_is_refused_whatever_letter_it_is() {
        let id = recipe().to_string();
        assert_eq!("observations.csv".parse::<Recipe>(), Err(NoRecipe::Unchecked));
        for place in [0, id.len() / 2, id.len() - 1] {
            let mut bytes = id.clone().into_bytes();
            bytes[place] = if bytes[place] == b'x' { b'y' } else { b'x' };
            let wrong = String::from_utf8(bytes).unwrap();
            assert_eq!(wrong.parse::<Recipe>(), Err(NoRecipe::Mistyped), "{wrong}");
        }
        let told = "observations.csv,as_of=2021-06-28";
        let told = format!("{told},check={}", check(told));
        assert_eq!(told.parse::<Recipe>(), Err(NoRecipe::Unknown("audience")));
    }
}
