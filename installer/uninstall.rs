//! `skep uninstall`: removes what the record lists and nobody changed; the data only when that is said twice.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Setup;
use super::account;
use super::command;
use super::data_device::MOUNT_POINT;
use super::lock::Lock;
use super::outcome::{Error, Result};
use super::questions::Questions;
use crate::machine::installation::{
    BACKUP_SERVICE, BACKUP_TIMER, DATA_DIR, Placed, PlacedKind, Record, SERVICE, SOCKET, sha256,
};

/// What has to be typed before data goes.
const WORD: &str = "purge";

/// Removes the installation; with `purge` the data and the account too.
///
/// # Errors
/// Each with its exit status; see [`Error`].
pub fn uninstall(purge: bool, yes: bool, dry_run: bool, setup: &Setup) -> Result<()> {
    if !rustix::process::geteuid().is_root() {
        return Err(Error::NotRoot(setup.again.clone()));
    }
    let _lock = Lock::take(&setup.layout)?;
    let record =
        Record::read(&setup.layout).map_err(Error::file("Cannot read", setup.layout.record()))?;
    let data_dir = record
        .as_ref()
        .map_or_else(|| PathBuf::from(DATA_DIR), |record| record.data_dir.clone());
    let screen = setup.screen;
    if record.is_none() && !(purge && (data_dir.exists() || account::is_ours(setup.layout.root())))
    {
        screen.insist("Skep is not installed on this machine; there is nothing to do.");
        return Ok(());
    }
    tell(record.as_ref(), purge, &data_dir, setup);
    if dry_run {
        screen.say("\nNothing was changed: this was a dry run.");
        return Ok(());
    }
    agree(purge, yes, &data_dir, setup)?;
    let mut removal = Removal::default();
    if let Some(record) = &record {
        removal.stop(setup);
        if !purge {
            removal.keep_key(record, setup);
        }
        removal.placed(record);
        removal.manager(setup, record);
    }
    if purge {
        removal.data(&data_dir, record.as_ref(), setup);
    }
    removal.try_to(
        "remove",
        &setup.layout.record(),
        remove_file(&setup.layout.record()),
    );
    removal.report(purge, &data_dir, setup)
}

fn tell(record: Option<&Record>, purge: bool, data_dir: &Path, setup: &Setup) {
    let screen = setup.screen;
    screen.title("To be removed");
    for placed in record.iter().flat_map(|record| &record.placed) {
        if placed.kind != PlacedKind::Folder && (purge || placed.path != setup.layout.master_key())
        {
            screen.say(&format!("  {}", placed.path.display()));
        }
    }
    if purge {
        screen.say(&format!(
            "  {}, with all cases, attachments and backups in it",
            data_dir.display()
        ));
        screen.say("  the account skep");
    } else {
        screen.say(&format!(
            "\nThe data in {} and the account skep stay.",
            data_dir.display()
        ));
    }
}

fn agree(purge: bool, yes: bool, data_dir: &Path, setup: &Setup) -> Result<()> {
    if yes {
        return Ok(());
    }
    if !setup.screen.is_interactive {
        return Err(Error::Declined(format!(
            "There is no terminal to ask at, so nothing was done. To go on: sudo {} --yes",
            setup.again
        )));
    }
    let questions = Questions::at(setup.screen, setup.interrupt);
    let agreed = if purge {
        let question = format!(
            "All data in {} will be gone for good. Type {WORD} to go on",
            data_dir.display()
        );
        questions.types(&question, WORD)?
    } else {
        questions.goes_on("Remove Skep?", false)?
    };
    if agreed {
        Ok(())
    } else {
        Err(Error::Declined("Nothing was changed.".to_owned()))
    }
}

/// What was kept on purpose, and what could not be removed.
#[derive(Default)]
struct Removal {
    kept: Vec<String>,
    left: Vec<String>,
}

impl Removal {
    fn try_to(&mut self, verb: &str, path: &Path, done: io::Result<()>) {
        if let Err(error) = done {
            self.left
                .push(format!("{verb} {} ({error})", path.display()));
        }
    }

