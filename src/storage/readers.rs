//! A pool of read-only connections, so that reads never wait for the writer.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use super::connection::{Connection, Limit};
use super::error::{Error, Result};
use super::transaction::ReadTx;
use super::work::{Outcome, Work};

/// Opens a connection of the pool.
pub(super) type Connect = Box<dyn Fn() -> Result<Box<dyn Connection>> + Send + Sync>;

/// Read-only connections, opened when first needed and kept.
pub(super) struct Readers {
    idle: Mutex<Vec<Box<dyn Connection>>>,
    connect: Connect,
    permits: Semaphore,
}

/// Tells the running statement that nobody waits for it any more, when the future that waited is dropped.
struct Abandon(Arc<AtomicBool>);

impl Drop for Abandon {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Readers {
    pub(super) fn new(connect: Connect, connections_max: usize) -> Self {
        Self {
            idle: Mutex::new(Vec::new()),
            connect,
            permits: Semaphore::new(connections_max),
        }
    }

    /// Runs `work` on a snapshot, on a thread that may block, for at most `time_max`.
    pub(super) async fn read(
        self: &Arc<Self>,
        time_max: Duration,
        work: Work<ReadTx>,
    ) -> Result<Outcome> {
        let deadline = Instant::now() + time_max;
        let _permit = tokio::time::timeout(time_max, self.permits.acquire())
            .await
            .map_err(|_| Error::Overloaded)?
            .map_err(|_| Error::Closed)?;
        let left = deadline.saturating_duration_since(Instant::now());
        self.read_beside(left, work).await
    }

    /// The same without standing in line, on a connection more than the pool may have.
    pub(super) async fn read_beside(
        self: &Arc<Self>,
        time_max: Duration,
        work: Work<ReadTx>,
    ) -> Result<Outcome> {
        let deadline = Instant::now() + time_max;
        let abandoned = Arc::new(AtomicBool::new(false));
        let _abandon = Abandon(abandoned.clone());
        let readers = self.clone();
        tokio::task::spawn_blocking(move || {
            readers.run(
                &Limit {
                    deadline,
                    abandoned,
                },
                work,
            )
        })
        .await
        .unwrap_or_else(|error| Err(Error::Panicked(error.to_string())))
    }

    fn run(&self, limit: &Limit, work: Work<ReadTx>) -> Result<Outcome> {
        let tx = ReadTx::new(self.begin(limit)?);
        let outcome = work(&tx);
        let mut connection = tx.into_connection();
        connection.set_limit(None);
        // A connection that cannot even end its snapshot is not given back.
        if connection.batch("rollback").is_ok() && connection.is_alive() {
            self.lock().push(connection);
        }
        Ok(outcome)
    }

    /// A connection with a snapshot begun. Those that broke while they were idle are left out: a database server may
    /// have been started anew.
    fn begin(&self, limit: &Limit) -> Result<Box<dyn Connection>> {
        loop {
            let idle = self.lock().pop();
            let is_fresh = idle.is_none();
            let mut connection = match idle {
                Some(connection) => connection,
                None => (self.connect)()?,
            };
            connection.set_limit(Some(limit.clone()));
            let begin = connection.dialect().begin_snapshot();
            match connection.batch(begin) {
                Ok(()) => return Ok(connection),
                Err(error) if is_fresh || connection.is_alive() => return Err(error),
                Err(_) => {}
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Box<dyn Connection>>> {
        self.idle
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
