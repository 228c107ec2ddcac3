//! The program installs itself: check, plan, ask, do, prove; and every step knows its undo.
//!
//! `install.sh` beside this file only finds the program and starts `skep install`. The order of things is in
//! `install.rs`; what is done in `steps.rs`, as a list that the plan prints and `work.rs` carries out or undoes.
//! `upgrade.rs`, `rollback.rs` and `uninstall.rs` are made of the same deeds. Where everything lies, and the record that
//! is kept of it, is in `machine::installation`.

mod account;
mod answers;
mod command;
mod data_device;
mod deed;
mod http_probe;
mod install;
mod interrupt;
mod lock;
mod looking;
mod outcome;
mod preflight;
mod progress;
mod questions;
mod rollback;
mod running;
mod screen;
mod steps;
mod undo;
mod uninstall;
mod unit_text;
mod upgrade;
mod version;
mod work;

pub use answers::Given;
pub use install::install;
pub use interrupt::Interrupt;
pub use outcome::{Error, Result};
pub use rollback::rollback;
pub use screen::Screen;
pub use uninstall::uninstall;
pub use unit_text::{Wanted, units};
pub use upgrade::upgrade;

use std::path::PathBuf;

use crate::config::Environment;
use crate::machine::installation::Layout;

/// What all of these commands work with.
pub struct Setup<'a> {
    /// Where everything lies.
    pub layout: Layout,
    /// The variables of the process.
    pub environment: &'a Environment,
    /// Where things are said.
    pub screen: &'a Screen,
    /// Whether somebody says stop.
    pub interrupt: &'a Interrupt,
    /// The present time, milliseconds since the epoch.
    pub now_ms: i64,
    /// The version of this program.
    pub version: &'static str,
    /// How the command was typed, to say how to type it otherwise.
    pub again: String,
}

impl Setup<'_> {
    /// The file that this program was started from, even where that was removed meanwhile.
    fn own_program() -> PathBuf {
        const SELF: &str = "/proc/self/exe";
        std::fs::read_link(SELF)
            .ok()
            .filter(|path| path.exists())
            .unwrap_or_else(|| PathBuf::from(SELF))
    }
}
