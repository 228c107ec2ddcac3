//! A storage that speaks S3 as far as it is spoken to, and can be away, refuse, and break off.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode, Uri};
use sha2::{Digest, Sha256};
use skep::config::{Config, S3, Secret};

use crate::harness::START_MS;

pub const BUCKET: &str = "files";
pub const KEY: &str = "key-of-the-fake";
/// Keys in one page of a list: few, so that there is more than one.
const PAGE: usize = 2;
/// The least that a part may have, but for the last.
const PART_BYTES_MIN: usize = 5 * 1024 * 1024;

/// What it keeps, and how it behaves.
pub struct Kept {
    /// The objects by their keys: the content, and when it was written.
    pub objects: BTreeMap<String, (Bytes, i64)>,
    /// The parts of uploads that are not complete.
    pub uploads: HashMap<String, BTreeMap<u32, Bytes>>,
    /// The method and key of each request.
    pub asked: Vec<String>,
    /// What it takes for the time.
    pub now_ms: i64,
    /// Answers nothing but that it is not available.
    pub is_down: bool,
    /// Takes the first part of an upload and no more.
    pub fails_at_second_part: bool,
}

/// A storage that listens on a port of its own until it is dropped.
pub struct FakeS3 {
    endpoint: String,
    kept: Arc<Mutex<Kept>>,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for FakeS3 {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl FakeS3 {
    pub async fn start() -> Self {
        let kept = Arc::new(Mutex::new(Kept {
            objects: BTreeMap::new(),
            uploads: HashMap::new(),
            asked: Vec::new(),
            now_ms: START_MS,
            is_down: false,
            fails_at_second_part: false,
        }));
        let router = Router::new().fallback(answer).with_state(kept.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            endpoint,
            kept,
            serving,
        }
    }

    pub fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap()
    }

    /// The keys of its objects.
    pub fn keys(&self) -> Vec<String> {
        self.kept().objects.keys().cloned().collect()
    }

    /// How often a key was asked for in this way.
    pub fn count(&self, method: &str, key: &str) -> usize {
        let wanted = format!("{method} {key}");
        let kept = self.kept();
        kept.asked.iter().filter(|asked| **asked == wanted).count()
    }

    /// Sets it as the place of the files.
    pub fn set(&self, config: &mut Config) {
        config.s3 = S3 {
            bucket: BUCKET.to_owned(),
            endpoint: self.endpoint.clone(),
            access_key: Some(Secret::new(KEY)),
            secret_key: Some(Secret::new("secret")),
            prefix: "skep".to_owned(),
            allow_http: true,
            ..S3::default()
        };
    }
}

type Answer = Result<Response, (StatusCode, &'static str)>;

async fn answer(State(kept): State<Arc<Mutex<Kept>>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let kept = &mut *kept.lock().unwrap();
    let answered = if kept.is_down {
        Err((StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable"))
    } else {
        check(&head.headers, &body)
            .and_then(|()| route(kept, &head.method, &head.uri, &head.headers, body))
    };
    answered.unwrap_or_else(|(status, code)| {
        let text = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code></Error>");
        (status, text).into_response()
    })
}

/// Whether the request is signed, for the content that it has.
fn check(headers: &HeaderMap, body: &Bytes) -> Result<(), (StatusCode, &'static str)> {
    let text = |name: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    };
    let signed = text("authorization");
    let credential = format!("AWS4-HMAC-SHA256 Credential={KEY}/");
    if !signed.starts_with(&credential) || !signed.contains("Signature=") {
        return Err((StatusCode::FORBIDDEN, "InvalidAccessKeyId"));
    }
    let hash = Sha256::digest(body)
        .iter()
        .fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        });
    if text("x-amz-content-sha256") != hash {
        return Err((StatusCode::BAD_REQUEST, "XAmzContentSHA256Mismatch"));
    }
    Ok(())
}

fn route(kept: &mut Kept, method: &Method, uri: &Uri, headers: &HeaderMap, body: Bytes) -> Answer {
    let query = uri.query().unwrap_or_default();
    let query: HashMap<String, String> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let path = uri.path().trim_start_matches('/');
    let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
    if bucket != BUCKET {
        return Err((StatusCode::NOT_FOUND, "NoSuchBucket"));
    }
    kept.asked.push(format!("{method} {key}"));
    let upload = query.get("uploadId");
    match (method.as_str(), upload) {
        ("GET", _) if key.is_empty() => Ok(list(kept, &query)),
        ("GET" | "HEAD", _) => read(kept, key, headers),
        ("POST", None) if query.contains_key("uploads") => {
            let id = format!("upload-{}", kept.asked.len());
            kept.uploads.insert(id.clone(), BTreeMap::new());
            let text = format!(
                "<InitiateMultipartUploadResult><Bucket>{BUCKET}</Bucket><Key>{key}</Key><UploadId>{id}</UploadId>\
                 </InitiateMultipartUploadResult>"
            );
            Ok(text.into_response())
        }
        ("PUT", Some(id)) => {
            let number: u32 = query["partNumber"].parse().unwrap();
            if kept.fails_at_second_part && number > 1 {
                return Err((StatusCode::FORBIDDEN, "AccessDenied"));
            }
            let parts = kept.uploads.get_mut(id);
            let parts = parts.ok_or((StatusCode::NOT_FOUND, "NoSuchUpload"))?;
            parts.insert(number, body);
            Ok([("etag", format!("\"part-{number}\""))].into_response())
        }
        ("POST", Some(id)) => complete(kept, key, id),
        ("DELETE", Some(id)) => {
            kept.uploads.remove(id);
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        ("PUT", None) => {
            kept.objects.insert(key.to_owned(), (body, kept.now_ms));
            Ok([("etag", "\"one\"")].into_response())
        }
        ("DELETE", None) => {
            kept.objects.remove(key);
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        _ => Err((StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed")),
    }
}

fn complete(kept: &mut Kept, key: &str, id: &str) -> Answer {
    let parts = kept.uploads.remove(id);
    let parts = parts.ok_or((StatusCode::NOT_FOUND, "NoSuchUpload"))?;
    let all_but_last = parts.len().saturating_sub(1);
    if parts
        .values()
        .take(all_but_last)
        .any(|part| part.len() < PART_BYTES_MIN)
    {
        return Err((StatusCode::BAD_REQUEST, "EntityTooSmall"));
    }
    let whole: Vec<u8> = parts.into_values().flatten().collect();
    kept.objects
        .insert(key.to_owned(), (whole.into(), kept.now_ms));
    let text =
        "<CompleteMultipartUploadResult><ETag>\"whole\"</ETag></CompleteMultipartUploadResult>";
    Ok(text.into_response())
}

fn read(kept: &Kept, key: &str, headers: &HeaderMap) -> Answer {
    let found = kept.objects.get(key);
    let (content, modified_ms) = found.ok_or((StatusCode::NOT_FOUND, "NoSuchKey"))?;
    let modified = jiff::Timestamp::from_millisecond(*modified_ms).unwrap();
    let modified = modified.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let facts = [("etag", "\"one\"".to_owned()), ("last-modified", modified)];
    let range = headers.get("range").map(|range| range.to_str().unwrap());
    let Some(range) = range else {
        return Ok((facts, content.clone()).into_response());
    };
    let (from, to) = range
        .strip_prefix("bytes=")
        .unwrap()
        .split_once('-')
        .unwrap();
    let (from, to): (usize, usize) = (from.parse().unwrap(), to.parse().unwrap());
    let to = to.min(content.len() - 1);
    let told = [(
        "content-range",
        format!("bytes {from}-{to}/{}", content.len()),
    )];
    Ok((
        StatusCode::PARTIAL_CONTENT,
        facts,
        told,
        content.slice(from..=to),
    )
        .into_response())
}

fn list(kept: &Kept, query: &HashMap<String, String>) -> Response {
    assert_eq!(query.get("list-type").map(String::as_str), Some("2"));
    let prefix = query.get("prefix").map_or("", String::as_str);
    let after = query.get("continuation-token").map_or("", String::as_str);
    let mut left = kept
        .objects
        .iter()
        .filter(|(key, _)| key.starts_with(prefix) && key.as_str() > after);
    let page: Vec<_> = left.by_ref().take(PAGE).collect();
    let mut text = "<ListBucketResult>".to_owned();
    for (key, (content, modified_ms)) in &page {
        let modified = jiff::Timestamp::from_millisecond(*modified_ms).unwrap();
        write!(
            text,
            "<Contents><Key>{key}</Key><LastModified>{modified}</LastModified><ETag>\"one\"</ETag><Size>{}</Size></Contents>",
            content.len()
        )
        .unwrap();
    }
    if left.next().is_some() {
        let (last, _) = page.last().unwrap();
        write!(
            text,
            "<NextContinuationToken>{last}</NextContinuationToken>"
        )
        .unwrap();
    }
    text.push_str("</ListBucketResult>");
    text.into_response()
}
