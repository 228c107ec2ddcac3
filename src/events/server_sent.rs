//! Server-sent events: one for each audit record that the listener sees, its id being the record's.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::response::sse::Event;
use futures_util::Stream;
use futures_util::stream::unfold;
use serde::Serialize;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::access::unit::Scoped;
use crate::access::{Authenticated, Error, Result};
use crate::audit::follow;
use crate::audit::model::{Action, AuditRecord};
use crate::automation::inbox;
use crate::wire::EntityId;

use super::require_listener;

/// After this long the connection ends and the browser comes back: its rights are looked at anew.
const LIFETIME: Duration = Duration::from_mins(5);
/// A listener reads no more often than this, however fast commits come.
const PAUSE: Duration = Duration::from_millis(100);
/// Records read at a time.
const RECORDS_MAX: i64 = 200;
/// Connections one user may have open: a browser tab has one.
const LISTENERS_OF_USER_MAX: usize = 30;

/// The data of an `audit` event: what was done to what, without telling more of it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputEvent {
    #[serde(rename = "_id")]
    pub id: EntityId,
    #[schema(value_type = Action)]
    pub action: String,
    pub object_type: String,
    pub object_id: EntityId,
    /// The case or organisation it happened in.
    pub root_id: EntityId,
    pub created_by: String,
    pub created_at: i64,
    pub main_action: bool,
}

/// The data of an `inbox` event.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputUnread {
    pub unread_count: i64,
}

impl From<&AuditRecord> for OutputEvent {
    fn from(record: &AuditRecord) -> Self {
        Self {
            id: EntityId(record.id),
            action: record.action.clone(),
            object_type: record.object_kind.clone(),
            object_id: EntityId(record.object_id),
            root_id: EntityId(record.context_id),
            created_by: record.actor.clone(),
            created_at: record.happened_at,
            main_action: record.is_main,
        }
    }
}

/// Counts the open connections of each user.
#[derive(Default)]
pub(super) struct Listeners(Mutex<HashMap<i64, usize>>);

/// One open connection; leaving it counts it off.
struct Seat {
    listeners: Arc<Listeners>,
    user_id: i64,
}

impl Listeners {
    fn take_seat(self: &Arc<Self>, user_id: i64) -> Result<Seat> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(user_id).or_default();
        if *count >= LISTENERS_OF_USER_MAX {
            return Err(Error::TooManyRequests { retry_after_s: 30 });
        }
        *count += 1;
        Ok(Seat {
            listeners: self.clone(),
            user_id,
        })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut counts = self
            .listeners
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.user_id) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.user_id);
            }
        }
    }
}

struct Listener {
    by: Authenticated,
    commits: watch::Receiver<u64>,
    cursor: i64,
    unread_count: Option<i64>,
    waiting: VecDeque<Event>,
    ends_at: Instant,
    stopping: CancellationToken,
    _seat: Seat,
}

/// The events after the record `after`, or after the present last one.
///
/// # Errors
/// [`Error::TooManyRequests`] when the caller has too many connections open.
pub(super) async fn listen(
    listeners: &Arc<Listeners>,
    by: Authenticated,
    after: Option<i64>,
    stopping: CancellationToken,
) -> Result<impl Stream<Item = std::result::Result<Event, Infallible>> + use<>> {
    let seat = listeners.take_seat(by.scope().user_id)?;
    // Taken before the first read: a commit between the two is not missed.
    let commits = by.commits();
    let cursor = match after {
        Some(after) => after,
        None => by.read(follow::last_id).await?,
    };
    let listener = Listener {
        by,
        commits,
        cursor,
        unread_count: None,
        waiting: VecDeque::new(),
        ends_at: Instant::now() + LIFETIME,
        stopping,
        _seat: seat,
    };
    Ok(unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok(event), listener))
    }))
}

impl Listener {
    /// The next event; `None` ends the connection.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            self.commits.mark_unchanged();
            match self.look().await {
                Ok(()) => {}
                // The rights are looked at again with every look: who is locked or has left hears no more.
                Err(Error::Refused(_)) => return None,
                Err(error) => {
                    tracing::warn!(%error, "server-sent events end");
                    return None;
                }
            }
            if self.waiting.is_empty() {
                tokio::select! {
                    () = self.stopping.cancelled() => return None,
                    changed = timeout_at(self.ends_at, self.commits.changed()) => match changed {
                        Ok(Ok(())) => sleep(PAUSE).await,
                        // The time is up, or the database is closed.
                        Ok(Err(_)) | Err(_) => return None,
                    },
                }
            }
        }
    }

    /// Puts what is new into the queue.
    async fn look(&mut self) -> Result<()> {
        let cursor = self.cursor;
        let (records, unread_count) = self
            .by
            .read(move |reading| {
                require_listener(reading)?;
                let records = follow::list_after(reading, cursor, RECORDS_MAX)?;
                let scope = reading.scope();
                let unread =
                    inbox::actions::count_unread(reading, scope.user_id, scope.organisation.id)?;
                Ok((records, unread))
            })
            .await?;
        for record in &records {
            self.cursor = record.id;
            self.waiting.push_back(event(record)?);
        }
        if self.unread_count != Some(unread_count) {
            self.unread_count = Some(unread_count);
            self.waiting.push_back(data(
                Event::default().event("inbox"),
                &OutputUnread { unread_count },
            )?);
        }
        Ok(())
    }
}

fn event(record: &AuditRecord) -> Result<Event> {
    data(
        Event::default().id(record.id.to_string()).event("audit"),
        &OutputEvent::from(record),
    )
}

fn data(event: Event, told: &impl Serialize) -> Result<Event> {
    event
        .json_data(told)
        .map_err(|error| Error::Internal(format!("server-sent event: {error}")))
}
