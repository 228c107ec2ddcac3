//! No trace of another organisation: whatever is read (lists, counts, statistics, searches, exports, streams, error texts,
//! the API of old clients), it answers as if the other were not there.
//!
//! Everything that can be asked without an id is asked before and after the other organisation has filled itself; the
//! answers have to be the same. Everything that is asked by an id of the other has to tell nothing of what it holds.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Value, json};
use skep::server::catalogue::catalogue;
use skep::server::router::endpoints;

use crate::harness::{Client, Form, Server, Targets, Team, sample};

/// In every text that the other organisation has.
const MARK: &str = "quagga";

/// Extra data of all kinds of entities; what one does not have it passes over.
const EXTRA: [&str; 34] = [
    "actionCount",
    "actionRequired",
    "actionRequiredMap",
    "alertCount",
    "alerts",
    "attachmentCount",
    "canDelete",
    "case",
    "caseId",
    "caseNumber",
    "contributors",
    "importDate",
    "isOwner",
    "links",
    "logCount",
    "observableStats",
    "organisations",
    "owningOrganisation",
    "parent",
    "pattern",
    "permissions",
    "procedureCount",
    "relatedCase",
    "seen",
    "seenSummary",
    "shareCount",
    "shares",
    "similarCases",
    "status",
    "tactic",
    "task",
    "taskStats",
    "usage",
    "userCount",
];

/// Paths that never end, change something, give chance, or need parameters.
const NOT_WALKED: [&str; 6] = [
    "/api/v1/logout",
    "/api/v1/auth/totp/get",
    "/api/v1/export",
    "/api/skep/v1/events",
    "/api/skep/v1/openapi.json",
    "/metrics",
];

type Question = (Method, String, Option<Value>);

fn query(operations: &Value) -> Question {
    (
        Method::POST,
        "/api/v1/query".to_owned(),
        Some(json!({ "query": operations })),
    )
}

/// Everything that can be asked without knowing an id.
#[expect(clippy::too_many_lines, reason = "one list")]
fn questions() -> Vec<Question> {
    let mut asked: Vec<Question> = Vec::new();
    for entry in endpoints().catalogue {
        let is_walked = !entry.path.contains('{') && !NOT_WALKED.contains(&entry.path.as_str());
        if entry.method == "GET" && is_walked {
            asked.push((Method::GET, entry.path.clone(), None));
        }
    }
    for entity in catalogue().entities() {
        let starts = entity
            .list
            .iter()
            .chain(entity.starts.iter().map(|start| &start.name));
        for start in starts {
            let start = json!({ "_name": start, "freeTag": MARK, "limit": 50 });
            asked.push(query(&json!([start, { "_name": "page", "from": 0, "to": 200, "extraData": EXTRA.as_slice() }])));
            asked.push(query(&json!([start, { "_name": "count" }])));
            let like = json!({ "_name": "filter", "_like": { "_field": "keyword", "_value": format!("*{MARK}*") } });
            asked.push(query(&json!([start, like, { "_name": "count" }])));
            for edge in entity.edges {
                asked.push(query(&json!([start, { "_name": edge.name }])));
            }
            for values in entity.values {
                asked.push(query(&json!([start, { "_name": values.name }])));
            }
            for field in entity.fields {
                let aggregation = json!({ "_name": "aggregation", "_agg": "field", "_field": field.name, "_size": 50,
                    "_select": [{ "_agg": "count" }] });
                asked.push(query(&json!([start, aggregation])));
            }
        }
        for name in entity.count {
            asked.push(query(&json!([{ "_name": name }])));
        }
    }
    for text in [MARK, "8.8.8.8", "a"] {
        asked.push((Method::GET, format!("/api/skep/v1/search?q={text}"), None));
        asked.push((Method::GET, format!("/api/skep/v1/lookup?q={text}"), None));
    }
    for (model, list) in [
        ("Case", "listCase"),
        ("Alert", "listAlert"),
        ("User", "listUser"),
        ("Organisation", "listOrganisation"),
        ("Procedure", "listProcedure"),
        ("Task", "listTask"),
        ("Observable", "listObservable"),
    ] {
        for format in ["csv", "json"] {
            let options = json!({ "model": model, "format": format, "fileName": "f" }).to_string();
            let query = json!({ "query": [{ "_name": list }] }).to_string();
            let parameters = form(&[("query", &query), ("options", &options)]);
            asked.push((Method::GET, format!("/api/v1/export?{parameters}"), None));
        }
    }
    for root in ["/api", "/api/v0"] {
        for kind in [
            "case",
            "alert",
            "case/task",
            "case/task/log",
            "case/artifact",
            "case/template",
            "user",
            "organisation",
            "audit",
            "tag",
            "page",
            "dashboard",
            "profile",
            "share",
            "procedure",
            "customField",
        ] {
            asked.push((
                Method::POST,
                format!("{root}/{kind}/_search?range=all"),
                Some(json!({ "query": {} })),
            ));
            let stats = json!({ "query": {}, "stats": [{ "_agg": "count" }] });
            asked.push((Method::POST, format!("{root}/{kind}/_stats"), Some(stats)));
            asked.push((Method::GET, format!("{root}/{kind}"), None));
        }
        asked.push((Method::GET, format!("{root}/flow?count=100"), None));
        asked.push((Method::GET, format!("{root}/list"), None));
    }
    asked
}

