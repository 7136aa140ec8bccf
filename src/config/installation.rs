//! Several cities in one installation: a folder of settings files, each laid over the installation's own, and what two
//! of them may not share.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::layer::Layer;
use super::load::{SettingsFile, variable};
use super::{Config, ConfigFault};

/// Letters of the longest name of a city: it is part of the name of its host.
const LONGEST_NAME: usize = 40;
/// Letters of the longest title.
const LONGEST_TITLE: usize = 80;

/// What belongs to the process and not to one of its cities, by section and key, and why.
const OF_THE_PROCESS: [(&str, &str, &str); 4] = [
    ("server", "listen", "one listener serves all cities"),
    ("server", "tls_certificate", "one certificate serves all cities; let it name all their hosts"),
    ("server", "tls_key", "one certificate serves all cities; let it name all their hosts"),
    ("server", "trusted_proxies", "a proxy stands before all cities"),
];

/// That an installation has several cities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Installation {
    /// The folder of the cities' settings, `NAME.toml` each, beside the settings file.
    pub cities: PathBuf,
    /// What the installation is called above the list of its cities: `Jawa Barat`.
    pub title: String,
}

impl Default for Installation {
    fn default() -> Self {
        Self { cities: PathBuf::from("cities"), title: String::new() }
    }
}

impl Installation {
    pub(super) fn check(&self) -> Result<(), ConfigFault> {
        let wrong = |key: &str, message: &str| {
            Err(ConfigFault::Value { key: format!("installation.{key}"), message: message.to_owned() })
        };
        if self.cities.as_os_str().is_empty() {
            return wrong("cities", "write the folder of the cities' settings: cities");
        }
        if self.title.chars().count() > LONGEST_TITLE || self.title.chars().any(char::is_control) {
            return wrong("title", "write one line of at most 80 letters");
        }
        Ok(())
    }
}

/// A city of an installation.
#[derive(Debug, Clone)]
pub struct InstalledCity {
    /// Its name in the installation.
    pub name: String,
    /// Its settings file.
    pub file: String,
    /// Its settings: the file's over the installation's.
    pub config: Config,
}

impl InstalledCity {
    /// The only city of settings that have no others.
    #[must_use]
    pub fn alone(config: &Config) -> Self {
        Self { name: String::new(), file: String::new(), config: config.clone() }
    }
}

/// The settings files of an installation's cities.
#[derive(Debug)]
pub struct CityFiles {
    base: Layer,
    /// The installation's own file.
    own: String,
    /// By name; never empty.
    files: BTreeMap<String, PathBuf>,
}

impl CityFiles {
    /// The files of the installation whose settings these are, `siaga.toml` unless said otherwise; none for the settings of
    /// one city.
    ///
    /// # Errors
    /// [`ConfigFault`] when the settings or the folder cannot be used.
    pub fn of(file: Option<&Path>) -> Result<Option<Self>, ConfigFault> {
        let own = SettingsFile::read(file)?;
        let base = Layer::of_file(&own.name, &own.text)?.under(&variable);
        if !base.has_cities() {
            return Ok(None);
        }
        let process = Config::from_parts(&own.name, &own.text, &variable)?;
        let cities = process.installation.unwrap_or_default().cities;
        let folder = Path::new(&own.name).parent().unwrap_or(Path::new("")).join(cities);
        let files = files_in(&folder)?;
        Ok(Some(Self { base, own: own.name, files }))
    }

