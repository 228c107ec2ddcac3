//! The only writer: a thread that runs units of work and commits them in groups.
//!
//! A commit costs one wait for the disk. While it waits, more units arrive; they share the next commit. Each
//! unit runs in a savepoint of its own, so one that fails or panics leaves the others whole, and every answer
//! is sent after the shared commit: what was acknowledged is on the disk.
//!
//! The same loop drives PostgreSQL. There an advisory lock around each batch keeps several nodes in line, which
//! the audit trail's chain of hashes needs anyway.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{oneshot, watch};

use super::connection::{Connection, Limit, Tidy};
use super::error::{Error, Result};
use super::gauges::{Gauges, Waiting};
use super::heartbeat::Heartbeat;
use super::reserve::Reserve;
use super::transaction::{Statement, Touch, WriteTx};
use super::work::{Outcome, Work};

/// Units that may wait; more are refused, so that memory stays bounded.
const QUEUE_MAX: usize = 1_024;
/// How long a batch may grow before it is committed.
const BATCH_TIME_MAX: Duration = Duration::from_millis(10);
/// A unit that runs longer is stopped and rolled back: everybody else waits for it.
const UNIT_TIME_MAX: Duration = Duration::from_secs(20);
/// After this long without work the writer does its housekeeping.
const IDLE_AFTER: Duration = Duration::from_secs(5);

/// How long answers have to leave before the program ends itself.
const ANSWER_TIME: Duration = Duration::from_millis(250);
/// What the program ends with when the disk failed to keep what was written (`EX_IOERR`)…
const EXIT_DISK_FAILED: i32 = 74;
/// …and when the writer itself is broken (`EX_SOFTWARE`): without it, every write would wait for nothing.
const EXIT_BROKEN: i32 = 70;

/// A unit of work in the queue.
struct Unit {
    /// Whether it is run even on the last room of a full disk.
    may_use_reserve: bool,
    work: Option<Work<WriteTx>>,
    outcome: Option<Result<Outcome>>,
    waiting: Waiting,
    reply: oneshot::Sender<Result<Outcome>>,
}

impl Unit {
    /// Runs the closure; true if its changes are to be kept.
    fn run(&mut self, transaction: &WriteTx) -> bool {
        let Some(work) = self.work.take() else {
            return false;
        };
        if self.reply.is_closed() {
            // The client is gone before its unit began: nobody would learn of the outcome.
            return false;
        }
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let outcome = work(transaction);
            if outcome.is_ok {
                transaction.finish()?;
            }
            Ok(outcome)
        }))
        .unwrap_or_else(|panic| Err(Error::Panicked(panic_text(&*panic))));
        let keep = outcome.as_ref().is_ok_and(|outcome| outcome.is_ok);
        self.outcome = Some(outcome);
        keep
    }

    /// Sends the answer: the closure's own, or the error of the commit that was to keep it.
    fn answer(self, committed: &Result<()>) {
        let answer = match (committed, self.outcome) {
            (Ok(()), Some(outcome)) => outcome,
            // It was not run, since nobody waits for it.
            (Ok(()), None) => return,
            (Err(_), Some(Ok(own))) if !own.is_ok => Ok(own),
            (Err(_), Some(Err(own))) => Err(own),
            (Err(error), _) => Err(error.for_each_waiter()),
        };
        // Whoever has his answer finds the unit counted as done.
        drop(self.waiting);
        // A client that is gone by now does not need its answer.
        drop(self.reply.send(answer));
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned())
}

/// The handle to the writer thread.
pub(super) struct Writer {
    queue: SyncSender<Unit>,
    gauges: Gauges,
}

/// Is told what a commit changed, after it is on the disk and before anybody has the answer. Runs on the writer's
/// thread: it must be quick.
pub(super) type Observer = Box<dyn Fn(&BTreeSet<Touch>) + Send>;

/// The observers of commits, shared with the handle to the database.
pub(super) type Observers = Arc<Mutex<Vec<Observer>>>;

/// Opens a fresh connection when the present one broke.
pub(super) type Reconnect = Box<dyn Fn() -> Result<Box<dyn Connection>> + Send>;

