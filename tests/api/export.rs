//! Lists as files.

use serde_json::{Value, json};

use crate::harness::{Answer, Client, Server};

pub async fn export(client: &Client<'_>, query: &Value, options: &Value) -> Answer {
    let encode = |json: &Value| {
        form_urlencoded::byte_serialize(json.to_string().as_bytes()).collect::<String>()
    };
    let query = encode(&json!({ "query": query }));
    let path = format!("/api/v1/export?query={query}&options={}", encode(options));
    client.get(&path).await
}

fn cases() -> Value {
    json!([{ "_name": "listCase" }, { "_name": "sort", "_fields": [{ "_createdAt": "asc" }] }])
}

async fn two_cases(client: &Client<'_>) {
    for (title, tags) in [
        ("=cmd|' /C calc'!A0", json!(["b", "a"])),
        ("Plain, \"quoted\"", json!([])),
    ] {
        let case = json!({ "title": title, "description": "d", "severity": 3, "tags": tags, "startDate": 0 });
        client.post("/api/v1/case", case).await.expect(201);
    }
}

#[tokio::test]
async fn a_list_leaves_as_csv_that_a_spreadsheet_does_not_run() {
    let server = Server::start().await;
    let team = server.team().await;
    two_cases(&team.analyst).await;
    let fields = json!([
        "number",
        "title",
        "severity",
        "tags",
        "startDate",
        "flag",
        "assignee",
        "endDate",
        "timeToDetectInDays",
        "viewingOrganisation",
        "_id",
    ]);
    let options =
        json!({ "format": "csv", "model": "Case", "fileName": "Fälle a/b", "fields": fields });
    let answer = export(&team.read_only, &cases(), &options).await;
    answer.expect(200);
    assert_eq!(
        answer.header("content-type"),
        Some("text/csv; charset=utf-8")
    );
    assert_eq!(
        answer.header("content-disposition"),
        Some("attachment; filename=\"F_lle a_b.csv\"; filename*=UTF-8''F%C3%A4lle%20a_b.csv")
    );
    assert_eq!(answer.header("x-total"), Some("2"));
    let text = answer.text();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert!(
        lines[0].starts_with("\"number\",\"title\",\"severity\""),
        "{text}"
    );
    let days = 1_772_452_800_000_f64 / 86_400_000_f64;
    assert!(
        lines[1].starts_with(&format!(
            "1,\"'=cmd|' /C calc'!A0\",3,\"a, b\",1970-01-01T00:00:00.000Z,false,\"ana@acme.test\",,{days},\"acme\",\"~"
        )),
        "{text}"
    );
    assert!(
        lines[2].starts_with("2,\"Plain, \"\"quoted\"\"\",3,,1970-01-01T00:00:00.000Z,false,"),
        "{text}"
    );
}

#[tokio::test]
async fn without_columns_it_has_the_usual_ones() {
    let server = Server::start().await;
    let team = server.team().await;
    two_cases(&team.analyst).await;
    let known = team.analyst.get("/api/v1/export/_fields").await.expect(200);
    let fields = known["fieldsByModel"]["Case"].as_array().unwrap();
    let usual = fields
        .iter()
        .filter(|field| field["selectedByDefault"] == true)
        .count();
    assert!(usual >= 10 && fields.len() > 40, "{known}");
    let title = fields.iter().find(|field| field["fieldPath"] == "title");
    assert_eq!(title.unwrap()["fieldType"], "string");
    let options = json!({ "format": "csv", "model": "Case", "delimiter": ";" });
    let text = export(&team.analyst, &cases(), &options).await.text();
    let first = text.lines().next().unwrap();
    assert_eq!(first.split(';').count(), usual, "{first}");
    // Every field that is told of can be one.
    for (model, list) in [
        ("Case", "listCase"),
        ("Task", "listTask"),
        ("User", "listUser"),
        ("Organisation", "listOrganisation"),
    ] {
        let fields = known["fieldsByModel"][model].as_array().unwrap().iter();
        let fields: Vec<&Value> = fields.map(|field| &field["fieldPath"]).collect();
        let options = json!({ "format": "csv", "model": model, "fields": fields });
        let answer = export(&team.analyst, &json!([{ "_name": list }]), &options).await;
        answer.expect(200);
        assert!(
            answer.text().lines().count() > usize::from(model != "Task"),
            "{model}"
        );
    }
}

#[tokio::test]
async fn json_is_what_a_query_gives() {
    let server = Server::start().await;
    let team = server.team().await;
    two_cases(&team.analyst).await;
    let options = json!({ "format": "json", "model": "Case" });
    let file = export(&team.analyst, &cases(), &options).await.expect(200);
    assert_eq!(file, team.analyst.query(cases()).await.expect(200));
    let options = json!({ "format": "json", "model": "Case", "fields": ["number"] });
    let file = export(&team.analyst, &cases(), &options).await.expect(200);
    assert_eq!(file, json!([{ "number": 1 }, { "number": 2 }]));
    let none =
        json!([{ "_name": "listCase" }, { "_name": "filter", "_field": "flag", "_value": true }]);
    let answer = export(
        &team.analyst,
        &none,
        &json!({ "format": "json", "model": "Case" }),
    )
    .await;
    assert_eq!(answer.expect(200), json!([]));
    // A page of it is a page.
    let mut page = cases();
    page.as_array_mut()
        .unwrap()
        .push(json!({ "_name": "page", "from": 1, "to": 9 }));
    let file = export(&team.analyst, &page, &options).await.expect(200);
    assert_eq!(file, json!([{ "number": 2 }]));
}

