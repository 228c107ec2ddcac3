//! What nobody may exceed.

use std::time::Duration;

/// How long connecting may take, the handshake of TLS included.
pub const CONNECT_TIME_MAX: Duration = Duration::from_secs(10);

/// How long an answer may take as a whole, unless a request says otherwise.
pub const TIME_MAX: Duration = Duration::from_mins(1);

/// How long a server may say nothing while something is carried to it and back.
pub const SILENCE_TIME_MAX: Duration = Duration::from_mins(1);

/// How large an answer may be, unless a request says otherwise: 32 MiB.
pub const BYTES_MAX: u64 = 32 * 1024 * 1024;

/// How often a public address may send on to another.
pub const REDIRECTS_MAX: usize = 3;

/// How much of an answer that was not expected is told to people.
pub const EXCERPT_CHARACTERS_MAX: usize = 200;
