//! Words and numbers in the reader's language. Every visible word is in `dashboards/text/`; this folder makes
//! sentences from data and never the other way.

mod cap;
mod change;
mod count;
mod explain;
mod formula;
mod locale;
mod moment;
mod number;
mod phrase;
mod reason;
mod refusal;
mod report;

pub use cap::cap_words;
pub use change::change_line;
pub use count::{CountFault, read_count};
pub use explain::{
    Explained, RuleLine, explain, figures_of, headline, indicator_value, rule_line, sensitivity_lines,
};
pub use formula::{defused, undefused};
pub use locale::Locale;
pub use moment::{moment, moment_short};
pub use number::{date_long, date_medium, date_short, decimal, number};
pub use phrase::{Arg, Phrases};
pub use reason::{Reason, told};
pub use refusal::refusal_sentence;
pub use report::assessment_text;
