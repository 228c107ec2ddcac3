//! A bucket of a storage that speaks S3, in place of the folder.
//!
//! A file comes in as it does for the folder: into a part file in the data folder, hashed and counted on the way; only
//! what is whole goes into the bucket, under its hash. So what breaks off on the way in never reaches the bucket, and a
//! content that is there already is not sent again.
//!
//! It has a thread of its own for its connections, so that it serves those who wait for it on a blocking thread
//! (uploads, backups, the doctor) and those who stream from the server's threads alike.

mod check;
mod failure;
mod way;

use std::collections::HashMap;
use std::fs::File;
use std::future::Future;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path as Location;
use object_store::{BackoffConfig, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::RwLock;

use super::{Pieces, folder_of, is_hash};
use crate::config::{Config, S3};
use crate::outbound::{Outbound, Reach};
use crate::storage::{Error, Result};
use failure::failed;
use way::Way;

/// What is sent at once; a larger file goes in parts of this size. The least that S3 allows is 5 MiB, and with its 10,000
/// parts a file may have 80 GB.
const PART_BYTES: u64 = 8 * 1024 * 1024;
/// A content that was written less long ago is not sent again when it comes once more. Half of the time for which
/// contents are left that nothing names: what is named again is never about to be swept.
const FRESH_MS: i64 = 12 * 60 * 60 * 1_000;
/// How often a request that went wrong is made again, and until when.
const RETRIES_MAX: usize = 3;
const RETRY_TIME_MAX: Duration = Duration::from_secs(10);
/// Files that are moved at once.
const MOVED_AT_ONCE: usize = 8;

/// The bucket that holds the files. Cheap to clone.
#[derive(Clone)]
pub struct Bucket(Arc<Inner>);

struct Inner {
    store: AmazonS3,
    /// As people know it: `files at https://s3.example.org`.
    title: String,
    prefix: String,
    /// Held for reading while a file gets its name, and for writing while one loses it: so a file that is named again
    /// is not swept at that moment. Another server on the same bucket is not held up by it: it would have to name a
    /// content that nothing named for a day within the milliseconds between the last look and the removal.
    naming: RwLock<()>,
    // Only taken out at the end.
    runtime: Option<Runtime>,
}

/// What the bucket has under a hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    pub sha256: String,
    pub bytes: u64,
    /// When it was last written, milliseconds since the epoch.
    pub modified_ms: i64,
}

impl Drop for Inner {
    fn drop(&mut self) {
        // It may be dropped where nothing may block.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl std::fmt::Debug for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Bucket").field(&self.0.title).finish()
    }
}

