//! The journeys: one file is one subcommand and one schedule entry, and both call the same function.
//!
//! [`assess()`] is the main path. A page starts a journey only through this folder.

mod assess;
mod backtest;
mod by_hand;
mod context;
mod deliver;
mod export;
mod figures;
mod freshness;
mod held;
mod indicators;
mod ingest;
mod intake;
mod policy;
mod release;
mod replay;
mod retain;
mod runtime;
mod schedule;
mod start;
mod take_in;
mod view;

pub use crate::source::SourceSpec;
pub use assess::assess;
pub use backtest::{Backtested, Backtesting, comparison_table};
pub use by_hand::{
    BY_HAND, Continuing, FORM, Hour, Keeping, NoHour, NotContinuing, ask_address, can_keep_like, continued,
    follow, keep_address, recognise, renew_if_kept, with_kept_sources,
};
pub use context::{Journey, authority, load_policies, shipped_policies};
pub use deliver::deliver;
pub use export::{
    Dataset, IndicatorRows, indicator_columns, indicator_rows, indicator_table, observation_table,
};
pub use figures::{FigureReport, FiguresWanted, JudgeFault, Judging, NOTE_LENGTH, judge};
pub use freshness::{SourceFreshness, source_freshness};
pub use held::{HeldDiff, HeldFigure, HeldFor, read_hold};
pub use indicators::Computing;
pub use ingest::{ingest_all, ingest_payload, ingest_source};
pub use intake::{Told, Upload, commit, preview};
pub use policy::hold_to_policy;
pub use release::{REASON_LENGTH, refuse, release};
pub use replay::replay_archive;
pub use retain::retain;
pub use runtime::off_the_runtime;
pub use schedule::{CatchUp, JobName, Schedule, ScheduleFault, run_due};
pub use start::record_start;
pub use take_in::{How, IngestReport, believe, take_in, unit_names};
pub use view::{CityView, Focus, city_view};

pub use crate::source::SourceStanding;
