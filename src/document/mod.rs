//! Paper made from a decision: the circular to edit (DOCX) and to read (PDF), the briefing for the meeting, the message for
//! a chat. What each says is data first ([`CircularContent`], [`Briefing`]), made from the record alone; only then is it
//! set. No I/O, no clock: templates, words and pictures are handed in. Start at `circular/content.rs`.

mod briefing;
mod circular;
mod dossier;
mod letterhead;
mod message;
mod spelled;
mod typeset;
mod words;
#[cfg(feature = "pdf")]
mod world;

pub use briefing::{
    Briefing, BriefingClock, BriefingCurve, BriefingDecision, BriefingInput, BriefingLevel, BriefingList,
    BriefingRule, Priority,
};
pub use circular::{CircularContent, CircularKind, Figure, Paragraph, Part, Signatory, Table};
pub use dossier::{Dossier, DutyDay, Earlier, Form, Programme, UnknownForm};
pub use letterhead::{Letterhead, LogoFault, Recipients};
pub use message::{LONGEST_MESSAGE, MessageInput, message};
pub use spelled::spelled;
pub use typeset::{DocumentError, Templates};
pub use words::{Words, WordsFault};
