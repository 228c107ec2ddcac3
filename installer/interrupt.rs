//! Ctrl-C and SIGTERM: they are noticed between two deeds, so that each deed is done or undone, never half.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use super::outcome::{Error, Result};

/// Which signal came, if any. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Interrupt {
    signal: Arc<AtomicUsize>,
}

impl Interrupt {
    /// From now on the signals do not end the process.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn listen() -> io::Result<Self> {
        let interrupt = Self::default();
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            let number = usize::try_from(signal).unwrap_or_default();
            signal_hook::flag::register_usize(signal, interrupt.signal.clone(), number)?;
        }
        Ok(interrupt)
    }

    /// Ends here if a signal came. `has_begun` is for the words only.
    ///
    /// # Errors
    /// [`Error::Interrupted`] if one came.
    pub(super) fn check(&self, has_begun: bool) -> Result<()> {
        match self.signal.load(Ordering::SeqCst) {
            0 => Ok(()),
            signal => Err(Error::Interrupted {
                signal: i32::try_from(signal).unwrap_or(SIGINT),
                has_begun,
            }),
        }
    }
}
