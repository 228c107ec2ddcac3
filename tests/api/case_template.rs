//! Case templates: what they hold, what they give a new case, and what of them goes into cases that are there.

use serde_json::{Value, json};

use crate::harness::{Client, Server};

async fn define(server: &Server) {
    for (name, kind) in [("score", "integer"), ("site", "string")] {
        let field = json!({ "name": name, "group": "g", "description": "", "type": kind });
        server
            .admin()
            .post("/api/v1/customField", field)
            .await
            .expect(201);
    }
}

fn phishing() -> Value {
    json!({ "name": "phishing", "displayName": "Phishing", "titlePrefix": "[PHISH] ", "description": "What to do",
        "severity": 3, "tlp": 1, "pap": 0, "flag": true, "summary": "So far", "tags": ["mail", "user"],
        "tasks": [{ "title": "second", "order": 1, "group": "Contain", "mandatory": true },
            { "title": "first", "order": 0, "assignee": "Ana@acme.test", "description": "*look*", "dueDate": 123 },
            { "title": "third", "order": 2, "assignee": "gone@acme.test" }],
        "customFields": { "score": 7, "site": null } })
}

async fn titles(client: &Client<'_>, case: &str) -> Value {
    let query = json!([{ "_name": "getCase", "idOrName": case }, { "_name": "tasks" },
        { "_name": "sort", "_fields": [{ "order": "asc" }] }]);
    let tasks = client.query(query).await.expect(200);
    let tasks = tasks.as_array().unwrap().iter();
    tasks
        .map(|task| json!([task["title"], task["assignee"], task["status"]]))
        .collect()
}

