//! The way to the bucket: the house's own, in place of a second client for HTTP.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse,
    HttpResponseBody, HttpService,
};

use crate::outbound::{self, Carried, Courier};

/// Carries the requests that the library makes and signs.
#[derive(Debug, Clone)]
pub(super) struct Way(Courier);

impl Way {
    pub(super) fn new(courier: Courier) -> Self {
        Self(courier)
    }
}

impl HttpConnector for Way {
    fn connect(&self, _options: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

impl HttpService for Way {
    // What the attribute of `async_trait` would make of an `async fn`.
    fn call<'a, 'b>(
        &'a self,
        request: HttpRequest,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'b>>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(async move {
            let answer = self.0.carry(request).await.map_err(told)?;
            Ok(answer.map(|body| HttpResponseBody::new(Answer(body))))
        })
    }
}

/// The body of an answer, with the errors that the library knows.
struct Answer(Carried);

impl Body for Answer {
    type Data = Bytes;
    type Error = HttpError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, HttpError>>> {
        let frame = Pin::new(&mut self.0).poll_frame(context);
        frame.map(|frame| frame.map(|frame| frame.map_err(told)))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

/// The kind decides whether the library tries again.
fn told(error: outbound::Error) -> HttpError {
    let kind = match &error {
        outbound::Error::UnknownHost { .. } | outbound::Error::Unreachable { .. } => {
            HttpErrorKind::Connect
        }
        outbound::Error::TimedOut { .. } => HttpErrorKind::Timeout,
        outbound::Error::Broken { .. } => HttpErrorKind::Interrupted,
        _ => HttpErrorKind::Unknown,
    };
    HttpError::new(kind, error)
}
