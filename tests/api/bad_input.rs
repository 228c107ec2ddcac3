//! Bad input, each kind of it once, against every endpoint that it can be sent to.
//!
//! The endpoints, and the types of their attributes, come from the catalogue and from the API's own description, so a
//! new endpoint is tried too.

use std::time::{Duration, Instant};

use http::Method;
use serde_json::{Value, json};
use skep::access::PermissionSet;
use skep::access::endpoint::CatalogueEntry;
use skep::server::router::endpoints;

use crate::harness::{Answer, Client, Server, Targets, path_with, sample};

const JSON: Option<&str> = Some("application/json");

/// Those who can call everything between them.
struct Callers<'a> {
    server: &'a Server,
    admin: Client<'a>,
    org_admin: Client<'a>,
}

impl<'a> Callers<'a> {
    fn of(&self, entry: &CatalogueEntry) -> Client<'a> {
        if entry.handler.starts_with("login") {
            return self.server.anonymous();
        }
        let is_of_the_platform = !entry.need.is_met_by(org_admin());
        if is_of_the_platform {
            self.admin.clone()
        } else {
            self.org_admin.clone()
        }
    }
}

fn org_admin() -> PermissionSet {
    use skep::access::permission::PermissionScope::Admin;
    let all = skep::access::Permission::ALL.iter().copied();
    all.filter(|permission| permission.scope() != Admin)
        .collect()
}

/// The endpoints that take a body, with the schema of it.
fn endpoints_with_body(document: &Value) -> Vec<(CatalogueEntry, Value)> {
    let with_schema = endpoints().catalogue.into_iter().filter_map(|entry| {
        let operation = &document["paths"][&entry.path][entry.method.to_lowercase()];
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        (!schema.is_null()).then(|| (entry, schema.clone()))
    });
    with_schema.collect()
}

async fn send(client: &Client<'_>, entry: &CatalogueEntry, path: &str, body: Vec<u8>) -> Answer {
    let method = Method::from_bytes(entry.method.as_bytes()).unwrap();
    client.send_bytes(method, path, JSON, body).await
}

#[tokio::test]
async fn what_is_no_json_is_refused_by_every_endpoint() {
    let server = Server::start().await;
    let team = server.team().await;
    let targets = Targets::create(&team).await;
    let callers = Callers {
        server: &server,
        admin: server.admin(),
        org_admin: team.org_admin,
    };
    let document = callers
        .admin
        .get("/api/skep/v1/openapi.json")
        .await
        .expect(200);
    let deep = |open: &str, close: &str| {
        format!("{}{}", open.repeat(10_000), close.repeat(10_000)).into_bytes()
    };
    let bodies: [Vec<u8>; 12] = [
        b"".to_vec(),
        b"{".to_vec(),
        b"{}{}".to_vec(),
        b"{\"a\":1,}".to_vec(),
        b"{'a':1}".to_vec(),
        b"{\"a\":NaN}".to_vec(),
        b"\xef\xbb\xbf{}".to_vec(),
        b"\xff\xfe{\0}\0".to_vec(),
        b"{\"a\":\"\xc3\x28\"}".to_vec(),
        b"{\"a\":\"\\u0000\"}".to_vec(),
        deep("[", "]"),
        deep("{\"a\":", "}"),
    ];
    for (entry, _) in endpoints_with_body(&document) {
        let path = targets.path(&entry);
        for body in &bodies {
            // An alert becomes a case as it is, when nothing else is asked for.
            if body.is_empty() && entry.handler == "promote_alert" {
                continue;
            }
            let answer = send(&callers.of(&entry), &entry, &path, body.clone()).await;
            let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
            let refused: Value = serde_json::from_slice(&answer.bytes).unwrap_or_default();
            assert_eq!(
                answer.status, 400,
                "{} {path} {shown}: {refused}",
                entry.method
            );
            assert!(
                refused["message"].is_string(),
                "{} {path} {shown}: {refused}",
                entry.method
            );
        }
        let size = 10_485_761;
        let answer = send(&callers.of(&entry), &entry, &path, vec![b' '; size]).await;
        let expected = if entry.handler.starts_with("login") {
            401
        } else {
            413
        };
        assert_eq!(answer.status, expected, "{} {path}", entry.method);
    }
}

