//! Room on the disk that is kept back, so that signing in and out goes on when the disk is full.
//!
//! A file of some megabytes that holds nothing. When the disk runs full, whoever fills it, the file is removed:
//! ordinary writes are refused from then on, and those that must go on have its room. When there is plenty again, the
//! file is made anew and all is as before. Reading needs none of this.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{FallocateFlags, fallocate, statvfs};
use rustix::io::Errno;

/// Of the file system's size, this part is kept back…
const PART: u64 = 50;
/// …but not less than what a checkpoint may need, and not more than is of any use.
const SIZE_MIN: u64 = 4 << 20;
const SIZE_MAX: u64 = 64 << 20;

/// The reserve of one data folder.
pub(super) struct Reserve {
    folder: PathBuf,
    size: u64,
    is_spent: bool,
}

/// What to do about the reserve.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Nothing,
    Spend,
    Restore,
}

/// With so much available. Being restored takes more room than spending it gives, so that it doesn't swing.
fn step(is_spent: bool, available: u64, size: u64) -> Step {
    match is_spent {
        false if available < size => Step::Spend,
        true if available >= 3 * size => Step::Restore,
        _ => Step::Nothing,
    }
}

impl Reserve {
    /// Finds the reserve of `folder`, or makes it if there is room.
    pub(super) fn of(folder: &Path) -> Self {
        let total = statvfs(folder).map_or(0, |disk| disk.f_blocks * disk.f_frsize);
        let mut reserve = Self {
            folder: folder.to_owned(),
            size: (total / PART).clamp(SIZE_MIN, SIZE_MAX),
            is_spent: false,
        };
        let is_there = std::fs::metadata(reserve.file()).is_ok();
        if !is_there && reserve.available() >= 2 * reserve.size {
            reserve.restore();
        }
        reserve
    }

    /// Whether there is room for all writes. Looks at the disk, and does what is to be done about the reserve.
    pub(super) fn has_room(&mut self) -> bool {
        match step(self.is_spent, self.available(), self.size) {
            Step::Nothing => {}
            Step::Spend => self.spend(),
            Step::Restore => self.restore(),
        }
        !self.is_spent
    }

    /// Gives the room away: a write found the disk full.
    pub(super) fn spend(&mut self) {
        if self.is_spent {
            return;
        }
        self.is_spent = true;
        drop(std::fs::remove_file(self.file()));
        tracing::error!(folder = %self.folder.display(), "the disk is full: writes are refused until there is room");
    }

    fn restore(&mut self) {
        match allocate(&self.file(), self.size) {
            Ok(()) => {
                if self.is_spent {
                    tracing::warn!(folder = %self.folder.display(), "there is room on the disk again: writing goes on");
                }
                self.is_spent = false;
            }
            // A quota can forbid what the file system has room for.
            Err(error) => {
                self.is_spent = true;
                drop(std::fs::remove_file(self.file()));
                tracing::debug!(%error, "no room for the reserve");
            }
        }
    }

    /// Bytes that we may write. When that can't be told, the writes themselves will tell.
    fn available(&self) -> u64 {
        statvfs(&self.folder).map_or(u64::MAX, |disk| disk.f_bavail * disk.f_frsize)
    }

    fn file(&self) -> PathBuf {
        self.folder.join("skep.reserve")
    }
}

/// Makes a file that has its room on the disk.
fn allocate(path: &Path, size: u64) -> io::Result<()> {
    let file = File::create(path)?;
    match fallocate(&file, FallocateFlags::empty(), 0, size) {
        // A file system without it keeps nothing back; it refuses to write when it's full all the same.
        Ok(()) | Err(Errno::OPNOTSUPP) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Reserve, Step, step};

    #[test]
    fn it_does_not_swing() {
        assert_eq!(step(false, 100, 100), Step::Nothing);
        assert_eq!(step(false, 99, 100), Step::Spend);
        // The room that it gave away is not what restores it.
        assert_eq!(step(true, 199, 100), Step::Nothing);
        assert_eq!(step(true, 299, 100), Step::Nothing);
        assert_eq!(step(true, 300, 100), Step::Restore);
    }

    #[test]
    fn it_is_a_file_that_comes_and_goes() {
        let folder = tempfile::tempdir().unwrap();
        let mut reserve = Reserve::of(folder.path());
        let file = folder.path().join("skep.reserve");
        assert_eq!(std::fs::metadata(&file).unwrap().len(), reserve.size);
        assert!(reserve.has_room());
        reserve.spend();
        assert!(!file.exists());
        assert!(reserve.has_room(), "this disk has room");
        assert!(file.exists());
    }
}
