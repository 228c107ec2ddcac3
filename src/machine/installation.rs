//! What of ours is installed on the machine: where everything lies, and the record of how it came there.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::root::Root;
use crate::text::hex::hex;

/// The account that the service runs under.
pub const ACCOUNT: &str = "skep";
/// The service.
pub const SERVICE: &str = "skep.service";
/// The socket that keeps connections while the service starts again.
pub const SOCKET: &str = "skep.socket";
/// The daily copy.
pub const BACKUP_SERVICE: &str = "skep-backup.service";
/// When the daily copy is made.
pub const BACKUP_TIMER: &str = "skep-backup.timer";
/// Where the data is unless somebody chose another folder.
pub const DATA_DIR: &str = "/var/lib/skep";

/// The number of the account that the service runs under; nothing where there is none.
pub fn account_number(root: &Root) -> Option<u32> {
    let table = root.text("etc/passwd")?;
    let mut fields = table
        .lines()
        .map(|line| line.split(':'))
        .find_map(|mut fields| (fields.next() == Some(ACCOUNT)).then_some(fields))?;
    fields.nth(1)?.parse().ok()
}

/// Where everything lies, below a root folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    root: Root,
}

impl Layout {
    /// On this machine.
    pub fn real() -> Self {
        Self::below(Root::real())
    }

    /// Below a root folder.
    pub fn below(root: Root) -> Self {
        Self { root }
    }

    /// The root folder.
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// The folder with a folder for each version.
    pub fn versions(&self) -> PathBuf {
        self.root.path("usr/local/lib/skep")
    }

    /// The program of a version.
    pub fn program(&self, version: &str) -> PathBuf {
        self.versions().join(version).join("skep")
    }

    /// The link to the program in use.
    pub fn link(&self) -> PathBuf {
        self.root.path("usr/local/bin/skep")
    }

    /// The folder of the settings and of the key.
    pub fn settings_folder(&self) -> PathBuf {
        self.root.path("etc/skep")
    }

    /// The settings.
    pub fn settings(&self) -> PathBuf {
        self.settings_folder().join("skep.toml")
    }

    /// The master key, which reaches the service as a credential.
    pub fn master_key(&self) -> PathBuf {
        self.settings_folder().join("master.key")
    }

    /// A file of the service manager.
    pub fn unit(&self, name: &str) -> PathBuf {
        self.root.path("etc/systemd/system").join(name)
    }

    /// The data folder, where it was not chosen.
    pub fn data_dir(&self) -> PathBuf {
        self.root.path(DATA_DIR)
    }

    /// The folder of the record.
    pub fn record_folder(&self) -> PathBuf {
        self.root.path("var/lib/skep-install")
    }

    /// The record of the installation.
    pub fn record(&self) -> PathBuf {
        self.record_folder().join("record.json")
    }
}

/// How the installation came to be: what was answered, put down and overridden. Root's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// The version in use.
    pub version: String,
    /// When it was installed, milliseconds since the epoch.
    pub installed_at: i64,
    /// When the version in use came.
    pub updated_at: i64,
    /// The data folder.
    pub data_dir: PathBuf,
    /// Where it listens.
    pub listen: String,
    /// The disk that the data folder is mounted from, by its UUID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_device: Option<String>,
    /// The machine is smaller than required, and somebody said to go on: what was found then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low_resources: Option<String>,
    /// Whether the data is where it does not outlive the session, and somebody said that this is well.
    #[serde(default)]
    pub is_ephemeral: bool,
    /// Whether the installation was begun and not finished: the next run goes on with it.
    #[serde(default)]
    pub is_unfinished: bool,
    /// Whether the account was made by the installation.
    #[serde(default)]
    pub has_made_account: bool,
    /// Everything that was put down, in this order.
    pub placed: Vec<Placed>,
    /// The version before, and how to return to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Previous>,
}

/// One thing that was put down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Placed {
    /// Where.
    pub path: PathBuf,
    /// What kind of thing.
    pub kind: PlacedKind,
    /// What is in the file, or where the link leads. Nothing of a folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
}

