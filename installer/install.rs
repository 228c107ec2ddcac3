//! `skep install`, from the first look to the last word.

use std::cmp::Ordering;
use std::path::Path;

use super::answers::{Answer, Answers, Given};
use super::data_device::{self, Partition};
use super::deed::Step;
use super::lock::Lock;
use super::looking;
use super::outcome::{Error, Result};
use super::preflight::{self, Existing, Subject};
use super::progress::Progress;
use super::questions::{Keeping, Questions};
use super::running::{FIRST_LOGIN, FIRST_PASSWORD};
use super::steps::{self, MountUnit, Site};
use super::version;
use super::work::{Done, Work};
use super::{Setup, upgrade};
use crate::machine::installation::{Record, sha256};
use crate::machine::{Disk, Finding, network};
use crate::storage::exchange;

/// Installs this program, or goes on where an installation was cut short, or brings what is installed to this version.
///
/// # Errors
/// Each with its exit status; see [`Error`].
pub fn install(given: Given, setup: &Setup) -> Result<()> {
    let screen = setup.screen;
    let can_ask = screen.is_interactive && !given.yes && !given.dry_run;
    let is_root = rustix::process::geteuid().is_root();
    let _lock = if is_root && !given.dry_run {
        Some(Lock::take(&setup.layout)?)
    } else {
        None
    };
    let existing = Existing::of(&setup.layout)?;
    let record = existing.record.clone();
    let mut answers = Answers::of(given, setup.environment, record.as_ref())?;
    let asks = can_ask && !answers.yes;
    if !asks && !answers.yes && !answers.dry_run {
        return Err(nobody_to_ask(setup));
    }
    if let Some(record) = record.as_ref().filter(|record| !record.is_unfinished) {
        match version::compare(setup.version, &record.version) {
            Ordering::Greater => {
                let program = Setup::own_program();
                return upgrade::with_lock(&program, answers.yes, answers.dry_run, setup);
            }
            Ordering::Less => return Err(older(setup, record)),
            Ordering::Equal => require_same_folder(record, &answers)?,
        }
        if !answers.dry_run && is_nothing_to_do(&answers, &existing, setup) {
            screen.insist(&format!(
                "Skep {} is installed and runs; there is nothing to do.",
                setup.version
            ));
            return Ok(());
        }
    }
    screen.title(&format!("Skep {}", setup.version));
    let findings = look(setup, &answers, &existing);
    let refusal = preflight::decide(&findings, &setup.again);
    if !answers.dry_run {
        refusal?;
        if record.is_none() {
            keep_or_not(&mut answers, asks, setup)?;
        }
        return go(answers, &findings, &existing, asks, setup);
    }
    let site = site(setup, &answers, &existing, None)?;
    print_plan(&steps::of(&site), &answers, setup);
    screen.say("\nNothing was changed: this was a dry run.");
    refusal
}

/// Whether the machine is as these answers want it. What keeps this from being found out is said on the usual way.
fn is_nothing_to_do(answers: &Answers, existing: &Existing, setup: &Setup) -> bool {
    let mut answers = answers.clone();
    partition(&mut answers)
        .and_then(|partition| {
            let site = site(setup, &answers, existing, partition.as_ref())?;
            Ok(!site.rewrites_settings && looking::is_all_done(&steps::of(&site), &setup.layout))
        })
        .unwrap_or(false)
}

/// Looks at the machine and tells what it sees.
fn look(setup: &Setup, answers: &Answers, existing: &Existing) -> Vec<Finding> {
    let program = Setup::own_program();
    let findings = preflight::run(&Subject {
        layout: &setup.layout,
        answers,
        existing,
        now_ms: setup.now_ms,
        program: &program,
    });
    setup.screen.title("Is this machine fit?");
    setup.screen.findings(&findings);
    findings
}

/// The rest of the questions, the plan, the deeds, the last words.
fn go(
    mut answers: Answers,
    findings: &[Finding],
    existing: &Existing,
    asks: bool,
    setup: &Setup,
) -> Result<()> {
    let is_new = existing.record.is_none();
    let questions = Questions::at(setup.screen, setup.interrupt);
    if asks && is_new {
        setup.screen.title(
            "Three questions; Enter takes what is offered, Ctrl-C leaves everything as it is",
        );
        if answers.data_dir.is_open() {
            answers.data_dir = Answer::asked(questions.data_dir(&answers.data_dir.value)?);
        }
        if answers.listen.is_open() {
            answers.listen = Answer::asked(questions.listen()?);
        }
        // Other answers, another disk, another port.
        preflight::decide(&again(setup, &answers, existing), &setup.again)?;
    }
    let partition = partition(&mut answers)?;
    let mut password = match &answers.password {
        Some(file) => Some(password_from(file)?),
        None => None,
    };
    let site_now = site(setup, &answers, existing, partition.as_ref())?;
    print_plan(&steps::of(&site_now), &answers, setup);
    let has_data = has_data(&answers);
    if asks && is_new && password.is_none() && !has_data {
        setup.screen.say("");
        password = questions.password()?;
    } else if asks && !questions.goes_on("Go on?", true)? {
        return Err(Error::Declined("Nothing was changed.".to_owned()));
    }
    setup.interrupt.check(false)?;
    let site = Site {
        sets_password: password.is_some() && is_new,
        ..site_now
    };
    let mut work = Work::new(
        &setup.layout,
        setup.interrupt,
        new_record(setup, &answers, existing, findings, &site),
    );
    work.password = password;
    setup.screen.title("Installing");
    let done = work.run(&steps::of(&site), &Progress::on(setup.screen))?;
    let had_data = work.had_data;
    let has_password = work.password.is_some();
    finish(work, existing, done, setup)?;
    if done == Done::Unchanged {
        setup.screen.insist(&format!(
            "\nSkep {} is installed and runs; there was nothing to do.",
            setup.version
        ));
    } else {
        last_words(&answers, has_password, had_data || !is_new, setup);
    }
    Ok(())
}

