//! Who uses a data folder, found out without touching its lock: a lock that is tried is a lock that is held for a
//! moment, and a server that starts in that moment would give up.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::storage::lock::lock_file;

/// What the operating system tells of the locks on files.
const LOCKS: &str = "/proc/locks";

/// Whether a server may be using the folder. Where that can't be told, it may.
pub(super) fn is_used(data_dir: &Path) -> bool {
    let Ok(lock) = std::fs::metadata(lock_file(data_dir)) else {
        return false;
    };
    std::fs::read_to_string(LOCKS).map_or(true, |locks| is_locked(&locks, lock.ino()))
}

/// The process of the server that uses the folder, as it wrote it down.
pub fn server_process(data_dir: &Path) -> Option<u32> {
    let written = std::fs::read_to_string(lock_file(data_dir)).ok()?;
    let process = written.trim().parse().ok()?;
    let is_alive = Path::new("/proc").join(written.trim()).exists();
    (is_alive && is_used(data_dir)).then_some(process)
}

/// Whether the text of `/proc/locks` has a lock of ours on the file. The device is not compared: some file systems show
/// another one there than to `stat`. A mistake only makes the look more careful.
fn is_locked(locks: &str, inode: u64) -> bool {
    let inode = inode.to_string();
    locks.lines().any(|line| {
        let mut words = line.split_whitespace().skip(1).filter(|word| *word != "->");
        let is_ours = words.next() == Some("FLOCK");
        let file = words.nth(3).unwrap_or_default();
        is_ours && file.rsplit(':').next() == Some(&inode)
    })
}

#[cfg(test)]
mod tests {
    use super::{is_locked, is_used, server_process};
    use crate::storage::lock::FolderLock;

    #[test]
    fn a_lock_is_found_in_the_list_of_the_operating_system() {
        let locks = "1: FLOCK  ADVISORY  WRITE 812 08:01:4711 0 EOF\n\
                     2: POSIX  ADVISORY  READ 812 08:01:4712 128 128\n\
                     2: -> FLOCK  ADVISORY  WRITE 813 08:01:4713 0 EOF\n";
        assert!(is_locked(locks, 4711));
        assert!(!is_locked(locks, 4712), "a lock of SQLite");
        assert!(is_locked(locks, 4713));
        assert!(!is_locked(locks, 711));
    }

    #[test]
    fn a_folder_is_used_as_long_as_its_lock_is_held() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_used(folder.path()));
        let lock = FolderLock::take(folder.path()).unwrap();
        assert!(is_used(folder.path()));
        assert_eq!(server_process(folder.path()), Some(std::process::id()));
        drop(lock);
        assert!(!is_used(folder.path()));
        assert_eq!(server_process(folder.path()), None);
    }
}
