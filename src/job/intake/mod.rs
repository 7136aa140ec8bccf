//! How figures come in: pulled, dropped, typed or read again from the archive, all by one way ([`take_in()`]); what is held, and
//! who lets it in.

mod held;
mod ingest;
mod release;
mod replay;
mod take_in;
mod upload;

pub use held::{HeldDiff, HeldFigure, HeldFor, read_hold};
pub use ingest::{ingest_all, ingest_payload, ingest_source};
pub use release::{REASON_LENGTH, refuse, release};
pub use replay::replay_archive;
pub use take_in::{How, IngestReport, believe, take_in, unit_names};
pub use upload::{Told, Upload, commit, preview};
