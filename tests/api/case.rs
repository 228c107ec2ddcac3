//! Cases: creation, reading, changing, numbering, the bin, and who sees them.

use serde_json::{Value, json};

use crate::harness::{Client, Server, Team};

/// A case with the two attributes it must have.
fn minimal() -> Value {
    json!({ "title": "Phishing email reported by Finance", "description": "A link in a mail" })
}

async fn create(client: &Client<'_>, input: Value) -> Value {
    client.post("/api/v1/case", input).await.expect(201)
}

#[tokio::test]
async fn a_case_has_the_defaults_of_the_contract_and_reads_back_as_created() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = create(&team.analyst, minimal()).await;
    assert_eq!(case["_type"], "Case");
    assert_eq!(case["number"], 1);
    for (field, value) in [
        ("severity", json!(2)),
        ("severityLabel", json!("MEDIUM")),
        ("tlp", json!(2)),
        ("tlpLabel", json!("AMBER")),
        ("pap", json!(2)),
        ("flag", json!(false)),
        ("status", json!("New")),
        ("stage", json!("New")),
        ("tags", json!([])),
        ("customFields", json!([])),
        ("assignee", json!("ana@acme.test")),
        ("access", json!({ "_kind": "OrganisationAccessKind" })),
        ("timeToDetect", json!(0)),
        ("_createdBy", json!("ana@acme.test")),
        ("extraData", json!({})),
    ] {
        assert_eq!(case[field], value, "{field}");
    }
    for absent in [
        "_updatedAt",
        "endDate",
        "summary",
        "impactStatus",
        "inProgressDate",
        "dueDate",
    ] {
        assert!(case.get(absent).is_none(), "{absent} is left out");
    }
    for reference in [case["_id"].as_str().unwrap(), "1"] {
        let read = team
            .analyst
            .get(&format!("/api/v1/case/{reference}"))
            .await
            .expect(200);
        assert_eq!(read, case);
    }
}

