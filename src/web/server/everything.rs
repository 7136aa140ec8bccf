//! The outermost service: everything that comes in, on whichever line. It is no router, which would look for a route for each answer that
//! is ready; and no handler, whose answer to HEAD would be measured once more, without its body.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::BoxError;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::response::Response;
use tower::Service;

/// How an answer is made; the same for every line.
pub(in crate::web) trait Answers: Clone + Send + Sync + 'static {
    /// The answer to a request.
    fn answer(&self, request: Request) -> impl Future<Output = Response> + Send + 'static;
}

impl<A, F> Answers for A
where
    A: Fn(Request) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    fn answer(&self, request: Request) -> impl Future<Output = Response> + Send + 'static {
        self(request)
    }
}

/// Answers everything.
#[derive(Clone, Copy)]
pub(in crate::web) struct Everything<A>(pub(in crate::web) A);

impl<A, B> Service<Request<B>> for Everything<A>
where
    A: Answers,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let answer = self.0.answer(request.map(Body::new));
        Box::pin(async move { Ok(answer.await) })
    }
}

impl<A> fmt::Debug for Everything<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Everything")
    }
}
