//! `skep health` and `skep doctor` on data that is well, and on data with one fault each: the right line, the right exit
//! status, the right thing to do, and no harm done by looking.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::environment;
use crate::folder::Folder;
use crate::server::{ADMIN, Server};

/// Where nobody listens: the port is reserved.
const NOWHERE: &str = "127.0.0.1:1";

/// What a command printed, and how it ended.
struct Outcome {
    code: i32,
    report: Value,
    said: String,
}

impl Outcome {
    /// The finding with this id.
    #[track_caller]
    fn finding(&self, id: &str) -> &Value {
        let findings = self.report["findings"].as_array();
        findings
            .and_then(|findings| findings.iter().find(|finding| finding["id"] == id))
            .unwrap_or_else(|| panic!("no {id} in {} {}", self.report, self.said))
    }

    /// Demands that the finding has this verdict, and says and advises these words.
    #[track_caller]
    fn expect(&self, id: &str, verdict: &str, found: &str, remedy: &str) {
        let finding = self.finding(id);
        assert_eq!(finding["verdict"], verdict, "{finding}");
        let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        assert!(text("found").contains(found), "{finding}");
        assert!(text("remedy").contains(remedy), "{finding}");
        assert_eq!(
            finding.get("remedy").is_none(),
            verdict == "ok",
            "{finding}"
        );
        let expected = match self.report["verdict"].as_str().unwrap() {
            "ok" => 0,
            "warning" => 1,
            "critical" => 2,
            _ => 3,
        };
        assert_eq!(self.code, expected, "{}", self.report);
    }

    /// Demands that no finding is critical.
    #[track_caller]
    fn expect_nothing_critical(&self) {
        assert_ne!(self.report["verdict"], "critical", "{:#}", self.report);
    }
}

fn run(arguments: &[&str], data_dir: &Path) -> Outcome {
    let output = Command::new(environment::binary())
        .args(arguments)
        .arg("--data-dir")
        .arg(data_dir)
        .output()
        .unwrap();
    Outcome {
        code: output.status.code().unwrap(),
        report: serde_json::from_slice(&output.stdout).unwrap_or(Value::Null),
        said: String::from_utf8(output.stderr).unwrap(),
    }
}

fn health(data_dir: &Path, listen: &str) -> Outcome {
    run(&["health", "--json", "--listen", listen], data_dir)
}

fn doctor(data_dir: &Path) -> Outcome {
    run(&["doctor", "--json"], data_dir)
}

fn repair(data_dir: &Path) -> Outcome {
    run(&["doctor", "--json", "--repair"], data_dir)
}

/// A data folder with a case, a task, a log and a comment in it, and nobody using it.
fn data(folder: &Folder) -> PathBuf {
    let data_dir = folder.join("data");
    close_to_others(&data_dir);
    let server = Server::start(&data_dir);
    let key = server.provision();
    let mut client = server.client(&key);
    let mut post = |path: &str, body: Value| {
        let answer = client.send("POST", path, &body.to_string()).unwrap();
        answer.expect(201)
    };
    let case = post(
        "/api/v1/case",
        json!({ "title": "Phishing", "description": "A mail" }),
    );
    let case = case["_id"].as_str().unwrap();
    let task = post(
        &format!("/api/v1/case/{case}/task"),
        json!({ "title": "Ask the user" }),
    );
    let task = task["_id"].as_str().unwrap();
    post(
        &format!("/api/v1/task/{task}/log"),
        json!({ "message": "He clicked" }),
    );
    post(
        &format!("/api/v1/case/{case}/comment"),
        json!({ "message": "Handed over" }),
    );
    server.stop();
    data_dir
}

fn close_to_others(data_dir: &Path) {
    let only_the_owner = std::fs::Permissions::from_mode(0o700);
    std::fs::set_permissions(data_dir, only_the_owner).unwrap();
}

/// Does something to the database behind Skep's back.
fn tamper(data_dir: &Path, sql: &str) {
    let database = Connection::open(data_dir.join("skep.db")).unwrap();
    database
        .execute_batch(&format!("pragma foreign_keys = off; {sql}"))
        .unwrap();
}

/// Puts everything in the log into the database file, and takes the log away.
fn settle(data_dir: &Path) {
    tamper(data_dir, "pragma wal_checkpoint(truncate)");
    for ending in ["skep.db-wal", "skep.db-shm"] {
        drop(std::fs::remove_file(data_dir.join(ending)));
    }
}

