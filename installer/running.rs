//! The deeds that have to do with what runs: the service manager, the first password, the wait until all is well, the
//! database of an upgrade.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::account::Account;
use super::command;
use super::deed::Deed;
use super::http_probe;
use super::undo::Undo;
use super::work::{DeedResult, Done, Work};
use crate::machine::installation::{BACKUP_TIMER, SERVICE, SOCKET};
use crate::machine::systemd;
use crate::storage::exchange;

/// The first administrator, as every new installation has him.
pub(super) const FIRST_LOGIN: &str = "admin@thehive.local";
/// The password that he has until he gets another.
pub(super) const FIRST_PASSWORD: &str = "secret";

/// How long the service may take to start. A large schema step takes minutes; a hanging program forever.
const START_TIME_MAX: Duration = Duration::from_mins(5);
/// How long it may take from then until it answers.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(30);
/// How often we look.
const PAUSE: Duration = Duration::from_millis(20);
/// How many lines of the log are shown after a failure.
const LOG_LINES: &str = "20";

/// Whether a unit runs, or is about to.
pub(super) fn is_active(unit: &str) -> bool {
    let state = systemd::properties(unit, &["ActiveState"]);
    matches!(
        state.first().map(String::as_str),
        Some("active" | "activating" | "reloading")
    )
}

/// The last lines of the service's log, where the deed that failed has to do with it.
pub(super) fn last_lines(deed: &Deed) -> String {
    if !matches!(deed, Deed::Start(_) | Deed::AwaitHealthy { .. }) {
        return String::new();
    }
    let said = command::output(
        "journalctl",
        &[
            "--unit",
            SERVICE,
            "--lines",
            LOG_LINES,
            "--output",
            "cat",
            "--no-pager",
        ],
    );
    said.unwrap_or_default().trim_end().to_owned()
}

/// Does a deed of this kind.
pub(super) fn perform(work: &mut Work, deed: &Deed) -> DeedResult {
    match deed {
        Deed::Reload => reload(work),
        Deed::Mount { unit } => mount(work, unit),
        Deed::Enable(units) => enable(work, units),
        Deed::SetPassword { program } => set_password(work, program),
        Deed::Start(units) => start(work, units),
        Deed::AwaitHealthy {
            address, signs_in, ..
        } => await_healthy(work, *address, *signs_in),
        Deed::Rehearse { program, data_dir } => rehearse(work, program, data_dir),
        Deed::CopyDatabase { data_dir, to } => copy_database(work, data_dir, to),
        Deed::Migrates {
            data_dir,
            to_schema,
        } => remember_the_way_back(work, data_dir, *to_schema),
        Deed::RestoreDatabase { data_dir, from } => restore_database(work, data_dir, from),
        other => Err(format!("nobody knows how to {}", other.in_words())),
    }
}

fn systemctl(arguments: &[&str]) -> Result<(), String> {
    command::run("systemctl", arguments)
}

fn reload(work: &mut Work) -> DeedResult {
    if !work.touches_units {
        return Ok(Done::Unchanged);
    }
    systemctl(&["daemon-reload"]).map(|()| Done::Changed)
}

fn mount(work: &mut Work, unit: &str) -> DeedResult {
    if is_active(unit) {
        return Ok(Done::Unchanged);
    }
    work.undos.push(systemctl_later(&["stop", unit]));
    systemctl(&["start", unit]).map(|()| Done::Changed)
}

fn enable(work: &mut Work, units: &[&str]) -> DeedResult {
    let missing: Vec<&str> = units
        .iter()
        .copied()
        .filter(|unit| command::run("systemctl", &["--quiet", "is-enabled", unit]).is_err())
        .collect();
    if missing.is_empty() {
        return Ok(Done::Unchanged);
    }
    work.undos.push(systemctl_later(
        &[&["disable", "--quiet"], missing.as_slice()].concat(),
    ));
    systemctl(&[&["enable", "--quiet"], missing.as_slice()].concat()).map(|()| Done::Changed)
}

fn systemctl_later(arguments: &[&str]) -> Undo {
    Undo::Systemctl(arguments.iter().map(ToString::to_string).collect())
}

