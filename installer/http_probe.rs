//! Asks the server that was started whether it really works, by HTTP on this machine.
//!
//! Not a client for anything else: it speaks just enough to see a status and the cookie of a session.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::json;

/// How long one answer may take. A socket of the service manager takes the connection long before there is a server.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(2);
/// How long a sign-in may take: it works on the password on purpose, which takes seconds on a slow machine. To give up on
/// it undoes a whole installation.
const SIGN_IN_TIME_MAX: Duration = Duration::from_mins(1);
/// More than any answer to what we ask has.
const ANSWER_BYTES_MAX: u64 = 256 * 1024;

/// Where a server that listens on `listen` is reached from here.
pub(super) fn here(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        // An all-addresses socket of IPv6 takes IPv4 too, and IPv6 may be switched off.
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip == Ipv6Addr::LOCALHOST => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

/// Whether it says that it is ready.
pub(super) fn is_ready(address: SocketAddr) -> bool {
    ask(address, "GET", "/api/ready", None, None).is_ok_and(|answer| answer.status == 200)
}

/// Whether this user can sign in; he is signed out again.
///
/// # Errors
/// When there is no answer.
pub(super) fn can_sign_in(address: SocketAddr, login: &str, password: &str) -> io::Result<bool> {
    let body = json!({"user": login, "password": password}).to_string();
    let answer = ask_within(
        SIGN_IN_TIME_MAX,
        address,
        "POST",
        "/api/v1/login",
        Some(&body),
        None,
    )
    .map_err(|error| match error.kind() {
        // The system's word for it says nothing to people.
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => io::Error::new(
            io::ErrorKind::TimedOut,
            format!("it took longer than {} s", SIGN_IN_TIME_MAX.as_secs()),
        ),
        _ => error,
    })?;
    if answer.status != 200 {
        return Ok(false);
    }
    if let Some(cookie) = &answer.cookie {
        // The session would end by itself, too.
        drop(ask(
            address,
            "POST",
            "/api/v1/logout",
            Some("{}"),
            Some(cookie),
        ));
    }
    Ok(true)
}

struct Answer {
    status: u16,
    cookie: Option<String>,
}

fn ask(
    address: SocketAddr,
    method: &str,
    path: &str,
    body: Option<&str>,
    cookie: Option<&str>,
) -> io::Result<Answer> {
    ask_within(ANSWER_TIME_MAX, address, method, path, body, cookie)
}

fn ask_within(
    time_max: Duration,
    address: SocketAddr,
    method: &str,
    path: &str,
    body: Option<&str>,
    cookie: Option<&str>,
) -> io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, time_max)?;
    stream.set_read_timeout(Some(time_max))?;
    stream.set_write_timeout(Some(time_max))?;
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    if let Some(cookie) = cookie {
        head = format!("{head}Cookie: {cookie}\r\n");
    }
    if let Some(body) = body {
        head = format!(
            "{head}Content-Type: application/json\r\nContent-Length: {}\r\n",
            body.len()
        );
    }
    write!(stream, "{head}\r\n{}", body.unwrap_or_default())?;
    let mut bytes = Vec::new();
    stream.take(ANSWER_BYTES_MAX).read_to_end(&mut bytes)?;
    read_head(&String::from_utf8_lossy(&bytes))
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "this is no answer of HTTP"))
}

fn read_head(text: &str) -> Option<Answer> {
    let mut lines = text.split("\r\n");
    let status = lines.next()?.strip_prefix("HTTP/1.1 ")?;
    let cookie = lines.take_while(|line| !line.is_empty()).find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("set-cookie").then(|| {
            value
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned()
        })
    });
    Some(Answer {
        status: status.get(..3)?.parse().ok()?,
        cookie,
    })
}

#[cfg(test)]
mod tests {
    use super::{ANSWER_TIME_MAX, can_sign_in, here, read_head};

    #[test]
    fn a_sign_in_on_a_slow_machine_is_waited_for() {
        use std::io::{Read, Write};
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 1_024];
            drop(stream.read(&mut request));
            std::thread::sleep(ANSWER_TIME_MAX + ANSWER_TIME_MAX / 4);
            drop(stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"));
        });
        assert!(can_sign_in(address, "somebody", "password").unwrap());
    }

    #[test]
    fn the_head_of_an_answer_is_read() {
        let answer = read_head(
            "HTTP/1.1 200 OK\r\nset-cookie: THEHIVE-SESSION=abc; HttpOnly\r\n\r\nset-cookie: no",
        )
        .unwrap();
        assert_eq!(
            (answer.status, answer.cookie.as_deref()),
            (200, Some("THEHIVE-SESSION=abc"))
        );
        assert!(read_head("SSH-2.0-OpenSSH").is_none());
    }

    #[test]
    fn all_addresses_are_reached_by_this_machine_s_own() {
        let of = |text: &str| here(text.parse().unwrap()).to_string();
        assert_eq!(of("0.0.0.0:9000"), "127.0.0.1:9000");
        assert_eq!(of("[::]:9000"), "127.0.0.1:9000");
        assert_eq!(of("[::1]:9000"), "[::1]:9000");
        assert_eq!(of("192.168.1.5:80"), "192.168.1.5:80");
    }
}
