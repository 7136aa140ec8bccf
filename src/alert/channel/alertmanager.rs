//! Prometheus Alertmanager (API v2): it takes the array of alerts and goes on with them by its own rules.

use super::outlet::Outlet;
use super::{AlertError, Outgoing};

/// An Alertmanager.
#[derive(Clone)]
pub struct AlertmanagerChannel {
    outlet: Outlet,
    token: Option<String>,
}

impl std::fmt::Debug for AlertmanagerChannel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AlertmanagerChannel").field("outlet", &self.outlet).finish_non_exhaustive()
    }
}

impl AlertmanagerChannel {
    /// A channel to the Alertmanager at an address; the token is for a proxy before it that asks for one.
    ///
    /// # Errors
    /// [`AlertError::GiveUp`] when the address is not https, nor http on this host.
    pub fn new(address: &str, token: Option<&str>) -> Result<Self, AlertError> {
        let outlet = Outlet::new("alertmanager", address, token.unwrap_or_default())?;
        Ok(Self { outlet, token: token.map(str::to_owned) })
    }

    /// Posts the alerts of one message.
    ///
    /// # Errors
    /// [`AlertError::Retry`] for no answer, a token that is refused, 429 and 5xx; [`AlertError::GiveUp`] for alerts that it
    /// does not understand.
    pub async fn send(&self, out: &Outgoing<'_>) -> Result<(), AlertError> {
        let mut request = self.outlet.post_json(&["api", "v2", "alerts"], out.body.to_owned());
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let answer = self.outlet.ask(request).await?;
        if matches!(answer.status.as_u16(), 401 | 403) {
            let reason =
                format!("it answered {}; set its token in SIAGA_ALERT_ALERTMANAGER_TOKEN", answer.status);
            return Err(self.outlet.retry(reason, answer.after));
        }
        self.outlet.judge(&answer)
    }
}
