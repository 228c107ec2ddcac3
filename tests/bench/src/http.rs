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
        let request = format!(
            "{method} {path} HTTP/1.1\r\n{}Content-Length: {}\r\n\r\n{body}",
            self.headers,
            body.len()
        );
        self.stream
            .get_mut()
            .write_all(request.as_bytes())
            .map_err(|error| format!("{method} {path}: {error}"))?;
        self.read()
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

    fn read(&mut self) -> Result<Answer> {
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
        let mut body = Vec::new();
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
                body.extend_from_slice(&chunk[..size]);
            }
        } else if let Some(length) = length {
            body.resize(length, 0);
            self.stream
                .read_exact(&mut body)
                .map_err(|error| error.to_string())?;
        }
        Ok(Answer { status, body })
    }
}
