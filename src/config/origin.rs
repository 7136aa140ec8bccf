//! Where each setting comes from: `siaga check` tells it beside the value.

use std::collections::BTreeMap;
use std::fmt;

/// Where a setting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// What somebody answered at the first start.
    SetUp,
    /// The settings file of this name.
    File(String),
    /// This variable.
    Environment(String),
    /// The command's arguments.
    CommandLine,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SetUp => f.write_str("set-up"),
            Self::File(name) | Self::Environment(name) => f.write_str(name),
            Self::CommandLine => f.write_str("command line"),
        }
    }
}

/// The origin of every key that is not as built in, by its path: `city.location`.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    by_key: BTreeMap<String, Origin>,
    /// Whether there is a settings file.
    pub has_file: bool,
}

/// Settings are the same wherever they come from.
impl PartialEq for Origins {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Origins {}

impl Origins {
    /// Every key of a settings file.
    pub(super) fn of_file(name: &str, table: &toml::Table) -> Self {
        let mut origins = Self::default();
        origins.add("", name, table);
        origins
    }

    fn add(&mut self, start: &str, name: &str, table: &toml::Table) {
        for (key, value) in table {
            let path = format!("{start}{key}");
            match value {
                toml::Value::Table(below) => self.add(&format!("{path}."), name, below),
                _ => self.set(&path, Origin::File(name.to_owned())),
            }
        }
    }

    /// Notes where a key comes from.
    pub fn set(&mut self, key: &str, origin: Origin) {
        self.by_key.insert(key.to_owned(), origin);
    }

    /// Takes those of a file that is laid over this one.
    pub(super) fn take(&mut self, over: Self) {
        self.by_key.extend(over.by_key);
    }

    /// Where a key comes from; `None`: as built in.
    #[must_use]
    pub fn of(&self, key: &str) -> Option<&Origin> {
        self.by_key.get(key)
    }
}