/// Of a folder there is nothing but its name.
fn names_and_bytes(data_dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![data_dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(data_dir).unwrap();
            let name = name.to_str().unwrap().to_owned();
            let bytes = if path.is_dir() {
                folders.push(path);
                Vec::new()
            } else {
                std::fs::read(path).unwrap()
            };
            found.push((name, bytes));
        }
    }
    found.retain(|(name, _)| name != "skep.reserve");
    found.sort();
    found
}

fn set_own_password(address: SocketAddr) {
    let mut admin = crate::client::Client::open(address, ADMIN).unwrap();
    let body = json!({ "currentPassword": "secret", "password": "correct horse battery" });
    let path = "/api/v1/user/admin@thehive.local/password/change";
    let answer = admin.send("POST", path, &body.to_string()).unwrap();
    assert!(answer.is_success(), "{}", answer.body);
}

#[test]
fn a_server_that_is_well_is_found_well_and_quickly() {
    let folder = Folder::create();
    let data_dir = data(&folder);
    let server = Server::start(&data_dir);
    let listen = server.address.to_string();
    let before = health(&data_dir, &listen);
    before.expect("password", "warning", "everybody knows", "reset-password");
    set_own_password(server.address);
    let began = std::time::Instant::now();
    let well = health(&data_dir, &listen);
    assert!(began.elapsed().as_millis() < 2_000, "{:?}", began.elapsed());
    well.expect_nothing_critical();
    for id in [
        "port", "ready", "version", "clock", "database", "schema", "wal", "counters",
    ] {
        well.expect(id, "ok", "", "");
    }
    for id in [
        "password",
        "audit-chain",
        "full-text",
        "integrity",
        "permissions",
        "open-files",
    ] {
        well.expect(id, "ok", "", "");
    }
    for id in [
        "memory",
        "cores",
        "load",
        "disk",
        "disk-rate",
        "backup-space",
        "backup",
        "test-restore",
    ] {
        well.finding(id);
    }
    let examined = doctor(&data_dir);
    assert_eq!(
        (examined.code, &examined.report["verdict"]),
        (0, &json!("ok"))
    );
    let deep = run(
        &["health", "--json", "--deep", "--listen", &listen],
        &data_dir,
    );
    deep.expect("audit-chain", "ok", "over all", "");
    deep.expect("foreign-keys", "ok", "", "");
    server.stop();
}

#[test]
fn the_table_for_people_says_the_same() {
    let folder = Folder::create();
    let data_dir = data(&folder);
    let output = Command::new(environment::binary())
        .args(["health", "--listen", NOWHERE, "--data-dir"])
        .arg(&data_dir)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text.contains("CRITICAL  Port"), "{text}");
    assert!(text.contains("-> Start the server: skep serve."), "{text}");
    assert!(!text.contains('\u{1b}'), "there is no terminal: {text}");
}

#[test]
fn looking_leaves_no_trace() {
    let folder = Folder::create();
    let data_dir = data(&folder);
    settle(&data_dir);
    let before = names_and_bytes(&data_dir);
    health(&data_dir, NOWHERE);
    doctor(&data_dir);
    let after = names_and_bytes(&data_dir);
    let names = |files: &[(String, Vec<u8>)]| -> Vec<String> {
        files.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&before), names(&after));
    assert!(before == after, "a file was changed");
}

#[test]
fn a_server_that_is_stopped_is_critical() {
    let folder = Folder::create();
    let data_dir = data(&folder);
    let outcome = health(&data_dir, NOWHERE);
    outcome.expect("port", "critical", "Nobody listens", "skep serve");
    outcome.expect("database", "ok", "SQLite", "");
}

#[test]
fn another_program_on_the_port_is_told() {
    let folder = Folder::create();
    let data_dir = data(&folder);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        use std::io::Write;
        while let Ok((mut stream, _)) = listener.accept() {
            drop(stream.write_all(b"220 mail.example ESMTP\r\n"));
        }
    });
    let found = health(&data_dir, &listen);
    found.expect("ready", "critical", "not Skep", "Stop that program");
    found.expect(
        "port",
        "critical",
        "Taken by another program",
        "Stop that program",
    );
}

#[test]
fn a_program_that_hangs_up_on_the_port_is_told() {
    let folder = Folder::create();
    let data_dir = data(&folder);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || while listener.accept().is_ok() {});
    let found = health(&data_dir, &listen);
    found.expect("ready", "critical", "not Skep", "Stop that program");
    found.expect(
        "port",
        "critical",
        "Taken by another program",
        "Stop that program",
    );
}