/// The checks once more, silently, after the answers.
fn again(setup: &Setup, answers: &Answers, existing: &Existing) -> Vec<Finding> {
    preflight::run(&Subject {
        layout: &setup.layout,
        answers,
        existing,
        now_ms: setup.now_ms,
        program: &Setup::own_program(),
    })
}

fn finish(mut work: Work, existing: &Existing, done: Done, setup: &Setup) -> Result<()> {
    let was_unfinished = existing
        .record
        .as_ref()
        .is_none_or(|record| record.is_unfinished);
    if done == Done::Unchanged && !was_unfinished {
        return Ok(());
    }
    work.record.is_unfinished = false;
    work.record
        .write(&setup.layout)
        .map_err(Error::file("Cannot write", setup.layout.record()))
}

fn nobody_to_ask(setup: &Setup) -> Error {
    Error::Declined(format!(
        "There is no terminal to ask at, so nothing was done. To install with the defaults:\n\n  sudo {} --yes\n\n\
         The answers as flags: --data-dir FOLDER, --listen local|network|ADDRESS:PORT, --admin-password-file FILE|-",
        setup.again
    ))
}

fn older(setup: &Setup, record: &Record) -> Error {
    Error::Conflict(format!(
        "Version {} is installed, which is newer than this {}. To go back: sudo skep rollback",
        record.version, setup.version
    ))
}

fn require_same_folder(record: &Record, answers: &Answers) -> Result<()> {
    if record.data_dir == answers.data_dir.value {
        return Ok(());
    }
    Err(Error::Conflict(format!(
        "The data is in {}. An installation does not move it: back it up, uninstall, install with the other folder, and restore.",
        record.data_dir.display()
    )))
}

/// On what keeps nothing, somebody has to say that this is well, or where else the data goes.
fn keep_or_not(answers: &mut Answers, asks: bool, setup: &Setup) -> Result<()> {
    let root = setup.layout.root();
    let is_volatile = Disk::of(root, &answers.data_dir.value).is_ok_and(|disk| disk.is_volatile);
    if !is_volatile || answers.data_device.is_some() {
        return Ok(());
    }
    setup.screen.say("");
    setup.screen.boxed(&[
        "The data would lie in memory: this is a live session.",
        "Every case is gone when the machine is switched off or restarts.",
        "To keep them: a USB disk with ext4, xfs or btrfs, and --data-device.",
    ]);
    if answers.ephemeral_ok {
        return Ok(());
    }
    if !asks {
        return Err(Error::Requirements(format!(
            "The data would not outlive this session. Say that this is well, or where to keep it:\n\n  \
             sudo {0} --ephemeral-ok\n  sudo {0} --data-device LABEL",
            setup.again
        )));
    }
    let partitions = data_device::list().unwrap_or_default();
    let questions = Questions::at(setup.screen, setup.interrupt);
    match questions.keeping(&partitions, &answers.data_dir.value)? {
        Keeping::Memory => answers.data_dir = Answer::asked(answers.data_dir.value.clone()),
        Keeping::Disk(partition) => answers.data_device = partition.uuid,
        Keeping::Folder(folder) => answers.data_dir = Answer::asked(folder),
    }
    answers.ephemeral_ok = answers.data_device.is_none();
    Ok(())
}

/// The disk for the data, if one was named; then the folder is on it.
fn partition(answers: &mut Answers) -> Result<Option<Partition>> {
    let Some(named) = &answers.data_device else {
        return Ok(None);
    };
    let partitions = data_device::list()?;
    let partition = data_device::choose(&partitions, named)?.clone();
    answers.data_dir = Answer::asked(data_device::data_dir());
    answers.data_device.clone_from(&partition.uuid);
    Ok(Some(partition))
}

fn password_from(file: &Path) -> Result<String> {
    let read = if file == Path::new("-") {
        std::io::read_to_string(std::io::stdin())
    } else {
        std::fs::read_to_string(file)
    };
    let password = read.map_err(Error::file("Cannot read", file))?;
    let password = password.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(Error::Usage(format!(
            "{} holds no password.",
            file.display()
        )));
    }
    Ok(password.to_owned())
}

fn has_data(answers: &Answers) -> bool {
    exchange::schema_in(&answers.data_dir.value).is_ok_and(|schema| schema.is_some())
}

