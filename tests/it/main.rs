//! The one integration binary: it links once. Each module is a journey tried as a user would try it.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may stop where it fails and say so")]
#![allow(clippy::disallowed_methods, reason = "the test run says by variables where its servers are")]
#![allow(clippy::too_many_lines, reason = "a table of cases is read from top to bottom")]

mod access;
mod alerts;
mod attacks;
mod audit;
mod audit_guard;
mod by_hand;
mod charts;
mod cli;
mod commands;
mod dashboards;
mod demo;
mod disclosed;
mod docs;
mod doors;
mod doors_looked_at;
mod doubts;
mod faults;
mod fetching;
mod first_start;
mod forecast;
mod held;
mod kill;
mod levels;
mod models;
mod moving;
mod nowcast;
mod over_time;
mod pages;
mod paper;
mod palette;
mod people;
mod policies;
mod privacy;
mod properties;
mod provider;
mod published;
mod publishers;
mod race;
mod ready;
mod reference;
mod reproduction;
mod retention;
mod runs_shown;
mod scenarios;
mod seams;
mod spreadsheets;
mod staleness;
mod store_contract;
mod support;
mod taken_in;
mod tls;
mod tried;
mod vintages;
