//! In which phase a connection is, and when it has used up our patience.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, HttpBody};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::connection::Patience;

/// How long a client may go on sending after its answer.
const LINGER_TIME_MAX: Duration = Duration::from_secs(2);

/// How long a connection that was just accepted may take for its first request when the program stops.
const FIRST_REQUEST_TIME_MAX: Duration = Duration::from_secs(1);

/// A deadline that never comes, soon enough to be added to an instant.
const NEVER_MS: u64 = 1_000 * 60 * 60 * 24 * 365;

/// The phase of one connection, as the deadline of what is awaited from the client. All who tell it something run in
/// the connection's own task, so there's nothing to order between them.
pub(super) struct Watch {
    began: Instant,
    patience: Patience,
    is_idle: AtomicBool,
    /// Nothing came yet.
    is_new: AtomicBool,
    /// When the phase ends, in milliseconds since the connection began.
    phase_ends_ms: AtomicU64,
    /// When a write that does not move is given up.
    write_ends_ms: AtomicU64,
}

impl Watch {
    /// A connection that was just accepted: its client should have something to say.
    pub(super) fn new(patience: Patience) -> Self {
        let watch = Self {
            began: Instant::now(),
            patience,
            is_idle: AtomicBool::new(true),
            is_new: AtomicBool::new(true),
            phase_ends_ms: AtomicU64::new(0),
            write_ends_ms: AtomicU64::new(NEVER_MS),
        };
        watch.becomes_idle();
        watch
    }

    /// When the connection is to be cut, as things are.
    pub(super) fn deadline(&self) -> Instant {
        let phase = self.phase_ends_ms.load(Ordering::Relaxed);
        let write = self.write_ends_ms.load(Ordering::Relaxed);
        self.began + Duration::from_millis(phase.min(write))
    }

    /// Whether nothing is under way.
    pub(super) fn is_idle(&self) -> bool {
        self.is_idle.load(Ordering::Relaxed)
    }

    /// Whether the client has said nothing yet, so that its first request may be under way.
    pub(super) fn is_new(&self) -> bool {
        self.is_new.load(Ordering::Relaxed)
    }

    /// The program stops: a first request that was sent before anybody could know is still answered, but it must come.
    pub(super) fn hurries(&self) {
        let soon = self.after(FIRST_REQUEST_TIME_MAX);
        self.phase_ends_ms.fetch_min(soon, Ordering::Relaxed);
    }

    /// The head of a request was read: the time is the handler's now, until what is returned is dropped.
    pub(super) fn request_begins(watch: &Arc<Self>) -> Ended {
        watch.is_idle.store(false, Ordering::Relaxed);
        watch.phase_ends_ms.store(NEVER_MS, Ordering::Relaxed);
        Ended(watch.clone())
    }

    /// Our side of the connection is closed; the client may finish what it is sending.
    fn lingers(&self) {
        self.phase_ends_ms
            .store(self.after(LINGER_TIME_MAX), Ordering::Relaxed);
    }

    fn becomes_idle(&self) {
        self.is_idle.store(true, Ordering::Relaxed);
        self.phase_ends_ms
            .store(self.after(self.patience.idle), Ordering::Relaxed);
    }

    fn bytes_came(&self) {
        self.is_new.store(false, Ordering::Relaxed);
        // Only the first bytes of a request set the time for its head: one byte now and then does not extend it.
        if self.is_idle.swap(false, Ordering::Relaxed) {
            self.phase_ends_ms
                .store(self.after(self.patience.head), Ordering::Relaxed);
        }
    }

    fn write_waits(&self) {
        if self.write_ends_ms.load(Ordering::Relaxed) == NEVER_MS {
            self.write_ends_ms
                .store(self.after(self.patience.write), Ordering::Relaxed);
        }
    }

    fn write_moves(&self) {
        self.write_ends_ms.store(NEVER_MS, Ordering::Relaxed);
    }

    fn after(&self, time: Duration) -> u64 {
        u64::try_from((self.began.elapsed() + time).as_millis()).unwrap_or(NEVER_MS)
    }
}

/// Tells the watch, when it is dropped, that the answer is over.
pub(super) struct Ended(Arc<Watch>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.becomes_idle();
    }
}

/// The body of an answer.
pub(super) struct WatchedBody {
    body: Body,
    _ended: Ended,
}

impl WatchedBody {
    pub(super) fn new(body: Body, ended: Ended) -> Self {
        Self {
            body,
            _ended: ended,
        }
    }
}

impl HttpBody for WatchedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        self.body.size_hint()
    }
}

/// The stream of a connection.
pub(super) struct WatchedStream {
    stream: TcpStream,
    watch: Arc<Watch>,
    is_closed: bool,
}

impl WatchedStream {
    pub(super) fn new(stream: TcpStream, watch: Arc<Watch>) -> Self {
        Self {
            stream,
            watch,
            is_closed: false,
        }
    }

    /// Reads to the end of what the client sends, and forgets it.
    fn poll_forget(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut bytes = [0; 8 * 1024];
        loop {
            let mut buffer = ReadBuf::new(&mut bytes);
            ready!(Pin::new(&mut self.stream).poll_read(context, &mut buffer))?;
            if buffer.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
        }
    }

    fn note<T>(&self, written: &Poll<io::Result<T>>) {
        match written {
            Poll::Pending => self.watch.write_waits(),
            Poll::Ready(_) => self.watch.write_moves(),
        }
    }
}

impl AsyncRead for WatchedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            self.watch.bytes_came();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for WatchedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.note(&written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.note(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    /// Closes our side, then waits for the client to close its own: if we went at once while it still sends, the
    /// operating system would reset the connection and the client might never see its answer (a 413, say).
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.is_closed {
            ready!(Pin::new(&mut self.stream).poll_shutdown(context))?;
            self.is_closed = true;
            self.watch.lingers();
        }
        self.poll_forget(context)
    }
}
