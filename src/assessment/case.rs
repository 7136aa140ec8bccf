//! What is assessed, given to every function of the stage.

use super::order::Orders;
use super::policy::Policy;
use crate::epi::LocationId;
use crate::indicator::IndicatorTable;

/// What is assessed: one location's indicators under one policy and the orders that bind it.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The rules.
    pub policy: &'a Policy,
    /// The indicators of the location.
    pub table: &'a IndicatorTable,
    /// Orders of the centre and the province.
    pub orders: &'a Orders,
    /// The location and what it is part of, nearest first.
    pub lineage: &'a [LocationId],
}