#[tokio::test]
async fn numbers_are_consecutive_and_never_given_twice() {
    let server = Server::start().await;
    let team = server.team().await;
    for number in 1..=3 {
        assert_eq!(create(&team.analyst, minimal()).await["number"], number);
    }
    team.analyst.delete("/api/v1/case/3").await.expect(204);
    // A creation that fails takes no number.
    let wrong = json!({ "title": "t", "description": "d", "assignee": "nobody@acme.test" });
    team.analyst.post("/api/v1/case", wrong).await.expect(400);
    assert_eq!(create(&team.analyst, minimal()).await["number"], 4);
    assert_eq!(
        create(&team.other_organisation, minimal()).await["number"],
        5
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_case_is_said_at_its_place() {
    let server = Server::start().await;
    let team = server.team().await;
    let long = "x".repeat(513);
    let with = |field: &str, value: Value| {
        let mut input = minimal();
        input[field] = value;
        input
    };
    for (input, place) in [
        (json!({ "description": "d" }), "title"),
        (json!({ "title": "t" }), "description"),
        (with("title", json!("")), "title"),
        (with("title", json!("   ")), "title"),
        (with("title", json!(long)), "title"),
        (with("title", json!(7)), "title"),
        (with("severity", json!(5)), "severity"),
        (with("tlp", json!(-1)), "tlp"),
        (with("pap", json!("red")), "pap"),
        (with("status", json!("Nonsense")), "status"),
        (with("assignee", json!("nobody@acme.test")), "assignee"),
        (with("assignee", json!("reader@acme.test")), "assignee"),
        (with("assignee", json!("olga@other.test")), "assignee"),
        (with("tags", json!(["a", "x".repeat(129)])), "tags[1]"),
        (with("taskRule", json!("always")), "taskRule"),
        (with("tasks", json!([{ "title": "" }])), "tasks[0].title"),
        (
            with("tasks", json!([{ "title": "a", "status": "Done" }])),
            "tasks[0].status",
        ),
        (
            with("customFields", json!({ "score": 3 })),
            "customFields.score",
        ),
        (
            json!({ "title": "t", "description": "d", "startDate": 10, "endDate": 9 }),
            "endDate",
        ),
    ] {
        let body = team
            .analyst
            .post("/api/v1/case", input.clone())
            .await
            .expect(400);
        assert_eq!(
            body["type"], "AttributeCheckingError",
            "{input} gave {body}"
        );
        assert_eq!(body["errors"][0]["name"], place, "{input} gave {body}");
    }
    let answer = team
        .analyst
        .post("/api/v1/case", with("caseTemplate", json!("none")))
        .await;
    answer.expect_error(404, "NotFoundError");
    assert_eq!(
        create(&team.analyst, minimal()).await["number"],
        1,
        "nothing was created before"
    );
}

#[tokio::test]
async fn any_text_is_kept_as_it_was_written() {
    let server = Server::start().await;
    let team = server.team().await;
    let texts = [
        "<script>alert(1)</script> & \"quotes\" 'too'",
        "مرحبا \u{202e}gnisrever\u{202c} שלום",
        "👩‍👩‍👧‍👦 emoji and combining e\u{301}",
        "Robert'); drop table \"case\";--",
        "tab\tnewline\nand \\u0000 as text",
    ];
    for text in texts {
        let case = create(
            &team.analyst,
            json!({ "title": text, "description": text, "tags": [text] }),
        )
        .await;
        assert_eq!(case["title"], text);
        let read = team
            .analyst
            .get(&format!("/api/v1/case/{}", case["number"]))
            .await
            .expect(200);
        assert_eq!(read["description"], text);
        // A tag is one line.
        assert_eq!(read["tags"], json!([text.replace(['\t', '\n'], " ")]));
    }
    let body = br#"{"title":"a\u0000b","description":"d"}"#.to_vec();
    let json_kind = Some("application/json");
    let answer = team
        .analyst
        .send_bytes(http::Method::POST, "/api/v1/case", json_kind, body)
        .await;
    answer.expect_error(400, "BadRequest");
    let body = b"{\"title\":\"\xff\",\"description\":\"d\"}".to_vec();
    let answer = team
        .analyst
        .send_bytes(http::Method::POST, "/api/v1/case", json_kind, body)
        .await;
    answer.expect_error(400, "BadRequest");
    let megabyte = json!({ "title": "x".repeat(1_000_000), "description": "d" });
    team.analyst
        .post("/api/v1/case", megabyte)
        .await
        .expect_error(400, "AttributeCheckingError");
    let longest = json!({ "title": "t", "description": "x".repeat(1_048_576) });
    create(&team.analyst, longest).await;
}

#[tokio::test]
async fn an_update_changes_what_is_given_and_clears_what_is_null() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = create(
        &team.analyst,
        json!({ "title": "t", "description": "d", "tags": ["a", "b"] }),
    )
    .await;
    let path = format!("/api/v1/case/{}", case["_id"].as_str().unwrap());
    server.clock.advance_ms(1_000);
    let update = json!({ "title": "T", "severity": 4, "summary": "s", "impactStatus": "NoImpact",
        "dueDate": 77, "addTags": ["c"], "removeTags": ["a"] });
    team.analyst.patch(&path, update).await.expect(204);
    let read = team.analyst.get(&path).await.expect(200);
    assert_eq!(read["title"], "T");
    assert_eq!(read["description"], "d");
    assert_eq!(read["severityLabel"], "CRITICAL");
    assert_eq!(read["tags"], json!(["b", "c"]));
    assert_eq!(read["dueDate"], 77);
    assert_eq!(read["_updatedBy"], "ana@acme.test");
    assert_eq!(
        read["_updatedAt"].as_i64().unwrap(),
        case["_createdAt"].as_i64().unwrap() + 1_000
    );
    let clear = json!({ "summary": null, "assignee": null, "impactStatus": null, "dueDate": null });
    team.analyst.patch(&path, clear).await.expect(204);
    let read = team.analyst.get(&path).await.expect(200);
    for field in ["summary", "assignee", "impactStatus", "dueDate"] {
        assert!(read.get(field).is_none(), "{field} was cleared");
    }
    for (update, place) in [
        (json!({ "impactStatus": "Some" }), "impactStatus"),
        (json!({ "endDate": 5 }), "endDate"),
        (json!({ "status": "Nonsense" }), "status"),
        (json!({ "assignee": "reader@acme.test" }), "assignee"),
    ] {
        let body = team.analyst.patch(&path, update).await.expect(400);
        assert_eq!(body["errors"][0]["name"], place);
    }
}

#[tokio::test]
async fn an_update_that_changes_nothing_leaves_no_trace() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = create(&team.analyst, minimal()).await;
    team.analyst
        .patch("/api/v1/case/1", json!({ "severity": 2, "unknown": 1 }))
        .await
        .expect(204);
    assert_eq!(team.analyst.get("/api/v1/case/1").await.expect(200), case);
}

#[tokio::test]
async fn a_bulk_update_is_all_or_nothing() {
    let server = Server::start().await;
    let team = server.team().await;
    for _ in 0..3 {
        create(&team.analyst, minimal()).await;
    }
    let flags = async || {
        let mut flags = Vec::new();
        for number in 1..=3 {
            let case = team
                .analyst
                .get(&format!("/api/v1/case/{number}"))
                .await
                .expect(200);
            flags.push(case["flag"].as_bool().unwrap());
        }
        flags
    };
    let with_unknown = json!({ "ids": ["1", "2", "99"], "flag": true });
    team.analyst
        .patch("/api/v1/case/_bulk", with_unknown)
        .await
        .expect_error(404, "NotFoundError");
    assert_eq!(flags().await, [false, false, false]);
    let known = json!({ "ids": ["1", "3"], "flag": true, "addTags": ["bulk"] });
    team.analyst
        .patch("/api/v1/case/_bulk", known)
        .await
        .expect(204);
    assert_eq!(flags().await, [true, false, true]);
}

