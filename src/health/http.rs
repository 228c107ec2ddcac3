//! The findings for administrators of the platform.

use std::sync::Arc;

use axum::{Extension, Json};
use tokio::sync::Mutex;

use super::{Depth, Report, Seat, Subject, look};
use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManagePlatform;
use crate::access::{Authorized, Error, Result};
use crate::config::Config;
use crate::storage::blobs::Bucket;

/// How old findings may be for those who ask by the clock.
const RECENT_MS: i64 = 60_000;

/// What the endpoint looks at. Cheap to clone.
#[derive(Clone)]
pub struct Status {
    subject: Arc<Subject>,
    /// One look at a time: it is the machine's time, however many ask. Keeps what the last one found.
    last: Arc<Mutex<Option<Report>>>,
}

impl Status {
    /// Of the server with these settings and this bucket of files, which runs in this process.
    pub fn new(config: &Config, bucket: Option<Bucket>) -> Self {
        Self {
            subject: Arc::new(Subject {
                bucket,
                ..Subject::of(config, 0, Depth::Quick, Seat::Inside)
            }),
            last: Arc::default(),
        }
    }

    /// Looks now.
    pub(super) async fn look(&self, now_ms: i64) -> Result<Report> {
        self.look_unless(now_ms, |_| false).await
    }

    /// What was found within the last minute, or what is found now.
    ///
    /// # Errors
    /// Only a defect: a check that ended unexpectedly.
    pub async fn recent(&self, now_ms: i64) -> Result<Report> {
        let is_recent = |report: &Report| (0..RECENT_MS).contains(&(now_ms - report.checked_at));
        self.look_unless(now_ms, is_recent).await
    }

    async fn look_unless(&self, now_ms: i64, is_good: impl Fn(&Report) -> bool) -> Result<Report> {
        let mut last = self.last.lock().await;
        if let Some(report) = last.as_ref().filter(|report| is_good(report)) {
            return Ok(report.clone());
        }
        let subject = Subject {
            now_ms,
            ..Subject::clone(&self.subject)
        };
        let report = tokio::task::spawn_blocking(move || look(&subject))
            .await
            .map_err(|error| Error::Internal(format!("looking at the platform: {error}")))?;
        *last = Some(report.clone());
        Ok(report)
    }
}

/// The endpoints of this folder.
pub fn endpoints() -> Endpoints {
    crate::endpoints![get_platform_status].merge(super::upkeep::endpoints())
}

/// What is wrong with the platform, and what to do: the findings of `skep health`, as the server sees them.
#[utoipa::path(get, path = "/api/skep/v1/platform/status", tag = "Platform", responses((status = 200, body = Report)))]
async fn get_platform_status(
    by: Authorized<ManagePlatform>,
    Extension(status): Extension<Status>,
) -> Result<Json<Report>> {
    status.look(by.scope().now_ms).await.map(Json)
}
