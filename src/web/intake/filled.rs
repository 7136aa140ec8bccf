//! What was filled in on the page of figures, and what is wrong with it, field by field.

/// What was filled in and what is wrong with it.
#[derive(Default)]
pub(super) struct Filled {
    values: Vec<(String, String)>,
    faults: Vec<(String, String)>,
    /// A file that could not be recognised.
    pub(super) unread: Option<Unread>,
}

/// A file that nothing could be read from.
pub(super) struct Unread {
    pub(super) title: String,
    pub(super) reason: String,
}

impl Filled {
    pub(super) fn of(values: Vec<(String, String)>) -> Self {
        Self { values, ..Self::default() }
    }

    pub(super) fn fault(&mut self, name: &str, text: String) {
        self.faults.push((name.to_owned(), text));
    }

    pub(super) fn has_fault(&self) -> bool {
        !self.faults.is_empty() || self.unread.is_some()
    }

    pub(super) fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    pub(super) fn fault_of(&self, name: &str) -> Option<&str> {
        self.faults.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }
}
