//! What holds for every request and answer (section 1 of the contract), as far as it isn't the subject of another file:
//! `routing` has unknown routes and methods, `bad_input` bodies that are wrong, `login` who is asked for credentials.

use serde_json::{Value, json};

use crate::harness::Server;

#[tokio::test]
async fn null_is_absence_and_what_is_unknown_is_ignored() {
    let server = Server::start().await;
    let analyst = server.team().await.analyst;
    let plain = json!({ "title": "t", "description": "d" });
    let mut full = plain.clone();
    for name in [
        "severity",
        "startDate",
        "endDate",
        "dueDate",
        "tags",
        "flag",
        "tlp",
        "pap",
        "status",
        "summary",
        "assignee",
        "access",
        "customFields",
        "caseTemplate",
        "tasks",
        "pages",
        "sharingParameters",
        "taskRule",
        "observableRule",
    ] {
        full[name] = Value::Null;
    }
    full["nobodyKnowsThis"] = json!({ "a": [1] });
    let mut cases = Vec::new();
    for input in [plain, full] {
        let mut case = analyst.post("/api/v1/case", input).await.expect(201);
        for own in ["_id", "number"] {
            case.as_object_mut().unwrap().remove(own);
        }
        cases.push(case);
    }
    assert_eq!(cases[0], cases[1]);
}

#[tokio::test]
async fn a_body_may_say_its_charset() {
    let server = Server::start().await;
    let analyst = server.team().await.analyst;
    for kind in [
        "application/json; charset=utf-8",
        "Application/JSON;charset=UTF-8",
    ] {
        let body = r#"{"title": "Grüße", "description": "d"}"#.as_bytes().to_vec();
        for path in ["/api/v1/case", "/api/case"] {
            let made = analyst
                .send_bytes(http::Method::POST, path, Some(kind), body.clone())
                .await;
            assert_eq!(made.expect(201)["title"], "Grüße", "{path} as {kind}");
        }
    }
}

#[tokio::test]
async fn the_old_root_is_open_where_the_new_one_is() {
    let server = Server::start().await;
    for root in ["/api", "/api/v0"] {
        let stranger = server.anonymous();
        let status = stranger.get(&format!("{root}/status")).await.expect(200);
        assert_eq!(status["versions"]["TheHive"], "5.7.3");
        assert_eq!(stranger.get(&format!("{root}/health")).await.text(), "Ok");
        stranger
            .post_nothing(&format!("{root}/logout"))
            .await
            .expect(200);
        let sign_in = json!({ "user": "ADMIN@thehive.local", "password": "secret" });
        let session = stranger.post(&format!("{root}/login"), sign_in).await;
        assert_eq!(session.expect(200)["login"], "admin@thehive.local");
        let signed_in = server
            .anonymous()
            .session(&session.session_token().unwrap());
        let current = signed_in.get(&format!("{root}/user/current")).await;
        assert_eq!(current.expect(200)["login"], "admin@thehive.local");
        assert_eq!(current.header("x-organisation"), Some("admin"));
        assert!(
            current
                .header("x-permissions")
                .unwrap()
                .contains("manageUser")
        );
    }
}

#[tokio::test]
async fn a_parameter_without_a_value_means_yes() {
    let server = Server::start().await;
    let admin = server.admin();
    for query in ["", "?verbose", "?verbose=True", "?verbose=false"] {
        let status = admin
            .get(&format!("/api/v1/status{query}"))
            .await
            .expect(200);
        assert_eq!(status["version"], "5.7.3", "{query}");
    }
}
