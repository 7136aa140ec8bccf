//! Telling people: what is worth telling, to whom, in which words, over which channel.
//!
//! Rules in a file ([`AlertRules`]) are held against what there is to see ([`Sight`]); [`evaluate()`] is pure and remembers what
//! fires, so that a crossing is told once and its end once. `job` keeps notices, messages and receipts; a [`Channel`] sends
//! one message and says whether to retry.

mod channel;
mod evaluate;
mod event;
mod memory;
mod message;
mod notice;
mod reading;
mod receipt;
mod recipient;
mod rule;
mod sentence;
mod sight;
mod silence;
mod state;

pub use channel::{
    AlertError, AlertmanagerChannel, Channel, Channels, EmailChannel, Form, MailServer, Outgoing,
    TelegramChannel, Unsubscribe, WebhookChannel, WhatsAppAccount, WhatsAppChannel, signature,
};
pub use evaluate::{Answered, Episode, Evaluation, Happening, Kept, Moment, evaluate};
pub use event::{About, Alert, AlertEvent};
pub use memory::{Memory, NoData, RuleMemory, Standing};
pub use message::{Composed, Telling, compose};
pub use notice::{Due, Wait, due, hears, offices};
pub use reading::{Condition, Reading, Readings, Rest};
pub use receipt::{Outcome, Receipt};
pub use recipient::{Office, Recipient, Severity, UnknownWord};
pub use rule::{AlertRule, AlertRuleFault, AlertRules, Group, KnownFalse, Line, Quiet, Side, Sign, Watch};
pub use sentence::Sayer;
pub use sight::{Fact, Figures, Sight, Watched};
pub use silence::{LONGEST_SILENCE_DAYS, REASON_LENGTH, Silence, SilenceFault};
