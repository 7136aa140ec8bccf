//! Statistical disclosure control: what each audience may see of the figures. Every output (page, chart, file,
//! message, document) is made from what [`disclose()`] leaves of them, never from the figures themselves.
//!
//! City-wide figures of staff pass a gate in time (`gate`), units are shown by week (`week`, `table`), and an
//! assessment loses the staff figures its reader may not see (`assessment`).

mod assessment;
mod audience;
mod disclose;
mod gate;
mod reason;
mod table;
mod week;

pub use assessment::{disclose_assessment, is_rule_shown, is_shown};
pub use audience::{Audience, GOVERNMENT_THRESHOLD, PUBLIC_THRESHOLD, UnitView, UnknownAudience};
pub use disclose::{Disclosed, Rules, Setting, UnitSize, disclose, is_about_staff};
pub use reason::Reason;
pub use table::Count;
pub use week::UnitWeek;
