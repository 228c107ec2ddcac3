//! Seeing what another organisation has: by the query language, by numbers, by everything beside it.

use serde_json::{Value, json};
use skep::server::catalogue::catalogue;

use crate::harness::{Client, Server, Team};

/// Stands in every text that only the organisation `acme` may see.
const MARK: &str = "Zebrafish";

/// What `acme` has, by the ids of it.
struct Treasure {
    ids: Vec<String>,
}

impl Treasure {
    async fn bury(team: &Team<'_>) -> Self {
        let ana = &team.analyst;
        let case = json!({ "title": MARK, "description": MARK, "summary": MARK, "tags": [MARK], "assignee": "ana@acme.test",
            "dueDate": 1_772_452_900_000_i64 });
        let case = ana.post("/api/v1/case", case).await.id();
        let task = json!({ "title": MARK, "group": MARK, "description": MARK, "assignee": "ana@acme.test" });
        let task = ana
            .post(&format!("/api/v1/case/{case}/task"), task)
            .await
            .id();
        let log = ana
            .post(
                &format!("/api/v1/task/{task}/log"),
                json!({ "message": MARK }),
            )
            .await
            .id();
        let message = json!({ "message": format!("{MARK} @reader@acme.test") });
        let comment = ana
            .post(&format!("/api/v1/case/{case}/comment"), message)
            .await
            .id();
        ana.patch(
            &format!("/api/v1/case/{case}"),
            json!({ "title": format!("{MARK} again") }),
        )
        .await
        .expect(204);
        let deleted = ana
            .post(
                "/api/v1/case",
                json!({ "title": MARK, "description": MARK }),
            )
            .await
            .id();
        ana.delete(&format!("/api/v1/case/{deleted}"))
            .await
            .expect(204);
        let records = ana
            .query(json!([{ "_name": "listAudit" }]))
            .await
            .expect(200);
        let shares = ana
            .query(json!([{ "_name": "getCase", "idOrName": case }, { "_name": "shares" }]))
            .await
            .expect(200);
        let mut ids = vec![case, task, log, comment, deleted];
        for entity in records
            .as_array()
            .unwrap()
            .iter()
            .chain(shares.as_array().unwrap())
        {
            ids.push(entity["_id"].as_str().unwrap().to_owned());
        }
        Self { ids }
    }

    /// Demands that an answer shows nothing of it.
    #[track_caller]
    fn is_hidden_in(&self, answer: &str, asked: &str) {
        assert!(!answer.contains(MARK), "{asked} shows {answer}");
        for id in self.ids.iter().take(5) {
            assert!(
                !answer.contains(&format!("\"{id}\"")),
                "{asked} shows {id}: {answer}"
            );
        }
    }
}

/// People who may not see it: of another organisation, of the platform, and of the other organisation together with a
/// member of `acme` who works there too.
async fn strangers<'a>(server: &'a Server, team: &Team<'a>) -> Vec<Client<'a>> {
    let boss = server.person("omar@other.test", "other", "org-admin").await;
    let join = json!({ "login": "ana@acme.test", "name": "x", "profile": "analyst", "organisation": "other" });
    boss.post("/api/v1/user", join).await.expect(201);
    let ana_elsewhere = team.analyst.clone().in_organisation("other");
    vec![
        boss,
        team.other_organisation.clone(),
        ana_elsewhere,
        server.admin(),
    ]
}

/// Every way that the query language has into the data.
fn chains(treasure: &Treasure) -> Vec<Value> {
    let page = json!({ "_name": "page", "from": 0, "to": 500, "extraData": extra_data() });
    let mut chains = Vec::new();
    for entity in catalogue().entities() {
        let mut beginnings: Vec<Value> = Vec::new();
        for name in entity.list.iter().chain(entity.count) {
            beginnings.push(json!({ "_name": name }));
        }
        for id in &treasure.ids {
            for name in entity.get {
                beginnings.push(json!({ "_name": name, "idOrName": id }));
            }
        }
        for start in entity.starts {
            for id in treasure.ids.iter().take(5) {
                beginnings
                    .push(json!({ "_name": start.name, "id": id, "caseId": id, "idOrName": id }));
            }
        }
        for beginning in beginnings {
            chains.push(json!([beginning]));
            let is_number = entity.count.iter().any(|name| beginning["_name"] == *name)
                || beginning["_name"] == "countTask";
            if is_number {
                continue;
            }
            chains.push(json!([beginning, page]));
            let is_of_all = beginning
                .as_object()
                .is_some_and(|operation| operation.len() == 1);
            for first in ways(entity.kind) {
                chains.push(json!([beginning, { "_name": first.0 }]));
                for second in ways(first.1).iter().filter(|_| is_of_all) {
                    chains.push(json!([beginning, { "_name": first.0 }, { "_name": second.0 }]));
                }
            }
        }
    }
    chains.push(json!([{ "_name": "listAny" }, page]));
    for id in &treasure.ids {
        chains.push(json!([{ "_name": "getAny", "idOrName": id }]));
    }
    chains
}

