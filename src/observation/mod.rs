//! What was reported: from a parsed row that nobody believes yet to a snapshot of all that is believed.
//!
//! The way in is [`validate()`]; the way on is [`Snapshot`], the only door into polars. What a figure means is
//! in `indicator`.

mod authority;
mod checks;
mod disagreement;
mod doubt;
mod figures;
mod grid;
mod history;
mod hold;
mod judgement;
mod measure;
mod numbers;
mod quality;
mod raw;
mod revision;
mod scale;
mod snapshot;
mod validate;
mod vintage;

pub use authority::Authority;
pub use checks::{Checks, HoldReason};
pub use disagreement::{Disagreement, disagreements};
pub use doubt::{Doubt, DoubtKind, Places, Unidentified, UnknownDoubt, doubts};
pub use figures::{Figure, Figures};
pub use grid::{Cell, Grid, Layer, Lump, Stretch};
pub use history::{History, Known, KnownFigure, SeriesKey};
pub use hold::{Batch, Changes, Mover, hold_reasons, unidentified_pct};
pub use judgement::{
    Judged, Judgement, Mark, Marks, MarksByMeasure, UnknownVerdict, Verdict, annotate, apply, open_doubts,
    shares, standing,
};
pub use measure::{Measure, Nature, UnknownMeasure};
pub use quality::{QualityFlag, backlog_days};
pub use raw::{Observation, RawObservation, WITHHELD};
pub use revision::{Revision, revisions};
pub use snapshot::{Snapshot, SnapshotError};
pub use validate::{Believing, EARLIEST, RejectReason, Rejection, Validated, validate};
pub use vintage::{
    Completeness, FigureHistory, LARGE, NOISE, RevisionStatistics, Settling, ToldFigure, TriangleRow,
    Typical, completeness, figures, first_shares, last_complete_day, quantile, reporting_triangle,
    revision_statistics,
};