#[tokio::test]
async fn an_attribute_of_the_wrong_type_is_named_by_every_endpoint() {
    let server = Server::start().await;
    let team = server.team().await;
    let targets = Targets::create(&team).await;
    let callers = Callers {
        server: &server,
        admin: server.admin(),
        org_admin: team.org_admin,
    };
    let document = callers
        .admin
        .get("/api/skep/v1/openapi.json")
        .await
        .expect(200);
    let mut tried = 0;
    for (entry, schema) in endpoints_with_body(&document) {
        let path = targets.path(&entry);
        for (name, schema) in properties(&document, &schema) {
            for wrong in wrong_values(&document, &schema) {
                let mut body = sample(entry.handler);
                body[&name] = wrong.clone();
                let sent = serde_json::to_vec(&body).unwrap();
                let answer = send(&callers.of(&entry), &entry, &path, sent).await;
                let refused: Value = serde_json::from_slice(&answer.bytes).unwrap_or_default();
                let place = refused["errors"][0]["name"].as_str().unwrap_or_default();
                let is_named =
                    place.starts_with(&name) || refused["message"].to_string().contains(&name);
                assert!(
                    answer.status == 400 && is_named,
                    "{} {path} {body}: {} {refused}",
                    entry.method,
                    answer.status
                );
                assert!(
                    is_plain(&refused),
                    "{} {path} {body}: {refused}",
                    entry.method
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 300, "the description tells of only {tried}");
}

/// Whether a refusal says what is wrong in the words of who sent the request, not in those of the server's language.
fn is_plain(refused: &Value) -> bool {
    let message = refused["message"].as_str().unwrap_or_default();
    let of_rust = [
        "invalid type",
        "invalid value",
        "invalid length",
        "invalid digit",
        "expected",
        "unknown variant",
        "any variant",
        "struct ",
        "a sequence",
        "i64",
        "i32",
        "u8",
        "u32",
        "usize",
        "f64",
        "`",
    ];
    !of_rust.iter().any(|word| message.contains(word))
}

/// The attributes that a schema of an object describes.
fn properties(document: &Value, schema: &Value) -> Vec<(String, Value)> {
    let schema = resolved(document, schema);
    let mut found: Vec<(String, Value)> = Vec::new();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        found.extend(properties(document, part));
    }
    let own = schema["properties"].as_object().into_iter().flatten();
    found.extend(own.map(|(name, schema)| (name.clone(), schema.clone())));
    found
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => {
            let place = reference.strip_prefix('#').unwrap();
            resolved(document, document.pointer(place).unwrap())
        }
        None => schema,
    }
}

/// Values of types that the schema does not have; none where it takes anything.
fn wrong_values(document: &Value, schema: &Value) -> Vec<Value> {
    let mut types = Vec::new();
    types_of(document, schema, &mut types);
    if types.is_empty() || types.iter().any(|kind| kind == "object") {
        return Vec::new();
    }
    let has = |kind: &str| types.iter().any(|other| other == kind);
    let mut wrong = vec![json!({ "a": 1 })];
    if !has("array") {
        wrong.push(json!([1]));
    }
    if !has("string") {
        wrong.push(json!("text"));
    }
    if !has("integer") {
        wrong.push(json!(7));
    }
    if !has("boolean") {
        wrong.push(json!(true));
    }
    wrong
}

fn types_of(document: &Value, schema: &Value, types: &mut Vec<String>) {
    let schema = resolved(document, schema);
    match &schema["type"] {
        Value::String(kind) => types.push(kind.clone()),
        Value::Array(kinds) => {
            types.extend(kinds.iter().map(|kind| kind.as_str().unwrap().to_owned()));
        }
        _ => {}
    }
    for union in ["oneOf", "anyOf", "allOf"] {
        for part in schema[union].as_array().into_iter().flatten() {
            types_of(document, part, types);
        }
    }
}

#[tokio::test]
async fn ids_of_nothing_are_not_found_by_every_endpoint() {
    let server = Server::start().await;
    let team = server.team().await;
    let callers = Callers {
        server: &server,
        admin: server.admin(),
        org_admin: team.org_admin,
    };
    // What is not looked up by an id.
    let others = [
        "{path}",
        "{model}",
        "{streamId}",
        "{licenseId}",
        "{packageName}",
    ];
    for entry in endpoints().catalogue {
        // Clients ask the list of a case's shares for those of an observable, and want none then.
        // And of a type that nothing can be asked about, there is no analyzer.
        let is_empty_list = [
            "list_case_shares",
            "list_analyzers_of_type",
            "list_responders",
        ]
        .contains(&entry.handler);
        if !entry.path.contains('{')
            || is_empty_list
            || others.iter().any(|name| entry.path.contains(name))
        {
            continue;
        }
        for unknown in [
            "~999999",
            "~1",
            "nobody@acme.test",
            "%00",
            "%F0%9F%90%9D",
            "%2e%2e",
            "..%2f..%2fetc",
        ] {
            let path = path_with(&entry, |name| match name {
                // Several, with a comma between: one alone is not what is asked for.
                "ids" => format!("{unknown},~999998"),
                // No id, but the kind of what has one.
                "entityType" => "case".to_owned(),
                _ => unknown.to_owned(),
            });
            let body = serde_json::to_vec(&sample(entry.handler)).unwrap();
            let answer = send(&callers.of(&entry), &entry, &path, body).await;
            let refused: Value = serde_json::from_slice(&answer.bytes).unwrap_or_default();
            let expected: &[u16] = if unknown == "%00" {
                &[400, 404]
            } else {
                &[404]
            };
            assert!(
                expected.contains(&answer.status.as_u16()) && refused["message"].is_string(),
                "{} {path}: {} {refused}",
                entry.method,
                answer.status
            );
        }
    }
}

#[tokio::test]
async fn a_name_is_given_once() {
    let server = Server::start().await;
    let team = server.team().await;
    let admin = server.admin();
    for (path, name, body) in [
        (
            "/api/v1/organisation",
            "name",
            json!({ "name": "acme", "description": "d" }),
        ),
        (
            "/api/v1/organisation",
            "name",
            json!({ "name": "admin", "description": "d" }),
        ),
        (
            "/api/v1/profile",
            "name",
            json!({ "name": "analyst", "permissions": [] }),
        ),
        (
            "/api/v1/profile",
            "name",
            json!({ "name": "admin", "permissions": [] }),
        ),
    ] {
        let refused = admin.post(path, body).await.expect(400);
        assert_eq!(refused["type"], "CreateError", "{path}");
        assert_eq!(refused["errors"][0]["name"], name, "{path}");
    }
    admin
        .post("/api/v1/profile", json!({ "name": "custom" }))
        .await
        .expect(201);
    // Nor is the id of one a name of another.
    for (path, body) in [
        (
            "/api/v1/organisation",
            json!({ "name": "~1", "description": "d" }),
        ),
        (
            "/api/v1/profile",
            json!({ "name": "~1", "permissions": [] }),
        ),
        (
            "/api/v1/customField",
            json!({ "name": "~1", "group": "g", "description": "", "type": "string" }),
        ),
    ] {
        let refused = admin.post(path, body).await.expect(400);
        assert_eq!(refused["errors"][0]["name"], "name", "{path}");
    }
    let rename = admin
        .patch("/api/v1/organisation/other", json!({ "name": "~1" }))
        .await;
    rename.expect_error(400, "AttributeCheckingError");
    for (path, body) in [
        ("/api/v1/organisation/other", json!({ "name": "acme" })),
        ("/api/v1/profile/custom", json!({ "name": "analyst" })),
    ] {
        admin
            .patch(path, body)
            .await
            .expect_error(400, "CreateError");
    }
    let path = "/api/v1/user/olga@other.test/login/set";
    admin
        .post(path, json!({ "login": "ana@acme.test" }))
        .await
        .expect_error(400, "CreateError");
    drop(team);
}

#[tokio::test]
async fn the_same_name_at_the_same_time_is_given_once() {
    let server = Server::start().await;
    let admin = server.admin();
    let body = json!({ "name": "twice", "description": "d" });
    let ask = || admin.post("/api/v1/organisation", body.clone());
    let answers = tokio::join!(ask(), ask(), ask(), ask());
    let statuses =
        [&answers.0, &answers.1, &answers.2, &answers.3].map(|answer| answer.status.as_u16());
    assert_eq!(
        statuses.iter().filter(|status| **status == 201).count(),
        1,
        "{statuses:?}"
    );
    assert_eq!(
        statuses.iter().filter(|status| **status == 400).count(),
        3,
        "{statuses:?}"
    );
}

#[tokio::test]
async fn an_end_is_not_before_its_start_and_a_status_exists() {
    let server = Server::start().await;
    let client = server.team().await.analyst;
    client
        .post(
            "/api/v1/case",
            json!({ "title": "t", "description": "d", "startDate": 1_000 }),
        )
        .await
        .expect(201);
    let task = client
        .post(
            "/api/v1/case/1/task",
            json!({ "title": "t", "startDate": 1_000 }),
        )
        .await
        .id();
    let task = format!("/api/v1/task/{task}");
    for (path, body, place) in [
        ("/api/v1/case/1", json!({ "endDate": 999 }), "endDate"),
        (
            "/api/v1/case/1",
            json!({ "startDate": 5, "endDate": 4 }),
            "endDate",
        ),
        (&task, json!({ "endDate": 999 }), "endDate"),
        (&task, json!({ "startDate": 5, "endDate": 4 }), "endDate"),
        ("/api/v1/case/1", json!({ "status": "Nonsense" }), "status"),
        ("/api/v1/case/1", json!({ "status": "new" }), "status"),
        (&task, json!({ "status": "Done" }), "status"),
        (
            "/api/v1/case/1",
            json!({ "impactStatus": "Boom" }),
            "impactStatus",
        ),
    ] {
        let refused = client.patch(path, body.clone()).await.expect(400);
        assert_eq!(refused["errors"][0]["name"], place, "{body}: {refused}");
    }
    let body = json!({ "title": "t", "startDate": 5, "endDate": 4 });
    let refused = client.post("/api/v1/case/1/task", body).await.expect(400);
    assert_eq!(refused["errors"][0]["name"], "endDate");
}

#[tokio::test]
async fn two_people_can_edit_the_same_case() {
    let server = Server::start().await;
    let team = server.team().await;
    let (ana, boss) = (&team.analyst, &team.org_admin);
    ana.post("/api/v1/case", json!({ "title": "t", "description": "d" }))
        .await
        .expect(201);
    // At the same time, on different attributes: nobody's change is lost, and each is in the history.
    let path = "/api/v1/case/1";
    let (first, second, third, fourth) = tokio::join!(
        ana.patch(path, json!({ "title": "by ana", "addTags": ["ana"] })),
        boss.patch(path, json!({ "severity": 4, "addTags": ["boss"] })),
        ana.patch(path, json!({ "flag": true })),
        boss.patch(path, json!({ "summary": "by boss" })),
    );
    for answer in [first, second, third, fourth] {
        answer.expect(204);
    }
    let case = ana.get(path).await.expect(200);
    assert_eq!(case["title"], "by ana");
    assert_eq!(case["severity"], 4);
    assert_eq!(case["flag"], true);
    assert_eq!(case["summary"], "by boss");
    let mut tags: Vec<&str> = case["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| tag.as_str().unwrap())
        .collect();
    tags.sort_unstable();
    assert_eq!(tags, ["ana", "boss"]);
    // On the same attribute: the later one counts, and the history tells both.
    ana.patch(path, json!({ "title": "first" }))
        .await
        .expect(204);
    boss.patch(path, json!({ "title": "second" }))
        .await
        .expect(204);
    let history = ana
        .query(json!([{ "_name": "getCase", "idOrName": "1" }, { "_name": "auditsFromContext" },
            { "_name": "filter", "action": "update" }, { "_name": "sort", "_fields": [{ "_createdAt": "asc" }] }]))
        .await
        .expect(200);
    let titles: Vec<&str> = history
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|record| record["details"]["title"].as_str())
        .collect();
    assert_eq!(titles, ["by ana", "first", "second"]);
    assert_eq!(ana.get(path).await.expect(200)["title"], "second");
}

/// Markdown that has kept other renderers busy for minutes, 200 kB of each.
#[tokio::test]
async fn a_markdown_bomb_does_not_go_off() {
    const SIZE: usize = 200_000;
    let server = Server::start().await;
    let client = server.team().await.analyst;
    for piece in [
        "> ",
        "* ",
        "[",
        "![",
        "](",
        "[a](",
        "*a_ ",
        "**a __",
        "`",
        "`` ",
        "<",
        "<a href=\"",
        "<!--",
        "&#",
        "|",
        "|a|\n|-|\n",
        "\\",
        "- \n ",
        "1. ",
        "~~",
        "[^1]",
        "http://",
        "\u{202e}",
        "[x]: y\n[x]",
        "@ana@acme.test ",
    ] {
        let text = piece.repeat(SIZE / piece.len());
        let started = Instant::now();
        let body = json!({ "texts": [text] });
        let answer = client.post("/api/skep/v1/markdown", body).await;
        assert!(
            answer.status.as_u16() < 500,
            "{piece:?}: {}",
            answer.text().chars().take(200).collect::<String>()
        );
        let description = json!({ "title": "t", "description": text });
        client.post("/api/v1/case", description).await.expect(201);
        client
            .post("/api/v1/case/1/comment", json!({ "message": text }))
            .await
            .expect(201);
        let took = started.elapsed();
        eprintln!("{piece:?} {took:?}");
        assert!(took < Duration::from_secs(20), "{piece:?} took {took:?}");
    }
}
