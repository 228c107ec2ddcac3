//! Faults: the built program under kill -9, SIGTERM, a full disk and a failing disk, with writers at work.
//!
//! Each test starts the program as a user does, writes to it over HTTP, notes outside of it what was acknowledged
//! ([`load`]), lets the fault happen, starts it again, and compares ([`oracle`] through the API, [`database`] in a copy
//! of the file). `SKEP_BINARY` names the program; without it, it's the one that cargo builds. Seeds are printed;
//! `SKEP_TEST_SEED` repeats one. `SKEP_TEST_FULL=1` does more of everything.

mod case_tree;
mod client;
mod database;
mod environment;
mod folder;
mod load;
mod oracle;
mod random;
mod server;

mod backup;
mod clients;
mod disk_failing;
mod disk_full;
mod figures;
mod killed;
mod restore;
mod sick;
mod start_up;
mod stopped;
mod supervised;
mod terminal;
