//! The files beside the database, in the data folder or in a bucket: each is named by the SHA-256 of what is in it, and never
//! changes.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::storage::blobs::Bucket;

use super::error::{Error, Result};
use super::place::{ATTACHMENTS, Place};

/// Folders below each other in which attachments may lie.
const DEPTH_MAX: usize = 3;
/// The digits of a SHA-256.
const HASH_DIGITS: usize = 64;

/// A file to be copied.
#[derive(Debug)]
pub(super) struct Attachment {
    /// Its name in the archive: `attachments/ab/ab…`.
    pub name: String,
    /// Where it lies in the data folder; one of the bucket has none.
    path: Option<PathBuf>,
    pub bytes: u64,
}

impl Attachment {
    /// Where it is, for what is said about it.
    pub fn place(&self) -> PathBuf {
        self.path
            .clone()
            .unwrap_or_else(|| self.name.clone().into())
    }

    /// Opens it; nothing if it was taken away meanwhile.
    pub fn open(&self, place: &Place) -> Result<Option<Box<dyn Read>>> {
        if let Some(path) = &self.path {
            let file = vanished(File::open(path)).map_err(Error::file("read", path))?;
            return Ok(file.map(|file| Box::new(file) as _));
        }
        let hash = hash_in(&self.name);
        let (Some(bucket), Some(hash)) = (&place.bucket, hash) else {
            return Ok(None);
        };
        Ok(bucket.open(hash)?.map(|content| Box::new(content) as _))
    }
}

/// All attachments, sorted: those in the bucket, if there is one, and those that lie in the folder, which wait there for the
/// next start to move them.
pub(super) fn list(place: &Place) -> Result<Vec<Attachment>> {
    let mut found = in_folder(&place.data_dir)?;
    if let Some(bucket) = &place.bucket {
        add_missing(&mut found, bucket)?;
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

fn add_missing(found: &mut Vec<Attachment>, bucket: &Bucket) -> Result<()> {
    let there: HashSet<String> = found.iter().map(|file| file.name.clone()).collect();
    for object in bucket.list()? {
        let folder = object.sha256.get(..2).unwrap_or_default();
        let name = format!("{ATTACHMENTS}/{folder}/{}", object.sha256);
        if !there.contains(&name) {
            found.push(Attachment {
                name,
                path: None,
                bytes: object.bytes,
            });
        }
    }
    Ok(())
}

/// All attachments of a data folder. Other files there are on their way in, and nothing names them yet.
fn in_folder(data_dir: &Path) -> Result<Vec<Attachment>> {
    let mut found = Vec::new();
    let mut folders = vec![(data_dir.join(ATTACHMENTS), ATTACHMENTS.to_owned(), 0)];
    while let Some((folder, prefix, depth)) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(Error::file("read", &folder)(error)),
        };
        for entry in entries {
            let entry = entry.map_err(Error::file("read", &folder))?;
            let path = entry.path();
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let name = format!("{prefix}/{name}");
            let Some(facts) = vanished(entry.metadata()).map_err(Error::file("read", &path))?
            else {
                continue;
            };
            if facts.is_dir() && depth < DEPTH_MAX {
                folders.push((path, name, depth + 1));
            } else if facts.is_file() && hash_in(&name).is_some() {
                found.push(Attachment {
                    name,
                    path: Some(path),
                    bytes: facts.len(),
                });
            }
        }
    }
    Ok(found)
}

/// A file may be taken away between listing and reading: nothing names it any more then.
fn vanished<T>(result: std::io::Result<T>) -> std::io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The hash that an attachment's name promises; `None` if it is no name of an attachment in the archive, or one that
/// leads elsewhere.
pub(super) fn hash_in(name: &str) -> Option<&str> {
    let below = name.strip_prefix(ATTACHMENTS)?.strip_prefix('/')?;
    let parts: Vec<&str> = below.split('/').collect();
    let (hash, folders) = parts.split_last()?;
    let is_plain = |part: &&str| {
        !part.is_empty() && part.len() <= 8 && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let is_hash = hash.len() == HASH_DIGITS
        && hash
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    (is_hash && folders.len() <= DEPTH_MAX && folders.iter().all(is_plain)).then_some(*hash)
}

#[cfg(test)]
mod tests {
    use super::hash_in;

    #[test]
    fn only_names_of_attachments_are_names_of_attachments() {
        let hash = "ab".repeat(32);
        assert_eq!(hash_in(&format!("attachments/ab/{hash}")), Some(&*hash));
        for name in [
            format!("attachments/../{hash}"),
            format!("attachments//{hash}"),
            format!("/attachments/ab/{hash}"),
            format!("attachments/ab/../ab/{hash}"),
            format!("attachments/ab/cd/ef/01/{hash}"),
            format!("attachments/ab/{hash}.tmp"),
            format!("elsewhere/{hash}"),
            "attachments/ab".to_owned(),
        ] {
            assert_eq!(hash_in(&name), None, "{name}");
        }
    }
}