/// What kind of thing was put down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PlacedKind {
    /// A folder that was not there before.
    Folder,
    /// A file, by the SHA-256 of its bytes.
    File,
    /// A link, by its target.
    Link,
}

/// The version before the one in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Previous {
    /// Which.
    pub version: String,
    /// The data as they were before the upgrade.
    pub backup: PathBuf,
    /// When the upgrade was, milliseconds since the epoch.
    pub upgraded_at: i64,
}

impl Record {
    /// Reads it; nothing where nothing is installed.
    ///
    /// # Errors
    /// When there is one that cannot be read.
    pub fn read(layout: &Layout) -> io::Result<Option<Self>> {
        match fs::read(layout.record()) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes it, the whole of it or nothing.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&self, layout: &Layout) -> io::Result<()> {
        let folder = layout.record_folder();
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o755)
            .create(&folder)?;
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        write_whole(&layout.record(), &text, 0o644)
    }
}

/// Writes a file under another name, waits until the disk has it, and only then gives it its own name.
///
/// # Errors
/// When the disk refuses; what was there stays.
pub fn write_whole(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    drop(fs::remove_file(&new));
    let written = (|| {
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(mode)
            .open(&new)?;
        file.write_all(bytes)?;
        // The mode of a new file has the umask's bits taken away.
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(mode))?;
        file.sync_all()?;
        fs::rename(&new, path)?;
        sync_folder_of(path)
    })();
    if written.is_err() {
        drop(fs::remove_file(&new));
    }
    written
}

/// Waits until the disk has the names in the folder of `path`.
///
/// # Errors
/// When the disk refuses.
pub fn sync_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) => fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// The SHA-256 of a file, as `sha256sum` writes it.
///
/// # Errors
/// When it cannot be read.
pub fn sha256(path: &Path) -> io::Result<String> {
    struct Hasher(Sha256);
    impl Write for Hasher {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut hasher = Hasher(Sha256::new());
    io::copy(&mut fs::File::open(path)?, &mut hasher)?;
    Ok(hex(&hasher.0.finalize()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::{
        Layout, Placed, PlacedKind, Previous, Record, account_number, sha256, write_whole,
    };
    use crate::machine::root::Root;
    use crate::machine::root::made_up::tree;

    #[test]
    fn the_account_has_the_number_of_its_line() {
        let table =
            "root:x:0:0::/root:/bin/sh\nskepper:x:5:5::/:/bin/sh\nskep:x:998:997::/:/bin/sh\n";
        let (root, _folder) = tree(&[("etc/passwd", table)]);
        assert_eq!(account_number(&root), Some(998));
        let (root, _folder) = tree(&[("etc/passwd", "root:x:0:0::/root:/bin/sh\n")]);
        assert_eq!(account_number(&root), None);
    }

    #[test]
    fn the_record_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::below(Root::at(folder.path()));
        assert_eq!(Record::read(&layout).unwrap(), None);
        let record = Record {
            version: "1.2.3".to_owned(),
            installed_at: 1,
            updated_at: 2,
            data_dir: "/var/lib/skep".into(),
            listen: "127.0.0.1:9000".to_owned(),
            data_device: None,
            low_resources: Some("8.0 GiB, 2 cores".to_owned()),
            is_ephemeral: false,
            is_unfinished: false,
            has_made_account: true,
            placed: vec![Placed {
                path: "/usr/local/bin/skep".into(),
                kind: PlacedKind::Link,
                content: Some("../lib/skep/1.2.3/skep".to_owned()),
            }],
            previous: Some(Previous {
                version: "1.2.2".to_owned(),
                backup: "/var/lib/skep/backups/x".into(),
                upgraded_at: 2,
            }),
        };
        record.write(&layout).unwrap();
        assert_eq!(Record::read(&layout).unwrap(), Some(record));
        std::fs::write(layout.record(), "{").unwrap();
        Record::read(&layout).unwrap_err();
    }

    #[test]
    fn a_file_is_written_whole_with_its_mode() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        write_whole(&path, b"abc", 0o600).unwrap();
        write_whole(&path, b"abc", 0o640).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(
            sha256(&path).unwrap(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