impl Writer {
    /// Starts the thread. `committed` is told the number of commits after each, to wake those who follow the audit trail.
    pub(super) fn start(
        connection: Box<dyn Connection>,
        reconnect: Reconnect,
        reserve: Option<Reserve>,
        units_per_commit: usize,
        committed: watch::Sender<u64>,
        observers: Observers,
        heartbeat: Heartbeat,
    ) -> Result<(Self, std::thread::JoinHandle<()>)> {
        let (queue, waiting) = sync_channel(QUEUE_MAX);
        let gauges = Gauges::new();
        let counted = gauges.clone();
        let thread = std::thread::Builder::new()
            .name("storage-writer".to_owned())
            .spawn(move || {
                let _broken = EndWhenBroken;
                Loop {
                    tx: WriteTx::new(connection),
                    reconnect,
                    reserve,
                    units_per_commit,
                    committed,
                    observers,
                    heartbeat,
                    touched: BTreeSet::new(),
                    deferred: Vec::new(),
                    gauges: counted,
                }
                .run(&waiting);
            })
            .map_err(|error| Error::engine("start the writer thread", error))?;
        Ok((Self { queue, gauges }, thread))
    }

    /// What it is busy with.
    pub(super) fn gauges(&self) -> &Gauges {
        &self.gauges
    }

    /// Queues a unit of work and waits for its answer, which comes after its commit.
    pub(super) async fn write(
        &self,
        work: Work<WriteTx>,
        may_use_reserve: bool,
    ) -> Result<Outcome> {
        let (reply, answer) = oneshot::channel();
        let unit = Unit {
            may_use_reserve,
            work: Some(work),
            outcome: None,
            waiting: self.gauges.waiting(),
            reply,
        };
        self.queue.try_send(unit).map_err(|error| match error {
            TrySendError::Full(_) => Error::Overloaded,
            TrySendError::Disconnected(_) => Error::Closed,
        })?;
        answer.await.unwrap_or(Err(Error::Closed))
    }
}

/// Gives the unit back if it may run; one for which there's no room gets its answer.
fn admit(unit: Unit, has_room: bool) -> Option<Unit> {
    if !has_room && !unit.may_use_reserve {
        unit.answer(&Err(Error::DiskFull));
        return None;
    }
    Some(unit)
}

/// Ends the program where it stands, after the answers that were sent have had a moment to leave.
///
/// Nothing is closed: closing the database writes and syncs, and a sync after one that failed can succeed although
/// what the first should have kept is gone. The next start reads what the disk really has.
fn end_process(code: i32) -> ! {
    tracing::error!(code, "the program ends, to be started again");
    std::thread::sleep(ANSWER_TIME);
    std::process::exit(code)
}

/// Ends the program when the writer's thread panics, outside of a unit of work: nobody else could write.
struct EndWhenBroken;

impl Drop for EndWhenBroken {
    fn drop(&mut self) {
        if std::thread::panicking() {
            std::process::exit(EXIT_BROKEN);
        }
    }
}

struct Loop {
    tx: WriteTx,
    reconnect: Reconnect,
    reserve: Option<Reserve>,
    units_per_commit: usize,
    committed: watch::Sender<u64>,
    observers: Observers,
    heartbeat: Heartbeat,
    /// What the kept units of the present batch changed.
    touched: BTreeSet<Touch>,
    /// What they left for the commit.
    deferred: Vec<Statement>,
    gauges: Gauges,
}

