//! Numbers at the ends of their types, wherever a request may hold one.

use serde_json::{Value, json};
use skep::wire::date::DATE_MS_MAX;

use crate::harness::{Client, Server};

/// What is no date, or none that a browser knows.
fn no_dates() -> Vec<Value> {
    vec![
        json!(DATE_MS_MAX + 1),
        json!(-DATE_MS_MAX - 1),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e300),
        json!(0.5),
        json!("2026-03-02"),
        json!({}),
    ]
}

/// Numbers at the ends of types, as they may stand in a body.
fn extremes() -> Vec<Value> {
    vec![
        json!(0),
        json!(-1),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(f64::MAX),
        json!(f64::MIN_POSITIVE),
        json!(-0.0),
    ]
}

#[tokio::test]
async fn a_date_is_one_that_a_browser_can_show() {
    let server = Server::start().await;
    let client = server.team().await.analyst;
    let new_case = json!({ "title": "t", "description": "d" });
    client
        .post("/api/v1/case", new_case.clone())
        .await
        .expect(201);
    let task = client
        .post("/api/v1/case/1/task", json!({ "title": "t" }))
        .await
        .id();
    let log = client
        .post(
            &format!("/api/v1/task/{task}/log"),
            json!({ "message": "m" }),
        )
        .await
        .id();
    let (task, log) = (format!("/api/v1/task/{task}"), format!("/api/v1/log/{log}"));
    let with = |base: &Value, field: &str, value: &Value| {
        let mut body = base.clone();
        body[field] = value.clone();
        body
    };
    for value in no_dates() {
        for field in ["startDate", "endDate", "dueDate"] {
            let change = with(&json!({}), field, &value);
            let bulk = with(&json!({ "ids": ["1"] }), field, &value);
            let created = with(&new_case, field, &value);
            let inline = with(
                &new_case,
                "tasks",
                &json!([with(&json!({ "title": "t" }), field, &value)]),
            );
            for answer in [
                client.post("/api/v1/case", created).await,
                client.post("/api/v1/case", inline).await,
                client.patch("/api/v1/case/1", change.clone()).await,
                client.patch("/api/v1/case/_bulk", bulk).await,
                client
                    .post(
                        "/api/v1/case/1/task",
                        with(&json!({ "title": "t" }), field, &value),
                    )
                    .await,
                client.patch(&task, change).await,
            ] {
                answer.expect_error(400, "AttributeCheckingError");
            }
        }
        for field in ["startDate", "includeInTimeline"] {
            let body = with(&json!({ "message": "m" }), field, &value);
            client
                .post(&format!("{task}/log"), body)
                .await
                .expect_error(400, "AttributeCheckingError");
        }
        let body = json!({ "includeInTimeline": value });
        client
            .patch(&log, body)
            .await
            .expect_error(400, "AttributeCheckingError");
    }
}

#[tokio::test]
async fn dates_at_the_ends_of_time_are_computed_with() {
    let server = Server::start().await;
    let client = server.team().await.analyst;
    for (start, end) in [
        (-DATE_MS_MAX, DATE_MS_MAX),
        (DATE_MS_MAX, DATE_MS_MAX),
        (-DATE_MS_MAX, -DATE_MS_MAX),
    ] {
        let case = json!({ "title": "t", "description": "d", "startDate": start, "endDate": end, "dueDate": end,
            "status": "TruePositive", "tasks": [{ "title": "t", "startDate": start, "endDate": end, "dueDate": start }] });
        let case = client.post("/api/v1/case", case).await.expect(201);
        assert_eq!(
            (&case["startDate"], &case["endDate"]),
            (&json!(start), &json!(end))
        );
        assert!(case["timeToResolve"].is_i64(), "{case}");
    }
    let fields = [
        "startDate",
        "endDate",
        "dueDate",
        "timeToDetect",
        "timeToResolve",
        "handlingDuration",
        "handlingDurationInDays",
    ];
    for field in fields {
        let sorted =
            json!([{ "_name": "listCase" }, { "_name": "sort", "_fields": [{ field: "desc" }] }]);
        client.query(sorted).await.expect(200);
        for aggregation in ["sum", "avg", "min", "max"] {
            let operation = json!({ "_name": "aggregation", "_agg": aggregation, "_field": field });
            client
                .query(json!([{ "_name": "listCase" }, operation]))
                .await
                .expect(200);
        }
    }
    for unit in ["s", "d", "w", "M", "y"] {
        let operation = json!({ "_name": "aggregation", "_agg": "time", "_fields": ["startDate"], "_interval": format!("1{unit}") });
        client
            .query(json!([{ "_name": "listCase" }, operation]))
            .await
            .expect(200);
    }
}

