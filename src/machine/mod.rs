//! The computer we run on: what it has, what it is, and what of ours is installed on it.
//!
//! Facts are read below a [`Root`], so that tests can give a made-up `/proc` and `/sys`. What a fact means for Skep
//! is for those who ask: the installer before it begins, the health check ever after. [`Finding`] is how both say it.

mod ask;
pub mod cgroup;
pub mod cores;
pub mod disk;
mod finding;
pub mod installation;
pub mod live;
pub mod memory;
pub mod mounts;
pub mod network;
pub mod port;
pub mod process;
mod root;
pub mod system;
pub mod systemd;
pub mod time_sync;

pub use cores::Cores;
pub use disk::Disk;
pub use finding::{Finding, Verdict, worst};
pub use live::LiveSession;
pub use memory::Memory;
pub use mounts::Mounts;
pub use root::Root;
pub use system::System;
pub use systemd::Systemd;
