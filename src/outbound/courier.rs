//! Requests and answers that are passed on as they come: for those who speak a protocol of their own with a server, and
//! need only the way to it. Memory does not grow with what is sent or answered.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

use super::address_policy::Reach;
use super::client::{Options, Outbound, checked, failure, host_of};
use super::limits::SILENCE_TIME_MAX;
use super::{Error, Result};

/// Passes requests on. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Courier {
    http: reqwest::Client,
    reach: Reach,
}

impl Outbound {
    /// Somebody who passes requests on to servers within `reach`. Keep it: it keeps connections.
    ///
    /// # Errors
    /// [`Error::Settings`] when no connection can be made at all.
    pub fn courier(&self, reach: Reach) -> Result<Courier> {
        let http = self
            .builder(reach, &Options::default())?
            .read_timeout(SILENCE_TIME_MAX)
            .build()
            .map_err(|error| Error::Settings(format!("No connection can be made: {error}.")))?;
        Ok(Courier { http, reach })
    }
}

impl Courier {
    /// Sends a request; the answer may be any, a refusal and a redirection too.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn carry<B>(&self, request: http::Request<B>) -> Result<http::Response<Carried>>
    where
        B: Body<Data = Bytes> + Send + Sync + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (head, body) = request.into_parts();
        let url = checked(&head.uri.to_string(), self.reach)?;
        let host = host_of(&url);
        let mut request = reqwest::Request::new(head.method, url);
        *request.headers_mut() = head.headers;
        *request.body_mut() = Some(reqwest::Body::wrap(body));
        let answer = self.http.execute(request).await;
        let answer: http::Response<reqwest::Body> =
            answer.map_err(|error| failure(&host, &error))?.into();
        Ok(answer.map(|body| Carried { host, body }))
    }
}

/// The body of an answer, as it comes.
pub struct Carried {
    host: String,
    body: reqwest::Body,
}

impl Body for Carried {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>>>> {
        let this = &mut *self;
        let frame = Pin::new(&mut this.body).poll_frame(context);
        frame.map(|frame| frame.map(|frame| frame.map_err(|error| failure(&this.host, &error))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