fn form(pairs: &[(&str, &str)]) -> String {
    let mut text = form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(pairs);
    text.finish()
}

async fn answers(client: &Client<'_>, asked: &[Question]) -> BTreeMap<String, (u16, String)> {
    let mut answers = BTreeMap::new();
    for (method, path, body) in asked {
        let answer = client.send(method.clone(), path, body.clone()).await;
        let name = format!("{method} {path} {}", body.clone().unwrap_or_default());
        answers.insert(name, (answer.status.as_u16(), answer.text()));
    }
    answers
}

/// A case, an alert and all else that people make, of the watcher's own: something has to be seen.
async fn own(client: &Client<'_>) {
    let case =
        json!({ "title": "ours", "description": "a", "tags": ["a"], "tasks": [{ "title": "a" }] });
    client.post("/api/v1/case", case).await.expect(201);
    let ip = json!({ "dataType": "ip", "data": "8.8.8.8", "tags": ["a"] });
    client
        .post("/api/v1/case/1/observable", ip)
        .await
        .expect(201);
    let alert = json!({ "type": "a", "source": "a", "sourceRef": "a", "title": "a", "description": "a", "tags": ["a"] });
    client.post("/api/v1/alert", alert).await.expect(201);
    client
        .post(
            "/api/v1/case/1/procedure",
            json!({ "patternId": "T1566", "occurDate": 1 }),
        )
        .await
        .expect(201);
}

