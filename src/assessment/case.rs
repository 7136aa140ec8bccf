//! What is assessed, given to every function of the stage.

use super::order::Orders;
use super::policy::PolicyBook;
use crate::epi::{Calendar, LocationId};
use crate::indicator::IndicatorTable;

/// What is assessed: one location's indicators under a policy and the orders that bind it.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The rules, in every version: a day is assessed under the one then in force.
    pub policies: &'a PolicyBook,
    /// The indicators of the location.
    pub table: &'a IndicatorTable,
    /// Orders of the centre and the province.
    pub orders: &'a Orders,
    /// The location and what it is part of, nearest first.
    pub lineage: &'a [LocationId],
    /// The location's public holidays.
    pub calendar: &'a Calendar,
}
