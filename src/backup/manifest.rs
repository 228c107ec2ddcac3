//! What a backup says about itself: first what it is, last what must be in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The form of the archive. A program refuses those that are newer than the one it writes.
pub(super) const FORMAT: u32 = 1;

/// Which database it is a copy of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// The embedded database.
    Sqlite,
    /// PostgreSQL, in the custom form of its own tools.
    Postgres,
}

/// What the archive is; its first part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct About {
    /// The form of the archive.
    pub format: u32,
    /// The version of Skep that made it.
    pub program: String,
    /// The schema of the database.
    pub schema: i64,
    /// Which database it is a copy of.
    pub engine: Engine,
    /// When it was begun, milliseconds since the epoch.
    pub created_at: i64,
    /// How many bytes its parts have together, unpacked.
    pub bytes: u64,
    /// Tells the master key that seals secrets in the database from others, and gives nothing of it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub master_key_fingerprint: Option<String>,
    /// Whether the master key itself is in the archive.
    pub holds_master_key: bool,
}

/// One file of the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// Its name in the archive.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
}

/// The last record of the audit trail: whoever knows it knows that the trail before it is the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditHead {
    /// Its id.
    pub id: i64,
    /// Its hash, in hexadecimal digits.
    pub hash: String,
}

/// What must be in the archive; its last part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// The same as at the beginning.
    pub about: About,
    /// All parts between the first and the last, in their order.
    pub parts: Vec<Part>,
    /// How many rows each table has.
    pub rows: BTreeMap<String, u64>,
    /// The last record of the audit trail; nothing if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit_head: Option<AuditHead>,
    /// Attachments that were damaged already when they were copied: their name is not the hash of what is in them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub damaged_attachments: Vec<String>,
}

/// Bytes in hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a String never fails");
        text
    })
}
