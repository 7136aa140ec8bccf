//! The journeys: one file is one subcommand and one schedule entry, and both call the same function.
//!
//! [`assess()`] is the main path. A page starts a journey only through this folder.

mod alert;
mod assess;
mod backtest;
mod beyond;
mod by_hand;
mod context;
mod decision;
mod documents;
mod export;
mod figures;
mod freshness;
mod in_memory;
mod indicators;
mod intake;
mod models;
mod policy;
mod retain;
mod runtime;
mod schedule;
mod start;
mod view;
mod viewing;
mod workforce;

pub use crate::source::SourceSpec;
pub use alert::{
    AlertTurn, Alerting, AnswerFault, Month, OpenAlert, Painter, PastAlert, Rehearsed, ReportCard, Route,
    RuleCard, ShownAlert, ShownAlerts, Silencing, Tested, acknowledge, alert_named, alert_story, deliver,
    hand_over, heartbeat, is_behind, lift, open_alerts, past_alerts, rehearse, release as release_notices,
    report_card, routes, rule_title, sees_addresses, send_again, send_report_card, send_test, shown_detail,
    shown_open_alerts, silence, silence_end, silences, test_recipients, told_to, watch,
};
pub use assess::assess;
pub use backtest::{Backtested, Backtesting, comparison_table};
pub use beyond::{Beyond, Neighbour, know};
pub use by_hand::{
    BY_HAND, Continuing, FORM, Hour, Keeping, NoHour, NotContinuing, ask_address, can_keep_like, continued,
    follow, keep_address, recognise, renew_if_kept, with_kept,
};
pub use context::{Gear, Journey, authority, load_policies, policy_file, shipped_policies};
pub use decision::{
    Deciding, Evidence, KeptOrder, OrderAnswer, OrderRefusal, SignFault, circular_numbers, deciding,
    deciding_of, decision_clock, discard, dossier, draft, duty_gaps, end_order, evidence_of, journal,
    keep_order, kept_orders, letterhead, number_circular, programmes, said, sign, with_kept_orders,
};
pub use documents::DocumentFiles;
pub use export::{
    Asking, Dataset, Ending, FILTERS, IndicatorRows, Making, Taken, UnknownEnding, Wanted, decision_table,
    indicator_columns, indicator_rows, made, observation_table, page, policy_name, take,
};
pub use figures::{FigureReport, FiguresWanted, JudgeFault, Judging, NOTE_LENGTH, judge};
pub use freshness::{SourceFreshness, source_freshness};
pub use in_memory::InMemory;
pub use indicators::Computing;
pub use intake::{
    HeldDiff, HeldFigure, HeldFor, How, IngestReport, REASON_LENGTH, Told, Upload, believe, commit,
    ingest_all, ingest_payload, ingest_source, preview, read_hold, refuse, release, replay_archive, take_in,
    unit_names,
};
pub use models::{Forecasting, StandingOut, day_columns, forecast_columns, score_columns, unit_columns};
pub use policy::hold_to_policy;
pub use retain::retain;
pub use runtime::off_the_runtime;
pub use schedule::{Act, Beside, CatchUp, JobName, Schedule, ScheduleFault, resumed_from, run_due};
pub use start::record_start;
pub use view::{CityView, Focus, city_view, with_reasons};
pub use viewing::Viewing;

pub use workforce::{
    Handed, Laid, ListKind, Register, RosterAsk, RosterView, UnitStanding, WorkforceFault, attendance_table,
    calendar_of, case_links, close_unit, count_heads, days_with_cases, finding_sentence, forget_officer,
    import_away, import_officers, import_units, lay_out, link_cases, open_findings, reopen_unit,
    roster_table, roster_view, row_fault, sees_cases, standings, swap_duty, take_attendance, told_rows,
    write_note,
};

pub use crate::source::SourceStanding;
