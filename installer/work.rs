//! Does the deeds, remembers how each is undone, and undoes them when one fails or somebody says stop.

use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::account::{self, Account};
use super::command;
use super::deed::{Content, Deed, FileDeed, Owner, Step};
use super::http_probe;
use super::interrupt::Interrupt;
use super::outcome::{Error, Result};
use super::progress::Progress;
use super::running;
use super::undo::{Kept, Undo, place_link};
use crate::machine::installation::{
    Layout, Placed, PlacedKind, Record, SERVICE, SOCKET, sha256, sync_folder_of, write_whole,
};
use crate::storage::{exchange, schema_version};
use crate::text::hex::hex;

/// What a deed came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    /// Something is different now.
    Changed,
    /// It was so already.
    Unchanged,
}

/// Why a deed failed, as a sentence without its end.
pub(super) type DeedResult = std::result::Result<Done, String>;

/// A user and a group, where they matter.
type Numbers = (Option<u32>, Option<u32>);

/// One run of the installer over a machine.
pub(super) struct Work<'a> {
    pub(super) layout: &'a Layout,
    pub(super) interrupt: &'a Interrupt,
    pub(super) record: Record,
    record_before: Record,
    /// The new password of the first administrator, where one was chosen.
    pub(super) password: Option<String>,
    pub(super) undos: Vec<Undo>,
    /// Whether the service ran when we came, and has to run again when we go back.
    pub(super) was_active: bool,
    pub(super) has_changed: bool,
    /// Whether there was data before us: then its users have their own passwords.
    pub(super) had_data: bool,
    /// Whether files of the service manager were touched.
    pub(super) touches_units: bool,
    /// Whether the addresses were.
    pub(super) touches_socket: bool,
    /// Whether the service was stopped or started.
    pub(super) touches_service: bool,
}

impl<'a> Work<'a> {
    /// Begins with a record, which is written as soon as something changes.
    pub(super) fn new(layout: &'a Layout, interrupt: &'a Interrupt, record: Record) -> Self {
        let was_active = layout.root().is_real() && running::is_active(SERVICE);
        Self {
            layout,
            interrupt,
            record_before: record.clone(),
            record,
            password: None,
            undos: Vec::new(),
            was_active,
            has_changed: false,
            had_data: false,
            touches_units: false,
            touches_socket: false,
            touches_service: false,
        }
    }

    /// Does all the steps, or none.
    ///
    /// # Errors
    /// The step that failed, after the others were undone.
    pub(super) fn run(&mut self, steps: &[Step], progress: &Progress) -> Result<Done> {
        let done = self.run_steps(steps, progress);
        match done {
            Ok(()) if self.has_changed => Ok(Done::Changed),
            Ok(()) => Ok(Done::Unchanged),
            Err(error) => Err(self.give_up(error, progress)),
        }
    }

    fn run_steps(&mut self, steps: &[Step], progress: &Progress) -> Result<()> {
        for step in steps {
            let shown = progress.begin(&step.title);
            let began = Instant::now();
            let mut outcome = Done::Unchanged;
            for deed in &step.deeds {
                self.interrupt.check(self.has_changed)?;
                match self.perform(deed) {
                    Ok(Done::Changed) => {
                        outcome = Done::Changed;
                        self.has_changed = true;
                    }
                    Ok(Done::Unchanged) => {}
                    Err(why) => {
                        shown.failed();
                        // A wait that was interrupted is no failure.
                        self.interrupt.check(true)?;
                        return Err(Error::Failed {
                            step: step.title.clone(),
                            why,
                            journal: running::last_lines(deed),
                        });
                    }
                }
            }
            shown.done(outcome == Done::Changed, began.elapsed());
        }
        self.interrupt.check(self.has_changed)
    }

    /// Undoes what was done, whatever signals come.
    fn give_up(&mut self, error: Error, progress: &Progress) -> Error {
        if self.undos.is_empty() {
            return error;
        }
        let shown = progress.begin("Undoing what was done");
        let began = Instant::now();
        let left = self.roll_back();
        if left.is_empty() {
            shown.done(true, began.elapsed());
            return error;
        }
        shown.failed();
        let (step, why) = match error {
            Error::Failed { step, why, .. } => (step, why),
            other => ("Installation".to_owned(), other.to_string()),
        };
        Error::Left { step, why, left }
    }

    /// Undoes everything in the opposite order; gives what could not be undone, in words.
    fn roll_back(&mut self) -> Vec<String> {
        let mut left = Vec::new();
        while let Some(undo) = self.undos.pop() {
            if let Err(why) = undo.perform() {
                left.push(format!("{} ({why})", undo.in_words()));
            }
        }
        if !self.layout.root().is_real() {
            return left;
        }
        if self.touches_units {
            left.extend(command::run("systemctl", &["daemon-reload"]).err());
        }
        // A unit that is gone keeps its failure otherwise.
        drop(command::run("systemctl", &["reset-failed", "skep*"]));
        if self.was_active && self.touches_service {
            let again = command::run("systemctl", &["start", SOCKET, SERVICE]);
            left.extend(again.err().or_else(|| self.still_silent()));
        }
        left
    }

