//! The open streams of the API: each is a cursor into the audit trail that belongs to a user in an organisation.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::access::{Error, Result, Scope};

/// A stream that nobody reads is forgotten after this long, milliseconds.
const UNREAD_TIME_MS: i64 = 5 * 60 * 1_000;
/// Streams one user may have open.
const STREAMS_OF_USER_MAX: usize = 50;
/// Streams that may be open.
const STREAMS_MAX: usize = 5_000;
/// Letters and digits of a stream's id, as clients expect them.
const ID_LENGTH: usize = 20;

/// All open streams.
#[derive(Default)]
pub(super) struct Streams(Mutex<HashMap<String, Stream>>);

struct Stream {
    user_id: i64,
    organisation_id: i64,
    cursor: i64,
    read_at: i64,
}

impl Streams {
    /// Opens a stream that begins after the record `cursor`; returns its id.
    ///
    /// # Errors
    /// [`Error::TooManyRequests`] when too many are open.
    pub(super) fn open(&self, scope: &Scope, cursor: i64) -> Result<String> {
        let mut streams = self.lock();
        streams.retain(|_, stream| stream.read_at + UNREAD_TIME_MS > scope.now_ms);
        let of_user = streams
            .values()
            .filter(|stream| stream.user_id == scope.user_id)
            .count();
        if of_user >= STREAMS_OF_USER_MAX || streams.len() >= STREAMS_MAX {
            return Err(Error::TooManyRequests { retry_after_s: 60 });
        }
        let id = random_id()?;
        let stream = Stream {
            user_id: scope.user_id,
            organisation_id: scope.organisation.id,
            cursor,
            read_at: scope.now_ms,
        };
        streams.insert(id.clone(), stream);
        Ok(id)
    }

    /// Where the caller's stream `id` stands; it counts as read now.
    ///
    /// # Errors
    /// 404 when there is no such stream of the caller in this organisation.
    pub(super) fn cursor(&self, scope: &Scope, id: &str) -> Result<i64> {
        let mut streams = self.lock();
        let stream = streams
            .get_mut(id)
            .filter(|stream| {
                stream.user_id == scope.user_id
                    && stream.organisation_id == scope.organisation.id
                    && stream.read_at + UNREAD_TIME_MS > scope.now_ms
            })
            .ok_or_else(|| Error::not_found("Stream", id))?;
        stream.read_at = scope.now_ms;
        Ok(stream.cursor)
    }

    /// Moves the stream on to the record `cursor`, at `now_ms`.
    pub(super) fn advance(&self, id: &str, cursor: i64, now_ms: i64) {
        if let Some(stream) = self.lock().get_mut(id) {
            stream.cursor = stream.cursor.max(cursor);
            stream.read_at = stream.read_at.max(now_ms);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Stream>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn random_id() -> Result<String> {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0_u8; ID_LENGTH];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::Internal(format!("no randomness: {error}")))?;
    Ok(bytes
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::{STREAMS_OF_USER_MAX, Streams, UNREAD_TIME_MS};
    use crate::access::{Organisation, PermissionSet, Scope};

    fn scope(user_id: i64, now_ms: i64) -> Scope {
        Scope {
            user_id,
            login: "u@x.y".into(),
            organisation: Organisation {
                id: 1,
                name: "o".into(),
            },
            profile: "analyst".into(),
            permissions: PermissionSet::EMPTY,
            request_id: "r".into(),
            now_ms,
        }
    }

    #[test]
    fn a_stream_is_its_openers_and_dies_unread() {
        let streams = Streams::default();
        let id = streams.open(&scope(1, 0), 7).unwrap();
        assert_eq!(id.len(), 20);
        assert_eq!(streams.cursor(&scope(1, 10), &id).unwrap(), 7);
        assert!(streams.cursor(&scope(2, 10), &id).is_err());
        streams.advance(&id, 9, 20);
        assert_eq!(streams.cursor(&scope(1, 30), &id).unwrap(), 9);
        assert!(streams.cursor(&scope(1, 30 + UNREAD_TIME_MS), &id).is_err());
    }

    #[test]
    fn one_user_cannot_open_streams_without_end() {
        let streams = Streams::default();
        for _ in 0..STREAMS_OF_USER_MAX {
            streams.open(&scope(1, 0), 0).unwrap();
        }
        assert!(streams.open(&scope(1, 0), 0).is_err());
        assert!(streams.open(&scope(2, 0), 0).is_ok());
        assert!(
            streams.open(&scope(1, UNREAD_TIME_MS), 0).is_ok(),
            "unread ones make room"
        );
    }
}
