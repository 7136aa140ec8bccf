//! The layer outside all others: what is ready goes out as it is, everything else is made and, if anybody may have it, kept.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use sha2::{Digest, Sha256};

use super::answers::Ready;
use super::key::Key;
use crate::export::hex;
use crate::web::AppState;
use crate::web::asset::is_known;

/// Says whether an answer was ready.
const READY: HeaderName = HeaderName::from_static("siaga-cache");
/// A larger answer is made anew for each who asks, as it goes out.
const LARGEST: usize = 4 * 1024 * 1024;

/// The layer.
pub(in crate::web) async fn serve(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    if !Key::is_anybodys(request.method(), request.uri(), request.headers()) {
        return next.run(request).await;
    }
    let version = newest(&state).await;
    let Some(key) = version.and_then(|version| key(&state, &request, version)) else {
        return next.run(request).await;
    };
    if let Some(ready) = state.ready.find(&key) {
        return answer(&ready, request.headers(), "hit");
    }
    // Made for all who ask this: whole, in the one compression that the key says.
    let asked = request.headers_mut();
    let known = asked.get(header::IF_NONE_MATCH).cloned();
    match key.encoding.asked_for() {
        Some(encoding) => asked.insert(header::ACCEPT_ENCODING, encoding),
        None => asked.remove(header::ACCEPT_ENCODING),
    };
    let response = next.run(request).await;
    // One that was lost meanwhile may have left it to another, which has another version.
    if !may_be_kept(&response) || state.journey.store.shifts() != key.shifts {
        return response;
    }
    let (parts, body) = response.into_parts();
    let bytes = match whole(body).await {
        Ok(bytes) => bytes,
        Err(body) => return Response::from_parts(parts, body),
    };
    let ready = Arc::new(Ready { headers: with_tag(parts.headers, &bytes), body: bytes });
    state.ready.keep(key, &ready);
    let asked: HeaderMap = known.map(|tag| (header::IF_NONE_MATCH, tag)).into_iter().collect();
    answer(&ready, &asked, "miss")
}

/// The newest version; none where the page further in has to say what is wrong, or asks its own way.
async fn newest(state: &AppState) -> Option<(i64, u64)> {
    // While an installation is being set up every address leads there; one that runs and was never set up has its pages beside.
    if state.is_being_set_up() {
        return None;
    }
    state.ready.newest.version(state).await.ok()
}

fn key(state: &AppState, request: &Request, version: (i64, u64)) -> Option<Key> {
    let now = state.journey.clock.now().millis();
    let asked = (request.method(), request.uri(), request.headers());
    Key::of(asked, state.journey.locale, (version, state.boards_turned(), now))
}

/// Whole answers that are not somebody's own.
fn may_be_kept(response: &Response) -> bool {
    let control = response.headers().get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok());
    response.status() == StatusCode::OK
        && control.is_some_and(|control| !control.contains("no-store") && !control.contains("private"))
        && response.headers().get_all(header::SET_COOKIE).iter().all(is_of_the_language)
        && !response.headers().contains_key(header::CONTENT_RANGE)
}

/// The language asked for in the address is remembered, for whoever asks.
fn is_of_the_language(cookie: &HeaderValue) -> bool {
    cookie.as_bytes().starts_with(b"lang=")
}

/// The whole body, or a body that goes on where reading stopped: too large, or broken off.
async fn whole(body: Body) -> Result<Bytes, Body> {
    let mut stream = body.into_data_stream();
    let (mut pieces, mut length) = (Vec::new(), 0);
    while let Some(piece) = stream.next().await {
        let is_end = piece.is_err();
        length += piece.as_ref().map_or(0, Bytes::len);
        pieces.push(piece);
        if is_end || length > LARGEST {
            return Err(Body::from_stream(stream::iter(pieces).chain(stream)));
        }
    }
    let mut bytes = Vec::with_capacity(length);
    pieces.into_iter().flatten().for_each(|piece| bytes.extend_from_slice(&piece));
    Ok(bytes.into())
}

/// The headers with a tag of the very bytes, where the answer has none of its own.
fn with_tag(mut headers: HeaderMap, bytes: &[u8]) -> HeaderMap {
    if !headers.contains_key(header::ETAG)
        && let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", hex(&Sha256::digest(bytes)[..16])))
    {
        headers.insert(header::ETAG, tag);
    }
    headers.remove(header::TRANSFER_ENCODING);
    headers.remove(header::CONTENT_LENGTH);
    headers
}

fn answer(ready: &Ready, asked: &HeaderMap, said: &'static str) -> Response {
    let tag = ready.headers.get(header::ETAG).and_then(|tag| tag.to_str().ok());
    let is_there = tag.is_some_and(|tag| is_known(asked, tag.trim_start_matches("W/")));
    let mut response = match is_there {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => ready.body.clone().into_response(),
    };
    *response.headers_mut() = ready.headers.clone();
    response.headers_mut().insert(READY, HeaderValue::from_static(said));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_too_large_or_breaks_off_goes_out_as_it_came() {
        let small = whole(Body::from("siaga")).await.unwrap();
        assert_eq!(&small[..], b"siaga");
        let large =
            Body::from_stream(stream::iter((0..5).map(|_| Ok::<_, std::io::Error>(vec![b'x'; 1024 * 1024]))));
        let large = whole(large).await.unwrap_err();
        assert_eq!(axum::body::to_bytes(large, usize::MAX).await.unwrap().len(), 5 * 1024 * 1024);
        let broken = stream::iter([Ok("half"), Err(std::io::Error::other("gone"))]);
        let broken = whole(Body::from_stream(broken)).await.unwrap_err();
        assert!(axum::body::to_bytes(broken, usize::MAX).await.is_err(), "it does not end as a success");
    }
}