/// Through the service manager, so that the program gets the master key as the service does, and is as little root.
fn set_password(work: &mut Work, program: &Path) -> DeedResult {
    let Some(password) = work.password.clone().filter(|_| !work.had_data) else {
        return Ok(Done::Unchanged);
    };
    let (key, settings) = (work.layout.master_key(), work.layout.settings());
    let credential = format!("LoadCredential=master-key:{}", key.display());
    let arguments = [
        "--quiet",
        "--wait",
        "--pipe",
        "--collect",
        "--property",
        "User=skep",
        "--property",
        "Group=skep",
        "--property",
        "UMask=0077",
        "--property",
        &credential,
        "--",
        &program.display().to_string(),
        "user",
        "reset-password",
        FIRST_LOGIN,
        "--password-file",
        "-",
        "--config",
        &settings.display().to_string(),
    ];
    command::run_with_input("systemd-run", &arguments, &password)?;
    Ok(Done::Changed)
}

fn start(work: &mut Work, units: &[&str]) -> DeedResult {
    let stopped: Vec<&str> = units
        .iter()
        .copied()
        .filter(|unit| !is_active(unit))
        .collect();
    let must_restart = work.has_changed && !stopped.contains(&SERVICE);
    if stopped.is_empty() && !must_restart {
        return Ok(Done::Unchanged);
    }
    work.touches_service = true;
    let stamp = work
        .layout
        .root()
        .path(format!("var/lib/systemd/timers/stamp-{BACKUP_TIMER}"));
    if !stamp.exists() {
        // The service manager remembers there when a timer was last due, and forgets it never.
        work.undos.push(Undo::RemoveFile(stamp));
    }
    let stops = [SERVICE, SOCKET].iter().chain(&stopped).copied();
    work.undos.push(systemctl_later(
        &std::iter::once("stop").chain(stops).collect::<Vec<_>>(),
    ));
    if must_restart && work.touches_socket {
        // Other addresses: the socket has to be closed and opened.
        wait_for(work, &["stop", SERVICE, SOCKET])?;
        wait_for(work, &["start", SOCKET, SERVICE])?;
    } else if must_restart {
        // The socket stays open: who calls now waits, and is not turned away.
        wait_for(work, &["restart", SERVICE])?;
    }
    let others: Vec<&str> = stopped
        .iter()
        .copied()
        .filter(|unit| !is_active(unit))
        .collect();
    if !others.is_empty() {
        wait_for(work, &[&["start"], others.as_slice()].concat())?;
    }
    Ok(Done::Changed)
}

/// Runs `systemctl`, which waits until the units are as it was asked; ends it when somebody says stop.
fn wait_for(work: &Work, arguments: &[&str]) -> Result<(), String> {
    let mut child = command::command("systemctl", arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("systemctl cannot be run: {error}"))?;
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            return if status.success() {
                Ok(())
            } else {
                Err(format!("it did not start: {}", words_of(&mut child)))
            };
        }
        let is_late = began.elapsed() > START_TIME_MAX;
        if is_late || work.interrupt.check(true).is_err() {
            drop(child.kill());
            drop(child.wait());
            return Err(format!(
                "it took longer than {} s",
                START_TIME_MAX.as_secs()
            ));
        }
        sleep(PAUSE);
    }
}

fn words_of(child: &mut std::process::Child) -> String {
    let mut text = String::new();
    if let Some(mut pipe) = child.stderr.take() {
        drop(std::io::Read::read_to_string(&mut pipe, &mut text));
    }
    text.lines()
        .next()
        .unwrap_or("systemctl said no more")
        .trim()
        .to_owned()
}

fn await_healthy(work: &mut Work, address: SocketAddr, signs_in: bool) -> DeedResult {
    answers_unless(address, || work.interrupt.check(true).is_err())?;
    if signs_in && !work.had_data {
        let password = work.password.as_deref().unwrap_or(FIRST_PASSWORD);
        match http_probe::can_sign_in(address, FIRST_LOGIN, password) {
            Ok(true) => {}
            Ok(false) => return Err(format!("{FIRST_LOGIN} cannot sign in")),
            Err(error) => return Err(format!("signing in got no answer: {error}")),
        }
    }
    Ok(Done::Unchanged)
}

/// Waits until the service says that it is ready.
pub(super) fn answers(address: SocketAddr) -> Result<(), String> {
    answers_unless(address, || false)
}

