//! How a content is sent: to be looked at in the browser, or to be saved.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, RANGE, REFERRER_POLICY,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::access::{Error, Result, Visible};
use crate::investigation::attachment::model::Attachment;
use crate::investigation::attachment::rules::{self, Wanted};
use crate::investigation::attachment::sealed_zip::SealedZip;
use crate::wire::file_name::disposition;
use crate::wire::form::Uploads;

/// Whatever it is, it runs nothing, loads nothing and has no origin.
const POLICY: &str = "sandbox; default-src 'none'; img-src 'self' data:; media-src 'self'; \
    style-src 'unsafe-inline'; frame-ancestors 'self'";

/// What a request for a content says of how it wants it.
struct Reader {
    range: Option<String>,
    known: Option<String>,
}

impl Reader {
    /// What these headers say.
    fn of(headers: &HeaderMap) -> Self {
        let text = |name: &HeaderName| Some(headers.get(name)?.to_str().ok()?.to_owned());
        Self {
            range: text(&RANGE),
            known: text(&IF_NONE_MATCH),
        }
    }
}

/// The content, to be looked at. What could speak in our name is shown as text or offered to be saved.
///
/// # Errors
/// When the content can't be read.
pub async fn show(
    uploads: &Uploads,
    attachment: Visible<Attachment>,
    headers: &HeaderMap,
) -> Result<Response> {
    let reader = Reader::of(headers);
    let tag = format!("\"{}\"", attachment.sha256);
    if reader.known.as_deref().is_some_and(|known| {
        known == "*"
            || known
                .split(',')
                .any(|one| one.trim().trim_start_matches("W/") == tag)
    }) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    let shown = rules::shown(&attachment.content_type);
    let kind = if shown.is_inline {
        "inline"
    } else {
        "attachment"
    };
    send(uploads, &attachment, reader, shown.content_type, kind).await
}

/// The content, to be saved: as it is, or behind a password.
///
/// # Errors
/// When the content can't be read.
pub async fn download(
    uploads: &Uploads,
    attachment: Visible<Attachment>,
    headers: &HeaderMap,
    as_zip: bool,
) -> Result<Response> {
    let reader = Reader::of(headers);
    if as_zip {
        return send_sealed(uploads, &attachment).await;
    }
    send(
        uploads,
        &attachment,
        reader,
        rules::UNKNOWN_TYPE,
        "attachment",
    )
    .await
}

async fn send(
    uploads: &Uploads,
    attachment: &Attachment,
    reader: Reader,
    content_type: &str,
    kind: &str,
) -> Result<Response> {
    let size = u64::try_from(attachment.size_bytes).unwrap_or_default();
    let mut headers = headers(
        attachment,
        content_type,
        &disposition(kind, &attachment.name),
    )?;
    let (status, range) = match rules::wanted(reader.range.as_deref(), size) {
        Wanted::Whole => (StatusCode::OK, None),
        Wanted::Part(from, to) => {
            set(
                &mut headers,
                CONTENT_RANGE,
                &format!("bytes {from}-{}/{size}", to - 1),
            )?;
            (StatusCode::PARTIAL_CONTENT, Some(from..to))
        }
        Wanted::Beyond => {
            set(&mut headers, CONTENT_RANGE, &format!("bytes */{size}"))?;
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, headers).into_response());
        }
    };
    let length = range.as_ref().map_or(size, |range| range.end - range.start);
    set(&mut headers, CONTENT_LENGTH, &length.to_string())?;
    let pieces = uploads.blobs.read(&attachment.sha256, range).await?;
    Ok((status, headers, body(pieces)).into_response())
}

async fn send_sealed(uploads: &Uploads, attachment: &Attachment) -> Result<Response> {
    let size = u64::try_from(attachment.size_bytes).unwrap_or_default();
    let mut zip = SealedZip::new(&attachment.name, &uploads.zip_password);
    let name = format!("{}.zip", attachment.name);
    let shown = disposition("attachment", &name);
    let mut headers = headers(attachment, "application/zip", &shown)?;
    headers.remove(ETAG);
    headers.remove(ACCEPT_RANGES);
    set(&mut headers, CONTENT_LENGTH, &zip.size_of(size).to_string())?;
    let mut salt = [0; 12];
    getrandom::fill(&mut salt).map_err(|error| Error::Internal(error.to_string()))?;
    let head = Bytes::from(zip.head(salt));
    let pieces = Box::pin(uploads.blobs.read(&attachment.sha256, None).await?);
    let sealed = stream::unfold(Some((pieces, zip)), |state| async move {
        let (mut pieces, mut zip) = state?;
        match pieces.next().await {
            Some(Ok(piece)) => {
                let mut piece = Vec::from(piece);
                zip.seal(&mut piece);
                Some((Ok(Bytes::from(piece)), Some((pieces, zip))))
            }
            Some(Err(error)) => Some((Err(error), None)),
            None => Some((Ok(Bytes::from(zip.tail())), None)),
        }
    });
    let whole = stream::once(async { Ok(head) }).chain(sealed);
    Ok((headers, body(whole)).into_response())
}

fn body(pieces: impl Stream<Item = crate::storage::Result<Bytes>> + Send + 'static) -> Body {
    Body::from_stream(pieces.map(|piece| {
        piece.map_err(|error| {
            tracing::error!(%error, "a file broke off while it was sent");
            error
        })
    }))
}

fn headers(attachment: &Attachment, content_type: &str, disposition: &str) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        (CONTENT_TYPE, content_type),
        (CONTENT_DISPOSITION, disposition),
        (ETAG, &format!("\"{}\"", attachment.sha256)),
        (ACCEPT_RANGES, "bytes"),
        // Who may see it can change at any time: to be asked for again, and then answered by "not modified".
        (CACHE_CONTROL, "private, no-cache"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("content-transfer-encoding"),
            "binary",
        ),
    ] {
        set(&mut headers, name, value)?;
    }
    Ok(headers)
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) -> Result<()> {
    let value = HeaderValue::from_str(value)
        .map_err(|error| Error::Internal(format!("the header {name}: {error}")))?;
    headers.insert(name, value);
    Ok(())
}
