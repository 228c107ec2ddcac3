//! The storage seam: how the house reads and writes its database, whichever engine is behind it.
//!
//! Two doors, both taking a *synchronous* closure: [`Db::read`] (one snapshot on a pooled read-only
//! connection) and [`Db::write`] (one unit of work on the only writer, all of it or none of it). No
//! `await` can happen while a transaction is open, so a slow client never holds the writer.
//!
//! The same closures run on SQLite (embedded, the default) and on PostgreSQL. SQL is written once, in
//! the portable subset, with `?1` placeholders; what differs between the engines has a name in
//! [`dialect`]. This module knows nothing of cases or users: tables belong to the domains' `store.rs`.

pub mod backup;
pub mod blobs;
mod connection;
mod db;
pub mod dialect;
mod error;
pub mod exchange;
pub mod full_text;
mod gauges;
pub mod group_counts;
mod heartbeat;
mod ids;
pub mod inspect;
mod lock;
mod mend;
mod migrations;
mod postgres;
pub mod postgres_tools;
mod readers;
pub mod replace;
mod reserve;
pub mod snapshot;
mod sqlite;
mod syncing;
#[cfg(test)]
mod tests;
mod transaction;
mod value;
mod work;
mod writer;

pub use db::{Db, Location, Opening, READ_TIME_MAX, UNITS_PER_COMMIT};
pub use dialect::Dialect;
pub use error::{Error, Result};

pub use gauges::Writing;
pub use lock::FolderLock;
pub use mend::{Taken, full_text_from_nothing};
pub use migrations::{Object, Schema, schema, schema_version, usable_schema};
pub use sqlite::file_in;
pub use syncing::Syncing;
pub use transaction::{Queries, QueryValues, ReadTx, Touch, WriteTx};
pub use value::{FromValue, Row, RowReader, Value};
