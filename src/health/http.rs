//! The findings for administrators of the platform.

use std::sync::Arc;

use axum::{Extension, Json};
use tokio::sync::Mutex;

use super::{Depth, Report, Seat, Subject, look};
use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManagePlatform;
use crate::access::{Authorized, Error, Result};
use crate::config::Config;

/// What the endpoint looks at. Cheap to clone.
#[derive(Clone)]
pub struct Status {
    subject: Arc<Subject>,
    /// One look at a time: it is the machine's time, however many ask.
    turn: Arc<Mutex<()>>,
}

impl Status {
    /// Of the server with these settings, which runs in this process.
    pub fn new(config: &Config) -> Self {
        Self {
            subject: Arc::new(Subject::of(config, 0, Depth::Quick, Seat::Inside)),
            turn: Arc::new(Mutex::new(())),
        }
    }

    async fn look(&self, now_ms: i64) -> Result<Report> {
        let _turn = self.turn.lock().await;
        let subject = Subject {
            now_ms,
            ..Subject::clone(&self.subject)
        };
        tokio::task::spawn_blocking(move || look(&subject))
            .await
            .map_err(|error| Error::Internal(format!("looking at the platform: {error}")))
    }
}

/// The endpoints of this folder.
pub fn endpoints() -> Endpoints {
    crate::endpoints![get_platform_status]
}

/// What is wrong with the platform, and what to do: the findings of `skep health`, as the server sees them.
#[utoipa::path(get, path = "/api/skep/v1/platform/status", tag = "Platform", responses((status = 200, body = Report)))]
async fn get_platform_status(
    by: Authorized<ManagePlatform>,
    Extension(status): Extension<Status>,
) -> Result<Json<Report>> {
    status.look(by.scope().now_ms).await.map(Json)
}