/// Where one can go from a kind of entity: the operation, and the kind that is reached.
fn ways(kind: &str) -> Vec<(&'static str, &'static str)> {
    let Some(entity) = catalogue().entity(kind) else {
        return Vec::new();
    };
    let mut ways = vec![("audits", "Audit"), ("auditsFromContext", "Audit")];
    ways.extend(entity.edges.iter().map(|edge| (edge.name, edge.to)));
    ways.extend(entity.values.iter().map(|list| (list.name, "")));
    ways
}

/// Every extra datum that some entity gives.
fn extra_data() -> Value {
    json!([
        "total",
        "case",
        "caseId",
        "task",
        "taskId",
        "links",
        "organisations",
        "userCount",
        "canDelete",
        "actionCount",
        "tasks",
        "tasksCount",
        "alerts",
        "contributors",
        "contributorCount",
        "owner",
        "ownerOrganisation",
        "shareCount",
        "actionRequired",
        "actionRequiredMap",
        "isOwner",
        "similarCases",
        "seen",
        "procedureCount",
        "observableStats",
        "caseNumber",
        "caseTemplate",
        "permissions",
        "status"
    ])
}

#[tokio::test]
async fn no_way_through_the_query_language_leads_to_another_organisation() {
    let server = Server::start().await;
    let team = server.team().await;
    let treasure = Treasure::bury(&team).await;
    let mut chains = chains(&treasure);
    assert!(chains.len() > 500, "only {} chains", chains.len());
    // That the walk finds it at all.
    let mut found = 0;
    let mut catalogs = Vec::new();
    for chain in &chains {
        let answer = team.analyst.query(chain.clone()).await.text();
        found += usize::from(answer.contains(MARK));
        if answer.len() > 100_000 {
            catalogs.push(chain.clone());
        }
    }
    // Whole catalogs, which are the same for everybody: a page of them is asked for too.
    assert!(catalogs.len() < 20, "{catalogs:?}");
    chains.retain(|chain| !catalogs.contains(chain));
    assert!(
        found > 50,
        "the owner himself finds it in {found} ways only"
    );
    for stranger in strangers(&server, &team).await {
        for chain in &chains {
            let asked = chain.to_string();
            let answer = stranger.query(chain.clone()).await;
            assert!(answer.status.as_u16() < 500, "{asked}: {}", answer.text());
            treasure.is_hidden_in(&answer.text(), &asked);
        }
    }
}

#[tokio::test]
async fn no_number_betrays_what_another_organisation_has() {
    let server = Server::start().await;
    let team = server.team().await;
    Treasure::bury(&team).await;
    for stranger in strangers(&server, &team).await {
        for list in [
            "listCase",
            "listTask",
            "listLog",
            "listComment",
            "listAudit",
            "listShare",
        ] {
            let narrowed = [
                json!({ "_name": "filter", "_match": { "keyword": MARK } }),
                json!({ "_name": "filter", "_like": { "title": MARK } }),
                json!({ "_name": "filter", "_eq": { "tags": MARK } }),
                json!({ "_name": "filter", "_like": { "message": MARK } }),
                json!({ "_name": "filter", "_like": { "details": MARK } }),
                json!({ "_name": "filter", "_not": { "_like": { "title": "nothing" } } }),
                json!({ "_name": "filter", "_not": { "_like": { "message": "nothing" } } }),
                json!({ "_name": "filter", "assignee": "ana@acme.test" }),
                json!({ "_name": "filter", "number": 1 }),
            ];
            for filter in narrowed {
                for end in [
                    json!({ "_name": "count" }),
                    json!({ "_name": "limitedCount", "threshold": 9 }),
                ] {
                    let answer = stranger
                        .query(json!([{ "_name": list }, filter, end]))
                        .await;
                    if answer.status == 200 && list != "listAudit" {
                        assert_eq!(answer.text(), "0", "{list} {filter}");
                    }
                }
            }
            for field in [
                "title", "tags", "message", "status", "assignee", "group", "number",
            ] {
                let aggregation =
                    json!({ "_name": "aggregation", "_agg": "field", "_field": field });
                let answer = stranger
                    .query(json!([{ "_name": list }, aggregation]))
                    .await;
                assert!(
                    answer.status != 200 || answer.text() == "{}",
                    "{list} {field}: {}",
                    answer.text()
                );
            }
        }
        // Nor does what is told of those who work in both.
        for edge in ["cases", "tasks"] {
            let chain = json!([{ "_name": "listUser" }, { "_name": edge }, { "_name": "count" }]);
            assert_eq!(stranger.query(chain).await.text(), "0", "{edge}");
        }
    }
}

