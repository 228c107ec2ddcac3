//! Who may read the data: only the account that the server runs under.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::subject::Subject;
use crate::login::secret_box::MASTER_KEY_FILE;
use crate::machine::Finding;
use crate::machine::installation::{ACCOUNT, Layout, account_number};

const ID: &str = "permissions";
const TITLE: &str = "Permissions";
/// Bits of a mode that let others in than the owner.
const OTHERS: u32 = 0o077;
/// What may be wrong in a folder is listed up to here.
const LISTED_MAX: usize = 3;

pub(super) fn findings(subject: &Subject) -> Vec<Finding> {
    vec![judge(subject)]
}

fn judge(subject: &Subject) -> Finding {
    let folder = &subject.data_dir;
    let metadata = match std::fs::metadata(folder) {
        Ok(metadata) => metadata,
        Err(error) => {
            let found = format!("{}: {error}.", folder.display());
            return Finding::unknown(ID, TITLE, found).advises(
                "Name the data folder with --data-dir, or run it as root if it may not be read.",
            );
        }
    };
    if let Some(finding) = not_of_the_service(subject, metadata.uid()) {
        return finding;
    }
    let mode = metadata.permissions().mode() & 0o777;
    if mode & OTHERS != 0 {
        return Finding::critical(
            ID,
            TITLE,
            format!(
                "Others on this machine can look into {} (mode {mode:o}).",
                folder.display()
            ),
            format!("sudo chmod 700 {}", folder.display()),
        )
        .needs("mode 700");
    }
    let key = folder.join(MASTER_KEY_FILE);
    if let Some(mode) = mode_of(&key).filter(|mode| mode & OTHERS != 0) {
        return Finding::critical(
            ID,
            TITLE,
            format!("The master key {} may be read by others (mode {mode:o}): the server refuses to start.", key.display()),
            format!("sudo chmod 600 {}", key.display()),
        )
        .needs("mode 600");
    }
    let foreign = of_others(folder, metadata.uid());
    if !foreign.is_empty() {
        return foreign_files(folder, &foreign);
    }
    if let Some(finding) = unreadable_settings(subject) {
        return finding;
    }
    if let Some(settings) = readable_settings(subject) {
        return Finding::warning(
            ID,
            TITLE,
            format!(
                "Everybody on this machine can read the settings {}.",
                settings.display()
            ),
            format!("sudo chmod 640 {}", settings.display()),
        )
        .needs("mode 640");
    }
    let found = format!("Only its owner can look into {}.", folder.display());
    Finding::ok(ID, TITLE, found)
}

/// The folder of an installation belongs to the account of its service, and to nobody else.
fn not_of_the_service(subject: &Subject, owner: u32) -> Option<Finding> {
    if !subject.is_installed() {
        return None;
    }
    let expected = account_number(&subject.root)?;
    let folder = subject.data_dir.display();
    (owner != expected).then(|| {
        Finding::critical(
            ID,
            TITLE,
            format!(
                "{folder} belongs to the user with the number {owner}, and not to the account of the service, {ACCOUNT} \
                 ({expected}): it cannot work there."
            ),
            format!("sudo chown -R {ACCOUNT}:{ACCOUNT} {folder}"),
        )
    })
}

/// The service reads its settings by the right of its group, where the installer put them.
fn unreadable_settings(subject: &Subject) -> Option<Finding> {
    let settings = Layout::below(subject.root.clone()).settings();
    if subject.settings.as_ref() != Some(&settings) || !subject.is_installed() {
        return None;
    }
    let found = std::fs::metadata(&settings).ok()?;
    let (owner, mode) = (account_number(&subject.root)?, found.mode());
    let is_readable = (found.uid() == owner && mode & 0o400 != 0)
        || mode & 0o004 != 0
        || (mode & 0o040 != 0 && found.gid() != 0);
    (!is_readable).then(|| {
        let settings = settings.display();
        Finding::critical(
            ID,
            TITLE,
            format!("The service may not read its settings {settings}: its next start fails."),
            format!("sudo chown root:{ACCOUNT} {settings} && sudo chmod 640 {settings}"),
        )
    })
}

fn foreign_files(folder: &Path, foreign: &[PathBuf]) -> Finding {
    let listed: Vec<String> = foreign
        .iter()
        .take(LISTED_MAX)
        .map(|path| path.display().to_string())
        .collect();
    let more = foreign.len().saturating_sub(LISTED_MAX);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    Finding::critical(
        ID,
        TITLE,
        format!(
            "Not owned by the owner of the data folder, so the server cannot write them: {}{more}.",
            listed.join(", ")
        ),
        format!("sudo chown -R --reference={0} {0}", folder.display()),
    )
}

fn mode_of(path: &Path) -> Option<u32> {
    std::fs::metadata(path)
        .ok()
        .map(|metadata| metadata.permissions().mode() & 0o777)
}

/// The files in the folder, and one level below, that belong to somebody else.
fn of_others(folder: &Path, owner: u32) -> Vec<PathBuf> {
    let mut foreign = Vec::new();
    let mut folders = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let Ok(metadata) = entry.metadata() else {
                continue;
            };
            if metadata.uid() != owner {
                foreign.push(entry.path());
            } else if metadata.is_dir() && depth == 0 {
                folders.push((entry.path(), depth + 1));
            }
        }
    }
    foreign.sort();
    foreign
}

/// The file of settings may hold the password of a database.
fn readable_settings(subject: &Subject) -> Option<&PathBuf> {
    const EVERYBODY: u32 = 0o004;
    let settings = subject.settings.as_ref()?;
    mode_of(settings)
        .is_some_and(|mode| mode & EVERYBODY != 0)
        .then_some(settings)
}
