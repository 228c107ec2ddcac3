//! Demonstration data.

use serde_json::{Value, json};
use skep::access::Error;
use skep::demo::{self, Amount};

use crate::harness::{START_MS, Server};

const SMALL: Amount = Amount {
    alerts: 60,
    cases: 30,
};

async fn make(server: &Server) -> Result<(), Error> {
    demo::make(
        &server.app.gate,
        SMALL,
        START_MS,
        "no hash".to_owned(),
        &|_| {},
    )
    .await
}

async fn list(server: &Server, name: &str) -> Vec<Value> {
    let admin = server.admin().in_organisation(demo::ORGANISATION);
    let page = json!([{ "_name": name }, { "_name": "sort", "_fields": ["_createdAt", "_id"] }]);
    let mut all = admin
        .query(page)
        .await
        .expect(200)
        .as_array()
        .unwrap()
        .clone();
    for entity in &mut all {
        // Of this database alone.
        for own in ["_id", "number", "attachment"] {
            entity.as_object_mut().unwrap().remove(own);
        }
    }
    all
}

#[tokio::test]
async fn it_is_the_same_each_time_and_made_once() {
    let (first, second) = (Server::start().await, Server::start().await);
    for server in [&first, &second] {
        make(server).await.unwrap();
        let join = json!({ "organisations": [
            { "organisation": "admin", "profile": "admin", "default": true },
            { "organisation": "demo", "profile": "org-admin" },
        ] });
        let path = "/api/v1/user/admin@thehive.local/organisations";
        server.admin().put(path, join).await.expect(200);
    }
    for (name, count) in [("listAlert", 60), ("listCase", 30), ("listObservable", 186)] {
        let made = list(&first, name).await;
        assert_eq!(made.len(), count, "{name}");
        assert_eq!(made, list(&second, name).await, "{name}");
    }
    let alerts = list(&first, "listAlert").await;
    assert!(
        alerts
            .iter()
            .all(|alert| alert["tags"].as_array().unwrap().len() == 5)
    );
    let refusal = make(&first).await.unwrap_err();
    assert!(matches!(refusal, Error::Refused(_)), "{refusal:?}");
    assert!(refusal.to_string().contains("nothing was changed"));
}

#[tokio::test]
async fn who_cut_it_off_is_told_what_to_do() {
    let server = Server::start().await;
    let has_alerts = tokio::sync::Notify::new();
    let made = |_| has_alerts.notify_one();
    let hash = "no hash".to_owned();
    tokio::select! {
        biased;
        () = has_alerts.notified() => {}
        whole = demo::make(&server.app.gate, SMALL, START_MS, hash, &made) => panic!("not cut off: {whole:?}"),
    }
    let refusal = make(&server).await.unwrap_err();
    assert!(matches!(refusal, Error::Refused(_)), "{refusal:?}");
    let told = refusal.to_string();
    assert!(
        told.contains("not complete") && told.contains("empty data folder"),
        "{told}"
    );
}