#[test]
fn a_folder_that_others_can_look_into_is_critical() {
    let folder = Folder::create();
    let data_dir = data(&folder);
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&data_dir, open).unwrap();
    let remedy = format!("sudo chmod 700 {}", data_dir.display());
    health(&data_dir, NOWHERE).expect("permissions", "critical", "mode 755", &remedy);
    close_to_others(&data_dir);
    health(&data_dir, NOWHERE).expect("permissions", "ok", "", "");
    let exposed = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(data_dir.join("master.key"), exposed).unwrap();
    health(&data_dir, NOWHERE).expect("permissions", "critical", "master key", "chmod 600");
}

#[test]
fn a_damaged_page_is_found_and_not_mended() {
    let folder = Folder::create();
    let data_dir = data(&folder);
    settle(&data_dir);
    let file = data_dir.join("skep.db");
    let page: u64 = Connection::open(&file)
        .unwrap()
        .query_row(
            "select rootpage from sqlite_schema where name = 'task'",
            [],
            |row| row.get::<_, i64>(0),
        )
        .unwrap()
        .try_into()
        .unwrap();
    settle(&data_dir);
    let mut bytes = std::fs::read(&file).unwrap();
    let start = usize::try_from((page - 1) * 4_096).unwrap();
    bytes[start..start + 4_096].fill(0xA5);
    std::fs::write(&file, &bytes).unwrap();
    for outcome in [doctor(&data_dir), health(&data_dir, NOWHERE)] {
        outcome.expect("integrity", "critical", "amaged", "skep restore");
        assert_eq!(outcome.code, 2);
    }
    let refused = repair(&data_dir);
    assert_eq!(refused.code, 2);
    assert!(
        refused.said.contains("cannot be derived"),
        "{}",
        refused.said
    );
    assert!(refused.said.contains("skep restore"), "{}", refused.said);
    assert!(
        std::fs::read(&file).unwrap() == bytes,
        "the damaged file was changed"
    );
}

#[test]
fn a_file_that_was_cut_short_is_found_and_not_mended() {
    let folder = Folder::create();
    let data_dir = data(&folder);
    settle(&data_dir);
    let file = std::fs::File::options()
        .write(true)
        .open(data_dir.join("skep.db"))
        .unwrap();
    let length = file.metadata().unwrap().len();
    file.set_len(length / 2).unwrap();
    for outcome in [doctor(&data_dir), health(&data_dir, NOWHERE)] {
        outcome.expect("database", "critical", "amaged", "skep restore");
    }
    assert_eq!(repair(&data_dir).code, 2);
    file.set_len(0).unwrap();
    doctor(&data_dir).expect("database", "critical", "empty", "skep restore");
    file.set_len(1_000).unwrap();
    doctor(&data_dir).expect("database", "critical", "amaged", "skep restore");
    std::fs::remove_file(data_dir.join("skep.db")).unwrap();
    doctor(&data_dir).expect("database", "critical", "There is no", "--data-dir");
}

#[test]
fn texts_that_cannot_be_found_are_indexed_again() {
    let folder = Folder::create();
    let data_dir = data(&folder);
    tamper(
        &data_dir,
        "delete from full_text_index where rowid = (select id from \"case\" limit 1);
         delete from full_text where kind = 'Comment';
         delete from full_text_pieces where rowid = (select id from task limit 1);
         insert into full_text_pieces (rowid, pieces) values (999998, 'cabc');
         insert into full_text (id, kind, title, body, summary, extra) values (999999, 'Case', '', 'ghost', '', '')",
    );
    health(&data_dir, NOWHERE).expect("full-text", "warning", "cannot be found", "doctor --repair");
    doctor(&data_dir).expect(
        "full-text",
        "warning",
        "3 texts cannot be found by searching, 2 entries",
        "--repair",
    );
    let mended = repair(&data_dir);
    mended.expect("full-text", "ok", "4 texts", "");
    let done = mended.report["mended"].to_string();
    assert!(done.contains("3 texts put into"), "{done}");
    let again = repair(&data_dir);
    assert_eq!(again.report["mended"], json!([]));
    let server = Server::start(&data_dir);
    let mut admin = server.client(&server.key_of_analyst());
    for (kind, word) in [("listCase", "phishing"), ("listCase", "mail")] {
        let query = json!({ "query": [{ "_name": kind },
            { "_name": "filter", "_match": { "_field": "keyword", "_value": word } }] });
        let found = admin
            .send("POST", "/api/v1/query", &query.to_string())
            .unwrap();
        assert!(found.body.contains("Phishing"), "{word}: {}", found.body);
    }
    server.stop();
}

