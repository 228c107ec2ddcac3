//! Whether what was written and synced is really on the disk, and whether locks hold: tried, not looked up.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};

use crate::machine::disk::nearest_existing;
use crate::machine::{Finding, Root};

/// How often it is tried; the one in the middle counts.
const TRIES: usize = 5;
/// A write that waits longer for the disk makes everybody wait.
const SYNC_SLOW: Duration = Duration::from_millis(50);
/// No disk is as fast as this: nothing is being synced.
const SYNC_UNBELIEVABLE: Duration = Duration::from_micros(20);

/// Tries it where the data will be.
pub(super) fn check(root: &Root, data_dir: &Path, is_dry_run: bool) -> Finding {
    let (id, title) = ("durability", "Safe writes");
    if is_dry_run {
        return Finding::unknown(id, title, "not tried in a dry run, which writes nothing");
    }
    let folder = root
        .path(nearest_existing(root, data_dir))
        .join(format!(".skep-preflight-{}", std::process::id()));
    let tried = fs::create_dir(&folder).and_then(|()| try_in(&folder));
    drop(fs::remove_dir_all(&folder));
    match tried {
        Ok(sync) => judge(id, title, sync),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            Finding::unknown(id, title, "this account may not write there; try as root")
        }
        Err(error) => Finding::critical(
            id,
            title,
            format!("writing, syncing or locking failed: {error}"),
            "Choose a folder on another disk with --data-dir.",
        ),
    }
}

fn judge(id: &'static str, title: &'static str, sync: Duration) -> Finding {
    let found = format!(
        "a synced write takes {:.2} ms, locks hold",
        sync.as_secs_f64() * 1e3
    );
    if sync > SYNC_SLOW {
        Finding::warning(id, title, found, "A faster disk makes every change faster.")
    } else if sync < SYNC_UNBELIEVABLE {
        Finding::warning(
            id,
            title,
            found,
            "No disk is so fast: syncs are not carried out, and a power cut may lose what was saved.",
        )
    } else {
        Finding::ok(id, title, found)
    }
}

/// The time that the sync in the middle took.
fn try_in(folder: &Path) -> io::Result<Duration> {
    let mut times = Vec::with_capacity(TRIES);
    for number in 0..TRIES {
        let (part, whole) = (folder.join("part"), folder.join(format!("whole-{number}")));
        let bytes = [u8::try_from(number).unwrap_or_default(); 4_096];
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&part)?;
        file.write_all(&bytes)?;
        let began = Instant::now();
        file.sync_data()?;
        times.push(began.elapsed());
        fs::rename(&part, &whole)?;
        File::open(folder)?.sync_all()?;
        if fs::read(&whole)? != bytes {
            return Err(io::Error::other("what was read is not what was written"));
        }
    }
    require_locks(&folder.join("whole-0"))?;
    times.sort_unstable();
    Ok(times[TRIES / 2])
}

fn require_locks(path: &PathBuf) -> io::Result<()> {
    let (one, other) = (File::open(path)?, File::open(path)?);
    flock(&one, FlockOperation::NonBlockingLockExclusive)?;
    if flock(&other, FlockOperation::NonBlockingLockExclusive).is_ok() {
        return Err(io::Error::other("two could lock the same file"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use super::{check, judge};
    use crate::machine::{Root, Verdict};

    #[test]
    fn it_is_tried_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::at(folder.path());
        let found = check(&root, Path::new("/var/lib/skep"), false);
        assert_ne!(found.verdict, Verdict::Critical, "{found:?}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        let found = check(&root, Path::new("/var/lib/skep"), true);
        assert_eq!(found.verdict, Verdict::Unknown);
    }

    #[test]
    fn a_disk_that_is_too_fast_is_as_suspect_as_one_that_is_slow() {
        let verdict = |micros| judge("", "", Duration::from_micros(micros)).verdict;
        assert_eq!(verdict(5), Verdict::Warning);
        assert_eq!(verdict(2_000), Verdict::Ok);
        assert_eq!(verdict(60_000), Verdict::Warning);
    }
}