    /// The cities' names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// One city.
    ///
    /// # Errors
    /// [`ConfigFault`] when there is none of that name, or its settings cannot be used: with its file.
    pub fn city(&self, name: &str) -> Result<InstalledCity, ConfigFault> {
        let Some(path) = self.files.get(name) else {
            let known: Vec<&str> = self.names().collect();
            return Err(ConfigFault::Value {
                key: format!("--city {name}"),
                message: format!("{} has no such city: {}", self.own, known.join(", ")),
            });
        };
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigFault::File { file: file.clone(), reason: error.to_string() })?;
        let config = self.laid_over((name, &file), &text, &variable)?;
        Ok(InstalledCity { name: name.to_owned(), file, config })
    }

    /// All of them.
    ///
    /// # Errors
    /// Everything that is wrong with any of them at once, and what two of them may not share.
    pub fn all(&self) -> Result<Vec<InstalledCity>, ConfigFault> {
        let (mut cities, mut faults) = (Vec::new(), Vec::new());
        for name in self.files.keys() {
            match self.city(name) {
                Ok(city) => cities.push(city),
                Err(fault) => faults.push(fault),
            }
        }
        faults.extend(clashes(&cities, &self.own));
        if faults.is_empty() { Ok(cities) } else { Err(ConfigFault::Several(faults)) }
    }

    /// A city's file over the installation's, the environment between them. A secret of the city's own has its name at
    /// the end: `SIAGA_AUDIT_KEY__KOTA_BOGOR`.
    fn laid_over(
        &self,
        (name, file): (&str, &str),
        text: &str,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Config, ConfigFault> {
        let over = Layer::of_file(file, text)?;
        let wrong =
            |key: &str, message: String| Err(ConfigFault::Value { key: format!("{file}, {key}"), message });
        if over.has_cities() {
            return wrong(
                "installation",
                format!("a city has no cities of its own; it stands in {}", self.own),
            );
        }
        for (section, key, why) in OF_THE_PROCESS {
            if over.table.get(section).and_then(|section| section.get(key)).is_some() {
                return wrong(&format!("{section}.{key}"), format!("{why}; write it in {}", self.own));
            }
        }
        let mut base = self.base.clone();
        base.table.remove("installation");
        let end = name.replace('-', "_").to_uppercase();
        let own = |key: &str| variable(&format!("{key}__{end}")).or_else(|| variable(key));
        let config = base.placed(name).beneath(over).finished(&own);
        let mut config = config.map_err(|fault| fault.in_file(file))?;
        config.installed_as = Some(name.to_owned());
        if config.server.host().is_none() {
            return wrong(
                "server.public_url",
                format!(
                    "write the city's own address, https://{name}.siaga.example.org, or one for all cities in {}: \
                     https://{{city}}.siaga.example.org",
                    self.own
                ),
            );
        }
        Ok(config)
    }
}

/// The settings files of a folder by the names of their cities.
fn files_in(folder: &Path) -> Result<BTreeMap<String, PathBuf>, ConfigFault> {
    let shown = folder.display().to_string();
    let wrong = |message: String| ConfigFault::Value { key: "installation.cities".to_owned(), message };
    let entries =
        std::fs::read_dir(folder).map_err(|error| wrong(format!("read the folder {shown}: {error}")))?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut files = BTreeMap::new();
    for path in paths.filter(|path| path.extension().is_some_and(|end| end == "toml")) {
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        if !is_name(&name) {
            return Err(wrong(format!(
                "{}: a city is called by at most {LONGEST_NAME} of a-z, 0-9 and hyphens between them: kota-bogor.toml",
                path.display()
            )));
        }
        files.insert(name, path);
    }
    if files.is_empty() {
        return Err(wrong(format!("{shown} has no city: write {shown}/kota-bogor.toml, one file a city")));
    }
    Ok(files)
}

fn is_name(name: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    (1..=LONGEST_NAME).contains(&name.len())
        && name.chars().all(|c| is_letter(c) || c == '-')
        && name.starts_with(is_letter)
        && name.ends_with(is_letter)
}

