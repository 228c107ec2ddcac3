//! What the seam asks of an engine: one connection that runs portable SQL.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use super::dialect::Dialect;
use super::error::Result;
use super::value::{Row, Value};

/// One connection to the database, used by one thread at a time.
pub(super) trait Connection: Send {
    /// Which engine this is.
    fn dialect(&self) -> Dialect;
    /// Runs one statement; returns the number of rows it changed.
    fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<u64>;
    /// Runs one statement and returns its rows.
    fn query(&mut self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>>;
    /// Runs several statements without parameters (transaction control, migrations).
    fn batch(&mut self, sql: &str) -> Result<()>;
    /// Statements from now on stop with [`super::Error::Deadline`] when `limit` says so; `None` lifts it.
    fn set_limit(&mut self, limit: Option<Limit>);
    /// Whether the connection is still good; a broken one is replaced.
    fn is_alive(&self) -> bool;
    /// Housekeeping of the writer's connection, between transactions.
    fn tidy(&mut self, when: Tidy) -> Result<()>;
}

/// When the writer's connection does its housekeeping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tidy {
    /// After each commit: only what is due.
    Committed,
    /// When nobody has written for a while.
    Idle,
    /// Once more at the end.
    Closing,
}

/// When a statement must stop: at an instant, or when nobody waits for its answer any more.
#[derive(Clone)]
pub(super) struct Limit {
    pub(super) deadline: Instant,
    pub(super) abandoned: Arc<AtomicBool>,
}

impl Limit {
    pub(super) fn is_reached(&self) -> bool {
        self.abandoned.load(Ordering::Relaxed) || Instant::now() >= self.deadline
    }
}
