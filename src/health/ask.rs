//! Asking the server on this machine by HTTP, as a browser would: one request, a bounded answer, little patience.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// How long everything may take; a healthy server needs milliseconds.
const TIME_MAX: Duration = Duration::from_millis(600);
/// What is read of an answer.
const BYTES_MAX: u64 = 64 * 1_024;

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    /// The status of the answer.
    pub status: u16,
    /// Its body.
    pub body: String,
    /// How long it took.
    pub took: Duration,
}

/// Gets a path from the server that listens on `listen`.
pub(super) fn get(listen: SocketAddr, path: &str) -> io::Result<Answer> {
    let began = Instant::now();
    let address = reachable(listen);
    let mut stream = TcpStream::connect_timeout(&address, TIME_MAX)?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.set_write_timeout(Some(TIME_MAX))?;
    stream.write_all(request.as_bytes())?;
    let mut bytes = Vec::new();
    let mut buffer = [0; 4_096];
    // The time is that of the whole answer: one byte now and then does not extend it.
    while (bytes.len() as u64) < BYTES_MAX {
        let left = TIME_MAX.saturating_sub(began.elapsed());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => bytes.extend(&buffer[..count]),
            // Who speaks something else may hang up on what he does not understand.
            Err(_) if !bytes.is_empty() => break,
            Err(error) => return Err(error),
        }
    }
    let (status, body) = parse(&String::from_utf8_lossy(&bytes))
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the answer is no HTTP"))?;
    Ok(Answer {
        status,
        body,
        took: began.elapsed(),
    })
}

/// Where a server that listens on all addresses is found.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        // It takes IPv4 too, and IPv6 may be switched off.
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

fn parse(text: &str) -> Option<(u16, String)> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    Some((status, body.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::{get, parse, reachable};

    #[test]
    fn an_answer_is_taken_apart() {
        let text = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 4\r\n\r\nbusy";
        assert_eq!(parse(text), Some((503, "busy".to_owned())));
        assert_eq!(parse("SSH-2.0-OpenSSH_9.2\r\n\r\n"), None);
    }

    #[test]
    fn who_listens_everywhere_is_found_here() {
        let of = |text: &str| reachable(text.parse().unwrap()).to_string();
        assert_eq!(of("0.0.0.0:9000"), "127.0.0.1:9000");
        assert_eq!(of("[::]:9000"), "127.0.0.1:9000");
        assert_eq!(of("192.168.1.5:80"), "192.168.1.5:80");
    }

    #[test]
    fn a_server_that_says_nothing_is_not_waited_for() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let silent = std::thread::spawn(move || listener.accept());
        let error = get(address, "/").unwrap_err();
        let kind = error.kind();
        assert!(
            matches!(
                kind,
                std::io::ErrorKind::TimedOut | std::io::ErrorKind::WouldBlock
            ),
            "{kind}"
        );
        drop(silent);
    }

    #[test]
    fn another_protocol_is_no_answer() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 512]).unwrap();
            stream.write_all(b"220 mail ESMTP\r\n").unwrap();
        });
        let error = get(address, "/").unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
    }
}