/// What two cities share that belongs to one.
fn clashes(cities: &[InstalledCity], own: &str) -> Vec<ConfigFault> {
    type Shared = (fn(&Config) -> Option<String>, &'static str, &'static str);
    let shared: [Shared; 4] = [
        (
            |config| config.server.host(),
            "have the host",
            "give each a server.public_url of its own, or write {city} in that of",
        ),
        (
            |config| Some(config.database.identity()),
            "are kept in",
            "give each a database.url of its own, or write {city} in database.url or database.schema of",
        ),
        (
            |config| config.audit.anchor.as_ref().map(|path| path.display().to_string()),
            "have the anchor",
            "give each an audit.anchor of its own, or write {city} in that of",
        ),
        (
            |config| config.origins.of("city.location").is_some().then(|| config.city.location.clone()),
            "are the location",
            "write in each its own city.location, and none in",
        ),
    ];
    let mut faults = Vec::new();
    for (of, what, advice) in shared {
        let mut known: BTreeMap<String, &InstalledCity> = BTreeMap::new();
        for city in cities {
            let Some(value) = of(&city.config) else { continue };
            match known.get(&value) {
                Some(first) => faults.push(ConfigFault::Value {
                    key: format!("{} and {}", first.file, city.file),
                    message: format!("both {what} {value}: {advice} {own}"),
                }),
                None => {
                    known.insert(value, city);
                }
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "[installation]\ntitle = \"Jawa Barat\"\n[database]\nurl = \"sqlite://var/{city}.sqlite\"\n\
                       [server]\npublic_url = \"https://{city}.siaga.example.org\"\n[source]\ntries = 5\n\
                       [alert]\nrecipients = [\"prov@example.org\"]\n[alert.smtp]\nhost = \"mail.example.org\"\n\
                       port = 587\nfrom = \"siaga@example.org\"\n[city]\npolicy = \"kmk-4805-2021\"\n";

    fn folder(own: &str, cities: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("siaga.toml"), own).unwrap();
        std::fs::create_dir(folder.path().join("cities")).unwrap();
        for (name, text) in cities {
            std::fs::write(folder.path().join("cities").join(name), text).unwrap();
        }
        folder
    }

    fn files(folder: &tempfile::TempDir) -> Result<CityFiles, ConfigFault> {
        Ok(CityFiles::of(Some(&folder.path().join("siaga.toml")))?.unwrap())
    }

    /// What is wrong, without the folder's own path.
    fn said(own: &str, cities: &[(&str, &str)]) -> String {
        let folder = folder(own, cities);
        let found = files(&folder).and_then(|files| files.all());
        found.unwrap_err().to_string().replace(&format!("{}/", folder.path().display()), "")
    }

    const BOGOR: (&str, &str) = ("kota-bogor.toml", "[city]\nlocation = \"3271\"\n");
    const DEPOK: (&str, &str) = (
        "kota-depok.toml",
        "[city]\nlocation = \"3276\"\npolicy = \"kota-bogor\"\n[database]\nurl = \"sqlite://depok.sqlite\"\n\
         [server]\npublic_url = \"https://siaga.depok.example:8443\"\n[alert]\nrecipients = [\"depok@example.org\"]\n",
    );

    #[test]
    fn a_citys_file_stands_over_the_installations_key_by_key() {
        let folder = folder(OWN, &[BOGOR, DEPOK, ("note.txt", "no settings")]);
        let found = files(&folder).unwrap().all().unwrap();
        let [bogor, depok] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((bogor.name.as_str(), depok.name.as_str()), ("kota-bogor", "kota-depok"));
        let told = |city: &InstalledCity| {
            let config = &city.config;
            let urls = (config.database.url.clone(), config.server.public_address());
            (urls, config.city.policy.clone(), config.alert.recipients.clone(), config.source.tries)
        };
        let texts = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        let bogors = texts("sqlite://var/kota-bogor.sqlite", "https://kota-bogor.siaga.example.org");
        assert_eq!(told(bogor), (bogors, "kmk-4805-2021".into(), vec!["prov@example.org".into()], 5));
        let depoks = texts("sqlite://depok.sqlite", "https://siaga.depok.example:8443");
        assert_eq!(told(depok), (depoks, "kota-bogor".into(), vec!["depok@example.org".into()], 5));
        assert_eq!(depok.config.server.host().as_deref(), Some("siaga.depok.example"));
        assert_eq!(depok.config.installed_as.as_deref(), Some("kota-depok"));
        assert!(depok.config.installation.is_none());
        let origin = |key: &str| depok.config.origins.of(key).unwrap().to_string();
        assert!(origin("city.policy").ends_with("cities/kota-depok.toml"), "{}", origin("city.policy"));
        assert!(origin("source.tries").ends_with("/siaga.toml"), "{}", origin("source.tries"));
    }

    #[test]
    fn settings_without_the_section_are_one_citys() {
        let folder = folder("[city]\nlocation = \"3271\"\n", &[]);
        assert!(CityFiles::of(Some(&folder.path().join("siaga.toml"))).unwrap().is_none());
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_file_key_and_reason() {
        let beside = |text: &'static str| said(OWN, &[BOGOR, ("kota-depok.toml", text)]);
        for (text, start) in [
            (
                "[server]\nlisten = \"127.0.0.1:1\"",
                "cities/kota-depok.toml, server.listen: one listener serves all cities; write it in siaga.toml",
            ),
            (
                "[server]\ntls_certificate = \"a.pem\"",
                "cities/kota-depok.toml, server.tls_certificate: one certificate",
            ),
            ("[server]\ntls_key = \"a.pem\"", "cities/kota-depok.toml, server.tls_key: one certificate"),
            ("[server]\ntrusted_proxies = []", "cities/kota-depok.toml, server.trusted_proxies: a proxy"),
            ("[installation]\n", "cities/kota-depok.toml, installation: a city has no cities of its own"),
            ("[city]\nlanguage = \"fr\"", "cities/kota-depok.toml, city.language: write id or en"),
            ("[city]\nlangauge = \"id\"", "cities/kota-depok.toml, line 2: unknown field"),
            (
                "[server]\npublic_url = \"depok\"",
                "cities/kota-depok.toml, server.public_url: write the address",
            ),
            (
                "[city]\nlocation = \"3271\"",
                "cities/kota-bogor.toml and cities/kota-depok.toml: both are the location 3271: write",
            ),
            (
                "[database]\nurl = \"sqlite://./var/kota-bogor.sqlite\"",
                "cities/kota-bogor.toml and cities/kota-depok.toml: both are kept in /",
            ),
            (
                "[server]\npublic_url = \"http://kota-bogor.siaga.example.org:80\"",
                "cities/kota-bogor.toml and cities/kota-depok.toml: both have the host kota-bogor.siaga.example.org: give",
            ),
        ] {
            assert!(beside(text).starts_with(start), "{text}: {}", beside(text));
        }
    }

    #[test]
    fn an_installation_that_makes_no_sense_is_refused_with_key_and_reason() {
        let of = |section: &str| said(&OWN.replace("title = \"Jawa Barat\"", section), &[BOGOR]);
        assert!(
            of("cities = \"\"").starts_with("installation.cities: write the folder"),
            "{}",
            of("cities = \"\"")
        );
        assert!(of("cities = \"none\"").starts_with("installation.cities: read the folder none: "));
        assert!(of("folder = \"x\"").starts_with("siaga.toml, line 2: unknown field"));
        assert!(of("title = \"a\\nb\"").starts_with("installation.title: write one line"));
        let long = format!("title = \"{}\"", "a".repeat(81));
        assert!(of(&long).starts_with("installation.title: write one line"));
        assert!(
            said(OWN, &[])
                .starts_with("installation.cities: cities has no city: write cities/kota-bogor.toml")
        );
        for name in ["Kota.toml", "kota_bogor.toml", "-a.toml", "a-.toml", ".toml", "kota bogor.toml"] {
            let told = said(OWN, &[(name, "")]);
            let is_hidden = name == ".toml";
            assert!(
                told.contains("a city is called by") || (is_hidden && told.contains("has no city")),
                "{told}"
            );
        }
        let anchored = format!("{OWN}[audit]\nanchor = \"/mnt/anchor/siaga.log\"\n");
        let told = said(&anchored, &[BOGOR, ("kota-depok.toml", "[city]\nlocation = \"3276\"\n")]);
        assert!(told.contains("both have the anchor /mnt/anchor/siaga.log: give each"), "{told}");
        let nowhere = OWN.replace("https://{city}.siaga.example.org", "https://siaga.example.org");
        let told = said(&nowhere.replace("public_url = \"https://siaga.example.org\"\n", ""), &[BOGOR]);
        assert!(
            told.starts_with("cities/kota-bogor.toml, server.public_url: write the city's own address"),
            "{told}"
        );
    }

    #[test]
    fn all_files_that_are_wrong_are_told_of_at_once_and_one_city_is_read_alone() {
        let bad = [BOGOR, ("a.toml", "[city]\nlanguage = \"fr\""), ("b.toml", "[nothing]")];
        let told = said(OWN, &bad);
        assert_eq!(told.lines().count(), 2, "{told}");
        assert!(
            told.contains("cities/a.toml, city.language") && told.contains("cities/b.toml, line 1"),
            "{told}"
        );
        let folder = folder(OWN, &bad);
        let files = files(&folder).unwrap();
        assert_eq!(files.city("kota-bogor").unwrap().config.city.location, "3271");
        let none = files.city("kota-bandung").unwrap_err().to_string();
        assert!(none.starts_with("--city kota-bandung: ") && none.ends_with("a, b, kota-bogor"), "{none}");
    }

    #[test]
    fn a_schema_of_each_city_keeps_them_apart_in_one_database() {
        let own =
            OWN.replace("sqlite://var/{city}.sqlite\"", "postgres://siaga@db/siaga\"\nschema = \"{city}\"");
        let folder = folder(&own, &[BOGOR, ("kota-depok.toml", "[city]\nlocation = \"3276\"\n")]);
        let found = files(&folder).unwrap().all().unwrap();
        let bogor = &found[0].config.database;
        assert_eq!(bogor.address(), "postgres://siaga@db/siaga?options[search_path]=%22kota-bogor%22");
        assert_eq!(bogor.shown(), "postgres://db/siaga (schema kota-bogor)");
        let shared = own.replace("{city}\"\n[server]", "bersama\"\n[server]");
        let told = said(&shared, &[BOGOR, ("kota-depok.toml", "[city]\nlocation = \"3276\"\n")]);
        assert!(told.contains("both are kept in db:5432/siaga, schema bersama: give each"), "{told}");
    }

    #[test]
    fn a_citys_own_secret_stands_over_the_common_one() {
        let own =
            format!("{OWN}[account.oidc]\nissuer = \"https://sso.example.org\"\nclient_id = \"siaga\"\n");
        let base = Layer::of_file("siaga.toml", &own).unwrap();
        let files = CityFiles { base, own: "siaga.toml".to_owned(), files: BTreeMap::new() };
        let variable = |name: &str| match name {
            "SIAGA_OIDC_CLIENT_SECRET" => Some("common".to_owned()),
            "SIAGA_OIDC_CLIENT_SECRET__KOTA_BOGOR" => Some("bogors".to_owned()),
            _ => None,
        };
        let secret = |name: &str| {
            let config = files.laid_over((name, "x.toml"), "", &variable).unwrap();
            config.account.oidc.unwrap().secret.reveal().to_owned()
        };
        assert_eq!((secret("kota-bogor"), secret("kota-depok")), ("bogors".to_owned(), "common".to_owned()));
    }
}
