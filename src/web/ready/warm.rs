//! What most readers ask for is made as soon as something changes, before they ask.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use tower::ServiceExt;

use crate::text::Locale;
use crate::web::AppState;

/// The pages of anybody.
const ASKED_MOST: [&str; 2] = ["/", "/public"];
/// As browsers ask.
const ENCODINGS: &str = "gzip, deflate, br";

/// Makes them now and whenever something is new, until the program is told to stop or other pages follow: what is being made then is given up.
pub(in crate::web) async fn keep_warm(state: AppState, app: Router) {
    let over = state.vitals.over.clone();
    let _ = over.run_until_cancelled(make_again(state, app)).await;
}

/// Makes them now and whenever something is new.
async fn make_again(state: AppState, app: Router) {
    let mut changed = state.journey.changed.subscribe();
    loop {
        changed.mark_unchanged();
        for path in ASKED_MOST {
            for locale in [Locale::Id, Locale::En] {
                let request = Request::get(path)
                    .header(header::ACCEPT_LANGUAGE, locale.tag())
                    .header(header::ACCEPT_ENCODING, ENCODINGS)
                    .body(Body::empty());
                if let Ok(request) = request {
                    // The answer is kept; nobody waits for it here.
                    let _ = app.clone().oneshot(request).await;
                }
            }
        }
        if changed.changed().await.is_err() {
            return;
        }
    }
}
