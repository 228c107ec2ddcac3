//! One who sends requests, and the answers it gets.

use std::net::{IpAddr, SocketAddr};

use axum::body::{Body, BodyDataStream, to_bytes};
use axum::extract::ConnectInfo;
use base64::Engine as _;
use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use serde_json::Value;
use tower::ServiceExt;

use super::contract::contract;
use super::server::Server;

/// Sends requests with the same credentials, for the same organisation, from the same address.
#[derive(Clone)]
pub struct Client<'a> {
    server: &'a Server,
    headers: Vec<(String, String)>,
    address: IpAddr,
}

impl<'a> Client<'a> {
    pub(super) fn new(server: &'a Server) -> Self {
        Self {
            server,
            headers: Vec::new(),
            address: IpAddr::from([127, 0, 0, 1]),
        }
    }

    /// The same with HTTP basic authentication.
    #[must_use]
    pub fn basic(self, login: &str, password: &str) -> Self {
        let token = base64::engine::general_purpose::STANDARD.encode(format!("{login}:{password}"));
        self.header(AUTHORIZATION.as_str(), format!("Basic {token}"))
    }

    /// The same with an API key.
    #[must_use]
    pub fn bearer(self, key: &str) -> Self {
        self.header(AUTHORIZATION.as_str(), format!("Bearer {key}"))
    }

    /// The same with a session's cookie.
    #[must_use]
    pub fn session(self, token: &str) -> Self {
        self.header(COOKIE.as_str(), format!("THEHIVE-SESSION={token}"))
    }

    /// The same for another organisation.
    #[must_use]
    pub fn in_organisation(self, name_or_id: &str) -> Self {
        self.header("x-organisation", name_or_id)
    }

