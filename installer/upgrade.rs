//! `skep upgrade FILE`: another version takes the place of the one that runs, or everything stays as it was.
//!
//! Nobody is turned away meanwhile: the old version works while the new one is looked at and tries its changes on a copy
//! of the data; then the service is restarted once, and its socket stays open. A new version that changes the schema
//! makes its own copy of the data before it does: the way back loses nothing that was written until then.

use std::cmp::Ordering;
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::Setup;
use super::command;
use super::deed::{Deed, Owner, Step};
use super::http_probe;
use super::install::print_steps;
use super::lock::Lock;
use super::outcome::{Error, Result};
use super::progress::Progress;
use super::questions::Questions;
use super::steps::{copy_of_program, text_file};
use super::version::{self, Told};
use super::work::Work;
use crate::config;
use crate::machine::installation::{
    BACKUP_TIMER, Layout, Placed, Previous, Record, SERVICE, SOCKET, sha256,
};
use crate::machine::{Disk, Systemd};
use crate::storage::exchange;

/// Versions that are kept beside the one in use.
const OLD_VERSIONS_KEPT: usize = 2;

/// Exchanges what is installed for the program in `file`.
///
/// # Errors
/// Each with its exit status; see [`Error`].
pub fn upgrade(file: &Path, yes: bool, dry_run: bool, setup: &Setup) -> Result<()> {
    if !rustix::process::geteuid().is_root() {
        return Err(Error::NotRoot(setup.again.clone()));
    }
    let _lock = Lock::take(&setup.layout)?;
    with_lock(file, yes, dry_run, setup)
}

/// The same for one who has the lock.
pub(super) fn with_lock(file: &Path, yes: bool, dry_run: bool, setup: &Setup) -> Result<()> {
    let record = installed(setup)?;
    require_sum(file)?;
    let candidate = Candidate::take(file, setup)?;
    let told = &candidate.told;
    match version::compare(&told.version, &record.version) {
        Ordering::Equal => {
            setup.screen.insist(&format!(
                "Skep {} is installed; there is nothing to do.",
                told.version
            ));
            return Ok(());
        }
        Ordering::Less => {
            return Err(Error::Conflict(format!(
                "{} is version {}, older than the installed {}. To go back: sudo skep rollback",
                file.display(),
                told.version,
                record.version
            )));
        }
        Ordering::Greater => {}
    }
    let is_embedded = is_embedded(&setup.layout)?;
    preflight(&record, is_embedded, told, setup)?;
    let steps = steps(&record, &candidate, is_embedded, setup)?;
    setup
        .screen
        .title(&format!("From Skep {} to {}", record.version, told.version));
    print_steps(&steps, setup);
    if !is_embedded {
        setup.screen.say("\nThe data is in PostgreSQL: it is not copied here. Make a copy with pg_dump before you go on.");
    }
    if dry_run {
        setup
            .screen
            .say("\nNothing was changed: this was a dry run.");
        return Ok(());
    }
    agree(yes, setup)?;
    carry_out(record, &candidate, &steps, setup)
}

fn carry_out(record: Record, candidate: &Candidate, steps: &[Step], setup: &Setup) -> Result<()> {
    let old_version = record.version.clone();
    let backup = backup_path(&record, &candidate.told.version);
    let schema_before = exchange::schema_in(&record.data_dir).ok().flatten();
    setup.screen.title("Upgrading");
    let mut work = Work::new(&setup.layout, setup.interrupt, record);
    work.run(steps, &Progress::on(setup.screen))?;
    let mut record = work.record;
    // The copy that the new version made before its changes is the later one of the two.
    let at_change =
        schema_before.map(|schema| exchange::copy_before_step(&record.data_dir, schema + 1));
    record.previous = Some(Previous {
        version: old_version.clone(),
        backup: at_change.filter(|copy| copy.exists()).unwrap_or(backup),
        upgraded_at: setup.now_ms,
    });
    record.version.clone_from(&candidate.told.version);
    record.updated_at = setup.now_ms;
    prune(&mut record, &setup.layout);
    record
        .write(&setup.layout)
        .map_err(Error::file("Cannot write", setup.layout.record()))?;
    setup.screen.insist(&format!(
        "\nSkep {} runs. To return to {old_version}: sudo skep rollback",
        record.version
    ));
    Ok(())
}

/// The record of the installation.
pub(super) fn installed(setup: &Setup) -> Result<Record> {
    Record::read(&setup.layout)
        .map_err(Error::file("Cannot read", setup.layout.record()))?
        .ok_or_else(|| {
            Error::Conflict(
                "Skep is not installed on this machine (there is no /var/lib/skep-install/record.json). To install: sudo ./skep install"
                    .to_owned(),
            )
        })
}

