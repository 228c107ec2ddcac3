//! Accepts connections, within bounds, until the program is asked to stop.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use super::connection::{self, Patience};
use crate::app::App;

/// Connections that the operating system keeps for us until we accept them.
const BACKLOG: u32 = 1_024;
/// How long to wait when there are no more file descriptors, in the hope that a connection ends.
const PAUSE: Duration = Duration::from_millis(100);

/// Binds and listens. Needs a runtime.
///
/// # Errors
/// When the address is taken, forbidden or not ours.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // A server that starts again need not wait for the connections of the one before to be forgotten.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Takes over a socket that somebody else opened for us and listens on already.
///
/// # Errors
/// When it cannot be waited for without blocking.
pub fn adopt(socket: std::net::TcpListener) -> io::Result<TcpListener> {
    socket.set_nonblocking(true)?;
    TcpListener::from_std(socket)
}

/// Serves `router` on all `listeners` until `app.stopping`; then the requests under way have `drain_time_max` to finish.
pub async fn serve(
    listeners: Vec<TcpListener>,
    router: Router,
    app: &App,
    drain_time_max: Duration,
) {
    let limits = &app.config.limits;
    let patience = Patience::new(limits);
    let permits = Arc::new(Semaphore::new(limits.connections_max.get() as usize));
    let connections = TaskTracker::new();
    let accept = async {
        loop {
            let Ok(permit) = permits.clone().acquire_owned().await else {
                return;
            };
            let (stream, peer) = match accept_any(&listeners).await {
                Ok(accepted) => accepted,
                Err(error) => {
                    if !is_of_one_connection(&error) {
                        tracing::warn!(%error, "cannot accept connections");
                        tokio::time::sleep(PAUSE).await;
                    }
                    continue;
                }
            };
            let serving =
                connection::serve(stream, peer, router.clone(), patience, app.stopping.clone());
            connections.spawn(async move {
                serving.await;
                drop(permit);
            });
        }
    };
    tokio::select! {
        () = accept => {}
        () = app.stopping.cancelled() => {}
    }
    drop(listeners);
    connections.close();
    let drained = tokio::time::timeout(drain_time_max, connections.wait()).await;
    if drained.is_err() {
        tracing::warn!(
            connections = connections.len(),
            "requests took too long to finish and were cut"
        );
    }
}

/// The next connection on any of the sockets.
async fn accept_any(listeners: &[TcpListener]) -> io::Result<(TcpStream, SocketAddr)> {
    std::future::poll_fn(|context| {
        for listener in listeners {
            if let Poll::Ready(accepted) = listener.poll_accept(context) {
                return Poll::Ready(accepted);
            }
        }
        Poll::Pending
    })
    .await
}

/// The client gave up before we accepted: nothing is wrong with us.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::Interrupted
    )
}
