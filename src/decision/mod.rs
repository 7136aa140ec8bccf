//! What a named person decided: drafts with every refusal, the journal that nobody edits, and the clock that runs until the
//! next decision. The program recommends; nothing here decides.

mod check;
mod circular_number;
mod clock;
mod draft;
mod exemption;
mod journal;
mod period;
mod reason;
mod record;
mod refusal;
mod register;
mod typed;

pub use check::check;
pub use circular_number::{CircularNumber, CircularNumbers, NumberAnswer};
pub use clock::{ClockRules, ClockState, Due, DueKind, Outlook, run_clock};
pub use draft::{Answer, CeilingOn, Circumstances, Draft, MOST_DAYS, MOST_EXTENSIONS};
pub use exemption::{
    Exemption, ExemptionList, ExemptionListFault, ListChange, PositionRule, diff_lists, parse_exemption_list,
};
pub use journal::{Journal, JournalFault, State};
pub use period::Period;
pub use reason::{Reason, ReasonCode, UnknownReason};
pub use record::{Afterwards, Decision, DecisionKind, Office, Recommended, UnknownKind, UnknownOffice};
pub use refusal::{Found, Refusal};
pub use register::{CityStatus, StatusFault, StatusRegister, parse_statuses};
pub use typed::{one_line, read_day, read_share};
