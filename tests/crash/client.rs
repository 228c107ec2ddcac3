//! An HTTP client that knows how an exchange ended: answered, or cut.

use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// A connection that sends one request after the other.
pub struct Client {
    stream: BufReader<TcpStream>,
    headers: String,
}

/// An answer that arrived whole.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: String,
    /// The `name=value` of a cookie that it sets.
    pub cookie: Option<String>,
}

impl Answer {
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as JSON; `null` when there is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }

    /// The body of an answer that must have this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.json()
    }
}

impl Client {
    /// Connects; `authorization` is the header's value, none if it is empty.
    pub fn open(address: SocketAddr, authorization: &str) -> Result<Self> {
        match authorization {
            "" => Self::open_with(address, ""),
            value => Self::open_with(address, &format!("Authorization: {value}\r\n")),
        }
    }

    /// Connects; `header` are lines that every request has.
    pub fn open_with(address: SocketAddr, header: &str) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self {
            stream: BufReader::new(stream),
            headers: format!("Host: {address}\r\n{header}Content-Type: application/json\r\n"),
        })
    }

    /// Sends a request and reads its answer.
    ///
    /// # Errors
    /// When the connection ends before the whole answer is there; [`ErrorKind::InvalidData`] when it ends within it.
    pub fn send(&mut self, method: &str, path: &str, body: &str) -> Result<Answer> {
        self.begin(method, path, body.len(), body)?;
        self.answer()
    }

    /// Sends the head of a request for a body of `length` bytes, and `part` of it.
    pub fn begin(&mut self, method: &str, path: &str, length: usize, part: &str) -> Result<()> {
        let head = format!(
            "{method} {path} HTTP/1.1\r\n{}Content-Length: {length}\r\n\r\n{part}",
            self.headers
        );
        self.stream.get_mut().write_all(head.as_bytes())
    }

    /// Sends more of a body.
    pub fn go_on(&mut self, part: &str) -> Result<()> {
        self.stream.get_mut().write_all(part.as_bytes())
    }

    pub fn answer(&mut self) -> Result<Answer> {
        let first = self.line()?;
        self.rest(&first).map_err(|error| {
            Error::new(
                ErrorKind::InvalidData,
                format!("an answer was cut: {error}"),
            )
        })
    }

    fn rest(&mut self, first: &str) -> Result<Answer> {
        let status = first.split(' ').nth(1).and_then(|text| text.parse().ok());
        let status = status.ok_or_else(|| Error::other(first.to_owned()))?;
        let (mut length, mut is_chunked, mut cookie) = (0, false, None);
        loop {
            let header = self.line()?;
            let Some((name, value)) = header.split_once(':') else {
                break;
            };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().map_err(Error::other)?,
                "transfer-encoding" => is_chunked = value.contains("chunked"),
                "set-cookie" => cookie = value.split(';').next().map(str::to_owned),
                _ => {}
            }
        }
        let mut body = Vec::new();
        if is_chunked {
            loop {
                let size = usize::from_str_radix(&self.line()?, 16).map_err(Error::other)?;
                let mut chunk = vec![0; size + 2];
                self.stream.read_exact(&mut chunk)?;
                if size == 0 {
                    break;
                }
                body.extend_from_slice(&chunk[..size]);
            }
        } else {
            body.resize(length, 0);
            self.stream.read_exact(&mut body)?;
        }
        let body = String::from_utf8(body).map_err(Error::other)?;
        Ok(Answer {
            status,
            body,
            cookie,
        })
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }
}
