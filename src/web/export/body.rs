//! How a file goes out: text part by part, each made when the reader has taken the one before, so that neither a long file nor a slow
//! reader costs memory or a thread. A part that cannot be made breaks the answer off, which every client takes for a failure: a
//! file is whole, or it is none.

use std::sync::Arc;

use axum::body::Body;
use futures_util::{StreamExt, stream};

use crate::job::{Making, off_the_runtime};

/// The body of an answer.
pub fn body(making: Making) -> Body {
    let making = match making {
        Making::Whole(bytes) => return Body::from(bytes),
        making => Arc::new(making),
    };
    let count = making.parts();
    let next = move |nth: usize| {
        let making = Arc::clone(&making);
        async move {
            if nth >= count {
                return None;
            }
            let part = off_the_runtime(move || Ok(making.part(nth)?)).await;
            // Nothing follows what broke off.
            let next = if part.is_ok() { nth + 1 } else { count };
            Some((part.map_err(std::io::Error::other), next))
        }
    };
    // Whoever compresses asks once more after the end.
    Body::from_stream(stream::unfold(0, next).fuse())
}
