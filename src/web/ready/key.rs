//! What makes two requests the same.

use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};

use crate::text::Locale;
use crate::web::{locale, visitor};

/// What is never the same for two: live lines, ways in, what belongs to somebody, what is ready by its nature.
const APART: [&str; 12] = [
    "/events",
    "/assets/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/sign-",
    "/set-up",
    "/invitation/",
    "/account",
    "/audit",
    "/figures",
    "/runs",
];

/// What says nothing of how long ago something was.
const FILES: [&str; 2] = ["/exports/", "/charts/"];

/// A longer address than any of ours is somebody's attempt to fill the memory.
const LONGEST: usize = 300;

/// How an answer is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
    Plain,
}

impl Encoding {
    /// The best of ours that a reader takes.
    fn taken_by(headers: &HeaderMap) -> Self {
        let taken = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        let taken = taken.flat_map(|line| line.split(','));
        let mut best = Self::Plain;
        for one in taken {
            let (name, weight) = one.split_once(';').unwrap_or((one, ""));
            let is_refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0));
            match name.trim() {
                "br" if !is_refused => return Self::Brotli,
                "gzip" if !is_refused => best = Self::Gzip,
                _ => {}
            }
        }
        best
    }

    /// What the layers further in are told that the reader takes.
    pub(super) fn asked_for(self) -> Option<HeaderValue> {
        match self {
            Self::Brotli => Some(HeaderValue::from_static("br")),
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            Self::Plain => None,
        }
    }
}

/// One answer for all who ask this.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    asked: String,
    locale: Locale,
    pub(super) encoding: Encoding,
    /// A program that asks for JSON gets refusals in JSON, and pages never.
    is_for_program: bool,
    version: i64,
    /// How often a server of the database was lost or came back: what was made before may say otherwise.
    pub(super) shifts: u64,
    /// How often dashboards have become others.
    boards: u64,
    /// Pages tell how long ago something came: they are made again each minute.
    minute: i64,
}

impl Key {
    /// The key of a request that anybody may have made; `None` for every other.
    pub(super) fn of(
        (method, uri, headers): (&Method, &Uri, &HeaderMap),
        otherwise: Locale,
        ((version, shifts), boards, now_millis): ((i64, u64), u64, i64),
    ) -> Option<Self> {
        let asked = uri.path_and_query()?.as_str();
        let is_file = FILES.iter().any(|start| uri.path().starts_with(start));
        Self::is_anybodys(method, uri, headers).then(|| Self {
            asked: asked.to_owned(),
            locale: locale::of(uri, headers, otherwise),
            encoding: Encoding::taken_by(headers),
            is_for_program: crate::web::guard::wants_data(uri.path(), headers),
            version,
            shifts,
            boards,
            minute: if is_file { 0 } else { now_millis.div_euclid(60_000) },
        })
    }

    /// Whether anybody may have made a request; the store is not asked for the others.
    pub(super) fn is_anybodys(method: &Method, uri: &Uri, headers: &HeaderMap) -> bool {
        method == Method::GET
            && uri.path_and_query().is_some_and(|asked| asked.as_str().len() <= LONGEST)
            && !headers.contains_key(header::AUTHORIZATION)
            && !headers.contains_key(header::RANGE)
            && !visitor::brings_cookie(headers)
            && !APART.iter().any(|start| uri.path().starts_with(start))
    }

    /// About how many bytes it takes itself.
    pub(super) fn weight(&self) -> usize {
        self.asked.len() + size_of::<Self>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(path: &str, headers: &[(&str, &str)]) -> Option<Key> {
        let pair = |(name, value): &(&str, &str)| {
            (header::HeaderName::try_from(*name).unwrap(), HeaderValue::try_from(*value).unwrap())
        };
        let headers: HeaderMap = headers.iter().map(pair).collect();
        Key::of((&Method::GET, &path.parse().unwrap(), &headers), Locale::Id, ((1, 0), 0, 0))
    }

    #[test]
    fn who_is_somebody_gets_an_answer_of_their_own() {
        assert!(key("/", &[("cookie", "lang=en; theme=dark")]).is_some());
        assert_eq!(key("/", &[("cookie", "lang=en; __Host-siaga=abc")]), None);
        assert_eq!(key("/", &[("authorization", "Bearer siaga_x")]), None);
        assert_eq!(key("/account", &[]), None);
        assert_eq!(key("/sign-in?next=/", &[]), None);
        assert_eq!(key(&format!("/?x={}", "a".repeat(400)), &[]), None);
    }

    #[test]
    fn language_compression_and_address_tell_answers_apart() {
        let plain = key("/public", &[]);
        assert_eq!(key("/public", &[("accept-language", "id")]), plain);
        for other in [
            key("/public", &[("accept-language", "en")]),
            key("/public", &[("cookie", "lang=en")]),
            key("/public?date=2021-06-28", &[]),
            key("/public", &[("accept-encoding", "gzip, br")]),
            key("/public", &[("accept", "application/json")]),
        ] {
            assert!(other.is_some() && other != plain, "{other:?}");
        }
        let gzip = key("/public", &[("accept-encoding", "br;q=0, gzip")]).unwrap();
        assert_eq!(
            (gzip.encoding, gzip.encoding.asked_for().unwrap()),
            (Encoding::Gzip, "gzip".parse().unwrap())
        );
    }
}
