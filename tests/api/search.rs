//! The search over everything.

use serde_json::{Value, json};

use crate::harness::{Client, Server};

async fn search(client: &Client<'_>, typed: &str) -> Value {
    let typed: String = form_urlencoded::byte_serialize(typed.as_bytes()).collect();
    client
        .get(&format!("/api/skep/v1/search?q={typed}"))
        .await
        .expect(200)
}

/// What is found, as "Case: title".
async fn found(client: &Client<'_>, typed: &str) -> Vec<String> {
    let answer = search(client, typed).await;
    assert_eq!(answer["unanswered"], json!([]));
    let mut found = Vec::new();
    for kind in answer["kinds"].as_array().unwrap() {
        for entity in kind["entities"].as_array().unwrap() {
            let names = ["title", "message", "name"];
            let name = names.iter().find_map(|name| entity[*name].as_str());
            found.push(format!(
                "{}: {}",
                kind["kind"].as_str().unwrap(),
                name.unwrap()
            ));
        }
    }
    found
}

/// A few cases of `acme`, with a task and a comment, and one of `other`.
async fn some_work(analyst: &Client<'_>, stranger: &Client<'_>) {
    for (title, severity, tags) in [
        ("Phishing of the board", 4, json!(["phishing", "Vip"])),
        ("Évil host bad.example", 2, json!(["malware"])),
        ("Lost laptop", 1, json!([])),
    ] {
        let case = json!({
            "title": title, "description": "seen by the night shift", "severity": severity, "tags": tags,
        });
        analyst.post("/api/v1/case", case).await.expect(201);
    }
    let task = json!({ "title": "Block bad.example" });
    analyst.post("/api/v1/case/2/task", task).await.expect(201);
    let comment = json!({ "message": "The board was told" });
    analyst
        .post("/api/v1/case/1/comment", comment)
        .await
        .expect(201);
    let other = json!({ "title": "Phishing elsewhere", "description": "d" });
    stranger.post("/api/v1/case", other).await.expect(201);
}

const BOARD: &str = "Case: Phishing of the board";
const HOST: &str = "Case: Évil host bad.example";
const LAPTOP: &str = "Case: Lost laptop";
const BLOCK: &str = "Task: Block bad.example";
const TOLD: &str = "Comment: The board was told";

#[tokio::test]
async fn everything_is_found_in_every_way_that_people_type() {
    let server = Server::start().await;
    let team = server.team().await;
    some_work(&team.analyst, &team.other_organisation).await;
    let table: [(&str, &[&str]); 27] = [
        ("phishing", &[BOARD]),
        ("PHISH", &[BOARD]),
        ("phish*", &[BOARD]),
        ("évil", &[HOST]),
        ("ÉVIL", &[HOST]),
        ("board", &[BOARD, TOLD]),
        ("bad.example", &[HOST, BLOCK]),
        ("bad AND block", &[BLOCK]),
        ("laptop OR phishing", &[LAPTOP, BOARD]),
        ("board -told", &[BOARD]),
        ("board NOT phishing", &[TOLD]),
        ("\"of the board\"", &[BOARD]),
        ("\"board the of\"", &[]),
        ("*ptop", &[LAPTOP]),
        ("night (laptop OR host)", &[LAPTOP, HOST]),
        ("severity:critical", &[BOARD]),
        ("SEVERITY:High", &[]),
        ("severity:>=medium", &[HOST, BOARD]),
        ("tag:phishing", &[BOARD]),
        ("tag:PHISHING", &[BOARD]),
        ("tags:vip severity:critical", &[BOARD]),
        ("-severity:low night", &[HOST, BOARD]),
        ("#3", &[LAPTOP]),
        ("status:new laptop", &[LAPTOP]),
        ("title:laptop", &[LAPTOP]),
        ("created:2026-03-02 laptop", &[LAPTOP]),
        ("created:<2026-03-02 laptop", &[]),
    ];
    for (typed, expected) in table {
        assert_eq!(found(&team.analyst, typed).await, expected, "{typed}");
    }
    for typed in ["", "  ", "\"\"", "()"] {
        assert_eq!(found(&team.analyst, typed).await, Vec::<String>::new());
    }
    // What is no field of anything is words with a colon.
    assert_eq!(
        found(&team.analyst, "nothing:here").await,
        Vec::<String>::new()
    );
    assert_eq!(found(&team.analyst, "created:1d laptop").await, [LAPTOP]);
    assert_eq!(found(&team.analyst, "by:me laptop").await, [LAPTOP]);
}

