//! Where the data is.

use std::num::NonZeroU32;
use std::path::PathBuf;

use super::secret::Secret;

settings! {
    /// Where the data is.
    pub struct Storage named "storage" {
        /// The folder of the embedded database and of files. `~` is the home folder; when `XDG_DATA_HOME` is set,
        /// the default is the folder `skep` in it, and for root without a home folder it is `/var/lib/skep`.
        data_dir: PathBuf = PathBuf::from("~/.local/share/skep"),
        /// The URL of a PostgreSQL database (`postgres://user:password@host/name`) to use in place of the
        /// embedded one.
        database: Option<Secret> = None,
        /// How many reads may run at the same time; more wait.
        readers_max: NonZeroU32 = NonZeroU32::new(8).expect("8 is not 0"),
        /// How many requests that write may share one wait for the disk. With 1 each waits for its own, which is only
        /// good to measure with.
        units_per_commit: NonZeroU32 = NonZeroU32::new(64).expect("64 is not 0"),
        /// The password of the archives in which files are handed out, so that no scanner on the way touches them. It
        /// is no secret: everybody who works with malware knows the usual one.
        attachment_zip_password: String = "malware".to_owned(),
    }
}
