//! Whatever is sent to whichever endpoint: never a failure of the server, always the API's form of a refusal.
//!
//! `PROPTEST_CASES` asks for more than the usual number of cases.

mod body;
mod query;
mod tape;

use std::cell::Cell;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use http::Method;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::{Value, json};
use skep::access::endpoint::CatalogueEntry;
use skep::server::router::endpoints;
use tokio::runtime::Runtime;

use crate::harness::{Answer, Client, Server, Targets, Team, path_with};
use tape::{Tape, tapes};

/// No answer may take longer, on a slow machine and without optimisation.
const TIME_MAX: Duration = Duration::from_secs(10);
/// They wait, or never end.
const WAITING: [&str; 2] = ["read_stream", "listen_to_events"];

/// They change what all tests of this process have in common.
const OF_THE_PROCESS: [&str; 1] = ["set_log_level"];

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// The longest address that a client of ours can send.
const URI_MAX: usize = 65_000;

/// A runner with one of `part` of the usual number of cases.
fn runner(part: u32) -> TestRunner {
    let cases = (Config::default().cases / part).max(1);
    TestRunner::new(Config {
        failure_persistence: None,
        ..Config::with_cases(cases)
    })
}

/// Demands an answer that is a success, or a refusal in the API's form.
fn check(answer: &Answer, took: Duration, sent: &str) -> Result<bool, TestCaseError> {
    let status = answer.status.as_u16();
    let fail = |why: &str| {
        let text: String = answer.text().chars().take(500).collect();
        Err(TestCaseError::fail(format!(
            "{why}: {sent}\n{status} {text}"
        )))
    };
    if took > TIME_MAX {
        return fail(&format!("took {took:?}"));
    }
    match status {
        200..400 => return Ok(true),
        400..500 => {}
        _ => return fail("failed"),
    }
    let body: Value = serde_json::from_slice(&answer.bytes).unwrap_or_default();
    if body["type"].is_string() && body["message"].is_string() {
        Ok(false)
    } else {
        fail("refused in another form")
    }
}

/// Who calls: by key, so that no change of a password shuts him out.
struct Callers<'a> {
    admin: Client<'a>,
    org_admin: Client<'a>,
    team: Team<'a>,
}

impl<'a> Callers<'a> {
    async fn create(server: &'a Server) -> Self {
        let team = server.team().await;
        let org_admin = server
            .key_holder("olaf@acme.test", "acme", "org-admin")
            .await;
        let path = "/api/v1/user/admin@thehive.local/key/renew";
        let key = server.admin().post_nothing(path).await.text();
        Self {
            admin: server.anonymous().bearer(key.trim()),
            org_admin,
            team,
        }
    }

    /// Somebody with the right to call the endpoint.
    fn of(&self, entry: &CatalogueEntry) -> &Client<'a> {
        let is_allowed = entry.need.is_met_by(org_admin_permissions());
        if is_allowed {
            &self.org_admin
        } else {
            &self.admin
        }
    }

    /// Things to be called on that no other test case has spoiled.
    async fn targets(&self, number: usize) -> Own {
        let targets = Targets::create(&self.team).await;
        let (user, organisation, profile) = (
            format!("u{number}@acme.test"),
            format!("o{number}"),
            format!("p{number}"),
        );
        for (path, body) in [
            (
                "user",
                json!({ "login": user, "name": "n", "profile": "read-only", "organisation": "acme" }),
            ),
            (
                "organisation",
                json!({ "name": organisation, "description": "d" }),
            ),
            (
                "profile",
                json!({ "name": profile, "permissions": ["manageTask"] }),
            ),
        ] {
            self.admin
                .post(&format!("/api/v1/{path}"), body)
                .await
                .expect(201);
        }
        Own {
            targets,
            user,
            organisation,
            profile,
        }
    }
}

/// What a few endpoints may spoil without the others missing it.
struct Own {
    targets: Targets,
    user: String,
    organisation: String,
    profile: String,
}

impl Own {
    /// What stands for a parameter of a path.
    fn value(&self, name: &str, path: &str) -> &str {
        match name {
            "id" if path.contains("/user/") => &self.user,
            "userId" | "user" | "idOrLogin" => &self.user,
            "orgId" if !path.contains("/task/") => &self.organisation,
            "profileId" => &self.profile,
            _ => self.targets.value(name, path),
        }
    }
}

fn org_admin_permissions() -> skep::access::PermissionSet {
    use skep::access::permission::PermissionScope::Admin;
    let all = skep::access::Permission::ALL.iter().copied();
    all.filter(|permission| permission.scope() != Admin)
        .collect()
}

