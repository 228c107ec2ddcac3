//! What can go wrong at the storage seam, in words that the layers above can act on.

use thiserror::Error;

/// The result of everything at the storage seam.
pub type Result<T> = std::result::Result<T, Error>;

/// A failure of the storage. Constraint violations are told apart by the engines' error *codes*, never by text.
#[derive(Debug, Error)]
pub enum Error {
    /// A unique key is taken already. `what` is the engine's name of the key or its columns, for the log.
    #[error("a unique key is taken already: {what}")]
    Unique { what: String },
    /// A row that is referred to does not exist, or one that is still referred to was to be removed.
    #[error("a reference to a row that is not there: {what}")]
    Reference { what: String },
    /// No room on the disk. The unit was rolled back; reads go on.
    #[error(
        "the disk is full: nothing was written; reading goes on, and so does writing once there is room"
    )]
    DiskFull,
    /// The disk did not do what it was asked to. The unit was rolled back.
    #[error("the disk failed: {0}")]
    DiskFailed(String),
    /// The bucket of files did not do what it was asked to; the text says it after "the storage of files". The cause is in
    /// the log.
    #[error("the storage of files {0}")]
    Files(String),
    /// The disk did not confirm what was written. Whether it is there cannot be known by asking again: the process has
    /// to end, and find out at its next start.
    #[error("the disk failed to keep what was written: {0}")]
    SyncFailed(String),
    /// More units of work wait for the writer than its queue holds.
    #[error("the storage is overloaded, too many writes wait")]
    Overloaded,
    /// The statement ran past its deadline, or its client is gone.
    #[error("the query took too long and was stopped")]
    Deadline,
    /// The database server is gone, or does not let us in. It may come back. The cause is for the log.
    #[error("the database cannot be reached")]
    Unreachable { cause: String },
    /// The storage is shutting down.
    #[error("the storage is closed")]
    Closed,
    /// The unit of work panicked; it was rolled back and the writer goes on.
    #[error("a unit of work panicked: {0}")]
    Panicked(String),
    /// A unit of work changed audited rows and did not record it. It was rolled back.
    #[error("changes without an audit record: {0}")]
    Unrecorded(String),
    /// A text with the character NUL, which PostgreSQL cannot store; refused on both engines.
    #[error("a text holds the character NUL, which no text may have")]
    NulCharacter,
    /// A column held something else than the code expects.
    #[error("column {column} holds {found}, expected {expected}")]
    Decode {
        column: usize,
        found: &'static str,
        expected: &'static str,
    },
    /// The statement promised a row and gave none.
    #[error("the statement gave no row: {0}")]
    NoRow(String),
    /// The data cannot be opened by this program, however often it tries; the text is a whole sentence for the person
    /// at the terminal.
    #[error("{0}")]
    Unusable(String),
    /// The data cannot be opened now, but perhaps later; the text is such a sentence too.
    #[error("{0}")]
    NotNow(String),
    /// What is in the file is not what was written into it.
    #[error(
        "the database is damaged ({0}); \"skep doctor\" tells more, and \"skep restore\" brings a backup back"
    )]
    Damaged(String),
    /// Anything else the engine reports.
    #[error("{attempted}: {source}")]
    Engine {
        attempted: String,
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// The same failure again, for each of the units that shared a commit.
    pub(super) fn for_each_waiter(&self) -> Self {
        match self {
            Self::DiskFull => Self::DiskFull,
            Self::DiskFailed(what) => Self::DiskFailed(what.clone()),
            Self::SyncFailed(what) => Self::SyncFailed(what.clone()),
            Self::Damaged(what) => Self::Damaged(what.clone()),
            // They did not take too long; somebody else did.
            Self::Overloaded | Self::Deadline => Self::Overloaded,
            Self::Closed => Self::Closed,
            Self::Unreachable { cause } => Self::Unreachable {
                cause: cause.clone(),
            },
            other => Self::engine("commit", other.to_string()),
        }
    }

    /// The same of a database that was open before: what cannot be opened then may come back.
    pub(super) fn once_open(self) -> Self {
        match self {
            Self::Unusable(cause) | Self::NotNow(cause) => {
                tracing::warn!(cause, "the database cannot be reached");
                Self::Unreachable { cause }
            }
            other => other,
        }
    }

    /// Wraps an engine's own error with what was attempted.
    pub(super) fn engine(
        attempted: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Engine {
            attempted: attempted.into(),
            source: source.into(),
        }
    }
}
