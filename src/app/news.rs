//! Keeps a process current with what others write into the same database: it is told where the server can tell, and looks for
//! itself every now and then in any case.

use std::future::pending;
use std::sync::Arc;

use crate::job::Journey;
use crate::store::{News, StoreError};

/// Tells the pages of this process what others wrote, for as long as it is polled.
pub(super) async fn follow(journey: Arc<Journey>) {
    let poll = journey.store.limits().poll;
    let mut listening: Option<News> = None;
    let mut is_deaf = false;
    loop {
        // It is listened first and looked afterwards, so that nothing falls in between.
        if listening.is_none() {
            match journey.store.news().await {
                Ok(news) => {
                    listening = news;
                    is_deaf = false;
                }
                Err(error) if !is_deaf => {
                    is_deaf = true;
                    tracing::warn!(error = %error, "nobody can tell this process what others write; it looks for itself");
                }
                Err(_) => {}
            }
        }
        if let Err(error) = journey.look().await {
            tracing::debug!(error = format!("{error:#}"), "nobody can say whether something is new");
        }
        tokio::select! {
            () = tokio::time::sleep(poll) => {}
            heard = next(listening.as_mut()) => if heard.is_err() {
                tracing::warn!("the connection that tells what others write was lost; it is made anew");
                listening = None;
            },
        }
    }
}

async fn next(listening: Option<&mut News>) -> Result<(), StoreError> {
    match listening {
        Some(news) => news.next().await,
        None => pending().await,
    }
}