#[tokio::test]
async fn nothing_beside_the_query_language_shows_another_organisation() {
    let server = Server::start().await;
    let team = server.team().await;
    let strangers = strangers(&server, &team).await;
    let mut streams = Vec::new();
    for stranger in &strangers {
        streams.push(stranger.post_nothing("/api/v1/stream").await.text());
    }
    let treasure = Treasure::bury(&team).await;
    let case = &treasure.ids[0];
    for (stranger, stream) in strangers.iter().zip(streams) {
        // Something of everybody's own, so that the stream answers at once.
        let theme = json!({ "name": "Somebody" });
        stranger.patch("/api/v1/user/ana@acme.test", theme).await;
        let paths = [
            format!("/api/skep/v1/lookup?q={MARK}"),
            "/api/skep/v1/lookup?q=1".to_owned(),
            "/api/skep/v1/lookup?q=%231".to_owned(),
            format!("/api/skep/v1/lookup?q={case}"),
            "/api/skep/v1/inbox".to_owned(),
            "/api/skep/v1/bin".to_owned(),
            "/api/v1/flow?count=500".to_owned(),
            format!("/api/v1/flow?rootId={case}&count=500"),
            "/api/v1/describe/_all".to_owned(),
            "/api/v1/describe/case".to_owned(),
            "/api/v1/config/user".to_owned(),
            format!("/api/v1/case/{case}"),
            "/api/v1/case/1".to_owned(),
        ];
        for path in paths {
            treasure.is_hidden_in(&stranger.get(&path).await.text(), &path);
        }
        let asked_for = stranger
            .clone()
            .in_organisation("acme")
            .get("/api/v1/case/1")
            .await;
        let works_there = asked_for.status == 200;
        assert!(!works_there || asked_for.text().contains("ana@acme.test"));
        drop(stream);
    }
    let refused = team.other_organisation.clone().in_organisation("acme");
    refused
        .get("/api/v1/user/current")
        .await
        .expect_error(403, "AuthorizationError");
}

#[tokio::test]
async fn a_mention_and_a_reminder_stay_in_the_organisation() {
    let server = Server::start().await;
    let team = server.team().await;
    let olga = &team.other_organisation;
    let text = json!({ "message": "@ana@acme.test @admin@thehive.local look at this" });
    olga.post(
        "/api/v1/case",
        json!({ "title": MARK, "description": MARK }),
    )
    .await
    .expect(201);
    olga.post("/api/v1/case/1/comment", text.clone())
        .await
        .expect(201);
    let task = olga
        .post(
            "/api/v1/case/1/task",
            json!({ "title": MARK, "description": "@ana@acme.test" }),
        )
        .await
        .id();
    olga.post(&format!("/api/v1/task/{task}/log"), text)
        .await
        .expect(201);
    for told in [&team.analyst, &server.admin()] {
        let inbox = told.get("/api/skep/v1/inbox").await.expect(200);
        assert_eq!(inbox["total"], 0, "{inbox}");
    }
    // Nor can somebody else's items be marked.
    team.analyst
        .post("/api/v1/case", json!({ "title": "t", "description": "d" }))
        .await
        .expect(201);
    team.analyst
        .post(
            "/api/v1/case/2/comment",
            json!({ "message": "@reader@acme.test" }),
        )
        .await
        .expect(201);
    let item = team.read_only.get("/api/skep/v1/inbox").await.expect(200)["items"][0]["id"].clone();
    olga.post("/api/skep/v1/inbox/read", json!({ "ids": [item] }))
        .await
        .expect(204);
    assert_eq!(
        team.read_only.get("/api/skep/v1/inbox").await.expect(200)["unreadCount"],
        1
    );
}

#[tokio::test]
async fn a_picture_is_seen_by_those_who_see_its_owner() {
    // The smallest PNG.
    const PICTURE: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    let server = Server::start().await;
    let team = server.team().await;
    team.analyst
        .patch("/api/v1/user/ana@acme.test", json!({ "avatar": PICTURE }))
        .await
        .expect(204);
    let hash = team
        .analyst
        .get("/api/v1/user/ana@acme.test")
        .await
        .expect(200)["avatar"]
        .clone();
    let hash = hash
        .as_str()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned();
    let picture = format!("/api/v1/user/ana@acme.test/avatar/{hash}");
    team.read_only.get(&picture).await.expect(200);
    team.other_organisation
        .get(&picture)
        .await
        .expect_error(404, "NotFoundError");
    // Nor by way of a person whom the stranger does see.
    let borrowed = format!("/api/v1/user/olga@other.test/avatar/{hash}");
    team.other_organisation
        .get(&borrowed)
        .await
        .expect_error(404, "NotFoundError");
    let borrowed = format!("/api/v1/organisation/other/avatar/{hash}");
    team.other_organisation
        .get(&borrowed)
        .await
        .expect_error(404, "NotFoundError");
}

#[tokio::test]
async fn what_is_listened_to_ends_with_the_right_to_hear_it() {
    use tokio::time::{Duration, timeout};
    let server = Server::start().await;
    let team = server.team().await;
    let admin = server.admin();
    let listening = timeout(
        Duration::from_secs(20),
        team.read_only.get("/api/skep/v1/events"),
    );
    let change = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        admin
            .patch("/api/v1/user/reader@acme.test", json!({ "locked": true }))
            .await
            .expect(204);
        tokio::time::sleep(Duration::from_millis(200)).await;
        team.analyst
            .post("/api/v1/case", json!({ "title": MARK, "description": "d" }))
            .await
            .expect(201);
    };
    let (heard, ()) = tokio::join!(listening, change);
    let heard = heard.expect("a locked user's connection ends").text();
    assert!(!heard.contains("\"Case\""), "{heard}");
}
