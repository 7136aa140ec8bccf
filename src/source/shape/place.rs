//! Which place a text is: by code, or by name in the list. Nothing is mapped by likeness; of a name only its case, its
//! blanks and its punctuation do not count, and `KAB.` is `KABUPATEN`.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use crate::epi::{LocationId, Locations};
use crate::observation::RejectReason;
use crate::source::spec::{BareName, LookedUpBy, SourceSpec};

/// Why a text is no place.
pub(super) type NoPlace = (RejectReason, String);

/// The places a payload may speak of.
#[derive(Debug)]
pub(super) struct Places<'a> {
    spec: &'a SourceSpec,
    known: &'a Locations,
    /// Places the spec itself names.
    own: BTreeSet<&'a LocationId>,
    /// Names as compared and the codes they stand for; several where a name is not enough.
    names: HashMap<String, Vec<LocationId>>,
}

impl<'a> Places<'a> {
    pub(super) fn new(spec: &'a SourceSpec, known: &'a Locations) -> Self {
        let own = spec.location_names.values().chain(&spec.location).chain(&spec.locations).collect();
        let mut names: HashMap<String, Vec<LocationId>> = HashMap::new();
        if spec.locations_by != LookedUpBy::Code {
            let inside = known.newest().filter(|location| {
                spec.locations_within.as_ref().is_none_or(|whole| is_within(known, &location.id, whole))
            });
            for location in inside {
                names.entry(compared(&location.name, None)).or_default().push(location.id.clone());
            }
            // What the spec says stands over the list.
            for (name, id) in &spec.location_names {
                names.insert(compared(name, spec.bare_name), vec![id.clone()]);
            }
        }
        Self { spec, known, own, names }
    }

    /// The place a text names.
    ///
    /// # Errors
    /// Why it names none.
    pub(super) fn of(&self, text: &str) -> Result<LocationId, NoPlace> {
        if let Some(id) = self.spec.location_names.get(text) {
            return Ok(id.clone());
        }
        if text.is_empty() {
            return self.spec.location.clone().ok_or((RejectReason::ColumnMissing, String::new()));
        }
        match self.spec.locations_by {
            LookedUpBy::Name => self.by_name(text),
            LookedUpBy::Code => self.by_code(text),
            // Codes begin with a digit, names do not.
            LookedUpBy::Either if text.starts_with(|c: char| c.is_ascii_digit()) => self.by_code(text),
            LookedUpBy::Either => self.by_name(text).or_else(|no| self.by_code(text).map_err(|_| no)),
        }
    }

    fn by_name(&self, text: &str) -> Result<LocationId, NoPlace> {
        match self.names.get(&compared(text, self.spec.bare_name)).map(Vec::as_slice) {
            Some([id]) => Ok(id.clone()),
            Some(several) => {
                let ids: Vec<&str> = several.iter().map(LocationId::as_str).collect();
                Err((RejectReason::UnknownLocation, format!("{text}: {}", ids.join(", "))))
            }
            None => Err((RejectReason::UnknownLocation, text.to_owned())),
        }
    }

    fn by_code(&self, text: &str) -> Result<LocationId, NoPlace> {
        let digits = self.spec.location_digits;
        let bare = if digits > 0 { text.strip_suffix(".0").unwrap_or(text) } else { text };
        let is_number = bare.bytes().all(|byte| byte.is_ascii_digit());
        let padded = if digits > 0 && is_number { format!("{bare:0>digits$}") } else { bare.to_owned() };
        let id = LocationId::new(&format!("{}{padded}", self.spec.location_prefix));
        let is_known = self.spec.any_location
            || self.known.is_empty()
            || self.known.contains(&id)
            || self.own.contains(&id);
        if is_known { Ok(id) } else { Err((RejectReason::UnknownLocation, text.to_owned())) }
    }
}

fn is_within(known: &Locations, id: &LocationId, whole: &LocationId) -> bool {
    let mut at = Some(id.clone());
    // A list that goes round in a circle ends too.
    for _ in 0..8 {
        match at {
            Some(id) if id == *whole => return true,
            Some(id) => at = known.at(&id, NaiveDate::MAX).and_then(|location| location.parent.clone()),
            None => return false,
        }
    }
    false
}

