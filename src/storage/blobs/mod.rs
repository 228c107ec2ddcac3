//! The files beside the database: each is named by the SHA-256 of what is in it, and never changes.
//!
//! A file comes in three steps, so that whatever breaks off leaves nothing behind that looks whole: [`Incoming`] takes
//! the bytes into a part file and counts and hashes them on the way; [`Staged`] is whole and synced, but has no name
//! yet; [`Blobs::keep`] gives it its name, before the transaction that refers to it. What no row names is swept after
//! a time of grace. Memory does not grow with the file.
//!
//! They lie in the folder `attachments` of the data folder or, by the settings, in a [`Bucket`]. What is on its way in lies
//! in the folder either way.

mod bucket;
mod incoming;
mod sweep;

use std::fs::{self, File};
use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use object_store::local::LocalFileSystem;
use object_store::{GetOptions, GetRange, ObjectStore};

use super::error::{Error, Result};

pub use bucket::{Bucket, Content, Object};
pub use incoming::{Incoming, Staged};
pub use sweep::Swept;

/// The folder of the files in the data folder. Copies of the data know it too.
const FOLDER: &str = "attachments";
/// The folder of the files that are on their way in.
const INCOMING: &str = "incoming";
/// The digits of a SHA-256.
const HASH_DIGITS: usize = 64;

/// What is known of a file's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// The name of the content, in hexadecimal as the others.
    pub sha256: String,
    pub sha1: String,
    pub md5: String,
    pub size_bytes: u64,
}

/// What comes of a content, piece by piece.
pub type Pieces = Pin<Box<dyn Stream<Item = Result<Bytes>> + Send>>;

/// The store of files. Cheap to clone.
#[derive(Clone)]
pub struct Blobs(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    store: Arc<dyn ObjectStore>,
    /// Where the files are in place of the folder.
    bucket: Option<Bucket>,
    /// Held while a file gets its name or loses it: so a file that is named again is not swept at that moment.
    naming: Mutex<()>,
}

impl Blobs {
    /// The files of a data folder, or those in `bucket`; the folder is made if it isn't there.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn open(data_dir: &Path, bucket: Option<Bucket>) -> Result<Self> {
        let folder = data_dir.join(FOLDER);
        fs::create_dir_all(folder.join(INCOMING)).map_err(|error| failed("create", &error))?;
        let store = LocalFileSystem::new_with_prefix(&folder)
            .map_err(|error| Error::Unusable(format!("The folder of files: {error}.")))?;
        Ok(Self(Arc::new(Inner {
            folder,
            store: Arc::new(store),
            bucket,
            naming: Mutex::new(()),
        })))
    }

    /// The bucket, where the files are in one.
    pub fn bucket(&self) -> Option<&Bucket> {
        self.0.bucket.as_ref()
    }

    /// Before the first use: sees whether the bucket can be used, and moves the files that are still in the folder into it,
    /// since a bucket was set or a backup was restored. `tell` is told of what may take long. Blocks.
    ///
    /// # Errors
    /// When the bucket cannot be used; what is moved is moved, and the rest is where it was.
    pub fn make_ready(&self, tell: &dyn Fn(&str)) -> Result<()> {
        let Some(bucket) = &self.0.bucket else {
            return Ok(());
        };
        tell("looking whether the bucket of files answers");
        bucket.check()?;
        let files = self.in_folder()?;
        if files.is_empty() {
            return Ok(());
        }
        let count = files.len();
        tell(&format!("moving {count} files into the bucket"));
        tracing::info!(
            count,
            bucket = bucket.title(),
            "moving the files of the folder into the bucket"
        );
        bucket.take_over(files)?;
        tracing::info!(count, "all files are in the bucket");
        Ok(())
    }

    /// The contents that lie in the folder: each with its hash, where it lies, and its size.
    fn in_folder(&self) -> Result<Vec<(String, PathBuf, u64)>> {
        let cannot = |error: std::io::Error| failed("list", &error);
        let mut found = Vec::new();
        for folder in fs::read_dir(&self.0.folder).map_err(cannot)? {
            let folder = folder.map_err(cannot)?;
            if folder.file_name() == INCOMING || !folder.path().is_dir() {
                continue;
            }
            for file in fs::read_dir(folder.path()).map_err(cannot)? {
                let file = file.map_err(cannot)?;
                let facts = file.metadata().map_err(cannot)?;
                if let Ok(name) = file.file_name().into_string()
                    && is_hash(&name)
                    && facts.is_file()
                {
                    found.push((name, file.path(), facts.len()));
                }
            }
        }
        Ok(found)
    }

    /// Begins to take a file in. Blocks.
    ///
    /// # Errors
    /// When no file can be made.
    pub fn begin(&self) -> Result<Incoming> {
        Incoming::create(&self.0.folder.join(INCOMING))
    }

    /// Gives a whole file its name; from now on a row may refer to it. What is there already is not written again.
    /// Blocks.
    ///
    /// # Errors
    /// When the disk or the bucket does not do it.
    pub fn keep(&self, staged: Staged, now_ms: i64) -> Result<Digest> {
        let (part, digest) = staged.into_parts();
        if let Some(bucket) = &self.0.bucket {
            bucket.keep(part.path(), &digest.sha256, digest.size_bytes, now_ms)?;
            return Ok(digest);
        }
        let path = self.path_of(&digest.sha256);
        let _naming = self.0.naming.lock().unwrap_or_else(PoisonError::into_inner);
        let modified = UNIX_EPOCH + Duration::from_millis(now_ms.unsigned_abs());
        let is_there = fs::metadata(&path).is_ok_and(|facts| facts.len() == digest.size_bytes);
        if is_there {
            // Wanted again: its time of grace begins anew.
            let file = File::options().append(true).open(&path);
            file.and_then(|file| file.set_modified(modified))
                .map_err(|error| failed("touch", &error))?;
            return Ok(digest);
        }
        let named = || {
            let folder = path.parent().unwrap_or(&self.0.folder);
            fs::create_dir_all(folder)?;
            File::options()
                .append(true)
                .open(part.path())?
                .set_modified(modified)?;
            fs::rename(part.path(), &path)?;
            File::open(folder)?.sync_all()?;
            File::open(&self.0.folder)?.sync_all()
        };
        named().map_err(|error| failed("name", &error))?;
        Ok(digest)
    }

    /// The content named by `sha256`, or the part of it that is asked for, piece by piece.
    ///
    /// # Errors
    /// When it is not there or can't be read.
    pub async fn read(&self, sha256: &str, range: Option<Range<u64>>) -> Result<Pieces> {
        let options = GetOptions {
            range: range.map(GetRange::Bounded),
            ..GetOptions::default()
        };
        if let Some(bucket) = &self.0.bucket {
            return bucket.read(sha256, options).await;
        }
        let found = self
            .0
            .store
            .get_opts(&location_of(sha256), options)
            .await
            .map_err(|error| unreadable(sha256, &error))?;
        let name = sha256.to_owned();
        Ok(found
            .into_stream()
            .map(move |piece| piece.map_err(|error| unreadable(&name, &error)))
            .boxed())
    }

    fn path_of(&self, sha256: &str) -> PathBuf {
        self.0.folder.join(folder_of(sha256)).join(sha256)
    }
}