    /// Whether what ran before runs again.
    fn still_silent(&self) -> Option<String> {
        let address = self.record_before.listen.parse().ok()?;
        running::answers(http_probe::here(address))
            .err()
            .map(|why| format!("see why the service does not answer: {why}"))
    }

    fn perform(&mut self, deed: &Deed) -> DeedResult {
        match deed {
            Deed::Account => self.make_account(),
            Deed::Folder { path, mode, owner } => self.make_folder(path, *mode, *owner, true),
            Deed::DataFolder(path) => self.make_data_folder(path),
            Deed::File(file) => self.place_file(file),
            Deed::Link { path, target } => self.place_link(path, target),
            other => running::perform(self, other),
        }
    }

    fn make_account(&mut self) -> DeedResult {
        if account::find(self.layout.root()).is_some() {
            return Ok(Done::Unchanged);
        }
        self.record.has_made_account = true;
        self.write_record()?;
        self.undos.push(Undo::RemoveAccount);
        account::make().map(|()| Done::Changed)
    }

    fn make_folder(&mut self, path: &Path, mode: u32, owner: Owner, is_ours: bool) -> DeedResult {
        let owner = self.numbers(owner)?;
        if path.is_dir() {
            return self.permit(path, mode, owner);
        }
        if path.symlink_metadata().is_ok() {
            return Err(format!("{} is there and is no folder", path.display()));
        }
        let mut missing: Vec<&Path> = path
            .ancestors()
            .take_while(|above| !above.exists())
            .collect();
        while let Some(folder) = missing.pop() {
            if is_ours {
                self.note(folder, PlacedKind::Folder, None)?;
            }
            self.undos.push(Undo::RemoveFolder(folder.to_owned()));
            let is_last = missing.is_empty();
            fs::DirBuilder::new()
                .mode(if is_last { mode } else { 0o755 })
                .create(folder)
                .and_then(|()| {
                    let mode = if is_last { mode } else { 0o755 };
                    fs::set_permissions(folder, fs::Permissions::from_mode(mode))
                })
                .and_then(|()| match owner {
                    Some(owner) if is_last => chown(folder, owner.0, owner.1),
                    _ => Ok(()),
                })
                .map_err(|error| format!("{} cannot be made: {error}", folder.display()))?;
        }
        Ok(Done::Changed)
    }