/// Asks, unless that was said before.
pub(super) fn agree(yes: bool, setup: &Setup) -> Result<()> {
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
    if questions.goes_on("Go on?", true)? {
        Ok(())
    } else {
        Err(Error::Declined("Nothing was changed.".to_owned()))
    }
}

/// The new program, copied to where it can be started and nobody exchanges it meanwhile.
struct Candidate {
    program: PathBuf,
    told: Told,
}

impl Candidate {
    fn take(file: &Path, setup: &Setup) -> Result<Self> {
        let program = setup.layout.record_folder().join("candidate");
        fs::copy(file, &program).map_err(Error::file("Cannot read", file))?;
        // From here on it is removed again, whatever comes.
        let mut candidate = Self {
            told: Told {
                name: String::new(),
                version: String::new(),
                schema_version: 0,
            },
            program,
        };
        fs::set_permissions(&candidate.program, fs::Permissions::from_mode(0o755))
            .map_err(Error::file("Cannot change", &candidate.program))?;
        candidate.told = version::ask(&candidate.program).map_err(|why| {
            Error::Usage(format!(
                "{} is no Skep that runs here: {why}.",
                file.display()
            ))
        })?;
        Ok(candidate)
    }
}

/// What `skep units --json` says.
#[derive(Deserialize)]
struct Unit {
    name: String,
    text: String,
}

/// The unit files as a program wants them.
pub(super) fn unit_steps(program: &Path, record: &Record, layout: &Layout) -> Result<Vec<Deed>> {
    let data_dir = record.data_dir.display().to_string();
    let mut arguments = vec![
        "units",
        "--json",
        "--data-dir",
        &data_dir,
        "--listen",
        &record.listen,
    ];
    if record.is_ephemeral {
        arguments.push("--volatile");
    }
    let wrong = |why: String| {
        Error::Usage(format!(
            "The program does not say which units it wants: {why}."
        ))
    };
    let text = command::output(&program.display().to_string(), &arguments).map_err(wrong)?;
    let units: Vec<Unit> = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let deeds = units
        .into_iter()
        .filter(|unit| unit.name.starts_with("skep") && !unit.name.contains('/'));
    Ok(deeds
        .map(|unit| text_file(&layout.unit(&unit.name), unit.text, 0o644, Owner::Root))
        .collect())
}

fn steps(
    record: &Record,
    candidate: &Candidate,
    is_embedded: bool,
    setup: &Setup,
) -> Result<Vec<Step>> {
    let layout = &setup.layout;
    let told = &candidate.told;
    let (program, data_dir) = (layout.program(&told.version), record.data_dir.clone());
    let mut steps = vec![step(
        "New program, beside the old one",
        copy_of_program(layout, &candidate.program, &told.version),
    )];
    if is_embedded {
        steps.push(step(
            "Copy of the data",
            vec![Deed::CopyDatabase {
                data_dir: data_dir.clone(),
                to: backup_path(record, &told.version),
            }],
        ));
        steps.push(step(
            "Trying the new version on a copy",
            vec![Deed::Rehearse {
                program: program.clone(),
                data_dir: data_dir.clone(),
            }],
        ));
    }
    let mut exchange = Vec::new();
    if is_embedded {
        exchange.push(Deed::Migrates {
            data_dir,
            to_schema: told.schema_version,
        });
    }
    exchange.extend(unit_steps(&candidate.program, record, layout)?);
    exchange.push(Deed::Link {
        path: layout.link(),
        target: program,
    });
    exchange.push(Deed::Reload);
    steps.push(step("Exchange", exchange));
    steps.extend(start_again(record)?);
    Ok(steps)
}

/// The service with its other program, and the proof that it works.
pub(super) fn start_again(record: &Record) -> Result<Vec<Step>> {
    let listen: SocketAddr = record.listen.parse().map_err(|_| {
        Error::Conflict(format!("The record has no address but {}.", record.listen))
    })?;
    Ok(vec![
        step(
            "Start",
            vec![Deed::Start(vec![SOCKET, SERVICE, BACKUP_TIMER])],
        ),
        step(
            "Waiting until it answers",
            vec![Deed::AwaitHealthy {
                address: http_probe::here(listen),
                signs_in: false,
            }],
        ),
    ])
}

pub(super) fn step(title: &str, deeds: Vec<Deed>) -> Step {
    Step {
        title: title.to_owned(),
        deeds,
    }
}

