//! One connection: HTTP/1.1 on it, and an eye on the clock so that nobody holds it for nothing.
//!
//! A connection is always in one of three phases, and two of them end by themselves: waiting for a request (idle
//! limit), receiving its head (head limit), and working on it (the handler's business; the body has its own limit in
//! `middleware::request_body`). A client that doesn't take its answer is cut too.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulConnection;
use tokio::net::TcpStream;
use tokio::time::Sleep;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tower::Service;

use super::watch::{Ended, Watch, WatchedBody, WatchedStream};
use crate::config::Limits;

/// How many header fields hyper reads without memory of its own for them.
const HEADERS_ON_STACK: usize = 100;

/// How long a connection may take for what.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// To send the head of a request.
    pub head: Duration,
    /// To begin the next request.
    pub idle: Duration,
    /// To take the next bytes of an answer.
    pub write: Duration,
    headers_max: usize,
}

impl Patience {
    /// As the settings say.
    pub fn new(limits: &Limits) -> Self {
        let seconds = |count: std::num::NonZeroU32| Duration::from_secs(u64::from(count.get()));
        Self {
            head: seconds(limits.head_seconds_max),
            idle: seconds(limits.idle_seconds_max),
            write: seconds(limits.body_seconds_max),
            headers_max: limits.headers_max.get() as usize,
        }
    }
}

/// Serves one connection to its end.
pub(super) async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    patience: Patience,
    stopping: CancellationToken,
) {
    // Answers are written whole: waiting for more only delays them.
    drop(stream.set_nodelay(true));
    let watch = Arc::new(Watch::new(patience));
    let service = hyper::service::service_fn({
        let watch = watch.clone();
        move |request| answer(request, peer, router.clone(), Watch::request_begins(&watch))
    });
    let mut protocol = http1::Builder::new();
    // Our own watch does what hyper's timer would, and tells an idle connection from a slow one.
    protocol.header_read_timeout(None);
    if patience.headers_max != HEADERS_ON_STACK {
        protocol.max_headers(patience.headers_max);
    }
    let stream = TokioIo::new(WatchedStream::new(stream, watch.clone()));
    Running {
        connection: Box::pin(protocol.serve_connection(stream, service)),
        sleep: Box::pin(tokio::time::sleep(patience.idle)),
        armed: Instant::now() + patience.idle,
        stopping: Box::pin(stopping.cancelled_owned()),
        is_stopping: false,
        is_told: false,
        watch,
    }
    .await;
}

/// Hands the request to the router.
async fn answer(
    request: Request<Incoming>,
    peer: SocketAddr,
    mut router: Router,
    ended: Ended,
) -> Result<Response<WatchedBody>, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    let response = router.call(request).await?;
    Ok(response.map(|body| WatchedBody::new(body, ended)))
}

/// A connection at work.
struct Running<C> {
    connection: Pin<Box<C>>,
    sleep: Pin<Box<Sleep>>,
    /// When `sleep` ends. It may be earlier than the watch's deadline, which is looked at then; setting it anew for
    /// each request would cost more than that.
    armed: Instant,
    stopping: Pin<Box<WaitForCancellationFutureOwned>>,
    is_stopping: bool,
    /// The connection knows that it is to end after the answer that is under way.
    is_told: bool,
    watch: Arc<Watch>,
}

impl<C: GracefulConnection> Running<C> {
    /// Whether the client has used up our patience. Asked after every poll, since any may have changed the phase.
    fn is_out_of_time(&mut self, context: &mut Context<'_>) -> bool {
        let deadline = self.watch.deadline();
        if deadline < self.armed {
            self.arm(deadline);
        }
        while self.sleep.as_mut().poll(context).is_ready() {
            let deadline = self.watch.deadline();
            if Instant::now() >= deadline {
                return true;
            }
            self.arm(deadline);
        }
        false
    }

    fn arm(&mut self, at: Instant) {
        self.armed = at;
        self.sleep.as_mut().reset(at.into());
    }
}

impl<C: GracefulConnection> Future for Running<C> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if !self.is_stopping && self.stopping.as_mut().poll(context).is_ready() {
            self.is_stopping = true;
        }
        loop {
            // First of all: what has arrived by now is answered.
            if let Poll::Ready(result) = self.connection.as_mut().poll(context) {
                if result.is_err() {
                    tracing::debug!("a connection broke");
                }
                return Poll::Ready(());
            }
            if !self.is_stopping || self.is_told {
                break;
            }
            if self.watch.is_new() {
                self.watch.hurries();
                break;
            }
            if self.watch.is_idle() {
                return Poll::Ready(());
            }
            self.is_told = true;
            self.connection.as_mut().graceful_shutdown();
        }
        if self.is_out_of_time(context) {
            return Poll::Ready(());
        }
        Poll::Pending
    }
}
