//! What is wrong with settings, and secrets that never show.

use std::fmt;

use thiserror::Error;

/// Settings that cannot be used: where and why.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ConfigFault {
    /// The file cannot be read.
    #[error("read {file}: {reason}")]
    File {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// A line of the file is wrong.
    #[error("{file}, line {line}: {message}")]
    Line {
        /// The file.
        file: String,
        /// Line, counted from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A key or a variable has an impossible value.
    #[error("{key}: {message}")]
    Value {
        /// The key or variable.
        key: String,
        /// What is wrong.
        message: String,
    },
    /// Several files of one installation are wrong.
    #[error("{}", lines(.0))]
    Several(Vec<ConfigFault>),
}

impl ConfigFault {
    /// The same, with the file that a key stands in.
    pub(super) fn in_file(self, file: &str) -> Self {
        match self {
            Self::Value { key, message } => Self::Value { key: format!("{file}, {key}"), message },
            fault => fault,
        }
    }
}

/// A line each, under one another behind the name of the program.
fn lines(faults: &[ConfigFault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n       ")
}

/// A secret: never shown, never saved.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(pub(super) String);

impl Secret {
    /// The secret itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether none was given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "(none)" } else { "(hidden)" })
    }
}
