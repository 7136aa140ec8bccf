//! Alerts: what became of what, receipts, notices and messages until they are delivered, what people did about it.

mod answer;
mod evaluation;
mod notice;
mod outbox;
mod receipt;
mod row;

pub use answer::{Answer, AnswerKind, SilenceRow};
pub use evaluation::SavedEvaluation;
pub use notice::{DueNotice, Notice, NoticeState};
pub use outbox::{Message, MessageState};
pub use receipt::{ReceiptFilter, ReceiptRow};
pub use row::AlertRow;
