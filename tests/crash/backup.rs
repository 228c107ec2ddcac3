//! Backups of a program at work: what was acknowledged before one is begun is in it, and a backup that was killed is none.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::database;
use crate::environment;
use crate::folder::{Folder, copy_database};
use crate::load::Writer;
use crate::oracle::{self, Extent};
use crate::random::Random;
use crate::server::Server;

/// Runs the program with these arguments on `data_dir` until it ends.
pub fn skep(data_dir: &Path, arguments: &[&str]) -> Output {
    command(data_dir, arguments).output().unwrap()
}

fn command(data_dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(environment::binary());
    command
        .args(arguments)
        .arg("--data-dir")
        .arg(data_dir)
        .stdin(Stdio::null());
    command
}

/// The same where it must end well; gives what it printed.
#[track_caller]
pub fn expect_success(data_dir: &Path, arguments: &[&str]) -> String {
    let output = skep(data_dir, arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// The same where it must be refused, in one sentence, which it gives.
#[track_caller]
pub fn expect_refusal(data_dir: &Path, arguments: &[&str]) -> String {
    let output = skep(data_dir, arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
    assert!(
        said.starts_with("skep: ") && said.lines().count() == 1,
        "{arguments:?}: {said}"
    );
    assert!(
        said.matches("(os error").count() <= 1,
        "it says the same twice: {said}"
    );
    said
}

fn writers(random: &mut Random, name: &str, count: usize) -> Vec<Writer> {
    (0..count)
        .map(|number| Writer::new(random.next(), format!("{name} {number}")))
        .collect()
}

/// Runs `work` while `writers` write.
fn under_load<T>(
    server: &Server,
    key: &str,
    writers: &mut [Writer],
    work: impl FnOnce() -> T,
) -> T {
    let is_over = AtomicBool::new(false);
    let address = server.address;
    std::thread::scope(|scope| {
        for writer in writers {
            scope.spawn(|| writer.run(address, key, &is_over));
        }
        let done = work();
        is_over.store(true, Ordering::Relaxed);
        done
    })
}

#[test]
fn every_write_acknowledged_before_a_backup_is_in_it() {
    let rounds = if environment::is_full() { 50 } else { 3 };
    let mut random = Random::new(environment::seed("backup under load"));
    let folder = Folder::create();
    let data_dir = folder.join("data");
    let server = Server::start(&data_dir);
    let key = server.provision();
    // The first write before each backup and rest meanwhile, so that what must be in it is known; the others never rest.
    let mut first = writers(&mut random, "before", 3);
    let mut others = writers(&mut random, "meanwhile", 3);
    for round in 1..=rounds {
        let file = folder.path().join(format!("backup-{round}"));
        let time = Duration::from_millis(50 + random.below(300) as u64);
        under_load(&server, &key, &mut first, || std::thread::sleep(time));
        let noted: usize = others.iter().map(|writer| writer.tally.acknowledged).sum();
        under_load(&server, &key, &mut others, || {
            expect_success(&data_dir, &["backup", file.to_str().unwrap()])
        });
        let meanwhile: usize = others.iter().map(|writer| writer.tally.acknowledged).sum();
        assert!(meanwhile > noted, "nobody wrote meanwhile");

        let elsewhere = folder.path().join(format!("elsewhere-{round}"));
        expect_success(&elsewhere, &["restore", file.to_str().unwrap()]);
        let records = database::check(&copy_database(&elsewhere, &folder.join("copy")));
        let restored = Server::start(&elsewhere);
        let found = oracle::check(&restored, &key, &mut first, Extent::Everything);
        assert!(found.compared > 0);
        restored.stop();
        eprintln!(
            "round {round}: {} cases compared, {records} records in the trail, {} writes meanwhile",
            found.compared,
            meanwhile - noted
        );
        std::fs::remove_dir_all(&elsewhere).unwrap();
        std::fs::remove_file(&file).unwrap();
    }
    server.stop();
}

#[test]
fn a_backup_that_is_killed_leaves_no_backup_and_the_next_one_is_whole() {
    let rounds = if environment::is_full() { 40 } else { 6 };
    let mut random = Random::new(environment::seed("backup killed"));
    let folder = Folder::create();
    let data_dir = folder.join("data");
    let server = Server::start(&data_dir);
    let key = server.provision();
    let mut all = writers(&mut random, "writer", 4);
    under_load(&server, &key, &mut all, || {
        std::thread::sleep(Duration::from_millis(500));
    });
    let into = folder.path().join("backups");
    let into = format!("{}/", into.display());
    let mut killed = 0;
    for _ in 0..rounds {
        let mut process = command(&data_dir, &["backup", "--keep=9,0,0", &into])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(5 + random.below(250) as u64));
        killed += usize::from(process.try_wait().unwrap().is_none());
        drop(process.kill());
        process.wait().unwrap();
        for file in backups_in(&into) {
            expect_success(&data_dir, &["backup", "--verify", file.to_str().unwrap()]);
        }
    }
    eprintln!("{killed} of {rounds} were killed before their end");
    // Another second, another name.
    std::thread::sleep(Duration::from_millis(1_100));
    let printed = expect_success(&data_dir, &["backup", "--keep", &into]);
    let last = PathBuf::from(printed.lines().next().unwrap());
    assert!(backups_in(&into).contains(&last), "{printed}");
    let work = data_dir.join("backups/.work");
    assert!(!work.exists(), "something is left over");
    server.stop();
}

/// What has the name of a backup.
fn backups_in(folder: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "zst"))
        .collect()
}

