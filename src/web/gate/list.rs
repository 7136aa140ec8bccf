//! What anybody may know of each city: its level, and the day of its newest figures. Looked at every few seconds at most, however
//! many ask.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::slot::Slot;
use crate::disclosure::Audience;
use crate::job::{CityView, Focus, Journey};

/// For so long a look is believed.
const BELIEVED: Duration = Duration::from_secs(2);

/// What is known of a city.
#[derive(Clone)]
pub(super) enum Known {
    /// It has no pages now, or its store does not answer in time.
    Away,
    /// Nobody has said yet which city it is.
    BeingSetUp,
    /// As anybody may see it.
    Seen(Arc<Journey>, Arc<CityView>),
}

/// The last look at all cities.
#[derive(Default)]
pub(super) struct List {
    last: Mutex<Option<(Instant, Arc<Vec<Known>>)>>,
}

impl List {
    /// What is known of each, in their order. Who comes while somebody looks waits for that.
    pub(super) async fn of(&self, slots: &[Slot]) -> Arc<Vec<Known>> {
        let mut last = self.last.lock().await;
        if let Some((at, known)) = &*last
            && at.elapsed() < BELIEVED
        {
            return Arc::clone(known);
        }
        let known = Arc::new(join_all(slots.iter().map(look)).await);
        *last = Some((Instant::now(), Arc::clone(&known)));
        known
    }
}

async fn look(slot: &Slot) -> Known {
    let Some(state) = slot.state() else { return Known::Away };
    if state.is_being_set_up() {
        return Known::BeingSetUp;
    }
    let (journey, patience) = (Arc::clone(&state.journey), state.settings.limits.probe);
    // Goes on when nobody waits any more: the next look has it.
    let gathering = tokio::spawn(async move { state.view(Focus::default(), &Audience::public()).await });
    match timeout(patience, gathering).await {
        Ok(Ok(Ok(view))) => Known::Seen(journey, view),
        Ok(Ok(Err(error))) => {
            tracing::warn!(city = slot.name(), error = %error, "a city is not in the list");
            Known::Away
        }
        Ok(Err(_)) | Err(_) => Known::Away,
    }
}