    fn make_data_folder(&mut self, path: &Path) -> DeedResult {
        self.had_data = match exchange::schema_in(path).map_err(|error| error.to_string())? {
            Some(schema) if schema > schema_version() => {
                return Err(format!(
                    "the data in {} is of schema {schema}, newer than this program's {}",
                    path.display(),
                    schema_version()
                ));
            }
            found => found.is_some(),
        };
        let is_empty = fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none());
        if is_empty {
            // What comes to be in it is ours to remove again.
            self.undos.push(Undo::EmptyFolder(path.to_owned()));
        }
        self.make_folder(path, 0o700, Owner::Service, false)
    }

    /// Gives what is there the mode and the owner that it should have.
    fn permit(&mut self, path: &Path, mode: u32, owner: Option<Numbers>) -> DeedResult {
        let failed = |error: io::Error| format!("{} cannot be changed: {error}", path.display());
        let metadata = fs::metadata(path).map_err(failed)?;
        let (user, group) = owner.unwrap_or_default();
        let is_so = metadata.mode() & 0o7777 == mode
            && user.is_none_or(|user| user == metadata.uid())
            && group.is_none_or(|group| group == metadata.gid());
        if is_so {
            return Ok(Done::Unchanged);
        }
        self.undos.push(Undo::Permit {
            path: path.to_owned(),
            mode: metadata.mode() & 0o7777,
            user: metadata.uid(),
            group: metadata.gid(),
        });
        chown(path, user, group)
            .and_then(|()| fs::set_permissions(path, fs::Permissions::from_mode(mode)))
            .map_err(failed)?;
        Ok(Done::Changed)
    }

    fn place_file(&mut self, file: &FileDeed) -> DeedResult {
        let path = &file.path;
        let failed = |error: io::Error| format!("{} cannot be written: {error}", path.display());
        let owner = self.numbers(file.owner)?;
        let is_there = path.exists();
        if is_there && file.keeps_other {
            return self.permit(path, file.mode, owner);
        }
        let unread =
            |path: &Path, error: io::Error| format!("{} cannot be read: {error}", path.display());
        let text = match &file.content {
            Content::CopyOf(_) => String::new(),
            Content::Text(text) => text.clone(),
            Content::MasterKey { data_dir } => {
                master_key(data_dir).map_err(|error| unread(data_dir, error))?
            }
        };
        let wanted = match &file.content {
            Content::CopyOf(from) => sha256(from).map_err(|error| unread(from, error))?,
            _ => hex(&Sha256::digest(text.as_bytes())),
        };
        if is_there && sha256(path).map_err(failed)? == wanted {
            self.note_quietly(path, PlacedKind::File, Some(wanted));
            return self.permit(path, file.mode, owner);
        }
        self.touches_units |= path.starts_with(self.layout.unit(""));
        self.touches_socket |= *path == self.layout.unit(SOCKET);
        self.note(path, PlacedKind::File, Some(wanted))?;
        self.undos.push(if is_there {
            Undo::PutBack(Kept::of(path).map_err(failed)?)
        } else {
            Undo::RemoveFile(path.clone())
        });
        match &file.content {
            Content::CopyOf(from) => copy_whole(from, path, file.mode),
            _ => write_whole(path, text.as_bytes(), file.mode),
        }
        .map_err(failed)?;
        if let Some((user, group)) = owner {
            chown(path, user, group).map_err(failed)?;
        }
        Ok(Done::Changed)
    }

    fn place_link(&mut self, path: &Path, target: &Path) -> DeedResult {
        let failed = |error: io::Error| format!("{} cannot be made: {error}", path.display());
        let text = target.display().to_string();
        match fs::read_link(path) {
            Ok(before) if before == target => {
                self.note_quietly(path, PlacedKind::Link, Some(text));
                return Ok(Done::Unchanged);
            }
            Ok(before) => {
                self.note(path, PlacedKind::Link, Some(text))?;
                self.undos.push(Undo::Link {
                    path: path.to_owned(),
                    target: before,
                });
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.note(path, PlacedKind::Link, Some(text))?;
                self.undos.push(Undo::RemoveFile(path.to_owned()));
            }
            Err(_) => return Err(format!("{} is there and is no link", path.display())),
        }
        place_link(path, target)
            .and_then(|()| sync_folder_of(path))
            .map_err(failed)?;
        Ok(Done::Changed)
    }

    /// The numbers of an owner: nothing for who runs this, which is root.
    pub(super) fn numbers(&self, owner: Owner) -> std::result::Result<Option<Numbers>, String> {
        if owner == Owner::Root {
            return Ok(None);
        }
        let Account { user, group } = self.account()?;
        Ok(Some(match owner {
            Owner::Service => (Some(user), Some(group)),
            _ => (None, Some(group)),
        }))
    }

    /// The account that the service runs under.
    pub(super) fn account(&self) -> std::result::Result<Account, String> {
        account::find(self.layout.root()).ok_or_else(|| "there is no account skep".to_owned())
    }

    /// Writes down that something is about to be put down, before it is: whatever ends us, the next run knows of it.
    fn note(
        &mut self,
        path: &Path,
        kind: PlacedKind,
        content: Option<String>,
    ) -> std::result::Result<(), String> {
        self.note_quietly(path, kind, content);
        self.write_record()
    }

    fn note_quietly(&mut self, path: &Path, kind: PlacedKind, content: Option<String>) {
        let placed = Placed {
            path: path.to_owned(),
            kind,
            content,
        };
        match self
            .record
            .placed
            .iter_mut()
            .find(|other| other.path == path)
        {
            Some(other) => *other = placed,
            None => self.record.placed.push(placed),
        }
    }

    /// Writes the record; the first time, what was there before is remembered.
    pub(super) fn write_record(&mut self) -> std::result::Result<(), String> {
        let path = self.layout.record();
        let folder = self.layout.record_folder();
        let failed = |error: io::Error| format!("{} cannot be written: {error}", path.display());
        let knows = |undo: &Undo| match undo {
            Undo::RemoveFile(other) => *other == path,
            Undo::PutBack(kept) => kept.is_of(&path),
            _ => false,
        };
        if !self.undos.iter().any(knows) {
            self.undos.insert(
                0,
                if path.exists() {
                    Undo::PutBack(Kept::of(&path).map_err(failed)?)
                } else {
                    Undo::RemoveFile(path.clone())
                },
            );
            if !folder.exists() {
                self.undos.insert(0, Undo::RemoveFolder(folder));
            }
        }
        self.record.write(self.layout).map_err(failed)
    }
}

/// The key that lies with the data, or a new one.
fn master_key(data_dir: &Path) -> io::Result<String> {
    let beside = data_dir.join("master.key");
    if beside.exists() {
        return fs::read_to_string(beside);
    }
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(format!("{}\n", STANDARD.encode(bytes)))
}

/// Copies a file under another name, waits until the disk has it, compares, and only then gives it its name.
fn copy_whole(from: &Path, to: &Path, mode: u32) -> io::Result<()> {
    let new = PathBuf::from(format!("{}.new", to.display()));
    drop(fs::remove_file(&new));
    let copied = (|| {
        let mut target = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(mode)
            .open(&new)?;
        io::copy(&mut fs::File::open(from)?, &mut target)?;
        target.set_permissions(fs::Permissions::from_mode(mode))?;
        target.sync_all()?;
        drop(target);
        if sha256(from)? != sha256(&new)? {
            return Err(io::Error::other("the copy is not what was copied"));
        }
        fs::rename(&new, to)?;
        sync_folder_of(to)
    })();
    if copied.is_err() {
        drop(fs::remove_file(&new));
    }
    copied
}

#[cfg(test)]
#[path = "work_tests.rs"]
mod tests;