    fn stop(&mut self, setup: &Setup) {
        if !setup.layout.root().is_real() {
            return;
        }
        let ours = [SOCKET, SERVICE, BACKUP_TIMER, BACKUP_SERVICE];
        let units: Vec<&str> = ours
            .into_iter()
            .filter(|unit| setup.layout.unit(unit).exists())
            .collect();
        if units.is_empty() {
            return;
        }
        self.left
            .extend(command::run("systemctl", &[&["stop"], units.as_slice()].concat()).err());
        self.left.extend(
            command::run(
                "systemctl",
                &[&["disable", "--quiet"], units.as_slice()].concat(),
            )
            .err(),
        );
    }

    /// The key belongs to the data: without it the sealed secrets in it can't be read again.
    fn keep_key(&mut self, record: &Record, setup: &Setup) {
        let (key, beside) = (
            setup.layout.master_key(),
            record.data_dir.join("master.key"),
        );
        if !key.exists() || beside.exists() || !record.data_dir.exists() {
            return;
        }
        let kept = fs::read(&key).and_then(|bytes| {
            crate::machine::installation::write_whole(&beside, &bytes, 0o600)?;
            match account::find(setup.layout.root()) {
                Some(account) => {
                    std::os::unix::fs::chown(&beside, Some(account.user), Some(account.group))
                }
                None => Ok(()),
            }
        });
        match kept {
            Ok(()) => self
                .kept
                .push(format!("{} (the key of the data)", beside.display())),
            Err(error) => self.left.push(format!("keep {} ({error})", key.display())),
        }
    }

    /// Removes what was put down, last first, unless somebody made something else of it.
    fn placed(&mut self, record: &Record) {
        for placed in record.placed.iter().rev() {
            let path = &placed.path;
            if path.starts_with(&record.data_dir) {
                continue;
            }
            match placed.kind {
                // One that is not empty has something of somebody else in it.
                PlacedKind::Folder => drop(fs::remove_dir(path)),
                PlacedKind::File | PlacedKind::Link => {
                    if path.symlink_metadata().is_err() {
                        continue;
                    }
                    if is_unchanged(placed) {
                        self.try_to("remove", path, remove_file(path));
                    } else {
                        self.kept
                            .push(format!("{} (changed since)", path.display()));
                    }
                }
            }
        }
    }

    fn manager(&mut self, setup: &Setup, record: &Record) {
        if !setup.layout.root().is_real() {
            return;
        }
        if record.data_device.is_some() {
            // Its unit file is gone, the mount is not yet.
            self.left
                .extend(command::run("umount", &[MOUNT_POINT]).err());
            drop(fs::remove_dir(MOUNT_POINT));
        }
        self.left
            .extend(command::run("systemctl", &["daemon-reload"]).err());
        drop(command::run("systemctl", &["reset-failed", "skep*"]));
        let stamp = setup
            .layout
            .root()
            .path(format!("var/lib/systemd/timers/stamp-{BACKUP_TIMER}"));
        self.try_to("remove", &stamp, remove_file(&stamp));
    }

    fn data(&mut self, data_dir: &Path, record: Option<&Record>, setup: &Setup) {
        for folder in [data_dir.to_owned(), setup.layout.settings_folder()] {
            let done = match fs::remove_dir_all(&folder) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
                other => other,
            };
            self.try_to("remove", &folder, done);
        }
        let is_ours = record.map_or_else(
            || account::is_ours(setup.layout.root()),
            |record| record.has_made_account,
        );
        if is_ours && account::find(setup.layout.root()).is_some() {
            self.left.extend(account::remove().err());
        }
        // What was changed by hand in the settings went with them.
        let settings = setup.layout.settings_folder().display().to_string();
        self.kept.retain(|line| !line.starts_with(&settings));
    }

    fn report(self, purge: bool, data_dir: &Path, setup: &Setup) -> Result<()> {
        if !self.left.is_empty() {
            return Err(Error::Left {
                step: "Uninstalling".to_owned(),
                why: "not everything could be removed".to_owned(),
                left: self.left,
            });
        }
        let screen = setup.screen;
        screen.insist("\nSkep is removed.");
        if !purge {
            screen.insist(&format!(
                "The data is in {}; `skep install` takes it over again. To remove it too: sudo ./skep uninstall --purge",
                data_dir.display()
            ));
        }
        for line in &self.kept {
            screen.insist(&format!("  Kept: {line}"));
        }
        Ok(())
    }
}

fn is_unchanged(placed: &Placed) -> bool {
    let now = match placed.kind {
        PlacedKind::Link => fs::read_link(&placed.path).map(|target| target.display().to_string()),
        _ => sha256(&placed.path),
    };
    now.ok() == placed.content
}

fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
