//! One installer at a time: a lock on the folder of the record, which the system releases when the process ends.

use std::fs::{self, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use rustix::fs::{FlockOperation, flock};

use super::outcome::{Error, Result};
use crate::machine::installation::Layout;

/// Held as long as it lives.
#[derive(Debug)]
pub(super) struct Lock {
    folder: PathBuf,
    _file: File,
}

impl Lock {
    /// Takes it.
    ///
    /// # Errors
    /// [`Error::Conflict`] when another has it.
    pub(super) fn take(layout: &Layout) -> Result<Self> {
        let folder = layout.record_folder();
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o755)
            .create(&folder)
            .map_err(Error::file("Cannot make", &folder))?;
        let file = File::open(&folder).map_err(Error::file("Cannot open", &folder))?;
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            return Err(Error::Conflict(
                "Another installer is at work on this machine; wait until it is done.".to_owned(),
            ));
        }
        Ok(Self {
            folder,
            _file: file,
        })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Only when nothing is in it: nothing was installed, or everything was removed.
        drop(fs::remove_dir(&self.folder));
    }
}

#[cfg(test)]
mod tests {
    use super::Lock;
    use crate::machine::Root;
    use crate::machine::installation::Layout;

    #[test]
    fn the_second_is_refused_and_nothing_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::below(Root::at(folder.path()));
        let lock = Lock::take(&layout).unwrap();
        assert_eq!(Lock::take(&layout).unwrap_err().exit_code(), 5);
        drop(lock);
        assert!(!layout.record_folder().exists());
        Lock::take(&layout).unwrap();
    }
}
