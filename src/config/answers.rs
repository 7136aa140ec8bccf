//! What somebody answered at the first start. It stands over what is built in; the file and the environment stand over it.

use serde::{Deserialize, Serialize};

use super::{Config, Origin};

/// The answers so far; they are kept in the database.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// The city's code.
    pub location: Option<String>,
    /// Its residents, if they were typed over the list's.
    pub population: Option<u64>,
    /// Where that number comes from.
    pub population_source: Option<String>,
    /// Its time zone.
    pub time_zone: Option<String>,
    /// The first language.
    pub language: Option<String>,
    /// The policy.
    pub policy: Option<String>,
    /// Whether everything was answered: only then do they count.
    pub is_done: bool,
}

impl Answers {
    /// The name under which they are kept.
    pub const KEPT_AS: &str = "set_up";

    /// Reads what was kept; what cannot be read is no answer.
    #[must_use]
    pub fn kept(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    /// What to keep.
    ///
    /// # Errors
    /// Never in practice: the answers are plain text and numbers.
    pub fn to_keep(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }
}

impl Config {
    /// Puts the answers of the first start under the file and the environment. What was typed about a city counts for
    /// that city only.
    pub fn answer(&mut self, answers: &Answers) {
        if let Some(location) = self.free("city.location", answers.location.as_ref()) {
            self.city.location = location;
        }
        if answers.location.as_ref() == Some(&self.city.location) {
            if let Some(population) = self.free("city.population", answers.population.as_ref()) {
                self.city.population = Some(population);
                self.city.population_source =
                    self.free("city.population_source", answers.population_source.as_ref());
            }
            if let Some(zone) = self.free("city.time_zone", answers.time_zone.as_ref()) {
                self.city.time_zone = Some(zone);
            }
        }
        if let Some(language) = self.free("city.language", answers.language.as_ref()) {
            self.city.language = language;
        }
        if let Some(policy) = self.free("city.policy", answers.policy.as_ref()) {
            self.city.policy = policy;
        }
    }

    /// An answer, if neither the file nor the environment says otherwise.
    fn free<T: Clone>(&mut self, key: &str, answer: Option<&T>) -> Option<T> {
        let answer = answer.filter(|_| matches!(self.origins.of(key), None | Some(Origin::SetUp)))?;
        self.origins.set(key, Origin::SetUp);
        Some(answer.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bontang() -> Answers {
        Answers {
            location: Some("6474".to_owned()),
            population: Some(181_618),
            population_source: Some("typed at set-up".to_owned()),
            time_zone: Some("Asia/Makassar".to_owned()),
            policy: Some("kota-bogor".to_owned()),
            is_done: true,
            ..Answers::default()
        }
    }

    #[test]
    fn the_file_and_the_environment_stand_over_the_answers_and_these_over_what_is_built_in() {
        let text = "[city]\npolicy = \"own.toml\"\n";
        let mut config = Config::from_parts("siaga.toml", text, &|_| None).unwrap();
        config.answer(&bontang());
        assert_eq!((config.city.location.as_str(), config.city.policy.as_str()), ("6474", "own.toml"));
        assert_eq!(config.city.population, Some(181_618));
        let origin = |config: &Config, key| config.origins.of(key).map(ToString::to_string);
        assert_eq!(origin(&config, "city.location").as_deref(), Some("set-up"));
        assert_eq!(origin(&config, "city.policy").as_deref(), Some("siaga.toml"));
        assert_eq!(origin(&config, "city.language"), None);
        let variable = |name: &str| (name == "SIAGA_CITY_LOCATION").then(|| "3271".to_owned());
        let mut config = Config::from_parts("siaga.toml", "", &variable).unwrap();
        config.answer(&bontang());
        assert_eq!(config.city.location, "3271");
        assert_eq!(config.city.population, None, "the residents of another city");
        assert_eq!(origin(&config, "city.location").as_deref(), Some("SIAGA_CITY_LOCATION"));
    }

    #[test]
    fn what_is_kept_is_read_back_and_nonsense_is_no_answer() {
        assert_eq!(Answers::kept(Some(&bontang().to_keep().unwrap())), bontang());
        assert_eq!(Answers::kept(Some("{")), Answers::default());
        assert_eq!(Answers::kept(None), Answers::default());
    }
}
