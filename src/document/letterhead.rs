//! What stands over, beside and under a circular and is the same for all: letterhead, addressees, who signs.

use serde::Serialize;
use thiserror::Error;

use crate::config::Documents;
use crate::decision::Office;

/// The first bytes of a PNG.
const PNG: [u8; 8] = [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];
/// The largest emblem: it stands in every document.
const LARGEST_LOGO: usize = 2 * 1024 * 1024;

/// The letterhead of a city, with everything that the settings leave out filled in from its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letterhead {
    /// The city: "Kota Bogor".
    pub city: String,
    /// The head of its government: "Wali Kota Bogor".
    pub head: String,
    /// Where letters are written: "Bogor".
    pub place: String,
    /// The form of the number.
    pub number: String,
    /// The office that duty rosters are sent to.
    pub personnel_agency: String,
    /// To whom, and who gets a copy.
    pub recipients: Recipients,
    /// The emblem (PNG).
    pub logo: Option<Vec<u8>>,
    lines: Vec<String>,
    address: Vec<String>,
    signatory: (Vec<String>, Option<String>, Vec<String>),
}

/// To whom a circular goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recipients {
    /// Addressees, a line each.
    pub to: Vec<String>,
    /// Tembusan.
    pub copies: Vec<String>,
}

/// An emblem that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LogoFault {
    /// Not a PNG.
    #[error("it is not a PNG; save the emblem as PNG, 600 pixels high or more")]
    NotPng,
    /// Too large.
    #[error("it has {0} bytes, and 2 MiB are enough for an emblem")]
    TooLarge(usize),
}

impl Letterhead {
    /// The letterhead of the settings for a city, in a province where that is known, with the bytes of its emblem.
    ///
    /// # Errors
    /// [`LogoFault`] when the emblem is not a PNG of a sensible size.
    pub fn new(
        settings: &Documents,
        (city, province): (&str, Option<&str>),
        logo: Option<Vec<u8>>,
    ) -> Result<Self, LogoFault> {
        if let Some(bytes) = &logo {
            if bytes.len() > LARGEST_LOGO {
                return Err(LogoFault::TooLarge(bytes.len()));
            }
            picture_size(bytes).ok_or(LogoFault::NotPng)?;
        }
        let (kind, place) = city.split_once(' ').unwrap_or(("", city));
        let head = match kind {
            "Kota" => format!("Wali Kota {place}"),
            "Kabupaten" => format!("Bupati {place}"),
            _ => format!("Kepala Daerah {city}"),
        };
        let or = |own: &Option<String>, built_in: String| own.clone().unwrap_or(built_in);
        let or_lines =
            |own: &[String], built_in: Vec<String>| if own.is_empty() { built_in } else { own.to_vec() };
        let governor = province.map(|province| format!("Gubernur {province}"));
        let ministry = "Menteri Pendayagunaan Aparatur Negara dan Reformasi Birokrasi".to_owned();
        Ok(Self {
            city: city.to_owned(),
            head: or(&settings.head, head),
            place: or(&settings.place, place.to_owned()),
            number: or(&settings.number, "........................".to_owned()),
            personnel_agency: or(&settings.personnel_agency, "BKPSDM".to_owned()),
            recipients: Recipients {
                to: or_lines(
                    &settings.to,
                    vec![
                        "Kepala Perangkat Daerah/Unit Kerja".to_owned(),
                        format!("di Lingkungan Pemerintah Daerah {city}"),
                    ],
                ),
                copies: or_lines(&settings.copies, governor.into_iter().chain([ministry]).collect()),
            },
            logo,
            lines: settings.letterhead.clone(),
            address: settings.address.clone(),
            signatory: (
                settings.signatory_title.clone(),
                settings.signatory_name.clone(),
                settings.signatory_rank.clone(),
            ),
        })
    }

    /// The letterhead's lines: the mayor's, or the secretariat's where the secretary signs.
    #[must_use]
    pub fn lines(&self, office: Office) -> Vec<String> {
        match office {
            _ if !self.lines.is_empty() => self.lines.clone(),
            Office::Mayor | Office::DeputyMayor => vec![self.head.to_uppercase()],
            Office::Secretary => {
                let government = format!("Pemerintah Daerah {}", self.city);
                vec![government.to_uppercase(), "SEKRETARIAT DAERAH".to_owned()]
            }
        }
    }

    /// The small lines under it.
    #[must_use]
    pub fn address(&self) -> &[String] {
        &self.address
    }

    /// Lines over the signature, name and rank, where the settings name them.
    #[must_use]
    pub fn signatory(&self) -> (&[String], Option<&str>, &[String]) {
        (&self.signatory.0, self.signatory.1.as_deref(), &self.signatory.2)
    }
}

/// Width and height of a PNG in pixels.
#[must_use]
pub(super) fn picture_size(bytes: &[u8]) -> Option<(u32, u32)> {
    if !bytes.starts_with(&PNG) || bytes.get(12..16)? != b"IHDR" {
        return None;
    }
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let (width, height) = (number(16)?, number(20)?);
    (width > 0 && height > 0 && width < 100_000 && height < 100_000).then_some((width, height))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(city: &str, settings: &Documents) -> Letterhead {
        Letterhead::new(settings, (city, Some("Jawa Barat")), None).unwrap()
    }

    #[test]
    fn what_the_settings_leave_out_follows_from_the_city() {
        let bogor = of("Kota Bogor", &Documents::default());
        assert_eq!((bogor.head.as_str(), bogor.place.as_str()), ("Wali Kota Bogor", "Bogor"));
        assert_eq!(bogor.lines(Office::Mayor), ["WALI KOTA BOGOR"]);
        assert_eq!(bogor.lines(Office::Secretary), ["PEMERINTAH DAERAH KOTA BOGOR", "SEKRETARIAT DAERAH"]);
        assert_eq!(bogor.recipients.copies[0], "Gubernur Jawa Barat");
        assert_eq!(of("Kabupaten Bogor", &Documents::default()).head, "Bupati Bogor");
        let own = Documents {
            letterhead: vec!["PEMERINTAH KOTA BONTANG".to_owned()],
            place: Some("Bontang Selatan".to_owned()),
            ..Documents::default()
        };
        let own = of("Kota Bontang", &own);
        assert_eq!((own.lines(Office::Mayor).len(), own.place.as_str()), (1, "Bontang Selatan"));
    }

    #[test]
    fn an_emblem_is_a_png_of_sensible_size() {
        let with = |bytes: Vec<u8>| Letterhead::new(&Documents::default(), ("Kota Bogor", None), Some(bytes));
        assert_eq!(with(b"<svg/>".to_vec()).unwrap_err(), LogoFault::NotPng);
        let mut png = PNG.to_vec();
        png.extend([0, 0, 0, 13]);
        png.extend(b"IHDR");
        assert_eq!(with(png.clone()).unwrap_err(), LogoFault::NotPng, "cut short");
        png.extend([0, 0, 2, 0, 0, 0, 3, 0]);
        assert_eq!(picture_size(&png), Some((512, 768)));
        assert!(with(png.clone()).is_ok());
        png.resize(LARGEST_LOGO + 1, 0);
        assert!(matches!(with(png).unwrap_err(), LogoFault::TooLarge(_)));
    }
}
