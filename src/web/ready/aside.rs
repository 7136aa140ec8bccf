//! Between the ready answers and everything further in: of that nothing is touched for an answer that is ready. A layer made of a
//! function copies all that is inside of it for each request, and so does the next one; a dozen of them in one another cost more than
//! finding the answer.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::Request;
use tower::{Layer, Service, ServiceExt};

/// Puts what is further in aside until it is needed.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Aside;

impl<S> Layer<S> for Aside {
    type Service = SetAside<S>;

    fn layer(&self, inner: S) -> SetAside<S> {
        SetAside(Arc::new(inner))
    }
}

/// What is further in, copied for the requests that come to it and for no other.
#[derive(Debug)]
pub(in crate::web) struct SetAside<S>(Arc<S>);

impl<S> Clone for SetAside<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S> Service<Request> for SetAside<S>
where
    S: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send,
{
    type Response = S::Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        Box::pin(S::clone(&self.0).oneshot(request))
    }
}

#[cfg(test)]
mod tests {
    use std::future::{Ready, ready};
    use std::sync::atomic::{AtomicU32, Ordering};

    use axum::body::Body;

    use super::*;

    /// Counts how often it is copied.
    struct Inner(Arc<AtomicU32>);

    impl Clone for Inner {
        fn clone(&self) -> Self {
            self.0.fetch_add(1, Ordering::SeqCst);
            Self(Arc::clone(&self.0))
        }
    }

    impl Service<Request> for Inner {
        type Response = &'static str;
        type Error = Infallible;
        type Future = Ready<Result<&'static str, Infallible>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: Request) -> Self::Future {
            ready(Ok("further in"))
        }
    }

    #[tokio::test]
    async fn what_is_further_in_is_copied_for_those_who_come_to_it_alone() {
        let copies = Arc::new(AtomicU32::new(0));
        let aside = Aside.layer(Inner(Arc::clone(&copies)));
        let others: Vec<_> = (0..3).map(|_| aside.clone()).collect();
        assert_eq!(copies.load(Ordering::SeqCst), 0);
        for other in others {
            assert_eq!(other.oneshot(Request::new(Body::empty())).await, Ok("further in"));
        }
        assert_eq!(copies.load(Ordering::SeqCst), 3);
    }
}
