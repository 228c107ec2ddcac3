//! Walks the chain of hashes from the first record to the last.
//!
//! What it can't see: records taken off the end, and a trail written anew as a whole. For those, compare the head with
//! one that was noted elsewhere (a backup notes it).

use super::chain;
use super::store;
use crate::storage::{Queries, Result};

/// Records read at a time: the memory that the walk takes, however long the trail is.
const RECORDS_AT_A_TIME: i64 = 1_000;

/// What the walk found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Records that fit to the one before them.
    pub records: u64,
    /// The last of those and its hash; zero and zeros before the first.
    pub head: (i64, [u8; 32]),
    /// The first record that does not fit, if there is one.
    pub broken: Option<Break>,
}

/// Where the chain is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// The record.
    pub id: i64,
    /// Why it does not fit.
    pub reason: &'static str,
}

/// Walks the whole chain; stops where it is broken.
///
/// # Errors
/// When the trail can't be read.
pub fn verify(queries: &dyn Queries) -> Result<Chain> {
    walk(queries, (0, [0; 32]))
}

/// Walks the last `count` records, and takes the one before them for right.
///
/// # Errors
/// When the trail can't be read.
pub fn verify_last(queries: &dyn Queries, count: i64) -> Result<Chain> {
    let before = store::last_id(queries)? - count;
    let base = store::kept_after(queries, before - 1, 1)?;
    match base.into_iter().next() {
        Some(base) if before > 0 => {
            let hash = base.hash.try_into().unwrap_or([0; 32]);
            walk(queries, (base.id, hash))
        }
        _ => verify(queries),
    }
}

fn walk(queries: &dyn Queries, from: (i64, [u8; 32])) -> Result<Chain> {
    let mut walked = Chain {
        records: 0,
        head: from,
        broken: None,
    };
    loop {
        let page = store::kept_after(queries, walked.head.0, RECORDS_AT_A_TIME)?;
        if page.is_empty() {
            return Ok(walked);
        }
        for record in page {
            let expected = chain::hash(&walked.head.1, &record.link());
            let reason = if record.id != walked.head.0 + 1 {
                Some("the record before it is missing")
            } else if record.hash != expected {
                Some("it or the record before it was altered")
            } else {
                None
            };
            if let Some(reason) = reason {
                walked.broken = Some(Break {
                    id: record.id,
                    reason,
                });
                return Ok(walked);
            }
            walked.records += 1;
            walked.head = (record.id, expected);
        }
    }
}