impl Loop {
    fn run(mut self, waiting: &Receiver<Unit>) {
        let mut was_busy = true;
        loop {
            self.heartbeat.beat();
            match waiting.recv_timeout(IDLE_AFTER) {
                Ok(first) => {
                    self.batch(first, waiting);
                    was_busy = true;
                }
                Err(RecvTimeoutError::Timeout) => {
                    if was_busy {
                        self.tidy(Tidy::Idle);
                        was_busy = false;
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    self.tidy(Tidy::Closing);
                    return;
                }
            }
        }
    }

    /// Runs `first` and what follows it within the limits, commits, and answers them all.
    fn batch(&mut self, first: Unit, waiting: &Receiver<Unit>) {
        let has_room = self.reserve.as_mut().is_none_or(Reserve::has_room);
        let Some(first) = admit(first, has_room) else {
            return;
        };
        let mut done: Vec<Unit> = Vec::new();
        self.touched.clear();
        self.deferred.clear();
        let began = Instant::now();
        let result = self
            .begin()
            .and_then(|()| self.run_units(first, waiting, has_room, &mut done));
        if let Err(error) = &result {
            tracing::error!(%error, units = done.len(), "a commit failed; its units were rolled back");
        }
        let is_kept = matches!(result, Ok(true));
        match &result {
            Ok(true) => self.gauges.committed(done.len(), began.elapsed()),
            Ok(false) => {}
            Err(_) => self.gauges.failed(),
        }
        // After a commit that failed as well: when the connection broke, nobody knows whether it was kept.
        if !self.touched.is_empty() {
            let observers = self.observers.lock();
            for observer in &*observers.unwrap_or_else(PoisonError::into_inner) {
                observer(&self.touched);
            }
        }
        let result = result.map(|_| ());
        for unit in done {
            unit.answer(&result);
        }
        if let Err(error) = &result {
            self.face(error);
        }
        if is_kept {
            self.committed.send_modify(|count| *count += 1);
            self.tidy(Tidy::Committed);
        }
    }

    /// Housekeeping; nobody waits for its outcome.
    fn tidy(&mut self, when: Tidy) {
        if let Err(error) = self.tx.connection().tidy(when) {
            tracing::warn!(%error, "housekeeping of the database");
            self.face(&error);
        }
    }

    /// Does what a failure of the disk asks for, after those who wait were told.
    fn face(&mut self, error: &Error) {
        match (error, &mut self.reserve) {
            (Error::SyncFailed(_), _) => end_process(EXIT_DISK_FAILED),
            (Error::DiskFull, Some(reserve)) => reserve.spend(),
            _ => {}
        }
    }

    fn begin(&mut self) -> Result<()> {
        if !self.tx.connection().is_alive() {
            *self.tx.connection() = (self.reconnect)()?;
        }
        self.tx.refill_ids()?;
        let begin = self.tx.connection().dialect().begin_batch();
        self.tx.connection().batch(begin)
    }

    /// Runs units until the batch is full or none waits, then commits; true if there was something to keep.
    fn run_units(
        &mut self,
        first: Unit,
        waiting: &Receiver<Unit>,
        has_room: bool,
        done: &mut Vec<Unit>,
    ) -> Result<bool> {
        let started = Instant::now();
        let mut is_kept = false;
        let mut next = Some(first);
        while let Some(mut unit) = next {
            self.heartbeat.beat();
            let outcome = self.run_unit(&mut unit);
            done.push(unit);
            match outcome {
                Ok(keep) => is_kept |= keep,
                Err(error) => {
                    // The engine ended the transaction by itself: nothing of this batch is kept.
                    drop(self.tx.connection().batch("rollback"));
                    return Err(self.tx.take_fault().unwrap_or(error));
                }
            }
            let is_full =
                done.len() >= self.units_per_commit || started.elapsed() >= BATCH_TIME_MAX;
            next = if is_full {
                None
            } else {
                std::iter::from_fn(|| waiting.try_recv().ok())
                    .find_map(|unit| admit(unit, has_room))
            };
        }
        if !is_kept {
            return self.tx.connection().batch("rollback").map(|()| false);
        }
        if let Err(error) = self.commit() {
            drop(self.tx.connection().batch("rollback"));
            return Err(error);
        }
        Ok(true)
    }

    fn commit(&mut self) -> Result<()> {
        for (sql, parameters) in std::mem::take(&mut self.deferred) {
            self.tx.connection().execute(sql, &parameters)?;
        }
        self.tx.connection().batch("commit")
    }

    /// Runs one unit in its savepoint; true if its changes are kept.
    ///
    /// # Errors
    /// When the savepoint is gone, which is how an engine shows that it gave up the whole transaction.
    fn run_unit(&mut self, unit: &mut Unit) -> Result<bool> {
        self.tx.connection().batch("savepoint unit")?;
        self.tx.start_unit();
        self.tx.connection().set_limit(Some(Limit {
            deadline: Instant::now() + UNIT_TIME_MAX,
            abandoned: Arc::new(AtomicBool::new(false)),
        }));
        let keep = unit.run(&self.tx);
        self.tx.connection().set_limit(None);
        if keep {
            self.touched.extend(self.tx.take_touched());
            self.deferred.extend(self.tx.take_deferred());
        } else {
            self.tx.connection().batch("rollback to savepoint unit")?;
        }
        self.tx.connection().batch("release savepoint unit")?;
        Ok(keep)
    }
}
