//! The archive: a tar, packed by zstd, sealed, and encrypted by age if so wished.
//!
//! ```text
//! age( zstd( tar( about.json, database/…, attachments/…, master.key, manifest.json ) ) + seal )
//! ```
//!
//! `zstd` and `tar` can open it: the seal is a frame that zstd skips. It is the SHA-256 of all before it, so that no byte can
//! change without being noticed, not even one that would unpack to the same.

mod encryption;
mod follow;
mod pack;
mod seal;
#[cfg(test)]
mod tests;
mod unpack;

pub use encryption::{Key, Lock};
pub(super) use follow::Following;
pub(super) use pack::Packer;
pub(super) use unpack::{database_in, read_about, read_through, unpack};

/// The first part: what the archive is.
const ABOUT: &str = "about.json";
/// The last part: what must be in it.
const MANIFEST: &str = "manifest.json";
/// The embedded database.
pub(super) const SQLITE: &str = "database/skep.db";
/// A dump of PostgreSQL.
pub(super) const POSTGRES: &str = "database/skep.pgdump";
