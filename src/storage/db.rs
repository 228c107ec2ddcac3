//! The handle to the database that everything else holds.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::watch;

use super::connection::Connection;
use super::dialect::Dialect;
use super::error::{Error, Result};
use super::gauges::Writing;
use super::heartbeat::Heartbeat;
use super::lock::FolderLock;
use super::migrations;
use super::postgres::Postgres;
use super::readers::{Connect, Readers};
use super::replace;
use super::reserve::Reserve;
use super::sqlite::{Sqlite, file_in};
use super::transaction::{Queries, ReadTx, Touch, WriteTx};
use super::work::{Outcome, Work, erased, typed};
use super::writer::{Observers, Reconnect, Writer};

/// How long a read may take before it is stopped.
pub const READ_TIME_MAX: Duration = Duration::from_secs(20);

/// How many units of work share one commit at most, unless it is configured otherwise.
pub const UNITS_PER_COMMIT: usize = 64;

/// Where the data is.
#[derive(Debug, Clone)]
pub enum Location {
    /// The embedded database: one file in the data folder.
    Embedded { data_dir: PathBuf },
    /// A PostgreSQL database by its URL.
    Postgres { url: String },
}

/// What is needed to open the database.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Where the data is.
    pub location: Location,
    /// How many reads may run at the same time.
    pub readers_max: usize,
    /// How many units of work may share one commit; 1 gives each its own, which is only good to measure with.
    pub units_per_commit: usize,
    /// The present time, milliseconds since the epoch; goes into the record of migrations.
    pub now_ms: i64,
}

/// The database. Cheap to clone; the last clone to be dropped closes it.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    dialect: Dialect,
    /// `None` once closed: dropping the writer's queue is what ends its thread.
    writer: Mutex<Option<Arc<Writer>>>,
    writer_thread: Mutex<Option<JoinHandle<()>>>,
    readers: Arc<Readers>,
    committed: watch::Receiver<u64>,
    observers: Observers,
    writer_heartbeat: Heartbeat,
    _lock: Option<FolderLock>,
}

impl Db {
    /// Opens the database, creating or migrating it as needed. Blocks.
    ///
    /// # Errors
    /// [`Error::Unusable`] and [`Error::NotNow`] with a whole sentence for the person at the terminal: a newer schema;
    /// another server on the same folder, a folder that cannot be written, a server that cannot be reached.
    /// [`Error::Damaged`] when it is no database any more.
    pub fn open(opening: &Opening) -> Result<Self> {
        Self::open_telling(opening, &|_| {})
    }