#[tokio::test]
async fn people_and_dashboards_are_found_by_their_names() {
    let server = Server::start().await;
    let team = server.team().await;
    assert_eq!(found(&team.analyst, "ana").await, ["User: ana"]);
    assert_eq!(
        found(&team.analyst, "ttps").await,
        ["Dashboard: TTPs statistics"]
    );
    assert_eq!(found(&team.analyst, "olga").await, Vec::<String>::new());
}

#[tokio::test]
async fn nobody_finds_or_counts_what_he_does_not_see() {
    let server = Server::start().await;
    let team = server.team().await;
    some_work(&team.analyst, &team.other_organisation).await;
    assert_eq!(
        found(&team.other_organisation, "phishing").await,
        ["Case: Phishing elsewhere"]
    );
    let answer = search(&team.other_organisation, "board OR phishing OR example").await;
    assert_eq!(answer["kinds"].as_array().unwrap().len(), 1, "{answer}");
    assert_eq!(answer["kinds"][0]["count"], 1);
    assert_eq!(
        found(&server.admin(), "phishing").await,
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn the_newest_come_first_and_are_paged_by_kind() {
    let server = Server::start().await;
    let team = server.team().await;
    for number in 0..12 {
        server.clock.advance_ms(1_000);
        let case = json!({ "title": format!("Worm {number}"), "description": "d" });
        team.analyst.post("/api/v1/case", case).await.expect(201);
    }
    let page = team
        .analyst
        .get("/api/skep/v1/search?q=worm&kind=Case&from=2&to=4")
        .await
        .expect(200);
    let kind = &page["kinds"][0];
    assert_eq!(
        (&kind["count"], &kind["isMore"]),
        (&json!(12), &json!(false))
    );
    let titles: Vec<&str> = kind["entities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| case["title"].as_str().unwrap())
        .collect();
    assert_eq!(titles, ["Worm 9", "Worm 8"]);
    for wrong in ["q=worm&kind=Nothing", &format!("q={}", "a".repeat(1_001))] {
        team.analyst
            .get(&format!("/api/skep/v1/search?{wrong}"))
            .await
            .expect_error(400, "AttributeCheckingError");
    }
}

#[tokio::test]
async fn what_was_just_written_is_found_and_what_is_gone_is_not() {
    let server = Server::start().await;
    let team = server.team().await;
    for round in 0..5 {
        let title = format!("Zebra{round}");
        let case = json!({ "title": title, "description": "d" });
        let id = team.analyst.post("/api/v1/case", case).await.id();
        assert_eq!(
            found(&team.analyst, &title).await,
            [format!("Case: {title}")]
        );
        team.org_admin
            .delete(&format!("/api/v1/case/{id}"))
            .await
            .expect(204);
        assert_eq!(found(&team.analyst, &title).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_phrase_is_found_though_many_have_its_words() {
    let server = Server::start().await;
    let team = server.team().await;
    some_work(&team.analyst, &team.other_organisation).await;
    let comment = async |message: String| {
        let comment = json!({ "message": message });
        team.analyst
            .post("/api/v1/case/3/comment", comment)
            .await
            .expect(201);
    };
    // More than are counted as few.
    for number in 0..510 {
        comment(format!("Unusual outbound transfer from host-{number}")).await;
    }
    comment("Transfer from host-171 was blocked".to_owned()).await;
    comment("It came from host-171: a transfer was unusual, outbound".to_owned()).await;
    let table: [(&str, &[&str]); 9] = [
        (
            "unusual outbound transfer from host-408",
            &["Unusual outbound transfer from host-408"],
        ),
        (
            "outbound transfer from host-508",
            &["Unusual outbound transfer from host-508"],
        ),
        (
            "transfer from host-171 was",
            &["Transfer from host-171 was blocked"],
        ),
        (
            "transfer from host-171 w",
            &["Transfer from host-171 was blocked"],
        ),
        (
            "from host-171",
            &[
                "It came from host-171: a transfer was unusual, outbound",
                "Transfer from host-171 was blocked",
                "Unusual outbound transfer from host-171",
            ],
        ),
        // A word begins where the phrase does.
        ("usual outbound transfer from host-42", &[]),
        ("unusual transfer outbound from host-42", &[]),
        ("unusual outbound transfer from nowhere", &[]),
        ("unusual inbound transfer from host-42", &[]),
    ];
    for (phrase, messages) in table {
        let expected: Vec<String> = messages
            .iter()
            .map(|message| format!("Comment: {message}"))
            .collect();
        assert_eq!(
            found(&team.analyst, &format!("\"{phrase}\"")).await,
            expected,
            "{phrase}"
        );
    }
    // The last word may go on: 7, 70 to 79.
    let going_on = search(&team.analyst, "\"unusual outbound transfer from host-7\"").await;
    assert_eq!(going_on["kinds"][0]["count"], 11, "{going_on}");
}
