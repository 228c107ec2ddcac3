//! Whether the bucket can be used.

use std::time::Duration;

use object_store::{ObjectStore, ObjectStoreExt, PutPayload};

use super::Bucket;
use super::failure::unusable;
use crate::storage::{Error, Result};
use crate::text::hex::hex;

/// What the names of objects begin with that are only written to see whether they can be.
const TRIAL: &str = "skep-check";
/// How long a start waits for the bucket.
const TIME_MAX: Duration = Duration::from_secs(30);

impl Bucket {
    /// Lists, writes and removes, as it will be done. Blocks.
    ///
    /// # Errors
    /// With a whole sentence: [`Error::Unusable`] where only other settings help, else [`Error::NotNow`].
    pub(in crate::storage::blobs) fn check(&self) -> Result<()> {
        self.within(TIME_MAX, async {
            self.ask_for_list().await?;
            let mut random = [0; 8];
            getrandom::fill(&mut random)
                .map_err(|error| Error::DiskFailed(format!("no randomness: {error}")))?;
            let trial = self.location(&format!("{TRIAL}/{}", hex(&random)));
            let cannot = |attempted| {
                move |error: object_store::Error| unusable(self.title(), attempted, &error)
            };
            let store = &self.0.store;
            let written = store.put(&trial, PutPayload::from_static(b"skep")).await;
            written.map_err(cannot("take an object"))?;
            let removed = store.delete(&trial).await;
            removed.map_err(cannot("remove an object"))
        })
    }

    /// Whether it answers within `time_max`. Changes nothing. Blocks.
    ///
    /// # Errors
    /// With a whole sentence.
    pub fn answers(&self, time_max: Duration) -> Result<()> {
        self.within(time_max, self.ask_for_list())
    }

    async fn ask_for_list(&self) -> Result<()> {
        // Next to nothing is there.
        let listed = self
            .0
            .store
            .list_with_delimiter(Some(&self.location(TRIAL)))
            .await;
        listed
            .map(drop)
            .map_err(|error| unusable(self.title(), "list its objects", &error))
    }

    fn within(&self, time_max: Duration, work: impl Future<Output = Result<()>>) -> Result<()> {
        let in_time = self.wait(async { tokio::time::timeout(time_max, work).await });
        in_time.unwrap_or_else(|_| {
            Err(Error::NotNow(format!(
                "The bucket {} cannot be used, for it gave no answer within {} ms. Is it up, and is s3.endpoint right?",
                self.title(),
                time_max.as_millis()
            )))
        })
    }
}