/// A request to the endpoint: path with its parameters, query string, body.
fn request(
    tape: &mut Tape,
    entry: &CatalogueEntry,
    document: &Value,
    own: &Own,
) -> (String, Vec<u8>) {
    let operation = &document["paths"][&entry.path][entry.method.to_lowercase()];
    let mut path = path_with(entry, |name| {
        if tape.is_once_in(6) {
            escaped(&tape.text())
        } else {
            own.value(name, &entry.path).to_owned()
        }
    });
    let mut separator = '?';
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        if parameter["in"] == "query" && tape.below(2) == 1 {
            let value = if tape.below(2) == 0 {
                tape.number().to_string()
            } else {
                tape.text()
            };
            let name = parameter["name"].as_str().unwrap();
            write!(path, "{separator}{name}={}", escaped(&value)).unwrap();
            separator = '&';
        }
    }
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let json = if schema.is_null() {
        Value::Null
    } else {
        body::body(tape, document, schema)
    };
    let mut bytes = serde_json::to_vec(&json).unwrap();
    if tape.is_once_in(20) {
        bytes.truncate(tape.below(bytes.len()));
    }
    if tape.is_once_in(20) && !bytes.is_empty() {
        let at = tape.below(bytes.len());
        bytes[at] = tape.pick(&[0xff, 0xc0, 0x00, b'"', b'\\']);
    }
    (path, bytes)
}

fn escaped(text: &str) -> String {
    if text.is_empty() {
        return "%20".to_owned();
    }
    text.bytes().fold(String::new(), |mut escaped, byte| {
        write!(escaped, "%{byte:02X}").unwrap();
        escaped
    })
}

#[test]
fn whatever_is_sent_is_answered_or_refused() {
    let runtime = runtime();
    let server = runtime.block_on(Server::start());
    let callers = runtime.block_on(Callers::create(&server));
    let document = runtime.block_on(callers.admin.get("/api/skep/v1/openapi.json"));
    let document = document.expect(200);
    let mut never_accepted = Vec::new();
    let mut own = runtime.block_on(callers.targets(0));
    let mut uses = 0;
    for (number, entry) in endpoints().catalogue.iter().enumerate() {
        if WAITING.contains(&entry.handler) || OF_THE_PROCESS.contains(&entry.handler) {
            continue;
        }
        // New ones after what may have taken the old ones away; each time would take longer than all else here.
        if uses >= 4 || entry.method == "DELETE" {
            own = runtime.block_on(callers.targets(number));
            uses = 0;
        }
        uses += if entry.method == "DELETE" { 4 } else { 1 };
        let caller = match entry.handler {
            "login" | "login_legacy" => &server.anonymous().from_address("192.0.2.1"),
            _ => callers.of(entry),
        };
        let method = Method::from_bytes(entry.method.as_bytes()).unwrap();
        let accepted = Cell::new(0);
        let outcome = runner(16).run(&tapes(60), |choices| {
            let (path, bytes) = request(&mut Tape::new(&choices), entry, &document, &own);
            if path.len() > URI_MAX {
                return Ok(());
            }
            let sent = format!("{method} {path} {}", String::from_utf8_lossy(&bytes));
            let started = Instant::now();
            let kind = Some("application/json");
            let answer = runtime.block_on(caller.send_bytes(method.clone(), &path, kind, bytes));
            let is_accepted = check(&answer, started.elapsed(), &sent)?;
            accepted.set(accepted.get() + usize::from(is_accepted));
            Ok(())
        });
        outcome.unwrap_or_else(|failure| panic!("{} {}: {failure}", entry.method, entry.path));
        if accepted.get() == 0 {
            never_accepted.push(entry.handler);
        }
    }
    eprintln!("never accepted: {never_accepted:?}");
    assert!(
        never_accepted.len() * 3 < endpoints().catalogue.len(),
        "proves little: {never_accepted:?}"
    );
}

#[test]
fn whatever_is_queried_is_answered_or_refused() {
    let runtime = runtime();
    let server = runtime.block_on(Server::start());
    let team = runtime.block_on(server.team());
    runtime.block_on(fill(&team));
    let accepted = Cell::new(0);
    let outcome = runner(1).run(&tapes(80), |choices| {
        let operations = query::chain(&mut Tape::new(&choices));
        let sent = operations.to_string();
        let started = Instant::now();
        let answer = runtime.block_on(team.analyst.query(operations));
        let is_accepted = check(&answer, started.elapsed(), &sent)?;
        accepted.set(accepted.get() + usize::from(is_accepted));
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    let accepted = accepted.get();
    eprintln!("accepted: {accepted}");
    assert!(accepted > 20, "proves little: {accepted} were accepted");
}

/// Cases of all stages, with the dates at the ends of what a date can be.
async fn fill(team: &Team<'_>) {
    let end = skep::wire::date::DATE_MS_MAX;
    for (start, status) in [(-end, "New"), (0, "InProgress"), (end, "TruePositive")] {
        let case = team
            .analyst
            .post(
                "/api/v1/case",
                json!({ "title": "Zürich 🐝", "description": "d", "startDate": start, "dueDate": end,
                    "endDate": end, "status": status, "tags": ["a", "b"],
                    "tasks": [{ "title": "t", "dueDate": -end, "order": i32::MAX }, { "title": "u" }] }),
            )
            .await;
        let path = format!("/api/v1/case/{}/comment", case.id());
        team.analyst
            .post(&path, json!({ "message": "m" }))
            .await
            .expect(201);
    }
}
