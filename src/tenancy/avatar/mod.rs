//! Small pictures of users and organisations, kept in the database by the hash of their content.

mod http;
mod store;

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::access::{Error, FieldProblem, Requirement, Result, Writing};
use crate::storage::Queries;
use crate::text::hex::hex;
use crate::wire::form::{Parts, blocking};

/// The largest picture, before base64.
const BYTES_MAX: usize = 500_000;

/// A picture as it is kept.
#[derive(Debug)]
pub struct Picture {
    pub content_type: String,
    pub bytes: Vec<u8>,
}

/// The picture that came with a request in its part `avatar`, in base64.
///
/// # Errors
/// When it is too large, or cannot be read back.
pub async fn in_form(parts: &mut Parts) -> Result<Option<String>> {
    let Some(at) = parts.files.iter().position(|file| file.part == "avatar") else {
        return Ok(None);
    };
    let file = parts.files.swap_remove(at);
    blocking(move || {
        if file.staged.digest().size_bytes > BYTES_MAX as u64 {
            return Err(problem("must be a picture of at most 500 kB"));
        }
        let mut bytes = Vec::new();
        file.staged
            .open()?
            .read_to_end(&mut bytes)
            .map_err(|error| Error::Internal(format!("a picture cannot be read back: {error}")))?;
        Ok(Some(STANDARD.encode(bytes)))
    })
    .await
}

fn problem(message: &str) -> Error {
    Error::invalid(FieldProblem::format("avatar", message))
}

/// Keeps the picture in `base64` and returns its hash; the empty text is no picture.
///
/// # Errors
/// No base64, too large, or no PNG, JPEG, GIF or WebP by its first bytes.
pub fn keep<P: Requirement>(unit: &Writing<P>, base64: &str) -> Result<Option<String>> {
    if base64.is_empty() {
        return Ok(None);
    }
    // Browsers give a data URL; only what follows the comma is the picture.
    let encoded = base64
        .split_once("base64,")
        .map_or(base64, |(_, encoded)| encoded);
    if encoded.len() > BYTES_MAX * 4 / 3 + 4 {
        return Err(problem("must be a picture of at most 500 kB"));
    }
    let bytes = STANDARD
        .decode(encoded)
        .map_err(|_| problem("must be a picture in base64"))?;
    let content_type = content_type_of(&bytes)
        .ok_or_else(|| problem("must be a PNG, JPEG, GIF or WebP picture"))?;
    let hash = hex(&Sha256::digest(&bytes));
    store::insert(unit.tx(), &hash, content_type, bytes)?;
    Ok(Some(hash))
}

/// The picture of an entity whose present picture is `current`.
///
/// # Errors
/// 404 when `hash` is not the entity's picture.
pub fn get(queries: &dyn Queries, current: Option<&str>, hash: &str) -> Result<Picture> {
    let picture = if current == Some(hash) {
        store::find(queries, hash)?
    } else {
        None
    };
    picture.ok_or_else(|| Error::not_found("Avatar", hash))
}

/// The type by the first bytes; what the client says is not trusted, and SVG can hold script.
fn content_type_of(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some("image/webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::content_type_of;

    #[test]
    fn the_first_bytes_decide() {
        assert_eq!(content_type_of(b"\x89PNG\r\n"), Some("image/png"));
        assert_eq!(content_type_of(b"RIFF1234WEBPVP8 "), Some("image/webp"));
        assert_eq!(content_type_of(b"<svg xmlns="), None);
        assert_eq!(content_type_of(b""), None);
    }
}
