//! From a view of the city to charts: what is drawn, over which days, under which finding, and the table of the same
//! numbers. Pages, files and the command line draw through here, so that a picture is the same everywhere. The little
//! arithmetic that a picture needs (bringing a weekly threshold to cases a day) stands here too. One file a chart;
//! everything over days that is not the epidemic curve is in `lines/`.

mod asked;
mod card;
mod draw;
mod epicurve;
mod figure;
mod finding;
mod lines;
mod neighbours;
mod staff;
mod strip;
mod subject;

pub use asked::{Asked, Per};
pub(super) use draw::line_names;
pub(super) use draw::{DAYS, curve_settings, embedded_names, figure};
pub use draw::{NAMES, PHONE, beyond, draw, sharpness, usual_size};
pub(super) use epicurve::Curve;
pub(super) use figure::{Figure, Row, Table};
pub(super) use staff::Staff;
pub(super) use strip::{Strip, ladder_mark, mark_word};
pub(super) use subject::Look;
pub use subject::Subject;
