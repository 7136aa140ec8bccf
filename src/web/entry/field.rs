//! One field of a form: its label, what browsers may fill in, its fault beside it.

use askama::Template;

use crate::text::Phrases;

/// A field.
#[derive(Debug, Clone, Template)]
#[template(path = "entry/field.html")]
pub(in crate::web) struct Field {
    /// Its name in the form; also its id.
    name: &'static str,
    label: String,
    kind: &'static str,
    /// What a browser or a keeper of passwords may fill in.
    autocomplete: &'static str,
    value: String,
    hint: String,
    fault: String,
    /// Further attributes, ours alone.
    extra: &'static str,
    /// Whether typing begins here.
    is_first: bool,
    is_required: bool,
}

impl Field {
    /// A text that has to be filled in; `label` names its phrase.
    pub(in crate::web) fn text(name: &'static str, label: &str, t: Phrases) -> Self {
        Self {
            name,
            label: t.say(label),
            kind: "text",
            autocomplete: "off",
            value: String::new(),
            hint: String::new(),
            fault: String::new(),
            extra: "",
            is_first: false,
            is_required: true,
        }
    }

    /// The name somebody signs in with.
    pub(in crate::web) fn account_name(value: &str, t: Phrases) -> Self {
        Self {
            autocomplete: "username",
            extra: "autocapitalize=\"none\" spellcheck=\"false\" maxlength=\"60\"",
            value: value.to_owned(),
            ..Self::text("name", "field-name", t)
        }
    }

    /// A password: `current-password` or `new-password`. Never comes back filled in.
    pub(in crate::web) fn password(
        name: &'static str,
        label: &str,
        autocomplete: &'static str,
        t: Phrases,
    ) -> Self {
        Self { kind: "password", autocomplete, extra: "maxlength=\"200\"", ..Self::text(name, label, t) }
    }

    /// The code of a telephone, or a recovery code.
    pub(in crate::web) fn code(label: &str, t: Phrases) -> Self {
        Self {
            autocomplete: "one-time-code",
            extra: "autocapitalize=\"none\" spellcheck=\"false\" maxlength=\"40\"",
            ..Self::text("code", label, t)
        }
    }

    pub(in crate::web) fn value(self, value: &str) -> Self {
        Self { value: value.to_owned(), ..self }
    }

    pub(in crate::web) fn kind(self, kind: &'static str) -> Self {
        Self { kind, ..self }
    }

    pub(in crate::web) fn hint(self, hint: String) -> Self {
        Self { hint, ..self }
    }

    pub(in crate::web) fn extra(self, extra: &'static str) -> Self {
        Self { extra, ..self }
    }

    /// What a browser may fill in.
    pub(in crate::web) fn autocomplete(self, autocomplete: &'static str) -> Self {
        Self { autocomplete, ..self }
    }

    pub(in crate::web) fn optional(self) -> Self {
        Self { is_required: false, ..self }
    }

    /// Typing begins here.
    pub(in crate::web) fn first(self) -> Self {
        Self { is_first: true, ..self }
    }

    /// What is wrong with it; typing begins here then.
    pub(in crate::web) fn fault(self, fault: Option<&str>) -> Self {
        match fault {
            Some(fault) => Self { fault: fault.to_owned(), is_first: true, ..self },
            None => self,
        }
    }

    /// Whether something is wrong with it.
    pub(in crate::web) fn has_fault(&self) -> bool {
        !self.fault.is_empty()
    }

    fn described_by(&self) -> String {
        let parts = [("hint", &self.hint), ("fault", &self.fault)];
        let parts = parts.into_iter().filter(|(_, text)| !text.is_empty());
        parts.map(|(part, _)| format!("{}-{part}", self.name)).collect::<Vec<_>>().join(" ")
    }
}
