//! Listening sockets that the service manager opened and keeps open while the program starts again.

use std::io;
use std::net::TcpListener;

use listenfd::ListenFd;

/// The sockets that were handed to this process, in the order of its unit; none when it was started by hand.
///
/// Takes them out of the environment, so call it once, before there are threads.
///
/// # Errors
/// When one of them is no listening TCP socket.
pub fn inherited() -> io::Result<Vec<TcpListener>> {
    let mut handed = ListenFd::from_env();
    (0..handed.len())
        .filter_map(|index| handed.take_tcp_listener(index).transpose())
        .collect()
}
