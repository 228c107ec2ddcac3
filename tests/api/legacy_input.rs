//! The legacy API (v0): what makes no sense.

use serde_json::{Value, json};

use crate::harness::Server;

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_not_passed_over() {
    let server = Server::start().await;
    let client = server.team().await.analyst;
    let plain = json!({ "title": "t", "description": "d" });
    client.post("/api/case", plain).await.expect(201);
    // A condition that is dropped lets everything pass, which who deletes what he found would regret.
    for filter in [
        json!("title"),
        json!({ "_and": "x" }),
        json!({ "_and": [{ "title": "t" }, "x"] }),
        json!({ "_or": "x" }),
        json!({ "_not": { "_and": "x" } }),
        json!({ "_in": { "_field": "title", "_values": "x" } }),
        json!({ "_in": { "_field": "status", "_values": "Open" } }),
    ] {
        for path in ["/api/case/_search", "/api/case/_stats"] {
            let answer = client.post(path, json!({ "query": filter })).await;
            let refused = answer.expect(400);
            assert!(refused["message"].is_string(), "{filter}: {refused}");
        }
    }
    let stats = json!({ "query": {}, "stats": "count" });
    client.post("/api/case/_stats", stats).await.expect(400);
    let alert = |more: (&str, Value)| {
        let mut alert = json!({ "type": "t", "source": "s", "sourceRef": "r", "title": "t", "description": "d" });
        alert[more.0] = more.1;
        alert
    };
    for wrong in [
        ("artifacts", json!("8.8.8.8")),
        ("artifacts", json!({ "dataType": "ip", "data": "8.8.8.8" })),
        ("artifacts", json!(["8.8.8.8"])),
        ("customFields", json!("x")),
    ] {
        let answer = client.post("/api/alert", alert(wrong.clone())).await;
        assert_eq!(answer.status, 400, "{wrong:?}: {}", answer.text());
    }
    for (field, value) in [("tasks", json!("x")), ("customFields", json!(7))] {
        let case = json!({ "title": "t", "description": "d", field: value });
        let answer = client.post("/api/case", case).await;
        assert_eq!(answer.status, 400, "{field}: {}", answer.text());
    }
    for list in ["listAlert", "listCase", "listObservable"] {
        let count = json!([{ "_name": list }, { "_name": "count" }]);
        let expected = i32::from(list == "listCase");
        assert_eq!(client.query(count).await.expect(200), expected, "{list}");
    }
    // A list that is none is not an empty one, which would end all links.
    let admin = server.admin();
    let links = "/api/organisation/acme/links";
    let linked = json!({ "organisations": ["other"] });
    let set = admin.put(links, linked).await;
    assert!(set.status.is_success(), "{}", set.text());
    for wrong in [json!({}), json!({ "organisations": "other" })] {
        admin.put(links, wrong).await.expect(400);
    }
    let left = admin.get(links).await.expect(200);
    assert_eq!(left.as_array().unwrap().len(), 1, "{left}");
    let shares = json!({ "shares": { "organisation": "other" } });
    client.post("/api/case/1/shares", shares).await.expect(400);
    let ids = json!({ "ids": "1", "title": "x" });
    client.patch("/api/case/_bulk", ids).await.expect(400);
    // What old clients send unset is no mistake.
    let unset = json!({ "title": "t", "description": "d", "tasks": [], "customFields": {}, "tags": [], "owner": null });
    client.post("/api/case", unset).await.expect(201);
    client
        .post("/api/alert", alert(("artifacts", json!([]))))
        .await
        .expect(201);
    client
        .post("/api/case/_search", json!({ "query": null }))
        .await
        .expect(200);
}