fn folder_of(sha256: &str) -> &str {
    sha256.get(..2).unwrap_or_default()
}

fn location_of(sha256: &str) -> object_store::path::Path {
    object_store::path::Path::from(format!("{}/{sha256}", folder_of(sha256)))
}

/// Whether it is the name of a content.
fn is_hash(name: &str) -> bool {
    name.len() == HASH_DIGITS
        && name
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

fn failed(attempted: &str, error: &std::io::Error) -> Error {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Error::DiskFull,
        _ => Error::DiskFailed(format!("{attempted} a file: {error}")),
    }
}

fn unreadable(sha256: &str, error: &object_store::Error) -> Error {
    Error::DiskFailed(format!("read the file {sha256}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn stage(blobs: &Blobs, bytes: &[u8]) -> Staged {
        let mut incoming = blobs.begin().unwrap();
        incoming.write(bytes).unwrap();
        incoming.finish().unwrap()
    }

    fn files(folder: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(files(&path));
            } else {
                found.push(path);
            }
        }
        found
    }

    fn read(blobs: &Blobs, sha256: &str, range: Option<Range<u64>>) -> Vec<u8> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut pieces = Box::pin(blobs.read(sha256, range).await.unwrap());
            let mut all = Vec::new();
            while let Some(piece) = pieces.next().await {
                all.extend_from_slice(&piece.unwrap());
            }
            all
        })
    }

    #[test]
    fn a_file_is_named_by_its_content_and_kept_once() {
        let data_dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(data_dir.path(), None).unwrap();
        for _ in 0..2 {
            let digest = blobs.keep(stage(&blobs, b"abc"), 1_000).unwrap();
            assert_eq!(digest.sha256, ABC);
            assert_eq!(digest.sha1, "a9993e364706816aba3e25717850c26c9cd0d89d");
            assert_eq!(digest.md5, "900150983cd24fb0d6963f7d28e17f72");
            assert_eq!(digest.size_bytes, 3);
        }
        let kept = data_dir.path().join("attachments/ba").join(ABC);
        assert_eq!(files(data_dir.path()), [kept]);
        assert_eq!(read(&blobs, ABC, None), b"abc");
        assert_eq!(read(&blobs, ABC, Some(1..3)), b"bc");
    }

    #[test]
    fn what_breaks_off_leaves_nothing() {
        let data_dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(data_dir.path(), None).unwrap();
        let mut incoming = blobs.begin().unwrap();
        incoming.write(&vec![7; 3_000_000]).unwrap();
        assert_eq!(files(data_dir.path()).len(), 1);
        drop(incoming);
        drop(stage(&blobs, b"whole, but never kept"));
        assert_eq!(files(data_dir.path()), Vec::<PathBuf>::new());
    }

    #[test]
    fn an_empty_file_is_a_file() {
        let data_dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(data_dir.path(), None).unwrap();
        let digest = blobs.keep(stage(&blobs, b""), 1_000).unwrap();
        assert_eq!(read(&blobs, &digest.sha256, None), b"");
    }
}
