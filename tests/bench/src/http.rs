//! A connection that sends one request after the other and reads the answers whole: as little work as possible, so
//! that the server is what is measured.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// What can go wrong, in words.
pub type Result<T> = std::result::Result<T, String>;

/// A keep-alive connection with fixed headers.
pub struct Connection {
    stream: BufReader<TcpStream>,
    headers: String,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Connection {
    pub fn open(address: SocketAddr, authorization: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).map_err(|error| format!("connect: {error}"))?;
        stream
            .set_nodelay(true)
            .map_err(|error| error.to_string())?;
        stream
            .set_read_timeout(Some(Duration::from_secs(120)))
            .map_err(|error| error.to_string())?;
        let headers = format!(
            "Host: {address}\r\nAuthorization: {authorization}\r\nContent-Type: application/json\r\n"
        );
        Ok(Self {
            stream: BufReader::with_capacity(256 * 1024, stream),
            headers,
        })
    }

    /// Sends a request and reads its answer.
    pub fn send(&mut self, method: &str, path: &str, body: &str) -> Result<Answer> {
        let mut whole = Vec::new();
        let status = self.exchange(method, path, body, |part| whole.extend_from_slice(part))?;
        Ok(Answer {
            status,
            body: whole,
        })
    }

    /// Gets an answer part by part and keeps nothing of it.
    pub fn stream(&mut self, path: &str, take: impl FnMut(&[u8])) -> Result<()> {
        match self.exchange("GET", path, "", take)? {
            200 => Ok(()),
            status => Err(format!("GET {path} was answered by {status}")),
        }
    }

    fn exchange(
        &mut self,
        method: &str,
        path: &str,
        body: &str,
        take: impl FnMut(&[u8]),
    ) -> Result<u16> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\n{}Content-Length: {}\r\n\r\n{body}",
            self.headers,
            body.len()
        );
        self.stream
            .get_mut()
            .write_all(request.as_bytes())
            .map_err(|error| format!("{method} {path}: {error}"))?;
        self.read(take)
            .map_err(|error| format!("{method} {path}: {error}"))
    }

    /// The same, and the status must be `status`.
    pub fn expect(&mut self, status: u16, method: &str, path: &str, body: &str) -> Result<Vec<u8>> {
        let answer = self.send(method, path, body)?;
        if answer.status == status {
            return Ok(answer.body);
        }
        let text = String::from_utf8_lossy(&answer.body);
        Err(format!(
            "{method} {path} was answered by {}: {text}",
            answer.status
        ))
    }

    /// Reads an answer and gives its status; what it says goes to `take`.
    fn read(&mut self, mut take: impl FnMut(&[u8])) -> Result<u16> {
        let mut line = String::new();
        let mut read_line = |stream: &mut BufReader<TcpStream>| -> Result<String> {
            line.clear();
            let count = stream
                .read_line(&mut line)
                .map_err(|error| error.to_string())?;
            if count == 0 {
                Err("the connection was closed".to_owned())
            } else {
                Ok(line.trim_end().to_owned())
            }
        };
        let first = read_line(&mut self.stream)?;
        let status = first
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .ok_or(first)?;
        let mut length = None;
        let mut is_chunked = false;
        loop {
            let header = read_line(&mut self.stream)?;
            let Some((name, value)) = header.split_once(':') else {
                break;
            };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse().ok(),
                "transfer-encoding" => is_chunked = value.contains("chunked"),
                _ => {}
            }
        }
        if is_chunked {
            loop {
                let size = read_line(&mut self.stream)?;
                let size = usize::from_str_radix(&size, 16).map_err(|error| error.to_string())?;
                let mut chunk = vec![0; size + 2];
                self.stream
                    .read_exact(&mut chunk)
                    .map_err(|error| error.to_string())?;
                if size == 0 {
                    break;
                }
                take(&chunk[..size]);
            }
        } else if let Some(length) = length {
            let mut body = vec![0; length];
            self.stream
                .read_exact(&mut body)
                .map_err(|error| error.to_string())?;
            take(&body);
        }
        Ok(status)
    }
}

/// A text as a value in a URL.
pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}
