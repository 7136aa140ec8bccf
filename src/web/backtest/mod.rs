//! Where an analyst lets other rules run over the city's past.

mod ask;
mod page;
mod told;

pub(in crate::web) use page::backtest;