#[tokio::test]
async fn a_file_holds_nothing_that_the_list_does_not_show() {
    let server = Server::start().await;
    let team = server.team().await;
    two_cases(&team.analyst).await;
    let options = json!({ "format": "csv", "model": "Case", "fields": ["title"] });
    let answer = export(&team.other_organisation, &cases(), &options).await;
    assert_eq!(
        (answer.header("x-total"), answer.text().as_str()),
        (Some("0"), "\"title\"\r\n")
    );
    server
        .anonymous()
        .get("/api/v1/export?query=1&options=1")
        .await
        .expect_error(401, "AuthenticationError");
}

#[tokio::test]
async fn what_can_not_be_a_file_is_refused_with_its_place() {
    let server = Server::start().await;
    let team = server.team().await;
    let csv = |more: Value| {
        let mut options = json!({ "format": "csv", "model": "Case" });
        for (name, value) in more.as_object().unwrap() {
            options[name] = value.clone();
        }
        options
    };
    for (query, options, says) in [
        (cases(), json!({}), "format"),
        (cases(), csv(json!({ "model": "Flag" })), "model"),
        (cases(), csv(json!({ "model": "Task" })), "options.model"),
        (cases(), csv(json!({ "format": "txt" })), "options.format"),
        (cases(), csv(json!({ "delimiter": "ab" })), "delimiter"),
        (
            cases(),
            csv(json!({ "delimiter": "\"" })),
            "options.delimiter",
        ),
        (cases(), csv(json!({ "fields": ["password"] })), "password"),
        (
            json!([{ "_name": "listCase" }, { "_name": "count" }]),
            csv(json!({})),
            "entities",
        ),
        (json!([]), csv(json!({})), "empty"),
    ] {
        let answer = export(&team.analyst, &query, &options).await.expect(400);
        assert!(answer.to_string().contains(says), "{says}: {answer}");
    }
}

/// Puts many cases into the database, past the API: through it they would take minutes.
fn many_cases(server: &Server, count: i64) {
    let place = server.place();
    let row = |number: &str, source: &str| {
        format!(
            "insert into \"case\" (id, number, organisation_id, title, title_folded, description, severity, start_at, flag,
                 tlp, pap, status, stage, access_kind, task_rule, observable_rule, new_at, created_at, created_by,
                 open_organisation_id)
             select 1000000 + {number}, 1000 + {number}, organisation.id, 'Case ' || {number}, 'case ' || {number}, 'd', 2,
                 0, 0, 2, 2, 'New', 'New', 'OrganisationAccessKind', 'manual', 'manual', 0, {number}, 'ana@acme.test',
                 organisation.id
             from {source}, organisation where organisation.name = 'acme';
             insert into share (id, case_id, organisation_id, profile_id, is_owner, task_rule, observable_rule, created_at,
                 created_by)
             select 3000000 + {number}, 1000000 + {number}, organisation.id, profile.id, 1, 'manual', 'manual', 0,
                 'ana@acme.test'
             from {source}, organisation, profile where organisation.name = 'acme' and profile.name = 'org-admin';"
        )
    };
    if let Some(url) = place.postgres {
        let sql = row("n", &format!("generate_series(1, {count}) as numbers(n)"));
        std::thread::spawn(move || {
            let mut client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
            client.batch_execute(&sql).unwrap();
            // As the server does by itself after a while, which the tests don't wait for.
            client.batch_execute("analyze").unwrap();
        })
        .join()
        .unwrap();
    } else {
        let numbers = format!(
            "(with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < {count})
              select n from numbers)"
        );
        let file = place.data_dir.join("skep.db");
        assert!(file.exists(), "{}", file.display());
        let connection = rusqlite::Connection::open(file).unwrap();
        connection.execute_batch(&row("n", &numbers)).unwrap();
    }
}

#[tokio::test]
async fn very_many_rows_come_in_small_parts() {
    use futures_util::StreamExt as _;

    let server = Server::start().await;
    let team = server.team().await;
    // Making them takes PostgreSQL, with all its indexes, longer than reading them.
    let is_postgres = server.place().postgres.is_some();
    let count = if is_postgres { 50_000 } else { 200_000 };
    many_cases(&server, count);
    let query = json!([{ "_name": "listCase" }, { "_name": "sort", "_fields": [{ "_createdAt": "desc" }] }]);
    let options =
        json!({ "format": "csv", "model": "Case", "fields": ["number", "title", "tags"] });
    let encode = |json: &Value| {
        form_urlencoded::byte_serialize(json.to_string().as_bytes()).collect::<String>()
    };
    let path = format!(
        "/api/v1/export?query={}&options={}",
        encode(&json!({ "query": query })),
        encode(&options)
    );
    let mut parts = team.analyst.stream(&path).await;
    let (mut lines, mut largest, mut last) = (0, 0, String::new());
    while let Some(part) = parts.next().await {
        let part = part.unwrap();
        largest = largest.max(part.len());
        let text = std::str::from_utf8(&part).unwrap();
        lines += text.matches("\r\n").count();
        if let Some(line) = text.lines().last() {
            last = line.to_owned();
        }
    }
    assert_eq!(lines, usize::try_from(count).unwrap() + 1);
    assert_eq!(last, "1001,\"Case 1\",", "the oldest comes last");
    assert!(largest < 64 * 1024, "a part had {largest} bytes");
}