/// A name as it is compared: its kind, then the rest without case, blanks and punctuation.
fn compared(name: &str, bare: Option<BareName>) -> String {
    let upper = name.to_uppercase();
    let mut words: Vec<&str> =
        upper.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let kind = match words.first() {
        Some(&("KAB" | "KABUPATEN")) => Some("KABUPATEN"),
        Some(&"KOTA") => Some("KOTA"),
        Some(&("PROV" | "PROVINSI")) => Some(""),
        _ => None,
    };
    if kind.is_some() && words.len() > 1 {
        words.remove(0);
    }
    let kind = kind.unwrap_or(match bare {
        Some(BareName::Regency) => "KABUPATEN",
        Some(BareName::City) => "KOTA",
        None => "",
    });
    let rest = words.iter().filter(|word| !["ADM", "ADMINISTRASI"].contains(*word));
    let rest: String = rest.map(|word| if *word == "KEP" { "KEPULAUAN" } else { word }).collect();
    format!("{kind} {rest}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::Location;

    fn list() -> Locations {
        let row = |id: &str, name: &str, parent: &str| Location {
            id: LocationId::new(id),
            name: name.to_owned(),
            level: String::new(),
            parent: (!parent.is_empty()).then(|| LocationId::new(parent)),
            population: None,
            time_zone: String::new(),
            valid_from: NaiveDate::MIN,
            source: String::new(),
        };
        Locations::new(vec![
            row("32", "Jawa Barat", "ID"),
            row("3201", "Kabupaten Bogor", "32"),
            row("3271", "Kota Bogor", "32"),
            row("3101", "Kabupaten Administrasi Kepulauan Seribu", "31"),
            row("7209", "Kabupaten Tojo Una-Una", "72"),
            row("327104", "Bogor Barat", "3271"),
            row("999904", "Bogor Barat", "9999"),
        ])
    }

    fn of(said: &str, text: &str) -> Result<String, RejectReason> {
        let spec = SourceSpec::parse(&format!("id = \"x\"\ntitle = \"t\"\n{said}")).unwrap();
        let list = list();
        Places::new(&spec, &list).of(text).map(|id| id.to_string()).map_err(|(reason, _)| reason)
    }

    #[test]
    fn names_are_compared_without_case_blanks_and_punctuation() {
        let by_name = |text| of("locations_by = \"name\"", text);
        for (text, id) in [
            ("KAB. BOGOR", "3201"),
            ("Kabupaten  Bogor", "3201"),
            ("kota bogor", "3271"),
            ("Provinsi Jawa Barat", "32"),
            ("JAWA  BARAT", "32"),
            ("KAB. ADM. KEP. SERIBU", "3101"),
            ("KAB. TOJO UNA UNA", "7209"),
        ] {
            assert_eq!(by_name(text), Ok(id.to_owned()), "{text}");
        }
        // Not known, not certain, not the same.
        for text in ["BOGOR", "BOGOR BARAT", "KOTA BOGORR"] {
            assert_eq!(by_name(text), Err(RejectReason::UnknownLocation), "{text}");
        }
    }

    #[test]
    fn a_bare_name_is_what_the_spec_says_and_a_part_of_the_country_narrows() {
        let said = "locations_by = \"name\"\nbare_name = \"regency\"";
        assert_eq!(of(said, "BOGOR"), Ok("3201".to_owned()));
        assert_eq!(of(&said.replace("regency", "city"), "BOGOR"), Ok("3271".to_owned()));
        let within = "locations_by = \"name\"\nlocations_within = \"3271\"";
        assert_eq!(of(within, "BOGOR BARAT"), Ok("327104".to_owned()));
        assert_eq!(of(within, "KAB. BOGOR"), Err(RejectReason::UnknownLocation));
        let named = "locations_by = \"name\"\n[location_names]\n\"TAK DIKENAL\" = \"32-unidentified\"";
        assert_eq!(of(named, "Tak  Dikenal"), Ok("32-unidentified".to_owned()));
    }

    #[test]
    fn codes_must_be_known_unless_any_is_allowed() {
        assert_eq!(of("", "32.71"), Ok("3271".to_owned()));
        assert_eq!(of("", "3299"), Err(RejectReason::UnknownLocation));
        assert_eq!(of("any_location = true", "3299"), Ok("3299".to_owned()));
        assert_eq!(of("locations = [\"kota-x\"]", "kota-x"), Ok("kota-x".to_owned()));
        assert_eq!(
            of("[location_names]\n\"0000\" = \"32-unidentified\"", "0000"),
            Ok("32-unidentified".to_owned())
        );
        let foreign = "any_location = true\nlocation_prefix = \"US-\"\nlocation_digits = 5";
        assert_eq!(of(foreign, "1017"), Ok("US-01017".to_owned()));
        assert_eq!(of(foreign, "48319.0"), Ok("US-48319".to_owned()));
        assert_eq!(of("", ""), Err(RejectReason::ColumnMissing));
        assert_eq!(of("location = \"3271\"", ""), Ok("3271".to_owned()));
        assert_eq!(of("[location_names]\n\"\" = \"rest\"", ""), Ok("rest".to_owned()));
    }
}
