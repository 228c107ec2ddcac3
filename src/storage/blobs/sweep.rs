//! Takes away what nothing names: files whose rows are gone, and parts of files that never became whole.

use std::collections::HashSet;
use std::fs;
use std::future::Future;
use std::path::Path;
use std::sync::PoisonError;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::TryStreamExt;
use object_store::ObjectStore;

use super::{Blobs, INCOMING, is_hash};
use crate::storage::replace::REPLACED;
use crate::storage::{Error, Result};

/// Names that are asked about at once.
const AT_A_TIME: usize = 500;

/// What was taken away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Files that nothing named.
    pub files: usize,
    /// Files that never became whole.
    pub parts: usize,
}

impl Blobs {
    /// Takes away the files that were last wanted before `until_ms` and that `named` does not know. `named` is given
    /// hashes and gives back those of them that some row names.
    ///
    /// # Errors
    /// When the folder can't be read, or `named` fails.
    pub async fn sweep<F, Fut, E>(&self, until_ms: i64, named: F) -> std::result::Result<Swept, E>
    where
        F: Fn(Vec<String>) -> Fut,
        Fut: Future<Output = std::result::Result<HashSet<String>, E>>,
        E: From<Error>,
    {
        let until = UNIX_EPOCH + Duration::from_millis(until_ms.unsigned_abs());
        let mut swept = Swept {
            parts: self.sweep_parts(until),
            ..Swept::default()
        };
        if self.may_be_needed_again() {
            return Ok(swept);
        }
        for hashes in self.old_files(until_ms).await?.chunks(AT_A_TIME) {
            let named = named(hashes.to_vec()).await?;
            for hash in hashes.iter().filter(|hash| !named.contains(*hash)) {
                if self.remove_if_old(hash, until_ms).await? {
                    swept.files += 1;
                }
            }
        }
        Ok(swept)
    }

    /// Whether a restore kept what it replaced, whose files may be in the bucket alone: they stay until somebody has said that
    /// all is well by removing it. The folder of files is kept with it, so there nothing depends on it.
    fn may_be_needed_again(&self) -> bool {
        let data_dir = self.0.folder.parent().unwrap_or(&self.0.folder);
        let kept = || fs::read_dir(data_dir).into_iter().flatten().flatten();
        self.bucket().is_some()
            && kept().any(|entry| entry.file_name().to_string_lossy().starts_with(REPLACED))
    }

    /// The contents that were last wanted before `until_ms`.
    async fn old_files(&self, until_ms: i64) -> Result<Vec<String>> {
        if let Some(bucket) = self.bucket() {
            let listed = bucket.listed().await?.into_iter();
            let old = listed.filter(|object| object.modified_ms < until_ms);
            return Ok(old.map(|object| object.sha256).collect());
        }
        let mut found = Vec::new();
        let mut listed = self.0.store.list(None);
        while let Some(facts) = listed
            .try_next()
            .await
            .map_err(|error| Error::DiskFailed(format!("list the files: {error}")))?
        {
            let name = facts.location.filename().unwrap_or_default();
            if is_hash(name) && facts.last_modified.timestamp_millis() < until_ms {
                found.push(name.to_owned());
            }
        }
        Ok(found)
    }

    /// Removes the content, unless it was wanted again since the rows were looked at.
    async fn remove_if_old(&self, hash: &str, until_ms: i64) -> Result<bool> {
        if let Some(bucket) = self.bucket() {
            return bucket.remove_if_old(hash, until_ms).await;
        }
        let until = UNIX_EPOCH + Duration::from_millis(until_ms.unsigned_abs());
        let path = self.path_of(hash);
        let _naming = self.0.naming.lock().unwrap_or_else(PoisonError::into_inner);
        if !is_older(&path, until) {
            return Ok(false);
        }
        fs::remove_file(&path).map_err(|error| super::failed("remove", &error))?;
        Ok(true)
    }

    /// Removes parts that nobody writes to any more: a program that was killed left them.
    fn sweep_parts(&self, until: SystemTime) -> usize {
        let Ok(entries) = fs::read_dir(self.0.folder.join(INCOMING)) else {
            return 0;
        };
        entries
            .flatten()
            .filter(|entry| is_older(&entry.path(), until))
            .filter(|entry| fs::remove_file(entry.path()).is_ok())
            .count()
    }
}

fn is_older(path: &Path, until: SystemTime) -> bool {
    fs::metadata(path)
        .and_then(|facts| facts.modified())
        .is_ok_and(|modified| modified < until)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::fs::File;
    use std::time::{Duration, UNIX_EPOCH};

    use super::Swept;
    use crate::storage::Error;
    use crate::storage::blobs::Blobs;

    #[test]
    fn only_old_files_that_nothing_names_are_swept() {
        let data_dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(data_dir.path(), None).unwrap();
        let keep = |bytes: &[u8], now_ms: i64| {
            let mut incoming = blobs.begin().unwrap();
            incoming.write(bytes).unwrap();
            let staged = incoming.finish().unwrap();
            blobs.keep(staged, now_ms).unwrap().sha256
        };
        let named = keep(b"named", 1_000);
        let unnamed = keep(b"unnamed", 1_000);
        let young = keep(b"young", 9_000);
        let again = keep(b"again", 1_000);
        keep(b"again", 9_000);
        let part = data_dir.path().join("attachments/incoming/left.part");
        File::create(&part)
            .unwrap()
            .set_modified(UNIX_EPOCH + Duration::from_secs(1))
            .unwrap();
        let names = HashSet::from([named.clone()]);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let swept = runtime.block_on(blobs.sweep(5_000, |_| {
            let names = names.clone();
            async move { Ok::<_, Error>(names) }
        }));
        assert_eq!(swept.unwrap(), Swept { files: 1, parts: 1 });
        let is_there = |hash: &String| blobs.path_of(hash).exists();
        assert!(is_there(&named) && is_there(&young) && is_there(&again));
        assert!(!is_there(&unnamed) && !part.exists());
    }
}