fn values(entity: &Value) -> Value {
    let values = entity["customFields"].as_array().unwrap().iter();
    values
        .map(|value| json!([value["name"], value["value"]]))
        .collect()
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn templates_are_made_changed_and_deleted() {
    let server = Server::start().await;
    define(&server).await;
    let team = server.team().await;
    let boss = &team.org_admin;
    let template = boss
        .post("/api/v1/caseTemplate", phishing())
        .await
        .expect(201);
    for (name, value) in [
        ("_type", json!("CaseTemplate")),
        ("displayName", json!("Phishing")),
        ("severityLabel", json!("HIGH")),
        ("tags", json!(["mail", "user"])),
        ("extraData", json!({})),
    ] {
        assert_eq!(template[name], value, "{name}");
    }
    let task = &template["tasks"][0];
    assert_eq!(
        json!([
            task["_type"],
            task["title"],
            task["group"],
            task["status"],
            task["order"],
            task["assignee"]
        ]),
        json!(["Task", "first", "default", "Waiting", 0, "ana@acme.test"])
    );
    assert_eq!(values(&template), json!([["score", 7], ["site", null]]));
    for reference in ["phishing", template["_id"].as_str().unwrap()] {
        let path = format!("/api/v1/caseTemplate/{reference}");
        assert_eq!(team.read_only.get(&path).await.expect(200), template);
        let query = json!([{ "_name": "getCaseTemplate", "idOrName": reference }]);
        assert_eq!(
            team.analyst.query(query).await.expect(200),
            json!([template])
        );
    }
    let query = json!([{ "_name": "getCaseTemplate", "idOrName": "phishing" }, { "_name": "tasks" },
        { "_name": "filter", "mandatory": true }]);
    let tasks = team.analyst.query(query).await.expect(200);
    assert_eq!(
        json!([tasks[0]["title"], tasks[0]["_type"]]),
        json!(["second", "Task"])
    );
    let update = json!({ "titlePrefix": "", "severity": null, "tasks": [{ "title": "only" }], "customFields": { "site": "Rome" } });
    boss.patch("/api/v1/caseTemplate/phishing", update)
        .await
        .expect(204);
    let changed = boss.get("/api/v1/caseTemplate/phishing").await.expect(200);
    assert!(changed.get("titlePrefix").is_none() && changed.get("severity").is_none());
    assert_eq!(changed["tasks"].as_array().unwrap().len(), 1);
    assert_eq!(values(&changed), json!([["score", 7], ["site", "Rome"]]));
    let again = boss.post("/api/v1/caseTemplate", phishing()).await;
    again.expect_error(400, "CreateError");
    // Another organisation has its own names, and does not see ours.
    let other = server.person("omar@other.test", "other", "org-admin").await;
    other.get("/api/v1/caseTemplate/phishing").await.expect(404);
    other
        .post("/api/v1/caseTemplate", json!({ "name": "phishing" }))
        .await
        .expect(201);
    boss.delete("/api/v1/caseTemplate/phishing")
        .await
        .expect(204);
    boss.delete("/api/v1/caseTemplate/phishing")
        .await
        .expect(404);
    boss.post("/api/v1/caseTemplate", phishing())
        .await
        .expect(201);
}

#[tokio::test]
async fn a_case_gets_what_its_request_leaves_open() {
    let server = Server::start().await;
    define(&server).await;
    let team = server.team().await;
    team.org_admin
        .post("/api/v1/caseTemplate", phishing())
        .await
        .expect(201);
    let input = json!({ "title": "Odd mail", "description": "d", "caseTemplate": "phishing" });
    let case = team.analyst.post("/api/v1/case", input).await.expect(201);
    assert_eq!(
        json!([
            case["title"],
            case["description"],
            case["severity"],
            case["tlp"],
            case["pap"],
            case["flag"],
            case["summary"],
            case["tags"]
        ]),
        json!([
            "[PHISH] Odd mail",
            "d",
            3,
            1,
            0,
            true,
            "So far",
            ["mail", "user"]
        ])
    );
    assert_eq!(values(&case), json!([["score", 7], ["site", null]]));
    // Who is no colleague any more does not get a task.
    assert_eq!(
        titles(&team.analyst, "1").await,
        json!([
            ["first", "ana@acme.test", "Waiting"],
            ["second", null, "Waiting"],
            ["third", null, "Waiting"]
        ])
    );
    let own = json!({ "title": "[PHISH] Mine", "description": "d", "caseTemplate": "phishing", "severity": 1, "tlp": 4,
        "flag": false, "tags": [], "tasks": [], "customFields": { "score": 1 } });
    let case = team.analyst.post("/api/v1/case", own).await.expect(201);
    assert_eq!(
        json!([
            case["title"],
            case["severity"],
            case["tlp"],
            case["flag"],
            case["tags"]
        ]),
        json!(["[PHISH] Mine", 1, 4, false, []])
    );
    assert_eq!(values(&case), json!([["score", 1], ["site", null]]));
    assert_eq!(titles(&team.analyst, "2").await, json!([]));
    let unknown = json!({ "title": "t", "description": "d", "caseTemplate": "nothing" });
    let refused = team.analyst.post("/api/v1/case", unknown).await;
    assert!(
        refused
            .expect_error(404, "NotFoundError")
            .contains("CaseTemplate nothing")
    );
}

#[tokio::test]
async fn parts_of_a_template_go_into_cases_that_are_there() {
    let server = Server::start().await;
    define(&server).await;
    let team = server.team().await;
    let client = &team.analyst;
    let template = team
        .org_admin
        .post("/api/v1/caseTemplate", phishing())
        .await
        .expect(201);
    for title in ["a", "b"] {
        let case = json!({ "title": title, "description": "d", "tags": ["own"], "tasks": [{ "title": "own" }],
            "customFields": { "score": 1 } });
        client.post("/api/v1/case", case).await.expect(201);
    }
    let nothing = json!({ "ids": ["1"], "caseTemplate": "phishing" });
    client
        .post("/api/v1/case/_bulk/caseTemplate", nothing)
        .await
        .expect(204);
    let case = client.get("/api/v1/case/1").await.expect(200);
    assert!(case.get("_updatedAt").is_none(), "nothing was asked for");
    let second = template["tasks"][1]["_id"].clone();
    let parts = json!({ "ids": ["1", "2"], "caseTemplate": "phishing", "updateTitlePrefix": true,
        "updateDescription": true, "updateTags": true, "updateSeverity": true, "updateFlag": true, "updateTlp": true,
        "updatePap": true, "updateCustomFields": true, "importTasks": ["first", second, "no such task"] });
    client
        .post("/api/v1/case/_bulk/caseTemplate", parts)
        .await
        .expect(204);
    for (number, title) in [("1", "[PHISH] a"), ("2", "[PHISH] b")] {
        let case = client
            .get(&format!("/api/v1/case/{number}"))
            .await
            .expect(200);
        assert_eq!(
            json!([
                case["title"],
                case["description"],
                case["tags"],
                case["severity"],
                case["flag"],
                case["tlp"],
                case["pap"]
            ]),
            json!([title, "What to do", ["own", "mail", "user"], 3, true, 1, 0])
        );
        assert_eq!(values(&case), json!([["score", 1], ["site", null]]));
        let tasks = titles(client, number).await;
        let names: Vec<&Value> = tasks
            .as_array()
            .unwrap()
            .iter()
            .map(|task| &task[0])
            .collect();
        assert_eq!(names, ["own", "first", "second"]);
    }
    for body in [
        json!({ "ids": ["1"], "caseTemplate": "nothing", "updateFlag": true }),
        json!({ "ids": ["1", "99"], "caseTemplate": "phishing", "updateFlag": true }),
    ] {
        client
            .post("/api/v1/case/_bulk/caseTemplate", body)
            .await
            .expect(404);
    }
}

#[tokio::test]
async fn what_a_template_names_may_be_gone() {
    let server = Server::start().await;
    define(&server).await;
    let team = server.team().await;
    team.org_admin
        .post("/api/v1/caseTemplate", phishing())
        .await
        .expect(201);
    // A field that only a template has is used too.
    let refused = server.admin().delete("/api/v1/customField/score").await;
    assert!(
        refused
            .expect_error(400, "BadRequest")
            .contains("used by 1")
    );
    server
        .admin()
        .delete("/api/v1/customField/score?force")
        .await
        .expect(204);
    let input = json!({ "title": "t", "description": "d", "caseTemplate": "phishing" });
    let case = team.analyst.post("/api/v1/case", input).await.expect(201);
    assert_eq!(values(&case), json!([["site", null]]));
    // So may a page, and who was to do the task.
    let page = json!({ "title": "t", "content": "c", "category": "c" });
    let page = team.org_admin.post("/api/v1/pageTemplate", page).await.id();
    let template = json!({ "name": "gone", "pageTemplateIds": [page],
        "tasks": [{ "title": "Look", "assignee": "ana@acme.test" }] });
    let template = team.org_admin.post("/api/v1/caseTemplate", template).await;
    template.expect(201);
    let deleted = team
        .org_admin
        .delete(&format!("/api/v1/pageTemplate/{page}"))
        .await;
    deleted.expect(204);
    let lock = json!({ "locked": true });
    let locked = server
        .admin()
        .patch("/api/v1/user/ana@acme.test", lock)
        .await;
    locked.expect(204);
    let input = json!({ "title": "t", "description": "d", "caseTemplate": "gone" });
    let case = team.org_admin.post("/api/v1/case", input).await.id();
    for (edge, expected) in [("pages", json!([])), ("tasks", json!([["Look", null]]))] {
        let of_case = json!([{ "_name": "getCase", "idOrName": case }, { "_name": edge }]);
        let found = team.org_admin.query(of_case).await.expect(200);
        let found = found.as_array().unwrap().iter();
        let found: Vec<Value> = found
            .map(|one| json!([one["title"], one["assignee"]]))
            .collect();
        assert_eq!(json!(found), expected);
    }
}

async fn page_titles(client: &Client<'_>, start: Value, edge: &str) -> Vec<Value> {
    let query = json!([start, { "_name": edge }, { "_name": "sort", "_fields": [{ "order": "asc" }, { "title": "asc" }] }]);
    let pages = client.query(query).await.expect(200);
    pages
        .as_array()
        .unwrap()
        .iter()
        .map(|page| page["title"].clone())
        .collect()
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn the_pages_of_a_template_come_along_with_it() {
    let server = Server::start().await;
    let team = server.team().await;
    let boss = &team.org_admin;
    let page = |title: &str| json!({ "title": title, "content": "# c", "category": "Work" });
    let first = boss.post("/api/v1/pageTemplate", page("First")).await.id();
    boss.post("/api/v1/pageTemplate", page("Second"))
        .await
        .expect(201);
    let other = server.person("omar@other.test", "other", "org-admin").await;
    let foreign = other
        .post("/api/v1/pageTemplate", page("Theirs"))
        .await
        .id();
    let template = json!({ "name": "plan", "pageTemplateIds": ["Second", "Second"], "pageTemplates": [page("Third")] });
    boss.post("/api/v1/caseTemplate", template)
        .await
        .expect(201);
    let get = json!({ "_name": "getCaseTemplate", "idOrName": "plan" });
    let linked = page_titles(&team.read_only, get.clone(), "pageTemplates").await;
    assert_eq!(linked, ["Second", "Third"]);
    let link = "/api/v1/caseTemplate/plan/pageTemplate/link";
    let both = json!({ "pageTemplateIds": [first, "Second"] });
    team.analyst.put(link, both.clone()).await.expect(403);
    other.put(link, both.clone()).await.expect(404);
    boss.put(link, json!({ "pageTemplateIds": [foreign] }))
        .await
        .expect(404);
    boss.put(link, both).await.expect(204);
    assert_eq!(
        page_titles(&team.read_only, get.clone(), "pageTemplates").await,
        ["First", "Second"]
    );
    let case = |extra: Value| {
        let mut case = json!({ "title": "t", "description": "d", "caseTemplate": "plan" });
        case.as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        case
    };
    let of_case = |number: i64| json!({ "_name": "getCase", "idOrName": number.to_string() });
    team.analyst
        .post("/api/v1/case", case(json!({ "pages": [page("Own")] })))
        .await
        .expect(201);
    assert_eq!(
        page_titles(&team.analyst, of_case(1), "pages").await,
        ["First", "Second", "Own"]
    );
    let plain = json!({ "title": "t", "description": "d", "pages": [page("Own")] });
    team.analyst.post("/api/v1/case", plain).await.expect(201);
    let parts = json!({ "ids": ["2"], "caseTemplate": "plan", "importPages": ["Second", first, "no such page"] });
    team.analyst
        .post("/api/v1/case/_bulk/caseTemplate", parts)
        .await
        .expect(204);
    assert_eq!(
        page_titles(&team.analyst, of_case(2), "pages").await,
        ["Own", "First", "Second"]
    );
    // A page template that is gone takes nothing from cases, and the template goes on without it.
    boss.delete(&format!("/api/v1/pageTemplate/{first}"))
        .await
        .expect(204);
    assert_eq!(
        page_titles(&team.analyst, get, "pageTemplates").await,
        ["Second"]
    );
    assert_eq!(
        page_titles(&team.analyst, of_case(1), "pages").await,
        ["First", "Second", "Own"]
    );
    let trail = json!([{ "_name": "getCaseTemplate", "idOrName": "plan" }, { "_name": "audits" }]);
    let trail = boss.query(trail).await.expect(200);
    let told = trail
        .as_array()
        .unwrap()
        .iter()
        .find(|record| record["action"] == "update")
        .unwrap();
    assert_eq!(
        told["details"]["pageTemplateIds"].as_array().unwrap().len(),
        2
    );
    boss.delete("/api/v1/caseTemplate/plan").await.expect(204);
}
