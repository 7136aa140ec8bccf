//! Files that are taken away: datasets in every form, pictures, evidence packs, and what carries them out. A picture and a pack are
//! drawn here for the command line, too: the charts of pages are in `figures`.

mod body;
mod briefing;
mod dataset;
mod evidence;
mod mail;
mod picture;
mod shown;

pub use body::body;
pub use briefing::{BriefingBesides, briefing};
pub(super) use dataset::{ID, export};
pub(super) use evidence::evidence_file;
pub use evidence::{EvidenceAsked, evidence};
pub use mail::mail_chart;
pub use picture::{Picture, PictureForm, picture};
