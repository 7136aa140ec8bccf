//! Settings on their way: a file as a table with where each key comes from, under the environment, or over another file.

use super::load::{LISTS, VARIABLES};
use super::{Config, ConfigFault, Origin, Origins, Secret};

/// What stands in the installation's file for the name of a city.
pub(super) const PLACE: &str = "{city}";

/// A file as a table, and where each key comes from.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    pub(super) table: toml::Table,
    pub(super) origins: Origins,
}

impl Layer {
    /// A settings file's text.
    ///
    /// # Errors
    /// [`ConfigFault::Line`] for what no settings file can say.
    pub(super) fn of_file(name: &str, text: &str) -> Result<Self, ConfigFault> {
        let at_line = |error: &toml::de::Error| ConfigFault::Line {
            file: name.to_owned(),
            line: error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1),
            message: error.message().to_owned(),
        };
        // Once as it stands, for faults with their line; then as a table that others are laid over.
        toml::from_str::<Config>(text).map_err(|error| at_line(&error))?;
        let table: toml::Table = toml::from_str(text).map_err(|error| at_line(&error))?;
        let origins = Origins::of_file(name, &table);
        Ok(Self { table, origins })
    }

    /// The same with the environment over it.
    pub(super) fn under(mut self, variable: &dyn Fn(&str) -> Option<String>) -> Self {
        for (key, path) in VARIABLES {
            if let Some(value) = variable(key) {
                let value = match LISTS.contains(&key) {
                    true => value.split_whitespace().collect::<Vec<_>>().into(),
                    false => value.into(),
                };
                set(&mut self.table, path, value);
                self.origins.set(&path.join("."), Origin::Environment(key.to_owned()));
            }
        }
        self
    }

    /// Whether it is the file of an installation with several cities.
    pub(super) fn has_cities(&self) -> bool {
        self.table.contains_key("installation")
    }

    /// The same with a city's name wherever its place is kept.
    pub(super) fn placed(mut self, city: &str) -> Self {
        place_in(&mut self.table, city);
        self
    }

    /// The same with another file over it: key by key, lists whole.
    pub(super) fn beneath(mut self, over: Self) -> Self {
        lay(&mut self.table, over.table);
        self.origins.take(over.origins);
        self
    }

    /// Settings that can be used.
    ///
    /// # Errors
    /// [`ConfigFault::Value`] naming the key.
    pub(super) fn finished(self, variable: &dyn Fn(&str) -> Option<String>) -> Result<Config, ConfigFault> {
        let config = self.table.try_into();
        let mut config: Config = config.map_err(|error: toml::de::Error| ConfigFault::Value {
            key: "SIAGA_*".to_owned(),
            message: error.message().to_owned(),
        })?;
        let secret = |key: &str| Secret(variable(key).unwrap_or_default());
        config.alert.take_secrets(&secret);
        config.audit.key = secret("SIAGA_AUDIT_KEY");
        if let Some(oidc) = &mut config.account.oidc {
            oidc.secret = secret("SIAGA_OIDC_CLIENT_SECRET");
        }
        config.origins = self.origins;
        config.operator = operator(variable);
        config.token = secret("SIAGA_TOKEN");
        config.check()?;
        Ok(config)
    }
}

/// Who types the command, as far as the operating system's shell tells: for the audit log, not for deciding.
fn operator(variable: &dyn Fn(&str) -> Option<String>) -> String {
    let name = ["SUDO_USER", "USER", "LOGNAME"].iter().find_map(|key| variable(key));
    name.unwrap_or_default().chars().filter(|c| !c.is_control()).take(40).collect()
}

fn set(table: &mut toml::Table, path: &[&str], value: toml::Value) {
    let (Some(section), Some(key)) = (path.first(), path.get(1)) else {
        return;
    };
    let entry = table.entry((*section).to_owned()).or_insert_with(|| toml::Value::Table(toml::Table::new()));
    if let toml::Value::Table(section) = entry {
        section.insert((*key).to_owned(), value);
    }
}

fn place_in(table: &mut toml::Table, city: &str) {
    table.iter_mut().for_each(|(_, value)| place(value, city));
}

fn place(value: &mut toml::Value, city: &str) {
    match value {
        toml::Value::String(text) => *text = text.replace(PLACE, city),
        toml::Value::Array(values) => values.iter_mut().for_each(|value| place(value, city)),
        toml::Value::Table(table) => place_in(table, city),
        _ => {}
    }
}

fn lay(under: &mut toml::Table, over: toml::Table) {
    for (key, value) in over {
        match (under.get_mut(&key), value) {
            (Some(toml::Value::Table(below)), toml::Value::Table(above)) => lay(below, above),
            (_, value) => {
                under.insert(key, value);
            }
        }
    }
}
