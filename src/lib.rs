//! siaga ("on alert"): the COVID case-trend dashboard and decision aid of a city government.
//!
//! One program pulls the city's case counts and the infection figures of its civil servants (ASN), works out
//! where the trend is going and which thresholds it crosses, recommends a work mode, and tells people once when
//! a line is crossed. The modules stand in the order in which the data flow:
//!
//! `source → observation → indicator → assessment → decision → page · chart · alert · export · document`
//!
//! Read first: [`job::assess()`], the main path; then [`assessment::assess()`], where the level is computed.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::float_cmp, reason = "a test may stop where it fails"))]

// Core: pure, synchronous, no clock, no log, cannot fail on data.

// The vocabulary everybody shares.
pub mod epi;

// What was reported.
pub mod observation;

// What it means.
pub mod indicator;

// What the rules say.
pub mod assessment;

// What a named person decided.
pub mod decision;

// What each audience may see of it.
pub mod disclosure;

// Who works where: units, duty roster, attendance.
pub mod workforce;

// Who did what, and that nobody changed it afterwards.
pub mod audit;

// Render: still no I/O.

// Words and numbers in the reader's language.
pub mod text;

// Charts as SVG and PNG.
pub mod chart;

// Tables that people take away.
pub mod export;

// Paper: circulars, briefings, messages.
pub mod document;

// Shell: everything that can fail because the world can.

// Where figures come from.
pub mod source;

// The city and its lists.
pub mod city;

// Who may do what.
pub mod account;

// The only place that knows SQL.
pub mod store;

// Signing in, sessions, one-time links, API tokens.
pub mod access;

// Telling people.
pub mod alert;

// The journeys: one file, one subcommand, one schedule entry.
pub mod job;

// The only reader of the time.
pub mod clock;

// The operator's settings.
pub mod config;

// What ships inside the binary.
pub mod assets;

// The log.
pub mod telemetry;

// The pages.
pub mod web;

// Wiring and graceful stop.
pub mod app;

// The demonstration.
pub mod demo;

// The command line.
pub mod cli;
