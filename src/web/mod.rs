//! stub
#![allow(missing_docs, reason = "stub")]
use crate::job::Journey;
use std::sync::Arc;
pub struct AppState {
    pub journey: Arc<Journey>,
}
impl AppState {
    pub fn new(journey: Arc<Journey>) -> anyhow::Result<Self> {
        Ok(Self { journey })
    }
}
pub async fn serve(
    _l: tokio::net::TcpListener,
    _s: AppState,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    stop.await;
    Ok(())
}
pub fn check_dashboard(_n: &str) -> anyhow::Result<()> {
    Ok(())
}
pub mod figures {
    pub const NAMES: [&str; 1] = ["epicurve"];
    pub fn draw(
        _n: &str,
        _v: &crate::job::CityView,
        _p: &crate::assessment::Policy,
        _ph: crate::text::Phrases,
        _t: crate::chart::Theme,
        _s: (u32, u32),
    ) -> Option<crate::chart::Chart> {
        None
    }
}