#[tokio::test]
async fn a_query_takes_or_refuses_any_number() {
    let server = Server::start().await;
    let client = server.team().await.analyst;
    client
        .post("/api/v1/case", json!({ "title": "t", "description": "d" }))
        .await
        .expect(201);
    let list = json!({ "_name": "listCase" });
    for number in extremes() {
        let mut operations = Vec::new();
        for field in [
            "number",
            "severity",
            "startDate",
            "dueDate",
            "timeToDetect",
            "_createdAt",
            "flag",
            "title",
            "_id",
        ] {
            for comparison in ["_eq", "_ne", "_lt", "_gte"] {
                operations.push(
                    json!({ "_name": "filter", comparison: { "_field": field, "_value": number } }),
                );
            }
            operations.push(json!({ "_name": "filter", "_in": { "_field": field, "_values": [number, number] } }));
            operations.push(json!({ "_name": "filter", "_between": { "_field": field, "_from": number, "_to": number } }));
        }
        operations.push(json!({ "_name": "page", "from": number, "to": 10 }));
        operations
            .push(json!({ "_name": "page", "from": 0, "to": number, "extraData": ["total"] }));
        operations.push(json!({ "_name": "page", "from": number, "to": number }));
        operations.push(json!({ "_name": "limitedCount", "threshold": number }));
        operations.push(
            json!({ "_name": "aggregation", "_agg": "field", "_field": "status", "_size": number }),
        );
        operations.push(json!({ "_name": "aggregation", "_agg": "time", "_fields": ["_createdAt"], "_interval": number, "_unit": "days" }));
        for operation in operations {
            expect_no_failure(&client, json!([list, operation])).await;
            expect_no_failure(&client, json!([{ "_name": "listAny" }, operation])).await;
        }
    }
}

async fn expect_no_failure(client: &Client<'_>, operations: Value) {
    let asked = operations.to_string();
    let answer = client.query(operations).await;
    match answer.status.as_u16() {
        200 => {}
        400 => {
            let body: Value = serde_json::from_slice(&answer.bytes).unwrap();
            assert!(
                body["type"].is_string() && body["message"].is_string(),
                "{asked}: {body}"
            );
        }
        status => panic!("{status}: {asked}: {}", answer.text()),
    }
}

#[tokio::test]
async fn the_order_of_a_task_may_be_at_the_end_of_its_type() {
    let server = Server::start().await;
    let client = server.team().await.analyst;
    client
        .post("/api/v1/case", json!({ "title": "t", "description": "d" }))
        .await
        .expect(201);
    for (order, status) in [
        (json!(i32::MAX), 201),
        (json!(i32::MIN), 201),
        (json!(i64::from(i32::MAX) + 1), 400),
        (json!(i64::MIN), 400),
        (json!(u64::MAX), 400),
        (json!(1.5), 400),
    ] {
        let task = json!({ "title": "t", "order": order });
        client
            .post("/api/v1/case/1/task", task)
            .await
            .expect(status);
    }
    // It comes after the last one, as far as numbers go.
    let task = client
        .post("/api/v1/case/1/task", json!({ "title": "t" }))
        .await
        .expect(201);
    assert_eq!(task["order"], i32::MAX);
}

#[tokio::test]
async fn a_page_may_be_asked_for_with_any_numbers() {
    let server = Server::start().await;
    let client = server.team().await.analyst;
    for list in ["/api/skep/v1/inbox", "/api/skep/v1/bin"] {
        for from in [0, i64::MAX, i64::MIN] {
            client.get(&format!("{list}?from={from}")).await.expect(200);
            for to in [0, i64::MAX, i64::MIN] {
                client
                    .get(&format!("{list}?from={from}&to={to}"))
                    .await
                    .expect(200);
            }
        }
    }
    for count in [0, i64::MAX, i64::MIN] {
        client
            .get(&format!("/api/v1/flow?count={count}"))
            .await
            .expect(200);
    }
    for reference in [
        "~9223372036854775807",
        "~9223372036854775808",
        "~-1",
        "~+1",
        "9223372036854775808",
        "-1",
    ] {
        client
            .get(&format!("/api/v1/case/{reference}"))
            .await
            .expect_error(404, "NotFoundError");
        client
            .get(&format!("/api/v1/task/{reference}"))
            .await
            .expect_error(404, "NotFoundError");
    }
}