fn backup_path(record: &Record, new_version: &str) -> PathBuf {
    record
        .data_dir
        .join("backups")
        .join(format!("before-{new_version}.db"))
}

/// Whether the data is in our own database, which we can copy.
pub(super) fn is_embedded(layout: &Layout) -> Result<bool> {
    let settings = layout.settings();
    let loaded = config::load(Some(&settings), &config::Environment::default(), &[])
        .map_err(|error| Error::Conflict(error.to_string()))?;
    Ok(loaded.config.storage.database.is_none())
}

/// A file of sums beside the program has to agree with it.
fn require_sum(file: &Path) -> Result<()> {
    let Some(name) = file.file_name().and_then(|name| name.to_str()) else {
        return Err(Error::Usage(format!("{} is no file.", file.display())));
    };
    let Ok(sums) = fs::read_to_string(file.with_file_name("SHA256SUMS")) else {
        return Ok(());
    };
    let Some(wanted) = sums.lines().find_map(|line| {
        let (sum, of) = line.split_once(char::is_whitespace)?;
        (of.trim_start_matches([' ', '*']) == name).then_some(sum)
    }) else {
        return Ok(());
    };
    let found = sha256(file).map_err(Error::file("Cannot read", file))?;
    if found == wanted {
        return Ok(());
    }
    Err(Error::Usage(format!(
        "{} is damaged: its SHA-256 is not the one in SHA256SUMS beside it. Fetch it again.",
        file.display()
    )))
}

fn preflight(record: &Record, is_embedded: bool, told: &Told, setup: &Setup) -> Result<()> {
    if Systemd::of(setup.layout.root()).is_none() {
        return Err(Error::Requirements(
            "systemd does not run this machine.".to_owned(),
        ));
    }
    if !is_embedded {
        return Ok(());
    }
    let schema = exchange::schema_in(&record.data_dir).map_err(|error| {
        Error::Conflict(format!(
            "The data cannot be read: {error}. See: skep doctor"
        ))
    })?;
    if schema.is_some_and(|schema| schema > told.schema_version) {
        return Err(Error::Conflict(format!(
            "The data is of schema {}, newer than that of version {}.",
            schema.unwrap_or_default(),
            told.version
        )));
    }
    let database = fs::metadata(record.data_dir.join("skep.db")).map_or(0, |file| file.len());
    // A copy that stays, one for the rehearsal, one that a change of the schema makes; and the program.
    let needed = database * 3 + 200_000_000;
    let free = Disk::of(setup.layout.root(), &record.data_dir).map_or(u64::MAX, |disk| disk.free);
    if free < needed {
        return Err(Error::Requirements(format!(
            "There is not enough room for copies of the data: {} MB are free in {}, {} MB are needed.",
            free / 1_000_000,
            record.data_dir.display(),
            needed / 1_000_000
        )));
    }
    Ok(())
}

/// Removes programs that nobody will return to.
fn prune(record: &mut Record, layout: &Layout) {
    let keeps: Vec<String> = std::iter::once(record.version.clone())
        .chain(
            record
                .previous
                .iter()
                .map(|previous| previous.version.clone()),
        )
        .collect();
    let mut old: Vec<String> = layout
        .root()
        .names(layout.versions())
        .into_iter()
        .filter(|version| !keeps.contains(version))
        .collect();
    old.sort_by(|one, other| version::compare(other, one));
    for version in old.into_iter().skip(OLD_VERSIONS_KEPT.saturating_sub(1)) {
        let program = layout.program(&version);
        let folder = program.parent().map(Path::to_path_buf).unwrap_or_default();
        if fs::remove_dir_all(&folder).is_ok() {
            record
                .placed
                .retain(|placed: &Placed| !placed.path.starts_with(&folder));
        }
    }
}

impl Drop for Candidate {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.program));
    }
}

#[cfg(test)]
mod tests {
    use super::require_sum;
    use crate::machine::installation::sha256;

    #[test]
    fn a_program_has_to_agree_with_the_sums_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("skep");
        std::fs::write(&file, "x").unwrap();
        require_sum(&file).unwrap();
        let sums = folder.path().join("SHA256SUMS");
        std::fs::write(&sums, format!("{}  skep\n", sha256(&file).unwrap())).unwrap();
        require_sum(&file).unwrap();
        std::fs::write(&file, "y").unwrap();
        assert_eq!(require_sum(&file).unwrap_err().exit_code(), 2);
        std::fs::write(&sums, "00  other\n").unwrap();
        require_sum(&file).unwrap();
    }
}