impl Bucket {
    /// The bucket of the settings, if they name one. It is not asked anything yet.
    ///
    /// # Errors
    /// When no connection can be made with these settings, whoever answers.
    pub fn of(config: &Config) -> Result<Option<Self>> {
        let settings = &config.s3;
        if !settings.is_set() {
            return Ok(None);
        }
        let wrong = |error: &dyn std::fmt::Display| {
            Error::Unusable(format!(
                "The bucket {} cannot be used: {error}",
                title(settings)
            ))
        };
        // Who runs the platform wrote the address down, as he did that of the database: it may be in the house or on this
        // machine. What is for nobody stays so: the place where clouds keep the credentials of their machines. There is
        // no need for it either, since the keys come from the settings alone.
        let courier = Outbound::new(&config.outbound)
            .and_then(|outbound| outbound.courier(Reach::Named))
            .map_err(|error| wrong(&error))?;
        let reveal = |secret: &Option<crate::config::Secret>| {
            secret
                .as_ref()
                .map_or("", |secret| secret.reveal())
                .to_owned()
        };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&settings.bucket)
            .with_region(&settings.region)
            .with_access_key_id(reveal(&settings.access_key))
            .with_secret_access_key(reveal(&settings.secret_key))
            .with_virtual_hosted_style_request(!settings.path_style)
            // Not every storage knows how to take several away at once.
            .with_disable_bulk_delete(true)
            .with_retry(RetryConfig {
                backoff: BackoffConfig::default(),
                max_retries: RETRIES_MAX,
                retry_timeout: RETRY_TIME_MAX,
            })
            .with_http_connector(Way::new(courier));
        if let Some((scheme, host)) = settings.address() {
            builder = builder.with_endpoint(if settings.path_style {
                format!("{scheme}://{host}")
            } else {
                format!("{scheme}://{}.{host}", settings.bucket)
            });
        }
        let store = builder.build().map_err(|error| wrong(&error))?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("bucket")
            .enable_all()
            .build()
            .map_err(|error| wrong(&error))?;
        Ok(Some(Self(Arc::new(Inner {
            store,
            title: title(settings),
            prefix: settings.prefix.clone(),
            naming: RwLock::new(()),
            runtime: Some(runtime),
        }))))
    }

    /// As people know it.
    pub fn title(&self) -> &str {
        &self.0.title
    }

    /// Waits for an answer of the bucket on a thread that may block.
    fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        let runtime = self.0.runtime.as_ref();
        runtime
            .expect("it is there until the bucket is dropped")
            .block_on(work)
    }

    fn location(&self, name: &str) -> Location {
        Location::from(format!("{}/{name}", self.0.prefix))
    }

    fn location_of(&self, sha256: &str) -> Location {
        self.location(&format!("{}/{sha256}", folder_of(sha256)))
    }

    /// Keeps the file under its hash. Blocks.
    pub(super) fn keep(&self, file: &Path, sha256: &str, bytes: u64, now_ms: i64) -> Result<()> {
        self.wait(async {
            let _naming = self.0.naming.read().await;
            let is_fresh = |found: &Object| {
                found.bytes == bytes && now_ms.saturating_sub(found.modified_ms) < FRESH_MS
            };
            if self.look(sha256).await?.as_ref().is_some_and(is_fresh) {
                return Ok(());
            }
            self.put(file, sha256, bytes).await
        })
    }

    /// What is there under the hash.
    async fn look(&self, sha256: &str) -> Result<Option<Object>> {
        match self.0.store.head(&self.location_of(sha256)).await {
            Ok(facts) => Ok(Some(Object {
                sha256: sha256.to_owned(),
                bytes: facts.size,
                modified_ms: facts.last_modified.timestamp_millis(),
            })),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed("look for a file", &error)),
        }
    }

    /// Sends the file. What breaks off leaves nothing: a file in one piece is there or not, and one in parts is given up.
    async fn put(&self, file: &Path, sha256: &str, bytes: u64) -> Result<()> {
        let unreadable = |error: io::Error| super::failed("read", &error);
        let location = self.location_of(sha256);
        let mut file = File::open(file).map_err(unreadable)?;
        if bytes <= PART_BYTES {
            let content = next_part(&mut file).map_err(unreadable)?;
            let sent = self.0.store.put(&location, PutPayload::from(content)).await;
            return sent
                .map(drop)
                .map_err(|error| failed("write a file", &error));
        }
        let cannot = |error: object_store::Error| failed("write a large file", &error);
        let mut upload = self
            .0
            .store
            .put_multipart(&location)
            .await
            .map_err(cannot)?;
        let sending = async {
            loop {
                let part = next_part(&mut file).map_err(unreadable)?;
                if part.is_empty() {
                    break;
                }
                upload.put_part(part.into()).await.map_err(cannot)?;
            }
            upload.complete().await.map(drop).map_err(cannot)
        };
        let sent = sending.await;
        if sent.is_err()
            && let Err(error) = upload.abort().await
        {
            tracing::warn!(%error, "parts of a file that was not written may be left in the bucket");
        }
        sent
    }

    /// The content under the hash, or the part of it that is asked for.
    pub(super) async fn read(
        &self,
        sha256: &str,
        options: object_store::GetOptions,
    ) -> Result<Pieces> {
        let found = self
            .0
            .store
            .get_opts(&self.location_of(sha256), options)
            .await;
        let found = found.map_err(|error| failed("read a file", &error))?;
        let pieces = found.into_stream();
        Ok(Box::pin(
            pieces.map_err(|error| failed("read a file", &error)),
        ))
    }

    /// The whole content under the hash, for those who read on a thread that may block; nothing if there is none.
    ///
    /// # Errors
    /// When the bucket does not give it.
    pub fn open(&self, sha256: &str) -> Result<Option<Content>> {
        match self.wait(self.0.store.get(&self.location_of(sha256))) {
            Ok(found) => Ok(Some(Content {
                bucket: self.clone(),
                pieces: Box::pin(
                    found
                        .into_stream()
                        .map_err(|error| failed("read a file", &error)),
                ),
                held: Bytes::new(),
            })),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed("read a file", &error)),
        }
    }

    /// All contents, sorted by their hashes. Blocks.
    ///
    /// # Errors
    /// When the bucket does not list them.
    pub fn list(&self) -> Result<Vec<Object>> {
        self.wait(self.listed())
    }

    /// The same without blocking. What others keep below the same prefix is none of ours.
    pub(super) async fn listed(&self) -> Result<Vec<Object>> {
        let prefix = Some(&self.0.prefix).filter(|prefix| !prefix.is_empty());
        let prefix = prefix.map(|prefix| Location::from(prefix.as_str()));
        let mut listed = self.0.store.list(prefix.as_ref());
        let mut found = Vec::new();
        while let Some(facts) = listed.next().await {
            let facts = facts.map_err(|error| failed("list the files", &error))?;
            let name = facts.location.filename().unwrap_or_default();
            if is_hash(name) && facts.location == self.location_of(name) {
                found.push(Object {
                    sha256: name.to_owned(),
                    bytes: facts.size,
                    modified_ms: facts.last_modified.timestamp_millis(),
                });
            }
        }
        found.sort_by(|one, other| one.sha256.cmp(&other.sha256));
        Ok(found)
    }

    /// Removes the content, unless it was wanted again since `until_ms`. While files get their names it is left for the
    /// next time: nothing is urgent about it.
    pub(super) async fn remove_if_old(&self, sha256: &str, until_ms: i64) -> Result<bool> {
        let Ok(_naming) = self.0.naming.try_write() else {
            return Ok(false);
        };
        let found = self.look(sha256).await?;
        if found.is_none_or(|found| found.modified_ms >= until_ms) {
            return Ok(false);
        }
        let removed = self.0.store.delete(&self.location_of(sha256)).await;
        removed.map_err(|error| failed("remove a file", &error))?;
        Ok(true)
    }

    /// Moves files from the folder into the bucket: their hashes with where each lies and how large it is. What the bucket
    /// has already is only taken away. Cut off, it can be done again. Blocks.
    pub(super) fn take_over(&self, files: Vec<(String, std::path::PathBuf, u64)>) -> Result<()> {
        self.wait(async {
            let there: HashMap<String, u64> = self
                .listed()
                .await?
                .into_iter()
                .map(|object| (object.sha256, object.bytes))
                .collect();
            let there = &there;
            futures_util::stream::iter(files)
                .map(|(sha256, path, bytes)| async move {
                    if there.get(&sha256) != Some(&bytes) {
                        self.put(&path, &sha256, bytes).await?;
                    }
                    std::fs::remove_file(&path).map_err(|error| super::failed("remove", &error))
                })
                .buffer_unordered(MOVED_AT_ONCE)
                .try_collect::<()>()
                .await
        })
    }
}

/// A content that is read on a thread that may block.
pub struct Content {
    bucket: Bucket,
    pieces: Pieces,
    held: Bytes,
}

impl Read for Content {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.held.is_empty() {
            match self.bucket.wait(self.pieces.next()) {
                Some(piece) => self.held = piece.map_err(io::Error::other)?,
                None => return Ok(0),
            }
        }
        let count = into.len().min(self.held.len());
        into[..count].copy_from_slice(&self.held.split_to(count));
        Ok(count)
    }
}

fn title(settings: &S3) -> String {
    match settings.address() {
        Some((scheme, host)) => format!("{} at {scheme}://{host}", settings.bucket),
        None => format!("{} at AWS ({})", settings.bucket, settings.region),
    }
}

/// The next of the file that is sent at once; nothing at its end.
fn next_part(file: &mut File) -> io::Result<Vec<u8>> {
    let mut part = Vec::new();
    file.take(PART_BYTES).read_to_end(&mut part)?;
    Ok(part)
}