fn answers_unless(address: SocketAddr, gives_up: impl Fn() -> bool) -> Result<(), String> {
    let began = Instant::now();
    while !http_probe::is_ready(address) {
        if gives_up() {
            return Err("interrupted".to_owned());
        }
        if began.elapsed() > ANSWER_TIME_MAX {
            return Err(format!(
                "http://{address}/api/ready did not say that it is ready within {} s",
                ANSWER_TIME_MAX.as_secs()
            ));
        }
        sleep(PAUSE);
    }
    Ok(())
}

/// Lets the new program change a copy, as the account of the service and nothing more.
fn rehearse(work: &mut Work, program: &Path, data_dir: &Path) -> DeedResult {
    let account = work.account()?;
    let scratch = data_dir.join("rehearsal");
    drop(fs::remove_dir_all(&scratch));
    work.undos.push(Undo::RemoveFolder(scratch.clone()));
    fs::create_dir(&scratch)
        .map_err(|error| format!("{} cannot be made: {error}", scratch.display()))?;
    let file = scratch.join("skep.db");
    let is_there = exchange::copy(data_dir, &file).map_err(|error| error.to_string())?;
    let done = if is_there {
        give(&scratch, account)
            .and_then(|()| give(&file, account))
            .and_then(|()| migrate(program, &scratch, account))
    } else {
        Ok(())
    };
    drop(fs::remove_dir_all(&scratch));
    done.map(|()| Done::Unchanged)
        .map_err(|why| format!("the new version cannot work with the data: {why}"))
}

fn give(path: &Path, account: Account) -> Result<(), String> {
    std::os::unix::fs::chown(path, Some(account.user), Some(account.group))
        .map_err(|error| format!("{} cannot be given away: {error}", path.display()))
}

fn migrate(program: &Path, data_dir: &Path, account: Account) -> Result<(), String> {
    let mut command: Command =
        command::command(&program.display().to_string(), &["migrate", "--data-dir"]);
    command
        .arg(data_dir)
        .current_dir("/")
        .uid(account.user)
        .gid(account.group);
    command::finish(&program.display().to_string(), command, None).map(drop)
}

fn copy_database(work: &mut Work, data_dir: &Path, to: &Path) -> DeedResult {
    let account = work.account()?;
    if let Some(folder) = to.parent()
        && !folder.exists()
    {
        work.undos.push(Undo::RemoveFolder(folder.to_owned()));
        fs::create_dir(folder)
            .map_err(|error| format!("{} cannot be made: {error}", folder.display()))?;
        fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))
            .map_err(|error| error.to_string())?;
        give(folder, account)?;
    }
    work.undos.push(Undo::RemoveFile(to.to_owned()));
    if exchange::copy(data_dir, to).map_err(|error| error.to_string())? {
        fs::set_permissions(to, std::os::unix::fs::PermissionsExt::from_mode(0o600))
            .map_err(|error| error.to_string())?;
        give(to, account)?;
        return Ok(Done::Changed);
    }
    Ok(Done::Unchanged)
}

/// From here on the new program may take steps of the schema. It makes a copy before; that is the way back, and nothing
/// that was written until then is lost on it.
fn remember_the_way_back(work: &mut Work, data_dir: &Path, to_schema: i64) -> DeedResult {
    let account = work.account()?;
    let from_schema = exchange::schema_in(data_dir).map_err(|error| error.to_string())?;
    let Some(from_schema) = from_schema.filter(|from| *from < to_schema) else {
        return Ok(Done::Unchanged);
    };
    let copy = exchange::copy_before_step(data_dir, from_schema + 1);
    // One of an attempt before is not the way back from this one.
    drop(fs::remove_file(&copy));
    work.undos.push(Undo::PutDatabaseBack {
        data_dir: data_dir.to_owned(),
        copy,
        user: account.user,
        group: account.group,
    });
    Ok(Done::Unchanged)
}

fn restore_database(work: &mut Work, data_dir: &Path, from: &Path) -> DeedResult {
    let account = work.account()?;
    work.touches_service = true;
    wait_for(work, &["stop", SERVICE, SOCKET])?;
    let replaced = exchange::put_back(data_dir, from, (account.user, account.group))
        .map_err(|error| format!("{} cannot be put back: {error}", from.display()))?;
    work.undos.push(Undo::PutDatabaseBack {
        data_dir: data_dir.to_owned(),
        copy: replaced,
        user: account.user,
        group: account.group,
    });
    Ok(Done::Changed)
}