#[test]
fn what_cannot_be_done_is_said_in_one_sentence() {
    let folder = Folder::create();
    let data_dir = folder.join("data");
    let file = folder.path().join("backup");
    let file = file.to_str().unwrap();
    let said = expect_refusal(&data_dir, &["backup", file]);
    assert!(said.contains("There is no database in"), "{said}");
    let server = Server::start(&data_dir);
    let printed = expect_success(&data_dir, &["backup", file]);
    assert!(
        printed.contains("NOT in it"),
        "no word of the master key: {printed}"
    );
    let said = expect_refusal(&data_dir, &["restore", file]);
    assert!(said.contains("stop it"), "{said}");
    let said = expect_refusal(&data_dir, &["backup", file]);
    assert!(said.contains("is there already"), "{said}");
    let missing = folder.path().join("no/such/folder");
    let said = expect_refusal(&data_dir, &["backup", missing.to_str().unwrap()]);
    assert!(said.contains("Cannot write"), "{said}");
    let said = expect_refusal(&data_dir, &["restore", missing.to_str().unwrap()]);
    assert!(said.contains("Cannot open"), "{said}");
    let said = expect_refusal(&data_dir, &["backup", "--keep", file]);
    assert!(said.contains("is a file; give a folder"), "{said}");
    // The first backup of an installation makes the folder, as the nightly timer calls it and as a person would.
    let nightly = data_dir.join("backups");
    let state = nightly.join("state.json");
    let one = expect_success(&data_dir, &["backup", nightly.to_str().unwrap()]);
    assert!(
        Path::new(one.lines().next().unwrap()).starts_with(&nightly),
        "{one}"
    );
    let elsewhere = folder.path().join("new/nightly");
    let other = expect_success(
        &data_dir,
        &["backup", "--keep", elsewhere.to_str().unwrap()],
    );
    assert!(
        Path::new(other.lines().next().unwrap()).starts_with(&elsewhere),
        "{other}"
    );
    assert!(state.is_file());
    let secret = folder.path().join("passphrase");
    std::fs::write(&secret, "correct horse\n").unwrap();
    let encrypted = format!("{file}.age");
    let secret = secret.to_str().unwrap();
    let printed = expect_success(
        &data_dir,
        &["backup", "--passphrase-file", secret, &encrypted],
    );
    assert!(printed.contains("The master key is in it"), "{printed}");
    let said = expect_refusal(&data_dir, &["backup", "--verify", &encrypted]);
    assert!(said.contains("--passphrase-file"), "{said}");
    expect_success(
        &data_dir,
        &[
            "backup",
            "--verify",
            &encrypted,
            "--passphrase-file",
            secret,
        ],
    );
    server.stop();
}

#[test]
fn the_configuration_is_written_down_and_made_elsewhere() {
    let folder = Folder::create();
    let (first, second) = (folder.join("first"), folder.join("second"));
    let server = Server::start(&first);
    server.provision();
    let text = expect_success(&first, &["export-config"]);
    assert!(text.contains("\"name\": \"lab\""), "{text}");
    let file = folder.path().join("configuration.json");
    let file = file.to_str().unwrap();
    expect_success(&first, &["export-config", file]);
    assert_eq!(std::fs::read_to_string(file).unwrap(), text);
    server.stop();

    let server = Server::start(&second);
    let said = expect_success(&second, &["import-config", file, "--dry-run"]);
    assert!(
        said.starts_with("+ organisation lab\nNothing was changed"),
        "{said}"
    );
    let said = expect_refusal(&second, &["import-config", file]);
    assert!(said.contains("stop it"), "{said}");
    server.stop();
    let said = expect_success(&second, &["import-config", file]);
    assert_eq!(said, "+ organisation lab\nDone.\n");
    let said = expect_success(&second, &["import-config", file]);
    assert_eq!(said, "All is so already.\n");
    std::fs::write(file, "{").unwrap();
    let said = expect_refusal(&second, &["import-config", file]);
    assert!(said.contains("This is no configuration of Skep"), "{said}");
}
