//! From a view of the city to charts: what is drawn, over which days, under which finding. Pages, files and the
//! command line draw through here, so that a picture is the same everywhere. The little arithmetic that a picture
//! needs (bringing a weekly threshold to cases a day) stands here too. One file a chart.

mod draw;
mod epicurve;
mod finding;
mod line;
mod staff;
mod strip;

pub(super) use draw::Look;
pub use draw::{NAMES, Subject, draw};
pub(super) use epicurve::Curve;
pub(super) use line::{Line, kind_of, names as line_names};
pub(super) use staff::Staff;
pub(super) use strip::{Strip, ladder_mark, mark_word};