/// Fills `acme` with everything, marked everywhere; gives what can be asked for by ids, and the hash of a file.
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn fill(team: &Team<'_>) -> (Targets, String) {
    let (analyst, boss) = (&team.analyst, &team.org_admin);
    let text = |of: &str| format!("{MARK} {of}");
    let page = json!({ "title": text("page"), "content": text("content"), "category": MARK });
    let page_template = boss.post("/api/v1/pageTemplate", page.clone()).await.id();
    let template = json!({ "name": text("plan"), "description": text("d"), "tags": [MARK],
        "tasks": [{ "title": text("task"), "group": MARK }] });
    let template = boss.post("/api/v1/caseTemplate", template).await.id();
    let case = json!({ "title": text("case"), "description": text("description"), "summary": text("summary"),
        "tags": [MARK, "a"], "customFields": { "site": text("site") }, "pages": [page] });
    let case = analyst.post("/api/v1/case", case).await.id();
    let of_case = |rest: &str| format!("/api/v1/case/{case}/{rest}");
    let task = json!({ "title": text("task"), "group": MARK, "description": text("d"), "assignee": "ana@acme.test" });
    let task = analyst.post(&of_case("task"), task).await.id();
    let log = json!({ "message": text("log"), "includeInTimeline": 5 });
    let log = analyst
        .post(&format!("/api/v1/task/{task}/log"), log)
        .await
        .id();
    let comment = json!({ "message": format!("{MARK} @olga@other.test") });
    let comment = analyst.post(&of_case("comment"), comment).await.id();
    let procedure = json!({ "patternId": "T1566", "occurDate": 1, "description": text("p") });
    let procedure = analyst.post(&of_case("procedure"), procedure).await.id();
    let event = json!({ "title": text("event"), "date": 1, "description": MARK });
    let event = analyst.post(&of_case("customEvent"), event).await.id();
    let own_page = json!({ "title": text("page"), "content": text("content"), "category": MARK });
    let case_page = analyst.post(&of_case("page"), own_page.clone()).await.id();
    let known = boss.post("/api/v1/page", own_page).await.id();
    let observable = json!({ "dataType": "ip", "data": "8.8.8.8", "message": text("o"), "tags": [MARK], "ioc": true });
    let observable = analyst
        .post(&of_case("observable"), observable)
        .await
        .expect(201)[0]["_id"]
        .clone();
    let domain = json!({ "dataType": "domain", "data": format!("{MARK}.example") });
    analyst
        .post(&of_case("observable"), domain)
        .await
        .expect(201);
    let name = format!("{MARK}.txt");
    let file = Form::default().file("attachments", &name, None, MARK.as_bytes());
    let file = analyst
        .upload(&of_case("attachments"), file)
        .await
        .expect(201)["attachments"][0]
        .clone();
    let file_of_house = Form::default().file("attachments", &name, None, MARK.as_bytes());
    boss.upload("/api/v1/attachment", file_of_house)
        .await
        .expect(201);
    let alert = json!({ "type": MARK, "source": MARK, "sourceRef": MARK, "title": text("alert"), "description": MARK, "tags": [MARK] });
    let alert = analyst.post("/api/v1/alert", alert).await.id();
    let of_alert = |rest: &str| format!("/api/v1/alert/{alert}/{rest}");
    let ip = json!({ "dataType": "ip", "data": "8.8.8.8", "message": MARK, "tags": [MARK] });
    analyst.post(&of_alert("observable"), ip).await.expect(201);
    let used = json!({ "patternId": "T1566", "occurDate": 1, "description": MARK });
    analyst.post(&of_alert("procedure"), used).await.expect(201);
    let said = json!({ "message": MARK });
    analyst.post(&of_alert("comment"), said).await.expect(201);
    let file_of_alert = Form::default().file("attachments", &name, None, MARK.as_bytes());
    analyst
        .upload(&of_alert("attachments"), file_of_alert)
        .await
        .expect(201);
    let dashboard = json!({ "title": text("board"), "description": MARK, "status": "Shared", "definition": { "a": MARK } });
    let dashboard = boss.post("/api/v1/dashboard", dashboard).await.id();
    let mut view = sample("create_view");
    view["name"] = MARK.into();
    let view = analyst.post("/api/v1/views", view).await.id();
    analyst
        .post(
            &of_case("link/external/add"),
            json!({ "type": MARK, "url": format!("https://{MARK}.example") }),
        )
        .await
        .expect(204);
    let binned = json!({ "title": text("binned"), "description": MARK });
    let binned = analyst.post("/api/v1/case", binned).await.id();
    analyst
        .delete(&format!("/api/v1/case/{binned}"))
        .await
        .expect(204);
    boss.put(
        "/api/v1/config/organisation/ui.note",
        json!({ "value": MARK }),
    )
    .await
    .expect(200);
    let share = json!([{ "_name": "getCase", "idOrName": case }, { "_name": "shares" }]);
    let share = analyst.query(share).await.expect(200)[0]["_id"].clone();
    let tags = analyst
        .query(json!([{ "_name": "freetags" }]))
        .await
        .expect(200);
    let tag = tags
        .as_array()
        .unwrap()
        .iter()
        .find(|tag| tag["predicate"] == MARK)
        .unwrap()["_id"]
        .clone();
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let job = json!({ "analyzerId": MARK, "cortexId": MARK, "artifactId": observable });
    let job = analyst.post("/api/v1/connector/cortex/job", job).await.id();
    let targets = Targets {
        cases: format!("{case},{case}"),
        stream: analyst.post_nothing("/api/v1/stream").await.text(),
        attachment: word(&file["_id"]),
        observable: word(&observable),
        share: word(&share),
        tag: word(&tag),
        user: "ana@acme.test".into(),
        session: "~1".into(),
        page: known,
        case,
        task,
        log,
        comment,
        procedure,
        event,
        case_page,
        page_template,
        alert,
        template,
        dashboard,
        view,
        job,
    };
    (targets, word(&file["id"]))
}