#[test]
fn an_index_that_lost_a_row_is_made_anew() {
    let folder = Folder::create();
    let data_dir = data(&folder);
    // The schema forgets the index while a row goes, and remembers it afterwards.
    let (root, sql): (i64, String) = Connection::open(data_dir.join("skep.db"))
        .unwrap()
        .query_row(
            "select rootpage, sql from sqlite_schema where name = 'comment_by_case'",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    let forget =
        "pragma writable_schema = on; delete from sqlite_schema where name = 'comment_by_case'";
    tamper(&data_dir, forget);
    tamper(&data_dir, "update comment set created_at = created_at + 1");
    let sql = sql.replace('\'', "''");
    tamper(
        &data_dir,
        &format!(
            "pragma writable_schema = on;
             insert into sqlite_schema values ('index', 'comment_by_case', 'comment', {root}, '{sql}')"
        ),
    );
    doctor(&data_dir).expect(
        "integrity",
        "critical",
        "An index is damaged",
        "doctor --repair",
    );
    let mended = repair(&data_dir);
    mended.expect("integrity", "ok", "", "");
    assert!(
        mended.report["mended"]
            .to_string()
            .contains("indexes were made anew")
    );
}

#[test]
fn what_hangs_on_nothing_goes_and_what_people_wrote_stays() {
    let folder = Folder::create();
    let data_dir = data(&folder);
    tamper(
        &data_dir,
        "insert into case_tag (case_id, tag, position) values (999999, 'lost', 0);
         update counter set value = 0 where name = 'case_number';
         update counter set value = 1 where name = 'entity_id';
         update \"case\" set title_folded = 'something else'",
    );
    let sick = doctor(&data_dir);
    sick.expect(
        "foreign-keys",
        "critical",
        "1 row of case_tag without case",
        "doctor --repair",
    );
    sick.expect(
        "counters",
        "critical",
        "case_number is 0",
        "doctor --repair",
    );
    sick.expect("folded", "warning", "1 row", "doctor --repair");
    health(&data_dir, NOWHERE).expect("counters", "critical", "given twice", "doctor --repair");
    let mended = repair(&data_dir);
    assert_eq!(mended.code, 0, "{:#}", mended.report);
    for word in [
        "case_tag without case removed",
        "case_number was set to 1",
        "entity_id",
        "folded",
    ] {
        assert!(
            mended.report["mended"].to_string().contains(word),
            "{word}: {:#}",
            mended.report
        );
    }
    // A task whose case is gone is all that is left of somebody's work.
    tamper(&data_dir, "update task set case_id = 999999");
    doctor(&data_dir).expect(
        "foreign-keys",
        "critical",
        "task without case",
        "skep restore",
    );
    let kept = repair(&data_dir);
    kept.expect(
        "foreign-keys",
        "critical",
        "1 row of task without case",
        "skep restore",
    );
    let tasks: i64 = Connection::open(data_dir.join("skep.db"))
        .unwrap()
        .query_row("select count(*) from task", [], |row| row.get(0))
        .unwrap();
    assert_eq!(tasks, 1);
}

#[test]
fn a_trail_that_was_altered_is_told_and_left_as_it_is() {
    let folder = Folder::create();
    let data_dir = data(&folder);
    tamper(&data_dir, "update audit set actor = 'nobody' where id = 5");
    doctor(&data_dir).expect("audit-chain", "critical", "record 5", "evidence");
    health(&data_dir, NOWHERE).expect("audit-chain", "critical", "record 5", "evidence");
    repair(&data_dir).expect("audit-chain", "critical", "record 5", "evidence");
    tamper(&data_dir, "delete from audit where id = 3");
    doctor(&data_dir).expect("audit-chain", "critical", "record 4", "evidence");
}

#[test]
fn data_of_a_newer_version_are_told_and_not_mended() {
    let folder = Folder::create();
    let data_dir = data(&folder);
    tamper(
        &data_dir,
        "insert into schema_migration (number, name, checksum, applied_at)
             select max(number) + 1, 'from tomorrow', 'x', 0 from schema_migration",
    );
    for outcome in [doctor(&data_dir), health(&data_dir, NOWHERE)] {
        outcome.expect("schema", "critical", "newer version", "skep upgrade");
    }
    let refused = repair(&data_dir);
    assert_eq!(refused.code, 2);
    assert!(
        refused.said.contains("nothing was changed"),
        "{}",
        refused.said
    );
}

#[test]
fn nothing_is_mended_while_a_server_runs() {
    let folder = Folder::create();
    let data_dir = data(&folder);
    let server = Server::start(&data_dir);
    let refused = repair(&data_dir);
    assert_eq!(refused.code, 2);
    assert!(refused.said.contains("Another Skep"), "{}", refused.said);
    assert!(
        refused.said.contains(&server.id().to_string()),
        "{}",
        refused.said
    );
    server.stop();
    assert_eq!(repair(&data_dir).code, 0);
}

#[test]
fn an_attachment_that_was_cut_short_is_found() {
    let folder = Folder::create();
    let data_dir = data(&folder);
    // The SHA-256 of "abc".
    let name = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let of_hash = data_dir.join("attachments/ba");
    std::fs::create_dir_all(&of_hash).unwrap();
    std::fs::write(of_hash.join(name), "abc").unwrap();
    doctor(&data_dir).expect("attachments", "ok", "1 file", "");
    std::fs::write(of_hash.join(name), "ab").unwrap();
    doctor(&data_dir).expect("attachments", "critical", name, "backup");
}

#[test]
fn where_nothing_can_be_found_out_the_status_is_unknown() {
    let folder = Folder::create();
    let outcome = run(&["health", "--config", "/nowhere/skep.toml"], folder.path());
    assert_eq!(outcome.code, 3);
    assert!(
        outcome.said.contains("Cannot read the settings"),
        "{}",
        outcome.said
    );
}

#[test]
fn a_dropped_index_is_made_again_and_a_dropped_table_is_not() {
    let folder = Folder::create();
    let data_dir = data(&folder);
    tamper(&data_dir, "drop index task_by_case");
    settle(&data_dir);
    let found = health(&data_dir, NOWHERE);
    found.expect(
        "objects",
        "critical",
        "index task_by_case",
        "doctor --repair",
    );
    doctor(&data_dir).expect(
        "objects",
        "critical",
        "index task_by_case",
        "doctor --repair",
    );
    let mended = repair(&data_dir);
    assert_eq!(
        mended.report["mended"][0]["id"], "objects",
        "{}",
        mended.said
    );
    mended.expect("objects", "ok", "All tables and indexes", "");

    tamper(&data_dir, "drop table case_tag");
    settle(&data_dir);
    doctor(&data_dir).expect("objects", "critical", "table case_tag", "skep restore");
    let refused = repair(&data_dir);
    assert_eq!(refused.code, 2);
    assert!(refused.said.contains("case_tag"), "{}", refused.said);
}

#[test]
fn a_key_that_does_not_open_what_is_sealed_is_told() {
    let folder = Folder::create();
    // It has a user with an API key.
    let data_dir = data(&folder);
    health(&data_dir, NOWHERE).expect("master-key", "ok", "opens what is sealed", "");
    let key = data_dir.join("master.key");
    let right = std::fs::read(&key).unwrap();
    std::fs::write(&key, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n").unwrap();
    let found = health(&data_dir, NOWHERE);
    found.expect(
        "master-key",
        "critical",
        "not the key of this data",
        "your copy",
    );
    std::fs::remove_file(&key).unwrap();
    health(&data_dir, NOWHERE).expect("master-key", "critical", "There is no", "your copy");
    std::fs::write(&key, right).unwrap();
    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(&key, open).unwrap();
    health(&data_dir, NOWHERE).expect("master-key", "critical", "Others may read", "chmod 600");
}

#[test]
fn watching_looks_again_and_sees_what_has_changed() {
    use std::io::{BufRead, BufReader};
    let folder = Folder::create();
    let data_dir = data(&folder);
    let mut watching = Command::new(environment::binary())
        .args(["health", "--watch", "1", "--listen", NOWHERE, "--data-dir"])
        .arg(&data_dir)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(watching.stdout.take().unwrap()).lines();
    let mut until = |words: &[&str]| {
        lines
            .by_ref()
            .map(Result::unwrap)
            .take(500)
            .find(|line| words.iter().all(|word| line.contains(word)))
            .unwrap_or_else(|| panic!("it never says {words:?}"))
    };
    until(&["ok", "Permissions"]);
    std::fs::set_permissions(&data_dir, std::fs::Permissions::from_mode(0o755)).unwrap();
    until(&["CRITICAL", "Permissions"]);
    close_to_others(&data_dir);
    until(&["ok", "Permissions"]);
    assert_eq!(watching.try_wait().unwrap(), None, "it ended by itself");
    watching.kill().unwrap();
    watching.wait().unwrap();
}
