//! The contents of files on their way in, and on their way out.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt;

use crate::access::Result;
use crate::investigation::attachment::actions::{KeptFile, keep_one};
use crate::storage::blobs::Blobs;
use crate::wire::form::{ReceivedFile, blocking};

use super::sample;

/// Files that are larger are left where they are, whatever the settings say.
pub(super) const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Keeps the content of a file. A sample is taken out of its archive.
///
/// # Errors
/// When the disk does not take it.
pub(super) async fn keep(
    blobs: &Blobs,
    name: &str,
    content: Vec<u8>,
    is_sample: bool,
    now_ms: i64,
) -> Result<Option<KeptFile>> {
    let (blobs, name) = (blobs.clone(), name.to_owned());
    blocking(move || {
        let content = if is_sample {
            match sample::unpack(&content, FILE_BYTES_MAX) {
                Ok(content) => content,
                Err(why) => {
                    tracing::info!(%why, "a sample of MISP was not taken");
                    return Ok(None);
                }
            }
        } else {
            content
        };
        let mut incoming = blobs.begin()?;
        incoming.write(&content)?;
        let received = ReceivedFile {
            part: String::new(),
            name,
            content_type: None,
            staged: incoming.finish()?,
        };
        keep_one(&blobs, received, now_ms).map(Some)
    })
    .await
}

/// The content that came along with an attribute.
pub(super) fn decoded(content: &str) -> Option<Vec<u8>> {
    STANDARD.decode(content.trim()).ok()
}

/// The whole content of a kept file.
///
/// # Errors
/// When it cannot be read.
pub(super) async fn read(blobs: &Blobs, sha256: &str) -> Result<Vec<u8>> {
    let mut pieces = Box::pin(blobs.read(sha256, None).await?);
    let mut content = Vec::new();
    while let Some(piece) = pieces.next().await {
        content.extend_from_slice(&piece?);
    }
    Ok(content)
}