    /// The same from another address.
    #[must_use]
    #[expect(
        clippy::wrong_self_convention,
        reason = "reads as what it says: a client from an address"
    )]
    pub fn from_address(mut self, address: &str) -> Self {
        self.address = address.parse().unwrap();
        self
    }

    /// The same with a header, which takes the place of one of that name.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers
            .retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    /// A POST without a body, as some of the API's verbs are.
    pub async fn post_nothing(&self, path: &str) -> Answer {
        self.send(Method::POST, path, None).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// Runs a query of the query language.
    pub async fn query(&self, operations: Value) -> Answer {
        self.post("/api/v1/query", serde_json::json!({ "query": operations }))
            .await
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let (kind, bytes) = match body {
            Some(body) => (Some("application/json"), serde_json::to_vec(&body).unwrap()),
            None => (None, Vec::new()),
        };
        self.send_bytes(method, path, kind, bytes).await
    }

    /// Sends any bytes as any kind of content.
    pub async fn send_bytes(
        &self,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        bytes: Vec<u8>,
    ) -> Answer {
        let response = self
            .respond(&method, path, content_type, bytes.clone())
            .await;
        let (parts, body) = response.into_parts();
        let answer = Answer {
            asked: format!("{method} {path}"),
            status: parts.status,
            headers: parts.headers,
            bytes: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
        };
        let problems = contract().problems(&method, path, &bytes, &answer);
        assert!(
            problems.is_empty(),
            "{method} {path} was answered otherwise than tests/contract/api-contract.json says:\n{}\n{}",
            problems.join("\n"),
            answer.text()
        );
        answer
    }

    /// The body of an answer in the parts in which it comes.
    pub async fn stream(&self, path: &str) -> BodyDataStream {
        let response = self.respond(&Method::GET, path, None, Vec::new()).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.into_body().into_data_stream()
    }

    async fn respond(
        &self,
        method: &Method,
        path: &str,
        content_type: Option<&str>,
        bytes: Vec<u8>,
    ) -> Response<Body> {
        self.respond_to(method, path, content_type, Body::from(bytes))
            .await
    }

    async fn respond_to(
        &self,
        method: &Method,
        path: &str,
        content_type: Option<&str>,
        body: Body,
    ) -> Response<Body> {
        let mut request = Request::builder().method(method.clone()).uri(path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(kind) = content_type {
            request = request.header(CONTENT_TYPE, kind);
        }
        let mut request = request.body(body).unwrap();
        request
            .extensions_mut()
            .insert(ConnectInfo(SocketAddr::new(self.address, 40_000)));
        self.server.router.clone().oneshot(request).await.unwrap()
    }
}

/// The answer to a request, whole.
#[derive(Debug)]
pub struct Answer {
    asked: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// Demands the status and gives the body as JSON (`null` when it is empty or none).
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(
            self.status.as_u16(),
            status,
            "{} was answered by {}",
            self.asked,
            self.text()
        );
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// Demands a refusal with this status and `type`; gives its message.
    #[track_caller]
    pub fn expect_error(&self, status: u16, kind: &str) -> String {
        let body = self.expect(status);
        assert_eq!(body["type"], kind, "{} was answered by {body}", self.asked);
        body["message"].as_str().unwrap().to_owned()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// A header's value, if the answer has it.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The token of the session that the answer opens.
    pub fn session_token(&self) -> Option<String> {
        let (pair, _) = self.header("set-cookie")?.split_once(';')?;
        let token = pair.strip_prefix("THEHIVE-SESSION=")?;
        (!token.is_empty()).then(|| token.to_owned())
    }

    /// The id of the entity in the body.
    #[track_caller]
    pub fn id(&self) -> String {
        let body: Value = serde_json::from_slice(&self.bytes).unwrap_or(Value::Null);
        body["_id"]
            .as_str()
            .unwrap_or_else(|| panic!("{} gave no entity: {}", self.asked, self.text()))
            .to_owned()
    }
}

/// A form with files, as browsers and clients send it.
#[derive(Clone, Default)]
pub struct Form(Vec<u8>);

const BOUNDARY: &str = "a-boundary-of-a-test";

impl Form {
    /// The same with a field.
    #[must_use]
    pub fn field(mut self, name: &str, value: &str) -> Self {
        self.part(&format!("name=\"{name}\""), None, value.as_bytes());
        self
    }

    /// The same with JSON in a field of its own.
    #[must_use]
    pub fn json(self, json: &Value) -> Self {
        self.field("_json", &json.to_string())
    }

    /// The same with a file.
    #[must_use]
    pub fn file(mut self, part: &str, name: &str, kind: Option<&str>, content: &[u8]) -> Self {
        let disposition = format!("name=\"{part}\"; filename=\"{name}\"");
        self.part(&disposition, kind, content);
        self
    }

    fn part(&mut self, disposition: &str, kind: Option<&str>, content: &[u8]) {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n");
        self.0.extend(head.as_bytes());
        if let Some(kind) = kind {
            self.0
                .extend(format!("Content-Type: {kind}\r\n").as_bytes());
        }
        self.0.extend(b"\r\n");
        self.0.extend(content);
        self.0.extend(b"\r\n");
    }

    /// What is sent, without its end if it is to break off.
    pub fn bytes(mut self, is_whole: bool) -> Vec<u8> {
        if is_whole {
            self.0.extend(format!("--{BOUNDARY}--\r\n").as_bytes());
        }
        self.0
    }
}

impl Client<'_> {
    /// Sends a form.
    pub async fn upload(&self, path: &str, form: Form) -> Answer {
        self.upload_bytes(path, form.bytes(true)).await
    }

    /// Sends the beginning of a form, whose connection then breaks.
    pub async fn upload_until_cut(&self, path: &str, form: Form) -> StatusCode {
        let bytes = form.bytes(false);
        let pieces: Vec<std::io::Result<Vec<u8>>> = bytes
            .chunks(50_000)
            .map(|piece| Ok(piece.to_vec()))
            .collect();
        let cut = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        let pieces = futures_util::stream::iter(pieces.into_iter().chain([Err(cut)]));
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let body = Body::from_stream(pieces);
        self.respond_to(&Method::POST, path, Some(&kind), body)
            .await
            .status()
    }

    /// Sends what there is of a form.
    pub async fn upload_bytes(&self, path: &str, bytes: Vec<u8>) -> Answer {
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.send_bytes(Method::POST, path, Some(&kind), bytes)
            .await
    }
}