    /// The same, and `tell` is told each step that may take long before it begins.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_telling(opening: &Opening, tell: &dyn Fn(&str)) -> Result<Self> {
        match &opening.location {
            Location::Embedded { data_dir } => Self::open_embedded(data_dir, opening, tell),
            Location::Postgres { url } => Self::open_postgres(url, opening, tell),
        }
    }

    fn open_embedded(data_dir: &Path, opening: &Opening, tell: &dyn Fn(&str)) -> Result<Self> {
        let lock = FolderLock::take(data_dir)?;
        replace::finish(data_dir)?;
        let file = file_in(data_dir);
        let mut connection = Sqlite::open_writer(&file)?;
        migrations::migrate(&mut connection, Some(&file), opening.now_ms, tell)?;
        let again = file.clone();
        Self::start(
            Box::new(connection),
            Box::new(move || Ok(Box::new(Sqlite::open_writer(&again)?))),
            Box::new(move || Ok(Box::new(Sqlite::open_reader(&file)?))),
            opening,
            Some((lock, Reserve::of(data_dir))),
        )
    }

    fn open_postgres(url: &str, opening: &Opening, tell: &dyn Fn(&str)) -> Result<Self> {
        let time_max_ms = u64::try_from(READ_TIME_MAX.as_millis()).unwrap_or(u64::MAX);
        let mut connection = Postgres::connect(url, 0)?;
        migrations::migrate(&mut connection, None, opening.now_ms, tell)?;
        let (writer_url, reader_url) = (url.to_owned(), url.to_owned());
        Self::start(
            Box::new(connection),
            Box::new(move || connect_again(&writer_url, time_max_ms)),
            Box::new(move || connect_again(&reader_url, time_max_ms)),
            opening,
            None,
        )
    }

    fn start(
        connection: Box<dyn Connection>,
        reconnect: Reconnect,
        connect: Connect,
        opening: &Opening,
        folder: Option<(FolderLock, Reserve)>,
    ) -> Result<Self> {
        let (lock, reserve) = folder.unzip();
        let dialect = connection.dialect();
        let (sender, committed) = watch::channel(0);
        let observers = Observers::default();
        let writer_heartbeat = Heartbeat::new();
        let (writer, thread) = Writer::start(
            connection,
            reconnect,
            reserve,
            opening.units_per_commit,
            sender,
            observers.clone(),
            writer_heartbeat.clone(),
        )?;
        Ok(Self {
            inner: Arc::new(Inner {
                dialect,
                writer: Mutex::new(Some(Arc::new(writer))),
                writer_thread: Mutex::new(Some(thread)),
                readers: Arc::new(Readers::new(connect, opening.readers_max)),
                committed,
                observers,
                writer_heartbeat,
                _lock: lock,
            }),
        })
    }

    /// Which engine is behind the seam.
    pub fn dialect(&self) -> Dialect {
        self.inner.dialect
    }

    /// Runs `work` on one snapshot, for at most [`READ_TIME_MAX`]. A client always reads its own writes.
    pub async fn read<F, T, E>(&self, work: F) -> std::result::Result<T, E>
    where
        F: FnOnce(&ReadTx) -> std::result::Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        typed(self.inner.read(erased(work)).await)
    }

    /// Runs `work` as one unit: all of it is on the disk when this returns `Ok`, or none of it ever happened.
    pub async fn write<F, T, E>(&self, work: F) -> std::result::Result<T, E>
    where
        F: FnOnce(&WriteTx) -> std::result::Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        typed(self.inner.write(erased(work), false).await)
    }

    /// The same for what must go on when the disk is so full that other writes are refused, and is small: signing in
    /// and out.
    pub async fn write_on_reserve<F, T, E>(&self, work: F) -> std::result::Result<T, E>
    where
        F: FnOnce(&WriteTx) -> std::result::Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        typed(self.inner.write(erased(work), true).await)
    }

    /// Whether the database answers, within `time_max`: for a probe, which may ask often.
    ///
    /// # Errors
    /// Why it does not.
    pub async fn probe(&self, time_max: Duration) -> Result<()> {
        self.writer()?;
        let read = self.inner.readers.read(time_max, look());
        match tokio::time::timeout(time_max, read).await {
            Ok(answered) => typed(answered),
            Err(_) => Err(Error::Deadline),
        }
    }

    /// A sign of life, for who would otherwise replace the process: reads from the database, without standing in line
    /// with those who read, and tells for how long the writer's thread has shown none.
    ///
    /// A writer that waits for a database server can't be told from one that hangs, and would do no better in a new
    /// process; so behind PostgreSQL reading is what counts, and that the server is gone is a sign of life too.
    ///
    /// # Errors
    /// [`Error::Deadline`] when the read took longer than `time_max`, or what else kept it from being made.
    pub async fn sign_of_life(&self, time_max: Duration) -> Result<Duration> {
        self.writer()?;
        let read = self.inner.readers.read_beside(time_max, look());
        let read = async { typed::<(), Error>(read.await) };
        match tokio::time::timeout(time_max, read).await {
            Ok(Ok(()) | Err(Error::Unreachable { .. })) => Ok(match self.dialect() {
                Dialect::Sqlite => self.inner.writer_heartbeat.silence(),
                Dialect::Postgres => Duration::ZERO,
            }),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(Error::Deadline),
        }
    }

    fn writer(&self) -> Result<Arc<Writer>> {
        self.inner.writer()
    }

    /// What the writer is busy with; nothing once closed.
    pub fn writing(&self) -> Option<Writing> {
        let writer = self.writer().ok()?;
        Some(writer.gauges().now())
    }

    /// Changes after every commit; wakes those who follow the audit trail.
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.inner.committed.clone()
    }

    /// From now on `observer` is told what each commit changed: after it is on the disk, before anybody has the answer.
    /// It is how a memory of something that is stored hears that it is out of date. Runs on the writer's thread, so
    /// it must be quick and must not write. It hears of this server's commits only, not of another node's.
    pub fn observe(&self, observer: impl Fn(&BTreeSet<Touch>) + Send + 'static) {
        lock(&self.inner.observers).push(Box::new(observer));
    }

    /// Finishes what is queued, then closes the writer. Blocks until it is done.
    pub fn close(&self) {
        drop(lock(&self.inner.writer).take());
        if let Some(thread) = lock(&self.inner.writer_thread).take() {
            drop(thread.join());
        }
    }
}

/// A read of nearly nothing, which every database can do.
fn look() -> Work<ReadTx> {
    erased(|tx: &ReadTx| {
        let version = tx.query("select max(number) from schema_migration", &[]);
        version.map(drop)
    })
}

fn connect_again(url: &str, statement_time_max_ms: u64) -> Result<Box<dyn Connection>> {
    let postgres = Postgres::connect(url, statement_time_max_ms).map_err(Error::once_open)?;
    Ok(Box::new(postgres))
}

impl Inner {
    fn writer(&self) -> Result<Arc<Writer>> {
        lock(&self.writer).clone().ok_or(Error::Closed)
    }

    async fn read(&self, work: Work<ReadTx>) -> Result<Outcome> {
        self.readers.read(READ_TIME_MAX, work).await
    }

    async fn write(&self, work: Work<WriteTx>, may_use_reserve: bool) -> Result<Outcome> {
        self.writer()?.write(work, may_use_reserve).await
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        drop(lock(&self.writer).take());
        if let Some(thread) = lock(&self.writer_thread).take() {
            drop(thread.join());
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