#[tokio::test]
async fn another_organisation_does_not_know_that_a_case_exists() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = create(&team.analyst, minimal()).await;
    let id = case["_id"].as_str().unwrap();
    for stranger in [&team.other_organisation, &server.admin()] {
        for reference in [id, "1"] {
            let path = format!("/api/v1/case/{reference}");
            stranger.get(&path).await.expect_error(404, "NotFoundError");
        }
        let found = stranger
            .query(json!([{ "_name": "listCase" }]))
            .await
            .expect(200);
        assert_eq!(found, json!([]));
    }
    let path = format!("/api/v1/case/{id}");
    team.other_organisation
        .patch(&path, json!({ "title": "mine" }))
        .await
        .expect(404);
    team.other_organisation.delete(&path).await.expect(404);
    team.other_organisation
        .post(&format!("{path}/task"), json!({ "title": "t" }))
        .await
        .expect(404);
    team.other_organisation
        .post(&format!("{path}/comment"), json!({ "message": "m" }))
        .await
        .expect(404);
    let ids = json!({ "ids": [id], "flag": true });
    team.other_organisation
        .patch("/api/v1/case/_bulk", ids)
        .await
        .expect(404);
    assert_eq!(team.analyst.get(&path).await.expect(200), case);
}

#[tokio::test]
async fn a_reader_reads_and_changes_nothing() {
    let server = Server::start().await;
    let team = server.team().await;
    create(&team.analyst, minimal()).await;
    let read = team.read_only.get("/api/v1/case/1").await.expect(200);
    assert_eq!(read["userPermissions"], json!([]));
    team.read_only
        .post("/api/v1/case", minimal())
        .await
        .expect_error(403, "AuthorizationError");
    team.read_only
        .patch("/api/v1/case/1", json!({ "flag": true }))
        .await
        .expect(403);
    team.read_only.delete("/api/v1/case/1").await.expect(403);
    team.read_only
        .post("/api/v1/case/1/comment", json!({ "message": "m" }))
        .await
        .expect(403);
    let admin_case = server.admin().post("/api/v1/case", minimal()).await;
    admin_case.expect_error(403, "AuthorizationError");
}

#[tokio::test]
async fn a_deleted_case_rests_in_the_bin_and_comes_back_whole() {
    let server = Server::start().await;
    let team = server.team().await;
    let input = json!({ "title": "t", "description": "d", "tasks": [{ "title": "a" }] });
    let case = create(&team.analyst, input).await;
    let id = case["_id"].as_str().unwrap().to_owned();
    let task = team
        .analyst
        .query(json!([{ "_name": "listTask" }]))
        .await
        .expect(200);
    let task_path = format!("/api/v1/task/{}", task[0]["_id"].as_str().unwrap());
    team.analyst.delete("/api/v1/case/1").await.expect(204);
    team.analyst
        .get("/api/v1/case/1")
        .await
        .expect_error(404, "NotFoundError");
    team.analyst
        .get(&task_path)
        .await
        .expect_error(404, "NotFoundError");
    team.analyst.delete("/api/v1/case/1").await.expect(404);
    let bin = team.analyst.get("/api/skep/v1/bin").await.expect(200);
    assert_eq!(
        (&bin["total"], &bin["items"][0]["number"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(bin["items"][0]["deletedBy"], "ana@acme.test");
    let of_others = team
        .other_organisation
        .get("/api/skep/v1/bin")
        .await
        .expect(200);
    assert_eq!(of_others["total"], 0);
    let restore = format!("/api/skep/v1/bin/case/{id}/restore");
    team.other_organisation
        .post_nothing(&restore)
        .await
        .expect(404);
    team.read_only.post_nothing(&restore).await.expect(403);
    team.analyst.post_nothing(&restore).await.expect(204);
    assert_eq!(team.analyst.get("/api/v1/case/1").await.expect(200), case);
    team.analyst.get(&task_path).await.expect(200);
    team.analyst.post_nothing(&restore).await.expect(404);
}

#[tokio::test]
async fn the_ids_of_other_kinds_are_not_found() {
    let server = Server::start().await;
    let Team { analyst, .. } = server.team().await;
    create(&analyst, minimal()).await;
    let task = analyst
        .post("/api/v1/case/1/task", json!({ "title": "a" }))
        .await;
    for reference in [
        task.id().as_str(),
        "~1",
        "~",
        "~x",
        "0",
        "-1",
        "title",
        "99999999999999999999",
    ] {
        let answer = analyst.get(&format!("/api/v1/case/{reference}")).await;
        answer.expect_error(404, "NotFoundError");
    }
}
