//! The panels of a dashboard, one file each with its template of the same name. A panel takes what it needs from the
//! view, says it in the reader's words and gives ready HTML; order and settings come from the dashboard's file.

mod alerts;
mod attention;
mod both_views;
mod brief;
pub(super) mod downloads;
mod facts;
mod figure;
mod filters;
pub(super) mod freshness;
mod indicators;
mod level;
mod render;
mod revisions;
mod runs;
mod sources;
mod units;
mod would_change;

pub(super) use render::{Context, chart_panel, render};