#[tokio::test]
async fn nothing_that_is_read_shows_a_trace_of_another_organisation() {
    let server = Server::start().await;
    let team = server.team().await;
    let field = json!({ "name": "site", "group": "g", "description": "", "type": "string" });
    server
        .admin()
        .post("/api/v1/customField", field)
        .await
        .expect(201);
    // They know each other; that alone shares nothing.
    server
        .admin()
        .put("/api/v1/organisation/acme/link/other", json!({}))
        .await
        .expect(201);
    let chief = server.person("omar@other.test", "other", "org-admin").await;
    own(&chief).await;
    let asked = questions();
    assert!(asked.len() > 500, "only {} questions", asked.len());
    let watchers = [&chief, &team.other_organisation];
    let mut before = Vec::new();
    for watcher in watchers {
        before.push(answers(watcher, &asked).await);
    }
    let right = before[0]
        .values()
        .filter(|(status, _)| *status == 200)
        .count();
    assert!(right > 400, "only {right} questions were answered");
    let stream = chief.post_nothing("/api/v1/stream").await.text();
    let (targets, hash) = fill(&team).await;
    for (watcher, before) in watchers.iter().zip(&before) {
        for (name, answer) in answers(watcher, &asked).await {
            assert_eq!(answer, before[&name], "{name}");
        }
    }
    // The stream tells of one's own, and of nothing else.
    chief
        .post("/api/v1/case/1/comment", json!({ "message": "mine" }))
        .await
        .expect(201);
    let told = chief
        .get(&format!("/api/v1/stream/{stream}"))
        .await
        .expect(200);
    let told: Vec<&Value> = told
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["base"]["details"]["message"])
        .collect();
    assert_eq!(told, ["mine"]);
    by_ids(&chief, &targets, &hash).await;
}

/// Whatever is asked by the ids of the other organisation, and whatever the answer is: it tells nothing.
#[expect(clippy::too_many_lines, reason = "one list")]
async fn by_ids(client: &Client<'_>, targets: &Targets, hash: &str) {
    for entry in endpoints().catalogue {
        if !entry.path.contains('{') || entry.path.contains("/events") {
            continue;
        }
        let method = Method::from_bytes(entry.method.as_bytes()).unwrap();
        let body = (method != Method::GET).then(|| sample(entry.handler));
        let answer = client.send(method, &targets.path(&entry), body).await;
        let text = answer.text().to_lowercase();
        assert!(
            !text.contains(MARK),
            "{} {}: {text}",
            entry.method,
            entry.path
        );
    }
    for path in [
        format!("/api/v1/attachment/{hash}"),
        format!("/api/v1/attachment/{hash}/download"),
        format!("/api/v1/attachment/{hash}/download?asZip"),
        format!("/api/datastore/{hash}"),
        format!("/api/datastorezip/{hash}"),
        format!("/api/case/{}", targets.case),
        format!("/api/alert/{}", targets.alert),
        format!("/api/case/task/{}", targets.task),
        format!("/api/case/artifact/{}", targets.observable),
        format!("/api/case/{}/links", targets.case),
    ] {
        let answer = client.get(&path).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
        assert!(!answer.text().to_lowercase().contains(MARK), "{path}");
    }
    // What is named in a body is not there either.
    let stored = json!({ "dataType": "file", "attachment": { "name": "f", "contentType": "text/plain", "id": hash } });
    client
        .post("/api/v1/case/1/observable", stored)
        .await
        .expect(400);
    for (path, body) in [
        (
            "/api/v1/case/1/link/case/add",
            json!({ "type": "t", "caseId": targets.case }),
        ),
        (
            "/api/v1/case",
            json!({ "title": "t", "description": "d", "caseTemplate": targets.template }),
        ),
        (
            "/api/v1/case/_bulk/caseTemplate",
            json!({ "ids": ["1"], "caseTemplate": targets.template }),
        ),
        (
            "/api/v1/caseTemplate",
            json!({ "name": "n", "pageTemplateIds": [targets.page_template] }),
        ),
        (
            "/api/v1/alert/merge/_bulk",
            json!({ "caseId": "1", "alertIds": [targets.alert] }),
        ),
    ] {
        let answer = client.post(path, body).await;
        assert!(
            [400, 404].contains(&answer.status.as_u16()),
            "{path}: {}",
            answer.text()
        );
        assert!(
            !answer.text().to_lowercase().contains(MARK),
            "{path}: {}",
            answer.text()
        );
    }
    // Alike to what the other has: its cases and alerts are not counted.
    let seen = json!([{ "_name": "listObservable" }, { "_name": "page", "from": 0, "to": 9, "extraData": ["seen", "seenSummary"] }]);
    let seen = client.query(seen).await.expect(200);
    assert_eq!(seen.as_array().unwrap().len(), 1);
    assert!(!seen.to_string().contains(&targets.case), "{seen}");
}
