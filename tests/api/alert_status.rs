//! Alert statuses: the predefined ones, own ones, and that none is deleted under an alert.

use serde_json::{Value, json};

use crate::harness::{Client, Server, alert};

async fn statuses(client: &Client<'_>) -> Vec<Value> {
    let query = json!([{ "_name": "listAlertStatus" }, { "_name": "sort", "_fields": [{ "order": "asc" }] },
        { "_name": "page", "from": 0, "to": 50, "extraData": ["canDelete"] }]);
    client
        .query(query)
        .await
        .expect(200)
        .as_array()
        .unwrap()
        .clone()
}

#[tokio::test]
async fn the_predefined_statuses_are_there_and_belong_to_the_system() {
    let server = Server::start().await;
    let team = server.team().await;
    let listed = statuses(&team.read_only).await;
    let found: Vec<(&str, &str)> = listed
        .iter()
        .map(|status| {
            (
                status["value"].as_str().unwrap(),
                status["stage"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("New", "New"),
            ("InProgress", "InProgress"),
            ("Pending", "InProgress"),
            ("Imported", "Imported"),
            ("FalsePositive", "Closed"),
            ("Duplicate", "Closed"),
            ("Ignored", "Closed"),
        ]
    );
    for status in &listed {
        assert_eq!(status["_createdBy"], "system@thehive.local");
        assert_eq!(status["extraData"]["canDelete"], false);
    }
}

#[tokio::test]
async fn an_own_status_is_created_shown_otherwise_and_deleted_while_unused() {
    let server = Server::start().await;
    let team = server.team().await;
    let admin = server.admin();
    let input = json!({ "value": "Escalated", "stage": "InProgress", "colour": "#112233", "description": "to level 2" });
    let created = admin
        .post("/api/v1/alertStatus", input.clone())
        .await
        .expect(201);
    assert_eq!(
        (&created["_type"], &created["order"], &created["hidden"]),
        (&json!("AlertStatus"), &json!(7), &json!(false))
    );
    admin
        .post("/api/v1/alertStatus", input)
        .await
        .expect_error(400, "CreateError");
    let wrong = json!({ "value": "Gone", "stage": "Nowhere" });
    admin
        .post("/api/v1/alertStatus", wrong)
        .await
        .expect_error(400, "AttributeCheckingError");
    let change = json!({ "hidden": true, "order": 1, "colour": "", "value": "Other" });
    admin
        .patch("/api/v1/alertStatus/Escalated", change)
        .await
        .expect(204);
    let get = json!([{ "_name": "getAlertStatus", "idOrName": "Escalated" }]);
    let read = team.analyst.query(get).await.expect(200);
    assert_eq!(
        (&read[0]["hidden"], &read[0]["order"], &read[0]["colour"]),
        (&json!(true), &json!(1), &Value::Null)
    );
    // Hidden ones stay valid.
    let mut escalated = alert("1");
    escalated["status"] = json!("Escalated");
    let used = team.analyst.post("/api/v1/alert", escalated).await;
    let id = used.id();
    assert_eq!(used.expect(201)["stage"], "InProgress");
    for status in ["Escalated", "New"] {
        admin
            .delete(&format!("/api/v1/alertStatus/{status}"))
            .await
            .expect_error(400, "BadRequest");
    }
    team.analyst
        .patch(
            &format!("/api/v1/alert/{id}"),
            json!({ "status": "Ignored" }),
        )
        .await
        .expect(204);
    admin
        .delete("/api/v1/alertStatus/Escalated")
        .await
        .expect(204);
    admin
        .delete("/api/v1/alertStatus/Escalated")
        .await
        .expect(404);
    team.org_admin
        .post(
            "/api/v1/alertStatus",
            json!({ "value": "Mine", "stage": "New" }),
        )
        .await
        .expect(403);
    let history = json!([{ "_name": "listAudit" }, { "_name": "filter", "objectType": "AlertStatus" },
        { "_name": "filter", "action": "delete" }, { "_name": "count" }]);
    assert_eq!(admin.query(history).await.expect(200), 1);
}