fn site<'a>(
    setup: &'a Setup,
    answers: &'a Answers,
    existing: &Existing,
    partition: Option<&Partition>,
) -> Result<Site<'a>> {
    let mount: Option<MountUnit> = partition.map(|partition| {
        data_device::mount_unit(
            partition.uuid.as_deref().unwrap_or_default(),
            partition.fstype.as_deref().unwrap_or_default(),
        )
    });
    let is_volatile = mount.is_none()
        && Disk::of(setup.layout.root(), &answers.data_dir.value)
            .is_ok_and(|disk| disk.is_volatile);
    Ok(Site {
        layout: &setup.layout,
        answers,
        program: Setup::own_program(),
        version: setup.version.to_owned(),
        is_volatile,
        rewrites_settings: rewrites_settings(setup, answers, existing)?,
        sets_password: answers.password.is_some() && existing.record.is_none(),
        mount,
    })
}

/// Whether the settings have to be written anew: another address was answered. What somebody changed by hand is not
/// overwritten.
fn rewrites_settings(setup: &Setup, answers: &Answers, existing: &Existing) -> Result<bool> {
    let path = setup.layout.settings();
    let Some(record) = &existing.record else {
        return Ok(false);
    };
    if record.listen == answers.listen.value.to_string() || !path.exists() {
        return Ok(false);
    }
    let now = sha256(&path).map_err(Error::file("Cannot read", &path))?;
    let is_ours = record
        .placed
        .iter()
        .any(|placed| placed.path == path && placed.content.as_ref() == Some(&now));
    if is_ours {
        return Ok(true);
    }
    Err(Error::Conflict(format!(
        "{} was changed by hand, so it is not overwritten. Set listen = \"{}\" in it yourself, and the same in: systemctl edit skep.socket",
        path.display(),
        answers.listen.value
    )))
}

fn new_record(
    setup: &Setup,
    answers: &Answers,
    existing: &Existing,
    findings: &[Finding],
    site: &Site,
) -> Record {
    let before = existing.record.as_ref();
    Record {
        version: setup.version.to_owned(),
        installed_at: before.map_or(setup.now_ms, |record| record.installed_at),
        updated_at: before.map_or(setup.now_ms, |record| record.updated_at),
        data_dir: answers.data_dir.value.clone(),
        listen: answers.listen.value.to_string(),
        data_device: answers.data_device.clone(),
        low_resources: before
            .and_then(|record| record.low_resources.clone())
            .or_else(|| {
                answers
                    .allow_low_resources
                    .then(|| preflight::low_resources(findings))
                    .flatten()
            }),
        is_ephemeral: site.is_volatile,
        is_unfinished: true,
        has_made_account: before.map_or_else(
            || super::account::is_ours(setup.layout.root()),
            |record| record.has_made_account,
        ),
        placed: before
            .map(|record| record.placed.clone())
            .unwrap_or_default(),
        previous: before.and_then(|record| record.previous.clone()),
    }
}

/// What will be done, with who said what.
pub(super) fn print_plan(steps: &[Step], answers: &Answers, setup: &Setup) {
    let screen = setup.screen;
    screen.title("The plan");
    screen.say(&format!(
        "  Data folder  {} ({})",
        answers.data_dir.value.display(),
        answers.data_dir.source.in_words()
    ));
    screen.say(&format!(
        "  Address      {} ({})",
        answers.listen.value,
        answers.listen.source.in_words()
    ));
    print_steps(steps, setup);
}

/// What will be done.
pub(super) fn print_steps(steps: &[Step], setup: &Setup) {
    for step in steps {
        setup.screen.say(&format!("  {}", step.title));
        for deed in &step.deeds {
            setup.screen.say(&format!("    {}", deed.in_words()));
        }
    }
}

fn last_words(answers: &Answers, has_password: bool, had_data: bool, setup: &Setup) {
    let screen = setup.screen;
    if answers.no_start {
        screen.insist("\nSkep is installed. Start it with: sudo systemctl start skep.socket skep");
        return;
    }
    screen.title("Skep is ready");
    for (index, url) in network::urls(answers.listen.value, &network::addresses())
        .iter()
        .enumerate()
    {
        let label = if index == 0 { "Open" } else { "" };
        screen.insist(&format!("  {label:<10} {url}"));
    }
    screen.insist(&if had_data {
        "  Sign in    as before: the users and passwords are those of the data".to_owned()
    } else if has_password {
        format!("  Sign in    {FIRST_LOGIN} with the password you chose")
    } else {
        format!("  Sign in    {FIRST_LOGIN} / {FIRST_PASSWORD} (from this machine only; change it in Settings)")
    });
    screen.insist(&format!(
        "  Data       {}",
        answers.data_dir.value.display()
    ));
    screen.insist("  Logs       journalctl -u skep -e");
    screen.insist("\nNext:");
    screen.insist("  skep health            how it is, and what to do");
    screen.insist("  sudo skep backup FILE  a copy of everything, checked");
    screen.insist("  sudo skep uninstall    remove it; the data stays");
}
